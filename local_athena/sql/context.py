"""What the making of one statement's SQL knows and collects: its text, its moment, its Python functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any

from sqlglot import exp

from local_athena.parse.statements import position
from local_athena.sql.build import call, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import PythonFunction, Typed
from local_athena.types.duckdb import carrier
from local_athena.types.trino import TrinoType

OPERATOR = re.compile(r"[=<>!+*/%-]")
_numbers = count(1)


@dataclass(slots=True)
class Context:
    """One statement's."""

    text: str
    now: datetime
    functions: dict[str, PythonFunction] = field(default_factory=dict)
    fold: Callable[[Typed], Any] | None = None
    """Tells the value of an expression without columns; None where there is no engine to ask."""
    forgiving: bool = False
    """Whether a NULL from the part being translated makes the TRY around it NULL, as its failure would."""
    _aliases: int = 0

    def alias(self, prefix: str = "r") -> str:
        """A name that nothing else has."""
        self._aliases += 1
        return f"{prefix}{self._aliases}"

    def where(self, node: exp.Expr | None) -> str:
        """`line L:C: ` of a node, for the start of an error message."""
        nodes = node.parts if isinstance(node, exp.Column) else node.walk() if node is not None else ()
        starts = [int(n.meta["start"]) for n in nodes if n._meta and "start" in n.meta]
        if starts:
            line, column = position(self.text, min(starts))
            return f"line {line}:{column}: "
        return "line 1:8: " if node is not None else "line 1:1: "

    def where_operator(self, node: exp.Expr) -> str:
        """`line L:C: ` of the operator between the two sides of `node`."""
        ends = [int(n.meta["end"]) for n in node.this.walk() if n._meta and "end" in n.meta]
        found = OPERATOR.search(self.text, max(ends) + 1) if ends else None
        if found is None:
            return self.where(node)
        line, column = position(self.text, found.start())
        return f"line {line}:{column}: "

    @contextmanager
    def within_try(self, forgiving: bool) -> Iterator[None]:
        """While translating what is inside a TRY, or (`False`) what may turn a NULL into something else.

        DuckDB's TRY computes a whole vector again, row by row, when one row fails; a Python function that
        answers NULL there is a thousand times faster.
        """
        before, self.forgiving = self.forgiving, forgiving
        try:
            yield
        finally:
            self.forgiving = before

    def call(
        self,
        name: str,
        function: Callable[..., Any],
        arguments: list[Typed],
        returns: TrinoType,
        *,
        takes_null: bool = False,
    ) -> Typed:
        """A call of a Python function, which is registered under a name for these very types.

        A function that a factory makes comes from a cached one: two calls are the same when the function is.
        """
        types = tuple(a.type for a in arguments)
        forgiving = self.forgiving and not takes_null
        made = PythonFunction(name, function, types, returns, takes_null, forgiving)
        registered = f"{'try' if forgiving else 'py'}_{name}_{_number(made)}"
        self.functions[registered] = made
        return Typed(owned(call(registered, *arguments), carrier(returns)), returns)


@lru_cache(maxsize=4096)
def _number(function: PythonFunction) -> int:
    """A number that no other function of this process has."""
    return next(_numbers)


def owned(called: Sql, kind: str) -> Sql:
    """A call of a Python function whose texts are DuckDB's own.

    They lie in Arrow's memory otherwise, which DuckDB's COALESCE lets go of before it has read them.
    """
    if kind == "VARCHAR":
        return sql("({} || '')", called)
    if kind == "BLOB":
        return sql("({} || CAST('' AS BLOB))", called)
    if kind.startswith("STRUCT") and ("VARCHAR" in kind or "BLOB" in kind):
        return sql("[{}][1]", called)
    return called


Caster = Callable[[Context, Typed, TrinoType], Sql]
"""Writes a value as another type."""
