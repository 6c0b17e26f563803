"""The groups of a grouped SELECT as rows for its windows with a row pattern.

Grouping happens before the windows, which are found by steps of their own. So keys and aggregates are
computed first, as columns, and the select list, ORDER BY and windows read these columns.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.dialect import Athena
from local_athena.sql.build import commas, ident, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Field, Typed
from local_athena.translate import aggregation
from local_athena.translate.grouping import (
    Grouping,
    Item,
    grouping,
    items_named,
    places_named,
    with_canonical_maps,
)
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Source, Translator

OF_PATTERN = ("measures", "definitions")
NEVER = (*aggregation.NO_KEY, exp.Alias, exp.Identifier)
"""What is no key, whatever it says."""
KEPT = ("distinct", "limit", "offset")


class GroupValue(exp.Expression):  # type: ignore[misc]
    """A key or an aggregate that was computed before: `this` is the column that has it."""

    arg_types = {"this": True}  # noqa: RUF012


def is_grouped(node: exp.Expr) -> bool:
    """Whether a SELECT has groups."""
    if node.args.get("group") is not None or node.args.get("having") is not None:
        return True
    order = node.args.get("order")
    roots = [*node.expressions, *(order.expressions if order is not None else ())]
    for window in node.args.get("windows") or ():
        terms = window.args.get("order")
        roots += [*(window.args.get("partition_by") or ()), *(terms.expressions if terms is not None else ())]
    return any(aggregation.aggregates(root) for root in roots)


def over_groups(t: Translator, node: exp.Expr, scope: Scope, source: Sql) -> tuple[exp.Expr, Source]:
    """The SELECT without its groups, and the groups as its rows.

    Raises:
        QueryFailed: it reads what is neither a key nor an aggregate.
    """
    _check(t, node)
    scope = with_canonical_maps(t, node, scope)
    items = _key_items(t, node, scope)
    groups = grouping(t, node, scope, items)
    made = _Groups(t, scope, groups)
    roots = [*node.expressions, *(node.args.get("windows") or ())]
    plain = [root.this if isinstance(root, exp.Alias) else root for root in roots]
    aggregation.check_grouped(t, plain, scope, {key.sql for key in groups.keys})
    select = exp.Select(expressions=[made.item(item) for item in node.expressions])
    for name in KEPT:
        select.args[name] = node.args.get(name)
    if node.args.get("order") is not None:
        select.set("order", made.rewritten(node.args["order"]))
    select.set("windows", [made.rewritten(window) for window in node.args.get("windows") or ()])
    return select, made.rows(t.context.alias("q"), source)


def _check(t: Translator, node: exp.Expr) -> None:
    if any(isinstance(item, exp.Star) or isinstance(item.this, exp.Star) for item in node.expressions):
        raise not_supported("Row pattern recognition over groups with * in the select list is not supported")


def _key_items(t: Translator, node: exp.Expr, scope: Scope) -> list[Item]:
    """The items that GROUP BY counts, of which none may have a window; what they read is checked with all."""
    for place in sorted(places_named(node)):
        for item in node.expressions[place - 1 : place] if place > 0 else ():
            if item.find(exp.Window) is not None:
                problem = (
                    "GROUP BY clause cannot contain aggregations, window functions or grouping operations"
                )
                raise QueryFailed("EXPRESSION_NOT_SCALAR", t.context.where(item) + problem, error_type=1006)
    return [(name, value, None) for name, value, _ in items_named(t, node, scope)]


class _Groups:
    """Collects the columns of the groups while it puts reads of them where they were computed."""

    def __init__(self, t: Translator, scope: Scope, groups: Grouping) -> None:
        self._t, self._scope, self._groups = t, scope, groups
        self._values = {key.sql: key for key in groups.keys}
        self._keys = frozenset(self._values)

    def rows(self, alias: str, source: Sql) -> Source:
        """The groups as a relation: columns that are keys keep their names."""
        columns = [sql("{} AS {}", value, ident(f"x{i}")) for i, value in enumerate(self._values.values())]
        made = sql(
            " FROM (SELECT {}{}{}) AS {}",
            commas(columns or [sql("count(*)")]), source, self._groups, ident(alias),
        )  # fmt: skip
        fields = []
        for i, value in enumerate(self._values.values()):
            column = Typed(ident(alias, f"x{i}"), value.type)
            named = [f for f in self._scope.fields if f.value.sql == value.sql and value.sql in self._keys]
            fields += [replace(field, value=column, on_use=None) for field in named]
            fields.append(Field(f"$k{i}", column, hidden=True))
        return made, fields

    def item(self, item: exp.Expr) -> exp.Expr:
        """An item of the select list, under the name that it had."""
        made = self.rewritten(item)
        if isinstance(made, GroupValue) and isinstance(item, exp.Dot):
            return exp.alias_(made, item.name, quoted=True)
        return made

    def rewritten(self, node: exp.Expr) -> exp.Expr:
        """A copy of an expression that reads the columns."""
        root = exp.Paren(this=node.copy())
        self._below(root, None)
        made: exp.Expr = root.this
        made.pop()
        return made

    def _below(self, node: exp.Expr, pattern: exp.Expr | None) -> None:
        for child in list(node.iter_expressions()):
            if isinstance(child, exp.Query):
                continue
            if isinstance(child, exp.Column):
                if pattern is not None:
                    self._check_column(child, pattern)
            elif self._is_value(child, pattern):
                child.replace(self._column(child))
            elif isinstance(child, exp.Window):
                self._in_window(child)
            else:
                self._below(child, pattern)

    def _in_window(self, node: exp.Expr) -> None:
        """The parts of a window and of its function, which is no aggregate of the groups."""
        call = node.this
        if isinstance(call, exp.Filter):
            self._below(call.expression, None)
        if isinstance(call, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
            call = call.this
        self._below(call, None)
        for part in [*(node.args.get("partition_by") or ()), node.args.get("order"), node.args.get("spec")]:
            if part is not None:
                self._part(part)
        for name in OF_PATTERN:
            for written in node.args.get(name) or ():
                self._below(written, written.this)

    def _part(self, part: exp.Expr) -> None:
        if not isinstance(part, exp.Order | exp.WindowSpec) and self._is_value(part, None):
            part.replace(self._column(part))
        elif not isinstance(part, exp.Column):
            self._below(part, None)

    def _is_value(self, node: exp.Expr, pattern: exp.Expr | None) -> bool:
        is_call = isinstance(node, exp.Anonymous) and node.name.lower() == "grouping"
        if pattern is None and (is_call or aggregation.is_aggregate(node)):
            return True
        if isinstance(node, NEVER) or node.find(exp.Window) or aggregation.aggregates(node):
            return False
        try:
            return self._t.expression(node, self._scope).sql in self._keys
        except QueryFailed:
            return False

    def _column(self, node: exp.Expr) -> exp.Expr:
        value = self._t.expression(node, self._scope)
        self._values.setdefault(value.sql, value)
        name = f"$k{list(self._values).index(value.sql)}"
        return GroupValue(this=exp.column(exp.to_identifier(name, quoted=True)))

    def _check_column(self, node: exp.Expr, whole: exp.Expr) -> None:
        """Refuse a column in a row pattern that is no key, with or without a pattern variable before it."""
        if isinstance(node.this, exp.Star):
            return
        found = self._scope.find((node.name.lower(),), self._t.context.where(node))
        own = found is not None and any(found is field for field in self._scope.fields)
        if found is not None and own and found.value.sql not in self._keys:
            shown = whole.sql(dialect=Athena, normalize_functions="lower")
            problem = f"'{shown}' must be an aggregate expression or appear in GROUP BY clause"
            where = self._t.context.where(whole)
            raise QueryFailed("EXPRESSION_NOT_AGGREGATE", where + problem, error_type=1006)
