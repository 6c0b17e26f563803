"""Every kind of expression to a typed one. A table of node classes, each with the function that translates
it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.functions.python import regular, zones
from local_athena.parse.dialect import Athena, TypedLiteral
from local_athena.translate import literals
from local_athena.translate.casts import cast
from local_athena.translate.operators import arithmetic_of, compare, distinct_from, mismatch
from local_athena.translate.scope import Scope
from local_athena.translate.sql import fail, null_of, quoted
from local_athena.translate.typed import Typed
from local_athena.types.coercion import common_type
from local_athena.types.trino import (
    BIGINT,
    BOOLEAN,
    DATE,
    INTEGER,
    INTEGERS,
    UNKNOWN,
    VARCHAR,
    TrinoType,
    array,
    char,
    row,
    timestamp,
    timestamp_tz,
    varchar,
)

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator

Handler = Callable[["Translator", exp.Expr, Scope], Typed]


def translate_expression(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    """One expression.

    Raises:
        QueryFailed: a name, a type or a function does not fit.
    """
    handler = HANDLERS.get(type(node))
    if handler is None:
        raise not_supported(
            f"{t.context.where(node)}Unsupported expression: {node.sql(dialect=Athena)[:200]}"
        )
    return handler(t, node, scope)


def _column(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    names = [part.name for part in node.parts]
    parts = tuple(name.lower() for name in names)
    if isinstance(node.this, exp.Star):
        raise not_supported("Unsupported expression: *")
    if parts[0] in scope.lambdas:
        return _dereference(t, scope.lambdas[parts[0]], names[1:], node)
    where = t.context.where(node)
    for length in range(len(parts), 0, -1):
        found = scope.find(parts[:length], where)
        if found is not None:
            if found.on_use is not None:
                found.on_use()
            return _dereference(t, found.value, names[length:], node)
    if len(parts) == 1 and parts[0] in BARE and not node.this.quoted:
        return BARE[parts[0]](t, node, scope)
    raise QueryFailed(
        "COLUMN_NOT_FOUND",
        f"{where}Column '{'.'.join(parts)}' cannot be resolved or requester is not authorized "
        "to access requested resources",
    )


def _dereference(t: Translator, value: Typed, names: list[str], node: exp.Expr) -> Typed:
    for name in names:
        value = field_of(value, name, t.context.where(node))
    return value


def field_of(value: Typed, name: str, where: str) -> Typed:
    """A field of a row by name."""
    if value.type.base != "row":
        raise QueryFailed("TYPE_MISMATCH", f"{where}Expression is not of type ROW")
    for i, (known, part) in enumerate(zip(value.type.names, value.type.parts, strict=True)):
        if known is not None and known.lower() == name.lower():
            return Typed(f"({value.sql}).f{i}", part)
    raise QueryFailed("COLUMN_NOT_FOUND", f"{where}Column '{name.lower()}' cannot be resolved")


def _identifier(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return _column(t, exp.column(node.copy()), scope)


def _dot(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return field_of(t.expression(node.this, scope), node.expression.name, t.context.where(node))


def _literal(_: Translator, node: exp.Expr, __: Scope) -> Typed:
    return literals.literal(node)


def _typed_literal(t: Translator, node: exp.Expr, _: Scope) -> Typed:
    return literals.typed_literal(t.context, node)


def _negative(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    if isinstance(node.this, exp.Literal) and not node.this.is_string and str(node.this.this) == str(2**63):
        return Typed(f"CAST({-(2**63)} AS BIGINT)", BIGINT, -(2**63))
    value = t.expression(node.this, scope)
    constant = -value.constant if isinstance(value.constant, int | float) else None
    return Typed(f"(-{value.sql})", value.type, constant)


def _arithmetic(operator: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        left, right = t.expression(node.this, scope), t.expression(node.expression, scope)
        return arithmetic_of(t.context, operator, left, right, t.context.where_operator(node))

    return handler


def _comparison(operator: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        if isinstance(node.expression, exp.All | exp.Any):
            return t.quantified(operator, node, scope)
        left, right = t.expression(node.this, scope), t.expression(node.expression, scope)
        return compare(t.context, operator, left, right, t.context.where_operator(node))

    return handler


def _distinct(negated: bool) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        left, right = t.expression(node.this, scope), t.expression(node.expression, scope)
        made = distinct_from(t.context, left, right, t.context.where(node))
        return Typed(f"(NOT {made.sql})", BOOLEAN) if negated else made

    return handler


def _logic(operator: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        sides = [t.boolean(side, scope).sql for side in (node.this, node.expression)]
        return Typed(f"({sides[0]} {operator} {sides[1]})", BOOLEAN)

    return handler


def _not(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return Typed(f"(NOT {t.boolean(node.this, scope).sql})", BOOLEAN)


def _paren(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    inner = t.expression(node.this, scope)
    return Typed(f"({inner.sql})", inner.type)


def _is(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    if not isinstance(node.expression, exp.Null):
        raise not_supported(f"{t.context.where(node)}IS is supported with NULL only")
    return Typed(f"({t.expression(node.this, scope).sql} IS NULL)", BOOLEAN)


def _null(_: Translator, __: exp.Expr, ___: Scope) -> Typed:
    return Typed(null_of(UNKNOWN), UNKNOWN)


def _boolean(_: Translator, node: exp.Expr, __: Scope) -> Typed:
    return Typed("true" if node.this else "false", BOOLEAN)


def _cast(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return cast(t.context, t.expression(node.this, scope), literals.type_of(node.args["to"]))


def _try_cast(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    made = _cast(t, node, scope)
    return Typed(f"TRY({made.sql})", made.type)


def _between(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    value, where = t.expression(node.this, scope), t.context.where(node)
    low, high = t.expression(node.args["low"], scope), t.expression(node.args["high"], scope)
    above = compare(t.context, ">=", value, low, where)
    below = compare(t.context, "<=", value, high, where)
    inside = f"({above.sql} AND {below.sql})"
    if node.args.get("symmetric"):
        flipped = (compare(t.context, "<=", value, low, where), compare(t.context, ">=", value, high, where))
        inside = f"({inside} OR ({flipped[0].sql} AND {flipped[1].sql}))"
    return Typed(inside, BOOLEAN)


def _in(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    if node.args.get("query") is not None:
        return t.in_query(node, scope)
    value, where = t.expression(node.this, scope), t.context.where(node)
    options = [t.expression(item, scope) for item in node.expressions]
    tests = [compare(t.context, "=", value, option, where).sql for option in options]
    fails = [
        option.sql
        for option, item in zip(options, node.expressions, strict=True)
        if item.find(exp.Div, exp.Mod, exp.Cast, exp.Anonymous) and not item.find(exp.Column)
    ]
    if not fails:
        return Typed(f"({' OR '.join(tests)})", BOOLEAN)
    # Trino computes constants before it compares, so that one that fails always does.
    return Typed(
        f"CASE WHEN hash({', '.join(fails)}) IS NULL THEN NULL ELSE ({' OR '.join(tests)}) END", BOOLEAN
    )


def _case(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    subject = t.expression(node.this, scope) if node.args.get("this") is not None else None
    conditions = []
    for branch in node.args["ifs"]:
        if subject is None:
            conditions.append(t.boolean(branch.this, scope).sql)
        else:
            option = t.expression(branch.this, scope)
            conditions.append(compare(t.context, "=", subject, option, t.context.where(branch)).sql)
    results = [t.expression(branch.args["true"], scope) for branch in node.args["ifs"]]
    default = node.args.get("default")
    results.append(t.expression(default, scope) if default is not None else _null(t, node, scope))
    results = t.unified(results, t.context.where(node), "All CASE results must be the same type")
    arms = "".join(f" WHEN {c} THEN {r.sql}" for c, r in zip(conditions, results, strict=False))
    return Typed(f"CASE{arms} ELSE {results[-1].sql} END", results[-1].type)


def _array(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    items = [t.expression(item, scope) for item in node.expressions]
    if not items:
        return Typed("CAST([] AS INTEGER[])", array(UNKNOWN))
    items = t.unified(items, t.context.where(node), "All ARRAY elements must be the same type")
    return Typed(f"[{', '.join(item.sql for item in items)}]", array(items[0].type))


def make_row(items: list[Typed], names: tuple[str | None, ...] | None = None) -> Typed:
    """ROW(items)."""
    packed = ", ".join(f"f{i} := {item.sql}" for i, item in enumerate(items))
    return Typed(f"struct_pack({packed})", row(*(item.type for item in items), names=names))


def _tuple(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return make_row([t.expression(item, scope) for item in node.expressions])


def _subscript(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    value, index_node = t.expression(node.this, scope), node.expressions[0]
    offset = node.args.get("offset")
    if isinstance(index_node, exp.Literal) and not index_node.is_string and offset is None:
        index_node = exp.Literal.number(int(index_node.this) + 1)  # sqlglot counts from 0
    index = t.expression(index_node, scope)
    if value.type.base == "row":
        return _row_subscript(value, index)
    if value.type.base == "map":
        return _map_subscript(t, value, index)
    if value.type.base != "array" or index.type.base not in INTEGERS:
        raise mismatch(t.context.where(node), "[]", value, index)
    i, v, element = cast(t.context, index, BIGINT).sql, value.sql, value.type.element
    checks = (
        (f"{i} = 0", "SQL array indices start at 1"),
        (f"{i} < 0", "Array subscript is negative"),
        (f"{i} > len({v})", "Array subscript must be less than or equal to array length"),
    )
    arms = " ".join(
        f"WHEN {test} THEN {fail(quoted('INVALID_FUNCTION_ARGUMENT: ' + message), element)}"
        for test, message in checks
    )
    return Typed(f"CASE {arms} ELSE {v}[{i}] END", element)


def _row_subscript(value: Typed, index: Typed) -> Typed:
    if not isinstance(index.constant, int) or not 1 <= index.constant <= len(value.type.parts):
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"line 1:8: Invalid subscript for {value.type}")
    return Typed(f"({value.sql}).f{index.constant - 1}", value.type.parts[index.constant - 1])


def _map_subscript(t: Translator, value: Typed, index: Typed) -> Typed:
    key = cast(t.context, index, value.type.element)
    missing = fail("'INVALID_FUNCTION_ARGUMENT: Key not present in map'", value.type.value)
    has = f"map_contains({value.sql}, {key.sql})"
    guarded = f"CASE WHEN {has} THEN {value.sql}[{key.sql}] WHEN {has} IS NULL THEN NULL ELSE {missing} END"
    return Typed(guarded, value.type.value)


def _concat(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return t.functions.call(t, "concat", [node.this, node.expression], scope, node)


def _at_time_zone(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    value, name = t.expression(node.this, scope), t.expression(node.args["zone"], scope)
    if value.type.base in ("timestamp", "date"):
        value = cast(t.context, value, timestamp_tz(value.type.precision if value.type.numbers else 3))
    if value.type.base != "timestamp with time zone":
        raise not_supported(f"AT TIME ZONE of {value.type}")
    return t.context.call("at_zone", regular.at_zone, [value, cast(t.context, name, VARCHAR)], value.type)


def _like(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return _matched(t, node, scope, None)


def _matched(t: Translator, node: exp.Expr, scope: Scope, escape: exp.Expr | None) -> Typed:
    value, pattern = t.expression(node.this, scope), t.expression(node.expression, scope)
    if {value.type.base, pattern.type.base} - {"varchar", "char", "unknown"}:
        raise mismatch(t.context.where(node), "LIKE", value, pattern)
    text, like = cast(t.context, value, VARCHAR), cast(t.context, pattern, VARCHAR)
    if escape is None:
        # Trino has no escape character unless told; DuckDB's own default would be one.
        return Typed(f"({text.sql} LIKE {like.sql} ESCAPE '')", BOOLEAN)
    character = cast(t.context, t.expression(escape, scope), VARCHAR)
    return t.context.call("like", regular.like, [text, like, character], BOOLEAN)


def _escape(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return _matched(t, node.this, scope, node.expression)


def _current(precision: int, kind: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        given = node.args.get("this")
        digits = int(given.this) if isinstance(given, exp.Literal) else precision
        return now_value(t, kind, digits)

    return handler


def now_value(t: Translator, kind: str, digits: int) -> Typed:
    """The query's moment as a date, time or timestamp."""
    wall = t.context.now.replace(tzinfo=None)
    stamp = f"TIMESTAMP {quoted(zones.stamp_text(wall, min(digits, 6)))}"
    if kind == "date":
        return Typed(f"CAST({stamp} AS DATE)", DATE)
    if kind == "zoned":
        return Typed(f"struct_pack(t := {stamp}, z := 'UTC')", timestamp_tz(digits))
    if kind == "time":
        return Typed(f"CAST({stamp} AS TIME)", TrinoType("time", (digits,)))
    if kind == "zoned time":
        made = f"struct_pack(t := CAST({stamp} AS TIME), o := CAST(0 AS INTEGER))"
        return Typed(made, TrinoType("time with time zone", (digits,)))
    return Typed(stamp, timestamp(digits))


