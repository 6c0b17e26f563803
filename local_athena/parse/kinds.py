"""A statement and its kind as values, which the server handles without the parser."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_QUERY_BYTES = 262144
LEADING = re.compile(r"\s*(?:(?:--[^\n]*(?:\n|$)|/\*.*?\*/)\s*)*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of Athena's statement types. `extension` is the result file's."""

    pattern: str
    statement_type: str
    substatement: str
    extension: str = ".txt"
    own_name: str = ""

    @property
    def name(self) -> str:
        """What runs it; two statements can share a substatement."""
        return self.own_name or self.substatement


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its text without surrounding blanks and semicolons, and its kind."""

    text: str
    kind: Kind

    @property
    def body(self) -> str:
        """The text after its leading comments."""
        return self.text[LEADING.match(self.text).end() :]  # type: ignore[union-attr]
