"""The translator: what expressions and queries call on each other, tied together for one statement."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.functions.calls import Calls
from local_athena.translate import queries, relations
from local_athena.translate.casts import cast
from local_athena.translate.context import Context
from local_athena.translate.expressions import translate_expression
from local_athena.translate.joins import Source
from local_athena.translate.keys import order_key
from local_athena.translate.one_row import check_one_row
from local_athena.translate.operators import compare
from local_athena.translate.scope import Scope
from local_athena.translate.sql import null_of
from local_athena.translate.typed import QueryPlan, Relation, Typed
from local_athena.types.coercion import common_type
from local_athena.types.trino import BOOLEAN, row


class Translator:
    """One translation of one statement."""

    def __init__(self, context: Context) -> None:
        self.context: Context = context
        self.functions: Calls = Calls()

    def plan(self, tree: exp.Expr) -> QueryPlan:
        """The plan of a query.

        Raises:
            QueryFailed: it cannot be answered.
        """
        made = self.query(tree, Scope())
        return QueryPlan(made.sql, made.columns, self.context.scans, self.context.functions)

    def expression(self, node: exp.Expr, scope: Scope) -> Typed:
        """An expression."""
        return translate_expression(self, node, scope)

    def query(self, node: exp.Expr, scope: Scope) -> Relation:
        """A query whose names resolve outward through `scope`."""
        return queries.translate_query(self, node, scope)

    def source(self, node: exp.Expr, scope: Scope) -> Source:
        """A relation of FROM: its SQL and its fields."""
        return relations.source(self, node, scope)

    def boolean(self, node: exp.Expr, scope: Scope) -> Typed:
        """An expression that must be a boolean."""
        made = self.expression(node, scope)
        if made.type.base not in ("boolean", "unknown"):
            where = self.context.where(node)
            raise QueryFailed(
                "TYPE_MISMATCH", f"{where}Expression must evaluate to a boolean (actual: {made.type})"
            )
        return cast(self.context, made, BOOLEAN)

    def unified(self, values: list[Typed], where: str, message: str) -> list[Typed]:
        """Values cast to the type they meet in.

        Raises:
            QueryFailed: TYPE_MISMATCH with `message`.
        """
        wanted = values[0].type
        for value in values[1:]:
            common = common_type(wanted, value.type)
            if common is None:
                raise QueryFailed("TYPE_MISMATCH", f"{where}{message}: {wanted}")
            wanted = common
        return [cast(self.context, value, wanted) for value in values]

    def scalar_query(self, node: exp.Expr, scope: Scope) -> Typed:
        """A subquery as a value."""
        query = node.this if isinstance(node, exp.Subquery) else node
        check_one_row(self, query, scope)
        made = self.query(query, scope)
        if len(made.columns) == 1:
            return Typed(f"({made.sql})", made.columns[0].type)
        # Several columns make a row, whose fields are NULL when there is none.
        alias = self.context.alias("q")
        value = self._packed(made, alias)
        nothing = ", ".join(f"f{i} := {null_of(c.type)}" for i, c in enumerate(made.columns))
        found = f"(SELECT {value.sql} FROM ({made.sql}) AS {alias})"  # noqa: S608
        return Typed(f"coalesce({found}, struct_pack({nothing}))", value.type)

    def _packed(self, made: Relation, alias: str) -> Typed:
        fields = ", ".join(f"f{i} := {alias}.c{i}" for i in range(len(made.columns)))
        names = tuple(c.name for c in made.columns)
        return Typed(f"struct_pack({fields})", row(*(c.type for c in made.columns), names=names))

    def exists(self, node: exp.Expr, scope: Scope) -> Typed:
        """EXISTS (query)."""
        return Typed(f"EXISTS ({self.query(node.this, scope).sql})", BOOLEAN)

    def in_query(self, node: exp.Expr, scope: Scope) -> Typed:
        """`value IN (query)`."""
        value = self.expression(node.this, scope)
        inner = node.args.get("query") or node.expressions[0]
        return self._against(value, "=", "ANY", inner, node, scope)

    def quantified(self, operator: str, node: exp.Expr, scope: Scope) -> Typed:
        """`value operator ALL|ANY (query)`."""
        word = "ALL" if isinstance(node.expression, exp.All) else "ANY"
        return self._against(
            self.expression(node.this, scope), operator, word, node.expression.this, node, scope
        )

    def _against(
        self, value: Typed, operator: str, word: str, query: exp.Expr, node: exp.Expr, scope: Scope
    ) -> Typed:
        made = self.query(query.this if isinstance(query, exp.Subquery) else query, scope)
        alias, where = self.context.alias("q"), self.context.where(node)
        column = Typed(f"{alias}.c0", made.columns[0].type)
        if len(made.columns) > 1 or (value.type.base == "row" and column.type.base not in ("row", "unknown")):
            column = self._packed(made, alias)
        common = common_type(value.type, column.type)
        if common is None:
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"{where}value and result of subquery must be of the same type: {value.type} vs "
                f"{column.type}",
            )
        test = compare(self.context, operator, value, column, where).sql
        if common.parts:
            return _nested_test(word, test, f"FROM ({made.sql}) AS {alias}")
        left = order_key(cast(self.context, value, common))
        right = order_key(cast(self.context, column, common))
        return Typed(f"({left} {operator} {word} (SELECT {right} FROM ({made.sql}) AS {alias}))", BOOLEAN)  # noqa: S608


def _nested_test(word: str, test: str, rows: str) -> Typed:
    """`test` of any or all rows, where DuckDB would count the NULLs inside arrays and rows as equal."""
    settled, otherwise = ("false", "true") if word == "ALL" else ("true", "false")
    decisive = f"bool_or(NOT {test})" if word == "ALL" else f"bool_or({test})"
    cases = f"WHEN {decisive} THEN {settled} WHEN bool_or({test} IS NULL) THEN NULL ELSE {otherwise}"
    return Typed(f"(SELECT CASE {cases} END {rows})", BOOLEAN)
