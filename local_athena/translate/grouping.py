"""GROUP BY and HAVING: expressions, output positions, ROLLUP, CUBE and GROUPING SETS.

Trino counts one instant in two zones as one group. DuckDB makes two groups of it, so a query that meets such
a key fails instead of giving both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, combinations, product

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.sql.build import NOTHING, NULL, TRUE, commas, failing, sql, word
from local_athena.sql.fragment import Sql
from local_athena.sql.keys import canonical, check_comparable, distinct_key, has_map, is_zoned
from local_athena.sql.typed import Typed
from local_athena.translate import aggregation
from local_athena.translate.constant_terms import ordinal
from local_athena.translate.scope import Scope
from local_athena.translate.select_items import select_items
from local_athena.translate.translating import Translator
from local_athena.types.trino import BOOLEAN, UNKNOWN

Item = tuple[str | None, Typed, exp.Expr | None]
SETS = {"rollup": "ROLLUP", "cube": "CUBE", "grouping_sets": "GROUPING SETS"}
SET_WORDS = {exp.Rollup: "ROLLUP", exp.Cube: "CUBE", exp.GroupingSets: "GROUPING SETS"}


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a SELECT groups: the terms of GROUP BY, the conditions of HAVING and QUALIFY, and its keys."""

    by: Sql | None = None
    having: Sql | None = None
    qualify: Sql | None = None
    keys: tuple[Typed, ...] = ()

    @property
    def sql(self) -> Sql:
        """The clauses."""
        by = sql(" GROUP BY {}", self.by) if self.by is not None else NOTHING
        having = sql(" HAVING {}", self.having) if self.having is not None else NOTHING
        qualify = sql(" QUALIFY {}", self.qualify) if self.qualify is not None else NOTHING
        return sql("{}{}{}", by, having, qualify)


UNGROUPED = Grouping()
UNNAMED = Typed(NULL, UNKNOWN)
"""In the place of an item that no key names."""


def with_canonical_maps(t: Translator, node: exp.Expr, scope: Scope) -> Scope:
    """The scope in which the maps that a SELECT groups by have their entries in one order.

    Raises:
        QueryFailed: NOT_SUPPORTED for a map that is no column.
    """
    group = node.args.get("group")
    if group is None or not any(has_map(field.value.type) for field in scope.fields):
        return scope
    keys = _Keys(t, scope, items_named(t, node, scope))
    keys.clause(group)
    maps = {key.sql for key in keys.found if has_map(key.type)}
    if maps - {field.value.sql for field in scope.fields}:
        raise not_supported("GROUP BY of a map that is no column is not supported: name it in a subquery")
    if not maps:
        return scope
    return scope.beside(
        [replace(f, value=canonical(f.value)) if f.value.sql in maps else f for f in scope.fields]
    )


def places_named(node: exp.Expr) -> set[int]:
    """The places of the SELECT list that GROUP BY counts."""
    group = node.args.get("group")
    literals = group.find_all(exp.Literal) if group is not None else ()
    return {at for literal in literals if (at := ordinal(literal)) is not None}


def items_named(t: Translator, node: exp.Expr, scope: Scope) -> list[Item]:
    """The items of the SELECT list, when the keys name some by their places.

    The list is translated again in the scope that comes of it, which at each level of queries would double.
    """
    named = places_named(node)
    if not named or any(item.find(exp.Star) for item in node.expressions):
        return select_items(t, node, scope) if named else []
    inner = [item.unalias().unnest() for item in node.expressions]
    values = (t.expression(item, scope) if at in named else UNNAMED for at, item in enumerate(inner, 1))
    return [(None, value, item) for value, item in zip(values, inner, strict=True)]


def grouping(t: Translator, node: exp.Expr, scope: Scope, items: list[Item]) -> Grouping:
    """GROUP BY and HAVING of a SELECT.

    Raises:
        QueryFailed: a position is not in the select list; NOT_SUPPORTED for some keys with a time zone.
    """
    group, having = node.args.get("group"), node.args.get("having")
    keys = _Keys(t, scope, items)
    by = keys.clause(group) if group is not None else None
    condition = t.filter(having.this, scope) if having is not None else None
    nodes = [item for _, _, item in items if item is not None] + ([having.this] if having is not None else [])
    if group is not None or any(aggregation.aggregates(item) for item in nodes):
        aggregation.check_grouped(t, nodes, scope, {key.sql for key in keys.found})
    if any(is_zoned(key.type) for key in keys.found):
        return Grouping(by, qualify=_one_zone(node, keys.found, condition), keys=tuple(keys.found))
    return Grouping(by, condition, keys=tuple(keys.found))


