"""A call of an aggregate or window function with what may stand around it: DISTINCT, ORDER BY, FILTER, OVER.

A function of Trino's is often several calls of DuckDB's (`corr` asks `count` too). Each is made by the same
`Clauses`, so that a clause reaches all of them and none is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from local_athena.sql.build import NOTHING, Hole, commas, fragment, joined, sql, word
from local_athena.sql.fragment import Sql

DISTINCT = Sql(("DISTINCT ",))


@dataclass(frozen=True, slots=True)
class Clauses:
    """What stands inside and around a call.

    `order` are the terms of ORDER BY inside the call, `filter` is the condition of FILTER, `over` what
    follows OVER with its parentheses.
    """

    distinct: bool = False
    order: tuple[Sql, ...] = ()
    ignore_nulls: bool = False
    filter: Sql | None = None
    over: Sql | None = None

    def call(self, function: str, *arguments: Hole) -> Sql:
        """`function(DISTINCT arguments ORDER BY ... IGNORE NULLS) FILTER (...) OVER (...)`."""
        inside: list[Sql] = [commas(arguments)]
        if self.order:
            inside.append(sql("ORDER BY {}", commas(self.order)))
        if self.ignore_nulls:
            inside.append(sql("IGNORE NULLS"))
        made = sql("{}({}{})", word(function), DISTINCT if self.distinct else NOTHING, joined(" ", inside))
        if self.filter is not None:
            made = sql("{} FILTER (WHERE {})", made, self.filter)
        return made if self.over is None else sql("{} OVER {}", made, self.over)

    def where(self, condition: Hole) -> Clauses:
        """Only the rows for which a condition holds too."""
        held = fragment(condition)
        return replace(self, filter=held if self.filter is None else sql("({}) AND {}", self.filter, held))

    def rows(self) -> Sql:
        """How many rows there are."""
        return replace(self, distinct=False, order=()).call("count", sql("*"))

    def plain(self) -> Clauses:
        """The same rows, none left out for being equal to another, in no order."""
        return replace(self, distinct=False, order=())

    def ordered_by(self, *terms: Hole) -> Clauses:
        """The same rows in another order."""
        return replace(self, order=tuple(map(fragment, terms)))
