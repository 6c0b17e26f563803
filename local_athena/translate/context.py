"""What one query's translation knows beyond its expressions: the catalog, its scans, its WITH queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlglot import exp

from local_athena.sql.context import OPERATOR, Context
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Scan
from local_athena.translate.copies import Copies
from local_athena.translate.positions import Positions, place

if TYPE_CHECKING:
    from local_athena.patterns.step import PatternStep


class Tables(Protocol):
    """Answers names with catalog tables."""

    def resolve(self, parts: tuple[str, ...], where: str, moment: int | datetime | None = None) -> Any:
        """A bound table or view, in the state of a moment.

        Raises:
            QueryFailed: TABLE_NOT_FOUND and its sisters, starting with `where`.
        """
        ...


@dataclass(slots=True, kw_only=True)
class QueryContext(Context):
    """One query's."""

    tables: Tables
    database: str = "default"
    user: str = "root"
    scans: list[Scan] = field(default_factory=list)
    """Every scan that was translated; the query reads those whose names are in its SQL."""
    views: tuple[str, ...] = ()
    patterns: list[PatternStep] = field(default_factory=list)
    """What MATCH_RECOGNIZE does before the query, in order."""
    with_parts: dict[str, Sql] = field(default_factory=dict)
    """`name AS (...)` of each WITH query so far."""
    copies: Copies = field(default_factory=Copies)
    _positions: Positions = field(default_factory=Positions)

    def where(self, node: exp.Expr | None) -> str:
        """`line L:C: ` of a node, for the start of an error message."""
        if node is None:
            return "line 1:1: "
        start = self._positions.of(node).start
        if start is None:
            return "line 1:8: "
        return place(self.text, start)

    def where_operator(self, node: exp.Expr) -> str:
        """`line L:C: ` of the operator between the two sides of `node`."""
        end = self._positions.of(node.this).end
        found = OPERATOR.search(self.text, end + 1) if end is not None else None
        if found is None:
            return self.where(node)
        return place(self.text, found.start())

    def where_word(self, word: str, node: exp.Expr) -> str:
        """`line L:C: ` of the keyword that a clause or a query begins with."""
        start = self._positions.of(node).start
        found = self.text.upper().rfind(word, 0, start) if start is not None else -1
        return self.where(node) if found < 0 else place(self.text, found)
