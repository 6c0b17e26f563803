"""The translator: what expressions and queries call on each other, tied together for one statement."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import FALSE, TRUE, ident, null_of, sql, struct, word
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.keys import order_key
from local_athena.sql.operators import compare
from local_athena.sql.reads import names_in
from local_athena.sql.typed import QueryPlan, Relation, Scan, Typed
from local_athena.translate import queries, relations
from local_athena.translate.bounds import against_bounds, by_bounds
from local_athena.translate.calls import Calls
from local_athena.translate.context import QueryContext
from local_athena.translate.expressions import translate_expression
from local_athena.translate.failing import Failing
from local_athena.translate.logic import filtering
from local_athena.translate.one_row import check_one_row
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Source
from local_athena.types.coercion import common_type
from local_athena.types.trino import BOOLEAN, row


class QueryTranslator:
    """One translation of one statement."""

    def __init__(self, context: QueryContext) -> None:
        self.context: QueryContext = context
        self.functions: Calls = Calls()
        self._expressions: dict[tuple[int, int, bool], tuple[exp.Expr, Scope, Typed]] = {}
        self._failing = Failing(self)
        self._queries: dict[int, tuple[exp.Expr, Relation]] = {}

    def plan(self, tree: exp.Expr) -> QueryPlan:
        """The plan of a query.

        Raises:
            QueryFailed: it cannot be answered.
        """
        made = self.query(tree, Scope())
        return QueryPlan(made.sql, made.columns, self._scans(made.sql), self.context.functions)

    def _scans(self, query: Sql) -> list[Scan]:
        """The scans that the query reads, or a step before it; what was translated in vain reads none."""
        reads = names_in(query)
        for step in reversed(self.context.patterns):
            if step.name in reads:
                reads.update(*map(names_in, step.reads(self.context.with_parts)))
        return [scan for scan in self.context.scans if scan.name in reads]

    def expression(self, node: exp.Expr, scope: Scope) -> Typed:
        """An expression, which is translated once for each place where its names mean something.

        The nodes and scopes are kept, so that no other can have the identity of one.
        """
        key = (id(node), id(scope), self.context.forgiving)
        known = self._expressions.get(key)
        if known is None:
            known = (node, scope, translate_expression(self, node, scope))
            self._expressions[key] = known
        return known[2]

    def query(self, node: exp.Expr, scope: Scope) -> Relation:
        """A query whose names resolve outward through `scope`."""
        made = queries.translate_query(self, node, scope)
        self._queries[id(node)] = (node, made)
        return made

    def translated(self, node: exp.Expr) -> Relation:
        """A query that was translated before."""
        return self._queries[id(node)][1]

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

    def filter(self, node: exp.Expr, scope: Scope) -> Sql:
        """A condition that keeps rows."""
        return filtering(self, node, scope)

    def may_fail(self, node: exp.Expr, scope: Scope) -> bool:
        """Whether an expression that was translated may fail for some rows."""
        return self._failing.may_fail(node, scope)

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
        made = self.query(query, scope)
        check_one_row(self, query, scope)
        if len(made.columns) == 1:
            return Typed(sql("({})", made), made.columns[0].type)
        # Several columns make a row, whose fields are NULL when there is none.
        alias = self.context.alias("q")
        value = _packed(made, alias)
        nothing = struct(**{f"f{i}": null_of(c.type) for i, c in enumerate(made.columns)})
        found = sql("(SELECT {} FROM ({}) AS {})", value, made, ident(alias))
        return Typed(sql("coalesce({}, {})", found, nothing), value.type)

    def exists(self, node: exp.Expr, scope: Scope) -> Typed:
        """EXISTS (query)."""
        return Typed(sql("EXISTS ({})", self.query(node.this, scope)), BOOLEAN)

    def in_query(self, node: exp.Expr, scope: Scope) -> Typed:
        """`value IN (query)`."""
        value = self.expression(node.this, scope)
        inner = node.args.get("query") or node.expressions[0]
        return self._against(value, "=", "ANY", inner, node, scope)

    def quantified(self, operator: str, node: exp.Expr, scope: Scope) -> Typed:
        """`value operator ALL|ANY (query)`."""
        quantifier = "ALL" if isinstance(node.expression, exp.All) else "ANY"
        value = self.expression(node.this, scope)
        return self._against(value, operator, quantifier, node.expression.this, node, scope)

    def _against(
        self, value: Typed, operator: str, quantifier: str, query: exp.Expr, node: exp.Expr, scope: Scope
    ) -> Typed:
        made = self.query(query.this if isinstance(query, exp.Subquery) else query, scope)
        alias, where = self.context.alias("q"), self.context.where(node)
        column = Typed(ident(alias, "c0"), made.columns[0].type)
        if len(made.columns) > 1 or (value.type.base == "row" and column.type.base not in ("row", "unknown")):
            column = _packed(made, alias)
        common = common_type(value.type, column.type)
        if common is None:
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"{where}value and result of subquery must be of the same type: {value.type} vs "
                f"{column.type}",
            )
        test = compare(self.context, operator, value, column, where).sql
        if common.parts:
            return _nested_test(quantifier, test, sql("FROM ({}) AS {}", made, ident(alias)))
        if by_bounds(operator, quantifier, common):
            return against_bounds(self.context, value, operator, quantifier, column, (made, alias), where)
        left = order_key(cast(self.context, value, common))
        right = order_key(cast(self.context, column, common))
        rows = sql("(SELECT {} FROM ({}) AS {})", right, made, ident(alias))
        return Typed(sql("({} {} {} {})", left, word(operator), word(quantifier), rows), BOOLEAN)


def _packed(made: Relation, alias: str) -> Typed:
    """The columns of a relation as a row."""
    fields = {f"f{i}": ident(alias, f"c{i}") for i in range(len(made.columns))}
    names = tuple(c.name for c in made.columns)
    return Typed(struct(**fields), row(*(c.type for c in made.columns), names=names))


def _nested_test(quantifier: str, test: Sql, rows: Sql) -> Typed:
    """`test` of any or all rows, where DuckDB would count the NULLs inside arrays and rows as equal."""
    settled, otherwise = (FALSE, TRUE) if quantifier == "ALL" else (TRUE, FALSE)
    decisive = sql("bool_or(NOT {})", test) if quantifier == "ALL" else sql("bool_or({})", test)
    cases = sql(
        "WHEN {} THEN {} WHEN bool_or({} IS NULL) THEN NULL ELSE {}", decisive, settled, test, otherwise
    )
    return Typed(sql("(SELECT CASE {} END {})", cases, rows), BOOLEAN)
