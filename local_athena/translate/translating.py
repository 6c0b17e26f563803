"""What the translation of each kind of expression, relation and query calls on for the parts inside.

The kinds stand in files that need each other in every direction: each knows this protocol, and
`translator` ties them together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sqlglot import exp

from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Field, Relation, Typed
from local_athena.translate.context import QueryContext
from local_athena.translate.scope import Scope

Source = tuple[Sql, list[Field]]
"""Part of a FROM clause, and the fields it brings."""


class Functions(Protocol):
    """Translates calls, with the clauses that may stand around one."""

    def call(self, t: Translator, name: str, nodes: list[exp.Expr], scope: Scope, node: exp.Expr) -> Typed:
        """A plain call."""
        ...

    def filtered(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """`aggregate(...) FILTER (WHERE ...)`."""
        ...

    def window(self, t: Translator, node: exp.Expr, scope: Scope, *, in_pattern: bool = False) -> Typed:
        """`function(...) OVER (...)`."""
        ...

    def within_group(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """`f(...) WITHIN GROUP (ORDER BY ...)`."""
        ...

    def listagg(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """LISTAGG(value, separator) WITHIN GROUP (ORDER BY ...)."""
        ...


class Translator(Protocol):
    """One translation of one statement."""

    @property
    def context(self) -> QueryContext:
        """What it knows and collects."""
        ...

    @property
    def functions(self) -> Functions:
        """Calls by name."""
        ...

    def expression(self, node: exp.Expr, scope: Scope) -> Typed:
        """An expression, which is translated once for each place where its names mean something."""
        ...

    def boolean(self, node: exp.Expr, scope: Scope) -> Typed:
        """An expression that must be a boolean."""
        ...

    def filter(self, node: exp.Expr, scope: Scope) -> Sql:
        """A condition that keeps rows."""
        ...

    def may_fail(self, node: exp.Expr, scope: Scope) -> bool:
        """Whether an expression that was translated may fail for some rows."""
        ...

    def unified(self, values: list[Typed], where: str, message: str) -> list[Typed]:
        """Values cast to the type they meet in."""
        ...

    def query(self, node: exp.Expr, scope: Scope) -> Relation:
        """A query whose names resolve outward through `scope`."""
        ...

    def translated(self, node: exp.Expr) -> Relation:
        """A query that was translated before."""
        ...

    def source(self, node: exp.Expr, scope: Scope) -> Source:
        """A relation of FROM: its SQL and its fields."""
        ...

    def scalar_query(self, node: exp.Expr, scope: Scope) -> Typed:
        """A subquery as a value."""
        ...

    def exists(self, node: exp.Expr, scope: Scope) -> Typed:
        """EXISTS (query)."""
        ...

    def in_query(self, node: exp.Expr, scope: Scope) -> Typed:
        """`value IN (query)`."""
        ...

    def quantified(self, operator: str, node: exp.Expr, scope: Scope) -> Typed:
        """`value operator ALL|ANY (query)`."""
        ...


Handler = Callable[[Translator, exp.Expr, Scope], Typed]
"""Translates one kind of expression, where its names mean what the scope says."""