def _parameter(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    given = t.context.next_parameter()
    if given is None:
        raise QueryFailed(
            "INVALID_PARAMETER_USAGE", "Incorrect number of parameters: no value for a parameter"
        )
    return t.expression(given, scope)


def _extract(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return t.functions.call(
        t, EXTRACT_NAMES.get(node.name.lower(), node.name.lower()), [node.expression], scope, node
    )


EXTRACT_NAMES = {"dow": "day_of_week", "doy": "day_of_year", "yow": "year_of_week"}


def _as_call(name: str, *arguments: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        given = [node.args[a] for a in arguments if node.args.get(a) is not None]
        return t.functions.call(t, name, given, scope, node)

    return handler


def _trim(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    side = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position") or "").upper(), "trim")
    given = [node.this] + ([node.expression] if node.args.get("expression") is not None else [])
    return t.functions.call(t, side, given, scope, node)


def _unicode(_: Translator, node: exp.Expr, __: Scope) -> Typed:
    return literals.text(regular.unescape(str(node.this)))


BARE: dict[str, Handler] = {
    "current_timestamp": _current(3, "zoned"),
    "current_date": _current(3, "date"),
    "current_time": _current(3, "zoned time"),
    "localtimestamp": _current(3, "stamp"),
    "localtime": _current(3, "time"),
    "current_user": lambda t, n, s: literals.text(t.context.user),
    "current_catalog": lambda t, n, s: literals.text("awsdatacatalog"),
    "current_schema": lambda t, n, s: literals.text(t.context.database),
}

HANDLERS: dict[type, Handler] = {
    exp.Column: _column,
    exp.Identifier: _identifier,
    exp.Dot: _dot,
    exp.Literal: _literal,
    TypedLiteral: _typed_literal,
    exp.HexString: lambda t, n, s: literals.hexadecimal(n),
    exp.UnicodeString: _unicode,
    exp.ParseJSON: lambda t, n, s: literals.json_literal(str(n.this.this)),
    exp.Interval: lambda t, n, s: literals.interval(n),
    exp.Neg: _negative,
    exp.Add: _arithmetic("+"),
    exp.Sub: _arithmetic("-"),
    exp.Mul: _arithmetic("*"),
    exp.Div: _arithmetic("/"),
    exp.Mod: _arithmetic("%"),
    exp.EQ: _comparison("="),
    exp.NEQ: _comparison("<>"),
    exp.LT: _comparison("<"),
    exp.LTE: _comparison("<="),
    exp.GT: _comparison(">"),
    exp.GTE: _comparison(">="),
    exp.NullSafeEQ: _distinct(True),
    exp.NullSafeNEQ: _distinct(False),
    exp.And: _logic("AND"),
    exp.Or: _logic("OR"),
    exp.Not: _not,
    exp.Paren: _paren,
    exp.Is: _is,
    exp.Null: _null,
    exp.Boolean: _boolean,
    exp.Cast: _cast,
    exp.TryCast: _try_cast,
    exp.Between: _between,
    exp.In: _in,
    exp.Case: _case,
    exp.Array: _array,
    exp.Tuple: _tuple,
    exp.Bracket: _subscript,
    exp.DPipe: _concat,
    exp.AtTimeZone: _at_time_zone,
    exp.Like: _like,
    exp.Escape: _escape,
    exp.Placeholder: _parameter,
    exp.Extract: _extract,
    exp.Substring: _as_call("substring", "this", "start", "length"),
    exp.StrPosition: _as_call("strpos", "this", "substr"),
    exp.Trim: _trim,
    exp.CurrentDate: BARE["current_date"],
    exp.CurrentTimestamp: BARE["current_timestamp"],
    exp.CurrentTime: BARE["current_time"],
    exp.Localtimestamp: BARE["localtimestamp"],
    exp.Localtime: BARE["localtime"],
    exp.CurrentUser: BARE["current_user"],
    exp.CurrentCatalog: BARE["current_catalog"],
    exp.Anonymous: lambda t, n, s: t.functions.call(t, str(n.this), n.expressions, s, n),
    exp.Subquery: lambda t, n, s: t.scalar_query(n, s),
    exp.Select: lambda t, n, s: t.scalar_query(n, s),
    exp.Exists: lambda t, n, s: t.exists(n, s),
    exp.Window: lambda t, n, s: t.functions.window(t, n, s),
    exp.Filter: lambda t, n, s: t.functions.filtered(t, n, s),
    exp.WithinGroup: lambda t, n, s: t.functions.within_group(t, n, s),
    exp.GroupConcat: lambda t, n, s: t.functions.listagg(t, n, s),
}
__all__ = ["HANDLERS", "INTEGER", "char", "common_type", "translate_expression", "varchar"]
