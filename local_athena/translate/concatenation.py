"""`a || b` and concat(): texts, arrays or an array and its element, binaries.

https://trino.io/docs/current/functions/string.html#concat
"""

from __future__ import annotations

from functools import reduce

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import joined, null_of, once, sql
from local_athena.sql.casts import cast
from local_athena.sql.typed import Typed
from local_athena.sql.unknown_sides import AMBIGUOUS
from local_athena.translate.chains import chained, operands
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.coercion import common_type
from local_athena.types.trino import VARCHAR, TrinoType, array

Nodes = list[exp.Expr]


def concat(t: Translator, nodes: Nodes, scope: Scope, node: exp.Expr) -> Typed:
    """The function of that name."""
    if len(nodes) < 2:
        raise QueryFailed(
            "INVALID_FUNCTION_ARGUMENT", "There must be two or more concatenation arguments to concat"
        )
    return _concatenated(t, [t.expression(n, scope) for n in nodes], node)


def concat_chain(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    """`a || b || c`, each two of which are concatenated for themselves unless all are texts."""
    values = [t.expression(n, scope) for n in operands(node)]
    if all(v.type.base == "varchar" for v in values):
        return _concatenated(t, values, node)
    return reduce(lambda left, right: _concatenated(t, [left, right], node), values)


def _concatenated(t: Translator, values: list[Typed], node: exp.Expr) -> Typed:
    """`||` and concat: text, arrays (or an element at an end), binary."""
    if any(v.type.base == "unknown" for v in values) and (
        len(values) == 2 or all(v.type.base == "unknown" for v in values)
    ):
        return _with_unknown(values, t.context.where(node))
    if any(v.type.base == "array" for v in values):
        return _concat_arrays(t, values, node)
    if any(v.type.base == "char" for v in values):
        return _concat_chars(t, values, node)
    if all(v.type.base in ("varbinary", "unknown") for v in values) and values[0].type.base == "varbinary":
        return Typed(sql("({})", joined(" || ", values)), values[0].type)
    if any(v.type.base not in ("varchar", "unknown") for v in values):
        raise _not_there(values, t.context.where(node))
    return Typed(sql("({})", chained(" || ", [cast(t.context, v, VARCHAR) for v in values])), VARCHAR)


def _with_unknown(values: list[Typed], where: str) -> Typed:
    """A NULL beside another value, which Trino reads as an array or an element of one where it can choose."""
    known = next((v.type for v in values if v.type.base != "unknown"), None)
    if known is None or known == VARCHAR or known.base in ("char", "varbinary", "array"):
        raise QueryFailed("AMBIGUOUS_FUNCTION_CALL", where + AMBIGUOUS)
    return Typed(null_of(array(known)), array(known))


def _concat_chars(t: Translator, values: list[Typed], node: exp.Expr) -> Typed:
    """Two texts of which one is a char: both are padded."""
    where = t.context.where(node)
    if len(values) > 2 or any(v.type.base not in ("varchar", "char") for v in values):
        raise _not_there(values, where)
    first, second = values
    total = sum(min(v.type.precision, LONGEST_CHAR) for v in values)
    if total > LONGEST_CHAR:
        raise QueryFailed("TYPE_NOT_FOUND", f"{where}Unknown type: char({total})")
    made = sql("rtrim(rpad({}, {}, ' ') || {}, ' ')", first, first.type.precision, second)
    return Typed(made, TrinoType("char", (total,)))


def _not_there(values: list[Typed], where: str) -> QueryFailed:
    types = ", ".join(str(v.type) for v in values)
    return QueryFailed(
        "FUNCTION_NOT_FOUND",
        f"{where}Unexpected parameters ({types}) for function concat. Expected: "
        "concat(char(x), char(y)), concat(array(E), E) E, concat(E, array(E)) E, concat(array(E)) E, "
        "concat(varchar), concat(varbinary)",
    )


LONGEST_CHAR = 65536


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
        fits.append([left, _only(right)])
    if _holds(b, a):
        fits.append([_only(left), right])
    if len(fits) > 1:
        raise QueryFailed("AMBIGUOUS_FUNCTION_CALL", where + AMBIGUOUS)
    if not fits:
        expected = "concat(array(E), E) E, concat(E, array(E)) E, concat(array(E)) E"
        problem = f"Unexpected parameters ({a}, {b}) for function concat. Expected: {expected}"
        raise QueryFailed("FUNCTION_NOT_FOUND", where + problem)
    return fits[0]


def _only(element: Typed) -> Typed:
    """An array of one element; of NULL, which makes all NULL, none."""
    made = once(element, lambda v: sql("CASE WHEN {0} IS NOT NULL THEN [{0}] END", v))
    return Typed(made, array(element.type))


def _holds(outer: TrinoType, inner: TrinoType) -> bool:
    """Whether a value of `inner` may be an element of `outer`."""
    if outer.base != "array" or (inner.base == "array" and outer.element.base not in ("array", "unknown")):
        return False
    return common_type(outer.element, inner) is not None
