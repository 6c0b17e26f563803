"""maths."""

from __future__ import annotations
from local_athena.functions.entry import Entry

ENTRIES: tuple[Entry, ...] = ()
