"""UNNEST: the elements of arrays and the entries of maps as rows, several side by side.

https://trino.io/docs/current/sql/select.html#unnest
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import call, commas, ident, sql
from local_athena.sql.typed import Column, Field, Typed
from local_athena.translate.sampling import beside, by_chance
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Source, Translator
from local_athena.types.trino import BIGINT


def unnest(t: Translator, node: exp.Expr, scope: Scope) -> Source:
    """UNNEST(a, b) WITH ORDINALITY: side by side, the shorter filled with NULL; a map gives two columns,
    rows their fields.
    """
    sample = node.args.get("sample")
    values = [t.expression(item, beside(scope, sample)) for item in node.expressions]
    ordinality = node.args.get("offset")
    alias = node.args.get("alias")
    name = t.context.alias()
    lists: list[Typed] = []
    items: list[tuple[str | None, Typed]] = []
    for value in values:
        items += _unnested(value, lists, t.context.where(node))
    if ordinality:
        length = sql("greatest({}, 0)", commas(sql("coalesce(len({}), 0)", item) for item in lists))
        items.append((None, Typed(ident(f"u{len(lists)}"), BIGINT)))
        lists.append(Typed(sql("range(1, {} + 1)", length), BIGINT))
    selected = commas(sql("{} AS {}", value, ident(f"c{i}")) for i, (_, value) in enumerate(items))
    # DuckDB unnests lists side by side; only this form works at any depth of correlation.
    side_by_side = commas(sql("unnest({}) AS {}", item, ident(f"u{i}")) for i, item in enumerate(lists))
    made = sql("SELECT {} FROM (SELECT {})", selected, side_by_side)
    rows = sql("LATERAL ({})", by_chance(t, sample, made))
    columns = tuple(Column(n, v.type) for n, v in items)
    if isinstance(alias, exp.TableAlias) and alias.args.get("columns"):
        names = [c.name for c in alias.args["columns"]]
        if len(names) != len(columns):
            raise QueryFailed(
                "MISMATCHED_COLUMN_ALIASES",
                f"line 1:1: Column alias list has {len(names)} entries but '{alias.name}' has "
                f"{len(columns)} columns available",
            )
        columns = tuple(Column(n, c.type) for n, c in zip(names, columns, strict=True))
    qualifier = (alias.name.lower(),) if alias is not None and alias.this is not None else ()
    fields = [Field(c.name, Typed(ident(name, f"c{i}"), c.type), qualifier) for i, c in enumerate(columns)]
    return sql("{} AS {}", rows, ident(name)), fields


def _unnested(value: Typed, lists: list[Typed], where: str) -> list[tuple[str | None, Typed]]:
    """The columns an unnested value brings; its lists are added to `lists` and called u0, u1, ..."""
    at = len(lists)
    if value.type.base == "map":
        lists += [Typed(call(f"map_{part}", value), value.type) for part in ("keys", "values")]
        parts = (value.type.element, value.type.value)
        return [(None, Typed(ident(f"u{at + i}"), part)) for i, part in enumerate(parts)]
    if value.type.base != "array":
        raise QueryFailed("TYPE_MISMATCH", f"{where}Cannot unnest type: {value.type}")
    lists.append(value)
    item = Typed(ident(f"u{at}"), value.type.element)
    if item.type.base != "row":
        return [(None, item)]
    return [
        (n, Typed(sql("({}).f{}", item, i), p))
        for i, (n, p) in enumerate(zip(item.type.names, item.type.parts, strict=True))
    ]
