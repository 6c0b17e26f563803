"""What one translation knows and collects: the catalog, the moment; scans and Python
functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha1
from typing import TYPE_CHECKING, Any, Protocol

from sqlglot import exp

from local_athena.parse.statements import position
from local_athena.translate.typed import PythonFunction, Scan, Typed
from local_athena.types.duckdb import carrier
from local_athena.types.trino import TrinoType

if TYPE_CHECKING:
    from local_athena.patterns.step import PatternStep

OPERATOR = re.compile(r"[=<>!+*/%-]")


class Tables(Protocol):
    """Answers names with catalog tables."""

    def resolve(self, parts: tuple[str, ...], where: str, moment: int | datetime | None = None) -> Any:
        """A bound table or view, in the state of a moment; raises TABLE_NOT_FOUND and its sisters, starting with `where`."""  # noqa: E501
        ...


@dataclass(slots=True)
class Context:
    """One translation."""

    text: str
    tables: Tables
    now: datetime
    database: str = "default"
    user: str = "root"
    scans: list[Scan] = field(default_factory=list)
    functions: dict[str, PythonFunction] = field(default_factory=dict)
    views: tuple[str, ...] = ()
    ctes: list[str] = field(default_factory=list)
    """WITH queries that the one being translated needs before itself."""
    patterns: list[PatternStep] = field(default_factory=list)
    """What MATCH_RECOGNIZE does before the query, in order."""
    with_parts: dict[str, str] = field(default_factory=dict)
    """`name AS (...)` of each WITH query so far."""
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
        """A call of a Python function, which is registered under a name for these very types."""
        types = tuple(a.type for a in arguments)
        key = f"{function.__module__}.{function.__qualname__}{types}{returns}"
        forgiving = self.forgiving and not takes_null
        kind = "try" if forgiving else "py"
        unique = f"{kind}_{name}_{sha1(key.encode(), usedforsecurity=False).hexdigest()[:10]}"
        self.functions[unique] = PythonFunction(unique, function, types, returns, takes_null, forgiving)
        called = f"{unique}({', '.join(a.sql for a in arguments)})"
        return Typed(owned(called, carrier(returns)), returns)


def owned(call: str, kind: str) -> str:
    """A call of a Python function whose texts are DuckDB's own.

    They lie in Arrow's memory otherwise, which DuckDB's COALESCE lets go of before it has read them.
    """
    if kind == "VARCHAR":
        return f"({call} || '')"
    if kind == "BLOB":
        return f"({call} || CAST('' AS BLOB))"
    if kind.startswith("STRUCT") and ("VARCHAR" in kind or "BLOB" in kind):
        return f"[{call}][1]"
    return call


Caster = Callable[[Context, Typed, TrinoType], str]
"""Writes a value as another type."""
