"""Function calls, also those with a syntax of their own.

`EXTRACT(day FROM x)`, `TRIM(BOTH FROM x)`, `a || b`, `f(x) OVER (...)`, `f(x) FILTER (WHERE ...)`.
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.parse.pattern_window import PatternWindow
from local_athena.sql.typed import Typed
from local_athena.translate.concatenation import concat_chain
from local_athena.translate.pattern_frames import measure
from local_athena.translate.pattern_groups import GroupValue
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Handler, Translator
from local_athena.types.trino import TIMED


def _extract(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    field, value = node.name.lower(), t.expression(node.expression, scope)
    if value.type.base not in EXTRACTS.get(field, ()):
        known = f"Cannot extract {field.upper()} from {value.type}" if field in EXTRACTS else None
        problem = known or f"Invalid EXTRACT field: {field.upper()}"
        raise QueryFailed("TYPE_MISMATCH" if known else "SYNTAX_ERROR", t.context.where(node) + problem)
    name = EXTRACT_NAMES.get(field, field)
    return t.functions.call(t, name, [node.expression], scope, node)


EXTRACT_NAMES = {"dow": "day_of_week", "doy": "day_of_year", "yow": "year_of_week"}
DAYS = ("unknown", "date", "timestamp", "timestamp with time zone")
ZONED = ("timestamp with time zone", "time with time zone")
CLOCKS = ("unknown", *TIMED, "interval day to second")
EXTRACTS = {
    **dict.fromkeys(("quarter", "week", "day_of_month", "day_of_week", "dow"), DAYS),
    **dict.fromkeys(("day_of_year", "doy", "year_of_week", "yow"), DAYS),
    **dict.fromkeys(("year", "month"), (*DAYS, "interval year to month")),
    "day": (*DAYS, "interval day to second"),
    **dict.fromkeys(("hour", "minute", "second"), CLOCKS),
    **dict.fromkeys(("timezone_hour", "timezone_minute"), ZONED),
}
"""The fields that EXTRACT knows, and the types that have each."""


def _as_call(name: str, *arguments: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        given = [node.args[a] for a in arguments if node.args.get(a) is not None]
        return t.functions.call(t, name, given, scope, node)

    return handler


def _window(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    if isinstance(node.this, exp.Column):
        return measure(t, node, scope)
    return t.functions.window(t, node, scope)


def _trim(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    side = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position") or "").upper(), "trim")
    given = [node.this] + ([node.expression] if node.args.get("expression") is not None else [])
    return t.functions.call(t, side, given, scope, node)


HANDLERS: dict[type, Handler] = {
    exp.Anonymous: lambda t, n, s: t.functions.call(t, n.name, n.expressions, s, n),
    exp.DPipe: concat_chain,
    exp.Extract: _extract,
    exp.Substring: _as_call("substring", "this", "start", "length"),
    exp.StrPosition: _as_call("strpos", "this", "substr"),
    exp.Trim: _trim,
    exp.Window: _window,
    PatternWindow: _window,
    GroupValue: lambda t, n, s: t.expression(n.this, s),
    exp.Filter: lambda t, n, s: t.functions.filtered(t, n, s),
    exp.WithinGroup: lambda t, n, s: t.functions.within_group(t, n, s),
    exp.GroupConcat: lambda t, n, s: t.functions.listagg(t, n, s),
}
