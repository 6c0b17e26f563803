"""json_exists, json_query, json_value, json_object and json_array: a Python call, then RETURNING, ON EMPTY, ON ERROR.

https://trino.io/docs/current/functions/json.html
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.json_forms import JsonForm, JsonItem
from local_athena.sql import literals
from local_athena.sql.build import FALSE, NULL, TRUE, fail, failing, ident, null_of, once, sql, string
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql, function
from local_athena.sql.type_names import type_of
from local_athena.sql.typed import Typed
from local_athena.translate.forms import case
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Handler, Translator
from local_athena.types.coercion import can_coerce
from local_athena.types.trino import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGERS,
    JSON,
    VARCHAR,
    TrinoType,
    decimal,
    row,
    time,
    timestamp,
)
from local_athena.values import sql_json
from local_athena.values.sql_json_syntax import read_path

ANSWER = row(VARCHAR, VARCHAR)
PASSABLE = ("tinyint", "smallint", "integer", "bigint", "real", "double", "decimal", "boolean", "date",
            "time", "timestamp", "unknown")  # fmt: skip
ITEM_TYPES = {
    "boolean": BOOLEAN, "bigint": BIGINT, "double": DOUBLE, "decimal": decimal(38, 10), "varchar": VARCHAR,
    "date": DATE, "time": time(6), "timestamp": timestamp(6),
}  # fmt: skip
"""The type that the text of each kind of item is first read as."""


def _form(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return FORMS[node.name](t, node, scope)


def _called(t: Translator, node: exp.Expr, scope: Scope, *extra: Typed) -> tuple[Typed, ...]:
    """The arguments of a path function: document, path, names passed, `extra`, values passed."""
    path = node.args["path"]
    if path is None:
        raise QueryFailed("INVALID_PATH", f"{t.context.where(node)}JSON path must be a string literal")
    read_path(str(path.this))
    document = _text(t, node.expressions[0], scope)
    names: list[str] = []
    values = []
    for item in node.args["passing"]:
        name = str(item.args["alias"])
        names.append(f"{name}:json" if item.args.get("format") else name)
        values.append(_text(t, item, scope) if item.args.get("format") else _passed(t, item, scope))
    return (document, literals.text(str(path.this)), literals.text(",".join(names)), *extra, *values)


def _text(t: Translator, item: JsonItem, scope: Scope) -> Typed:
    """JSON text, for which varchar and varbinary in UTF-8 may stand."""
    value = t.expression(item.this, scope)
    if value.type.base == "varbinary":
        return Typed(sql("decode({})", value), VARCHAR)
    if value.type.base not in ("varchar", "char", "unknown") or item.args.get("format") == "bytes":
        raise QueryFailed(
            "TYPE_MISMATCH", f"{t.context.where(item)}Cannot read input of type {value.type} as JSON"
        )
    return cast(t.context, value, VARCHAR)


def _passed(t: Translator, item: JsonItem, scope: Scope) -> Typed:
    value = t.expression(item.this, scope)
    if value.type.base in ("varchar", "char"):
        return cast(t.context, value, VARCHAR)
    if value.type.base not in PASSABLE:
        raise not_supported(f"{t.context.where(item)}PASSING a value of type {value.type} is not supported")
    return value


def _exists(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    answer = _answer(t, sql_json.exists, _called(t, node, scope))
    word = node.args["on_error"].name if node.args.get("on_error") is not None else "FALSE"
    failed = {"TRUE": TRUE, "FALSE": FALSE, "UNKNOWN": NULL}.get(word)

    def found(v: Sql) -> Sql:
        error = failed if failed is not None else _evaluation_error(v, BOOLEAN)
        return case([(_is(v, "error"), error)], sql("({}).f1 = 'true'", v))

    return _bound(answer, found, BOOLEAN)


def _is(v: Sql, kind: str) -> Sql:
    """Whether an answer is of a kind."""
    return sql("({}).f0 = {}", v, string(kind))


def _answer(t: Translator, function: Callable[..., Any], arguments: tuple[Typed, ...]) -> Typed:
    return t.context.call("json_path", function, list(arguments), ANSWER, takes_null=True)


def _bound(answer: Typed, read: Callable[[Sql], Sql], type_: TrinoType) -> Typed:
    """What is read of the answer, which is computed once; NULL for a NULL document."""
    # The same form twice is the same SQL, as GROUP BY needs it.
    v = ident(f"j{answer.sql.digest.hex()[:12]}")
    body = case([(sql("{} IS NULL", v), NULL)], read(v))
    return Typed(sql("list_transform([{}], {})[1]", answer, function((v,), body)), type_)


def _evaluation_error(v: Sql, type_: TrinoType) -> Sql:
    return fail(sql("'PATH_EVALUATION_ERROR: path evaluation failed: ' || coalesce(({}).f1, '')", v), type_)


def _query(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    wrapper, quotes = node.args["wrapper"], node.args.get("quotes")
    if quotes and wrapper != "without":
        raise QueryFailed(
            "INVALID_FUNCTION_ARGUMENT",
            f"{t.context.where(node)}{quotes} QUOTES behavior specified with WITH {wrapper.upper()} "
            "ARRAY WRAPPER behavior",
        )
    extra = (literals.text(wrapper), Typed(TRUE if quotes == "OMIT" else FALSE, BOOLEAN))
    answer = _answer(t, sql_json.query, _called(t, node, scope, *extra))
    wanted = _returned(node)

    def otherwise(key: str, v: Sql) -> Sql:
        behaviour = node.args.get(key)
        known = EMPTY.get(behaviour.name if behaviour is not None else "NULL")
        return known if known is not None else _evaluation_error(v, VARCHAR)

    def found(v: Sql) -> Sql:
        arms = [(_is(v, "none"), otherwise("on_empty", v)), (_is(v, "error"), otherwise("on_error", v))]
        return case(arms, sql("({}).f1", v))

    return cast(t.context, _bound(answer, found, VARCHAR), wanted)


EMPTY = {"EMPTY ARRAY": string("[]"), "EMPTY OBJECT": string("{}"), "NULL": null_of(VARCHAR)}
"""What JSON_QUERY may give instead of a value."""


def _returned(node: exp.Expr) -> TrinoType:
    """The type of RETURNING for JSON text: varchar unless said, and only text."""
    wanted = type_of(node.args["returning"]) if node.args.get("returning") is not None else VARCHAR
    if wanted.base not in ("varchar", "char"):
        raise not_supported(f"Cannot output JSON value as {wanted} using formatting JSON")
    return wanted


def _value(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    answer = _answer(t, sql_json.value, _called(t, node, scope))
    wanted = type_of(node.args["returning"]) if node.args.get("returning") is not None else VARCHAR
    error = _default(t, node, "on_error", wanted, scope)
    empty = sql("[{}]", _default(t, node, "on_empty", wanted, scope))
    if not isinstance(node.args.get("on_empty"), exp.Var | None):
        empty = sql("TRY({})", empty)  # what fails is an error too

    def found(v: Sql) -> Sql:
        kinds = ((kind, _converted(t, v, kind, wanted)) for kind in ITEM_TYPES)
        arms = [(_is(v, kind), made) for kind, made in kinds if made is not None]
        read = sql("TRY({})", case(arms, NULL)) if arms else null_of(wanted)
        arms = [(_is(v, "none"), empty), (sql("{} IS NOT NULL", read), sql("[{}]", read))]
        return once(case(arms, NULL), lambda given: _unboxed(given, error))

    return _bound(answer, found, wanted)


def _unboxed(given: Sql, otherwise: Sql) -> Sql:
    """What a list of one value holds; something else where there is no list."""
    return case([(sql("{} IS NOT NULL", given), sql("{}[1]", given))], otherwise)


def _converted(t: Translator, v: Sql, kind: str, wanted: TrinoType) -> Sql | None:
    try:
        item = cast(t.context, Typed(sql("({}).f1", v), VARCHAR), ITEM_TYPES[kind])
        return cast(t.context, item, wanted).sql
    except QueryFailed:
        return None


def _default(t: Translator, node: exp.Expr, clause: str, wanted: TrinoType, scope: Scope) -> Sql:
    """What ON EMPTY or ON ERROR gives."""
    behaviour = node.args.get(clause)
    if behaviour is None or (isinstance(behaviour, exp.Var) and behaviour.name == "NULL"):
        return null_of(wanted)
    if isinstance(behaviour, exp.Var):
        return failing("JSON_VALUE_RESULT_ERROR: cannot extract SQL scalar from JSON", wanted)
    value = t.expression(behaviour, scope)
    if not can_coerce(value.type, wanted) and not {value.type.base, wanted.base} <= set(INTEGERS):
        said = clause.upper().replace("_", " ")
        raise QueryFailed(
            "TYPE_MISMATCH",
            f"{t.context.where(behaviour)}Function JSON_VALUE default {said} result must evaluate to a "
            f"{wanted} (actual: {value.type})",
        )
    return cast(t.context, value, wanted).sql


def _array(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    build = sql_json.array_of(node.args.get("on_null") != "NULL")
    return _built(t, node, build, [_member(t, item, scope) for item in node.expressions], "[]")


def _object(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    values: list[Typed] = []
    for item in node.expressions:
        key = t.expression(item.args["key"], scope)
        if key.type.base not in ("varchar", "char"):
            raise QueryFailed(
                "TYPE_MISMATCH", f"{t.context.where(item)}Invalid type of JSON object key: {key.type}"
            )
        values += [cast(t.context, key, VARCHAR), _member(t, item, scope)]
    build = sql_json.object_of(node.args.get("on_null") == "ABSENT", bool(node.args.get("unique")))
    return _built(t, node, build, values, "{}")


def _built(
    t: Translator, node: exp.Expr, build: Callable[..., Any], values: list[Typed], empty: str
) -> Typed:
    if not values:
        return cast(t.context, literals.text(empty), _returned(node))
    made = t.context.call("json_build", build, values, VARCHAR, takes_null=True)
    return cast(t.context, made, _returned(node))


AS_TEXT = ("char", "uuid", "date", "time", "timestamp", "timestamp with time zone", "time with time zone",
           "ipaddress")  # fmt: skip
"""Types whose JSON form is their text."""


def _member(t: Translator, item: JsonItem, scope: Scope) -> Typed:
    """The JSON text of a member, NULL for NULL; another form that makes JSON stands as JSON."""
    if item.args.get("format") or isinstance(item.this, JsonForm):
        if isinstance(item.this, JsonForm) and item.this.name not in ("json_exists", "json_value"):
            return t.expression(item.this, scope)
        if item.args.get("format"):
            return t.context.call("json_checked", sql_json.checked, [_text(t, item, scope)], VARCHAR)
    value = t.expression(item.this, scope)
    if value.type.base in AS_TEXT:
        value = cast(t.context, value, VARCHAR)
    if value.type.parts:
        raise not_supported(
            f"{t.context.where(item)}JSON of a value of type {value.type} is not supported here"
        )
    return Typed(cast(t.context, value, JSON).sql, VARCHAR)


FORMS = {
    "json_exists": _exists,
    "json_query": _query,
    "json_value": _value,
    "json_array": _array,
    "json_object": _object,
}
HANDLERS: dict[type, Handler] = {JsonForm: _form}
