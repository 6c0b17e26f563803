"""What looks like a call but is a form of its own: its arguments may stay unevaluated or fix each other's
type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import NULL, commas, joined, null_of, once, sql, string
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.operators import compare
from local_athena.sql.typed import Typed
from local_athena.translate.chains import chained, operands
from local_athena.translate.containers import make_row
from local_athena.translate.forms import case, first_known, reused
from local_athena.translate.logic import condition
from local_athena.translate.moments import now_value
from local_athena.translate.scope import Scope
from local_athena.translate.subqueries import tried
from local_athena.translate.translating import Translator
from local_athena.types.coercion import common_type
from local_athena.types.trino import INTEGER, UNKNOWN, VARCHAR, TrinoType, array
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


def _has_length(value: Typed) -> bool:
    """Whether a text is a char, or becomes one beside a char."""
    return value.type.base == "char" or (value.type.base == "varchar" and value.type != VARCHAR)


def _concat(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    if len(nodes) < 2:
        raise QueryFailed(
            "INVALID_FUNCTION_ARGUMENT", "There must be two or more concatenation arguments to concat"
        )
    return _concatenated(t, [t.expression(n, scope) for n in nodes], node)


def concat_chain(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    """`a || b || c`, each two of which are concatenated for themselves unless all are texts."""
    values = [t.expression(n, scope) for n in operands(node)]
    if all(v.type.base in ("varchar", "unknown") for v in values):
        return _concatenated(t, values, node)
    return reduce(lambda left, right: _concatenated(t, [left, right], node), values)


def _concatenated(t: Translator, values: list[Typed], node: exp.Expr) -> Typed:
    """`||` and concat: text, arrays (or an element at an end), binary."""
    if any(v.type.base == "array" for v in values):
        return _concat_arrays(t, values, node)
    if any(v.type.base == "char" for v in values) and all(map(_has_length, values)):
        total = sum(v.type.precision for v in values)
        padded = [sql("rpad({}, {}, ' ')", v, v.type.precision) for v in values[:-1]] + [values[-1].sql]
        return Typed(sql("rtrim({}, ' ')", joined(" || ", padded)), TrinoType("char", (total,)))
    if all(v.type.base in ("varbinary", "unknown") for v in values) and values[0].type.base == "varbinary":
        return Typed(sql("({})", joined(" || ", values)), values[0].type)
    for v in values:
        if v.type.base not in ("varchar", "char", "unknown"):
            types = ", ".join(str(v.type) for v in values)
            raise QueryFailed(
                "FUNCTION_NOT_FOUND",
                f"{t.context.where(node)}Unexpected parameters ({types}) for function concat. Expected: "
                "concat(char(x), char(y)), concat(array(E), E) E, concat(E, array(E)) E, concat(array(E)) E, concat(varchar), concat(varbinary)",  # noqa: E501
            )
    return Typed(sql("({})", chained(" || ", [cast(t.context, v, VARCHAR) for v in values])), VARCHAR)


def _concat_arrays(t: Translator, values: list[Typed], node: exp.Expr) -> Typed:
    if len(values) == 2:
        values = _element_as_array(values[0], values[1], t.context.where(node))
    lists = t.unified(values, t.context.where(node), "All arrays must be of the same type")
    return Typed(sql("({})", joined(" || ", lists)), lists[0].type)


def _element_as_array(left: Typed, right: Typed, where: str) -> list[Typed]:
    """Two arrays, or an array and an element of it, as two arrays."""
    a, b = left.type, right.type
    if a == b or "unknown" in (a.base, b.base):
        return [left, right]
    fits = [[left, right]] if a.base == b.base and common_type(a, b) is not None else []
    if _holds(a, b):
        fits.append([left, Typed(_of_one(right), array(b))])
    if _holds(b, a):
        fits.append([Typed(_of_one(left), array(a)), right])
    if len(fits) > 1:
        choice = "Could not choose a best candidate operator. Explicit type casts must be added."
        raise QueryFailed("AMBIGUOUS_FUNCTION_CALL", f"{where}{choice}")
    if not fits:
        expected = "concat(array(E), E) E, concat(E, array(E)) E, concat(array(E)) E"
        problem = f"Unexpected parameters ({a}, {b}) for function concat. Expected: {expected}"
        raise QueryFailed("FUNCTION_NOT_FOUND", where + problem)
    return fits[0]


def _of_one(element: Typed) -> Sql:
    """An array of one element; NULL for NULL, as Trino answers NULL when it is to add that."""
    return once(element.sql, lambda value: sql("CASE WHEN {0} IS NOT NULL THEN [{0}] END", value))


def _holds(outer: TrinoType, inner: TrinoType) -> bool:
    """Whether a value of `inner` may be an element of `outer`."""
    if outer.base != "array" or (inner.base == "array" and outer.element.base != "array"):
        return False
    return common_type(outer.element, inner) is not None


NORMAL_FORMS = ("NFC", "NFD", "NFKC", "NFKD")


def _normalize(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    """normalize(text, NFC), whose form is a word, not a value."""
    form = nodes[1].name.upper() if len(nodes) == 2 and isinstance(nodes[1], exp.Column) else "NFC"
    text = t.expression(nodes[0], scope) if nodes and len(nodes) <= 2 else None
    if text is None or text.type.base not in ("varchar", "char", "unknown") or form not in NORMAL_FORMS:
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
    "concat": _concat,
    "normalize": _normalize,
    "now": _now_call,
    "current_timestamp": _now("zoned"),
    "localtimestamp": _now("stamp"),
    "localtime": _now("time"),
    "current_time": _now("zoned time"),
}