def _one_zone(node: exp.Expr, keys: list[Typed], condition: Sql | None) -> Sql:
    """The condition of QUALIFY that fails when one instant came in two zones; it holds HAVING too, so that
    every group is seen.
    """
    if any(item.find(exp.Window) for item in node.expressions) and condition is not None:
        raise not_supported("HAVING with window functions and a key with time zone is not supported")
    if any(node.args["group"].args.get(key) for key in SETS) or node.args["group"].find(*SET_WORDS):
        raise not_supported("Grouping sets with a key with time zone are not supported")
    names = commas(map(distinct_key, keys))
    problem = failing("NOT_SUPPORTED: Grouping by one instant in two time zones is not supported", BOOLEAN)
    many = sql("count(*) OVER (PARTITION BY {}) > 1", names)
    return sql("CASE WHEN {} THEN {} ELSE {} END", many, problem, TRUE if condition is None else condition)


class _Keys:
    """Writes the terms of one GROUP BY and remembers the keys it met."""

    def __init__(self, t: Translator, scope: Scope, items: list[Item]) -> None:
        self._t, self._scope, self._items = t, scope, items
        self.found: list[Typed] = []

    def clause(self, group: exp.Expr) -> Sql | None:
        """What follows GROUP BY."""
        if group.args.get("all") is False:
            return self._once(group)
        parts = [self._nested(item) for item in group.expressions]
        for key, kind in SETS.items():
            for clause in group.args.get(key) or ():
                parts.append(sql("{} ({})", word(kind), commas(map(self._nested, clause.expressions))))
        return commas(parts) if parts else None

    def _once(self, group: exp.Expr) -> Sql:
        """GROUP BY DISTINCT: every grouping set written out, each one time."""
        clauses = [c for key in SETS for c in group.args.get(key) or ()]
        choices = [self._choices(item) for item in (*group.expressions, *clauses)]
        sets = {frozenset(chain(*combined)): tuple(chain(*combined)) for combined in product(*choices)}
        written = [sql("({})", commas(dict.fromkeys(keys))) for keys in sets.values()]
        return sql("GROUPING SETS ({})", commas(written))

    def _choices(self, item: exp.Expr) -> list[tuple[Sql, ...]]:
        """The sets of keys that one term of GROUP BY offers."""
        if isinstance(item, exp.GroupingSets):
            return [choice for inner in item.expressions for choice in self._choices(inner)]
        if isinstance(item, exp.Rollup | exp.Cube):
            keys = [self._keys_of(inner) for inner in item.expressions]
            sizes = range(len(keys), -1, -1)
            if isinstance(item, exp.Rollup):
                return [tuple(chain(*keys[:size])) for size in sizes]
            return [tuple(chain(*some)) for size in sizes for some in combinations(keys, size)]
        return [self._keys_of(item)]

    def _keys_of(self, item: exp.Expr) -> tuple[Sql, ...]:
        if isinstance(item, exp.Tuple):
            return tuple(map(self._term, item.expressions))
        return (self._term(item.this if isinstance(item, exp.Paren) else item),)

    def _nested(self, item: exp.Expr) -> Sql:
        kind = SET_WORDS.get(type(item))
        if kind is None:
            return self._set(item)
        return sql("{} ({})", word(kind), commas(map(self._set, item.expressions)))

    def _set(self, item: exp.Expr) -> Sql:
        if isinstance(item, exp.Tuple):
            return sql("({})", commas(map(self._term, item.expressions)))
        return self._term(item.this if isinstance(item, exp.Paren) else item)

    def _term(self, item: exp.Expr) -> Sql:
        key = self._key(item)
        check_comparable(key.type, self._t.context.where(item), "GROUP BY")
        self.found.append(key)
        return key.sql

    def _key(self, item: exp.Expr) -> Typed:
        at = ordinal(item)
        if at is None:
            key = self._t.expression(item, self._scope)
            self._check_own(item)
            return key
        if not 1 <= at <= len(self._items):
            where = self._t.context.where(item)
            raise QueryFailed(
                "INVALID_COLUMN_REFERENCE", f"{where}GROUP BY position {at} is not in select list"
            )
        return self._items[at - 1][1]

    def _check_own(self, item: exp.Expr) -> None:
        """Refuse a column of the query around this one."""
        if not isinstance(item, exp.Column):
            return
        found = self._scope.find(tuple(part.name.lower() for part in item.parts), "")
        if found is not None and not any(found is own for own in self._scope.fields):
            where = self._t.context.where(item)
            raise not_supported(f"{where}Grouping field '{item.name}' should originate from this query")
