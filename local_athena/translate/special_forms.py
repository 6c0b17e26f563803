"""What looks like a call but is a form of its own: its arguments may stay unevaluated or fix each other's
type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import NULL, commas, null_of, sql, string
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.operators import compare
from local_athena.sql.typed import Typed
from local_athena.translate.concatenation import concat
from local_athena.translate.containers import make_row
from local_athena.translate.forms import case, first_known, reused
from local_athena.translate.logic import condition
from local_athena.translate.moments import now_value
from local_athena.translate.scope import Scope
from local_athena.translate.subqueries import tried
from local_athena.translate.translating import Translator
from local_athena.types.trino import INTEGER, UNKNOWN, VARCHAR
from local_athena.values import texts_library

Nodes = list[exp.Expr]


def _coalesce(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    if len(nodes) < 2:
        raise QueryFailed(
            "INVALID_FUNCTION_ARGUMENT",
            f"{t.context.where(node)}The 'coalesce' function must have at least two arguments",
        )
    values = t.unified(
        [t.expression(n, scope) for n in nodes],
        t.context.where(node),
        "All COALESCE operands must be the same type",
    )
    return Typed(first_known(values), values[0].type)


def _if(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    if len(nodes) not in (2, 3):
        raise QueryFailed(
            "INVALID_FUNCTION_ARGUMENT",
            f"{t.context.where(node)}Invalid number of arguments for 'if' function",
        )
    test = condition(t, nodes[0], scope)
    results = [t.expression(n, scope) for n in nodes[1:]]
    if len(results) == 1:
        results.append(Typed(null_of(UNKNOWN), UNKNOWN))
    yes, no = t.unified(results, t.context.where(node), "Result types for IF must be the same")
    return Typed(case([(test, yes)], no), yes.type)


def _nullif(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    if len(nodes) != 2:
        raise QueryFailed(
            "INVALID_FUNCTION_ARGUMENT",
            f"{t.context.where(node)}Invalid number of arguments for 'nullif' function",
        )
    first, second = (t.expression(n, scope) for n in nodes)

    def unless(given: Sql) -> Sql:
        same = compare(t.context, "=", replace(first, sql=given), second, t.context.where(node))
        return case([(same, NULL)], given)

    return Typed(reused(first, (second,), unless), first.type)


def _check_count(name: str, nodes: Nodes, count: int, t: Translator, node: exp.Expr) -> None:
    if len(nodes) != count:
        where = t.context.where(node)
        problem = f"Invalid number of arguments for '{name}' function: {len(nodes)}"
        raise QueryFailed("FUNCTION_NOT_FOUND", f"{where}{problem}")


def _try(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    _check_count("try", nodes, 1, t, node)
    return tried(t, nodes[0], scope)


def _typeof(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    _check_count("typeof", nodes, 1, t, node)
    written = str(t.expression(nodes[0], scope).type)
    return Typed(string(written), VARCHAR)


def _row(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    return make_row([t.expression(n, scope) for n in nodes])


def _grouping(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    names = commas(t.expression(n, scope) for n in nodes)
    return Typed(sql("CAST(GROUPING({}) AS INTEGER)", names), INTEGER)


def _now(kind: str) -> Callable[[Translator, Nodes, Scope, exp.Expr], Typed]:
    def made(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
        digits = int(nodes[0].this) if nodes and isinstance(nodes[0], exp.Literal) else 3
        return now_value(t, kind, digits)

    return made


def _now_call(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    _check_count("now", nodes, 0, t, node)
    return _now("zoned")(t, nodes, scope, node)


NORMAL_FORMS = ("NFC", "NFD", "NFKC", "NFKD")


def _normalize(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    """normalize(text, NFC), whose form is a word, not a value."""
    form = nodes[1].name.upper() if len(nodes) == 2 and isinstance(nodes[1], exp.Column) else "NFC"
    text = t.expression(nodes[0], scope) if nodes and len(nodes) <= 2 else None
    if text is None or text.type.base not in ("varchar", "unknown") or form not in NORMAL_FORMS:
        raise QueryFailed(
            "FUNCTION_NOT_FOUND",
            f"{t.context.where(node)}Unexpected parameters for function normalize",
        )
    given = [cast(t.context, text, VARCHAR), Typed(string(form), VARCHAR)]
    return t.context.call("normalize", texts_library.normalize, given, VARCHAR)


SPECIAL: dict[str, Callable[[Translator, Nodes, Scope, exp.Expr], Typed]] = {
    "coalesce": _coalesce,
    "if": _if,
    "nullif": _nullif,
    "try": _try,
    "typeof": _typeof,
    "row": _row,
    "grouping": _grouping,
    "concat": concat,
    "normalize": _normalize,
    "now": _now_call,
    "current_timestamp": _now("zoned"),
    "localtimestamp": _now("stamp"),
    "localtime": _now("time"),
    "current_time": _now("zoned time"),
}
