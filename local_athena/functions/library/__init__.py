"""The library: every function that is known, by name. To add one, add an entry to the file of its area."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_athena.functions.entry import Entry
from local_athena.functions.library import (
    aggregates,
    arrays,
    colors,
    dates,
    geospatial,
    json_functions,
    maths,
    special,
    strings,
)

AREAS = (aggregates, arrays, colors, dates, geospatial, json_functions, maths, strings)


def _by_name() -> dict[str, list[Entry]]:
    library: dict[str, list[Entry]] = {}
    for area in AREAS:
        for entry in area.ENTRIES:
            library.setdefault(entry.name, []).append(entry)
    return library


LIBRARY = _by_name()
SPECIAL: dict[str, Callable[..., Any]] = special.SPECIAL
"""Forms that look like calls but choose their own arguments: COALESCE, IF, TRY, ROW, TYPEOF, ..."""
