"""Functions that take a lambda. https://trino.io/docs/current/functions/lambda.html"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, function
from local_athena.functions.library.folding import applied, bound, fold
from local_athena.sql.build import failing, ident, null_of, once, once_each, sql, struct
from local_athena.sql.fragment import Sql
from local_athena.sql.fragment import function as lambda_of
from local_athena.sql.typed import Typed
from local_athena.types.trino import BOOLEAN, INTEGER, array, map_of
from local_athena.values import collections

if TYPE_CHECKING:
    from local_athena.sql.context import Context


def _reduce(context: Context, arguments: list[Typed]) -> Typed:
    """reduce(array, initial, (state, item) -> state, state -> result) as a list_reduce over states."""
    values, initial, step, finish = arguments

    def made(v: list[Sql]) -> Sql:
        folded = sql("list_reduce({}, {}, {})", v[0], step, v[1])
        if values.type.element != initial.type:
            e = ident(context.alias("f"))
            kept = sql("list_transform({}, {})", v[0], lambda_of((e,), struct(v=e)))
            folded = fold(context, Typed(kept, values.type.element), Typed(v[1], initial.type), step).sql
        result = bound(finish.function.parameters[0], folded, finish.function.body)
        return sql("CASE WHEN {} IS NULL THEN {} ELSE {} END", v[0], null_of(finish.type), result)

    return Typed(once_each([values, initial], made), finish.type)


def _map_filter(context: Context, arguments: list[Typed]) -> Typed:
    value, test = arguments
    e = ident(context.alias("m"))
    held = sql("coalesce({}, false)", applied(test, sql("({}).key", e), sql("({}).value", e)))
    kept = sql("list_filter(map_entries({}), {})", value, lambda_of((e,), held))
    return Typed(sql("map_from_entries({})", kept), value.type)


def _transform_values(context: Context, arguments: list[Typed]) -> Typed:
    value, make = arguments
    e = ident(context.alias("m"))
    made = applied(make, sql("({}).key", e), sql("({}).value", e))
    entries = _each_entry(value, lambda_of((e,), struct(key=sql("({}).key", e), value=made)))
    return Typed(entries, map_of(value.type.element, make.type))


def _transform_keys(context: Context, arguments: list[Typed]) -> Typed:
    value, make = arguments
    e = ident(context.alias("m"))
    made = applied(make, sql("({}).key", e), sql("({}).value", e))
    entries = _each_entry(value, lambda_of((e,), struct(key=made, value=sql("({}).value", e))))
    return Typed(entries, map_of(make.type, value.type.value))


def _each_entry(value: Typed, make: Sql) -> Sql:
    return sql("map_from_entries(list_transform(map_entries({}), {}))", value, make)


PAIRS = """CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL
    THEN list_transform(range(1, greatest(len({0}), len({1})) + 1), {2}) END"""


def _zip_with(context: Context, arguments: list[Typed]) -> Typed:
    first, second, make = arguments
    i = ident(context.alias("z"))

    def made(v: list[Sql]) -> Sql:
        inner = applied(make, sql("{}[{}]", v[0], i), sql("{}[{}]", v[1], i))
        return sql(PAIRS, *v, lambda_of((i,), inner))

    return Typed(once_each([first, second], made), array(make.type))


def _map_zip_with(context: Context, arguments: list[Typed]) -> Typed:
    first, second, make = arguments
    k = ident(context.alias("z"))

    def made(v: list[Sql]) -> Sql:
        inner = applied(make, k, sql("{}[{}]", v[0], k), sql("{}[{}]", v[1], k))
        keys = sql("list_distinct(list_concat(map_keys({}), map_keys({})))", *v)
        entry = lambda_of((k,), struct(key=k, value=inner))
        made = sql("map_from_entries(list_transform({}, {}))", keys, entry)
        return sql("CASE WHEN {} IS NOT NULL AND {} IS NOT NULL THEN {} END", *v, made)

    return Typed(once_each([first, second], made), map_of(first.type.element, make.type))


def _match(name: str, context: Context, arguments: list[Typed]) -> Typed:
    value, test = arguments
    answers = Typed(sql("list_transform({}, {})", value, test), array(BOOLEAN))
    return context.call(name, getattr(collections, name), [answers], BOOLEAN)


MOST_SORTED = 2000
"""How long an array with a comparator may be: each element is compared with each other one."""
CHECKED = "CASE WHEN {0} BETWEEN -1 AND 1 THEN {0} ELSE {1} END"
NO_ORDER = failing("INVALID_FUNCTION_ARGUMENT: Lambda comparator must return either -1, 0, or 1", INTEGER)


def _array_sort(context: Context, arguments: list[Typed]) -> Typed:
    """array_sort(array, comparator): each element's place is how many others come before it.

    Of two elements the later one comes first if it is less, as a stable sort asks; so there is an answer
    whatever the comparator says.
    """
    values, compare = arguments
    element, other, at, other_at = (ident(context.alias("s")) for _ in range(4))
    earlier = sql("{} < {}", other_at, at)
    later_one = sql("CASE WHEN {} THEN {} ELSE {} END", earlier, element, other)
    earlier_one = sql("CASE WHEN {} THEN {} ELSE {} END", earlier, other, element)
    answer = once(applied(compare, later_one, earlier_one), lambda said: sql(CHECKED, said, NO_ORDER))
    before = sql("CASE WHEN {} <> {} THEN ({}) <> ({} < 0) ELSE false END", other_at, at, earlier, answer)
    problem = failing(
        f"NOT_SUPPORTED: array_sort with a comparator of over {MOST_SORTED} elements", values.type
    )

    def made(parts: list[Sql]) -> Sql:
        place = sql("len(list_filter({}, {}))", parts[0], lambda_of((other, other_at), before))
        places = sql("list_transform({}, {})", parts[0], lambda_of((element, at), place))
        taken = lambda_of((at,), sql("{}[{}]", parts[0], at))
        return sql(SORTED, parts[0], MOST_SORTED, problem, places, taken)

    return Typed(once_each([values], made), values.type)


SORTED = """CASE WHEN len({0}) > {1} THEN {2}
    ELSE list_transform(list_grade_up({3}), {4}) END"""

LAMBDA_ENTRIES: tuple[Entry, ...] = (
    function("transform", "array(T), function(T, U) -> array(U)", native="list_transform"),
    function("filter", "array(T), function(T, boolean) -> array(T)", native="list_filter"),
    function("array_sort", "array(T), function(T, T, integer) -> array(T)", rewrite=_array_sort),
    function("reduce", "array(T), S, function(S, T, S), function(S, R) -> R", rewrite=_reduce),
    *(
        function(name, "array(T), function(T, boolean) -> boolean", rewrite=partial(_match, name))
        for name in ("any_match", "all_match", "none_match")
    ),
    function("map_filter", "map(K, V), function(K, V, boolean) -> map(K, V)", rewrite=_map_filter),
    function("transform_keys", "map(K, V), function(K, V, R) -> map(R, V)", rewrite=_transform_keys),
    function("transform_values", "map(K, V), function(K, V, R) -> map(K, R)", rewrite=_transform_values),
    function("zip_with", "array(T), array(U), function(T, U, R) -> array(R)", rewrite=_zip_with),
    function(
        "map_zip_with", "map(K, V), map(K, W), function(K, V, W, R) -> map(K, R)", rewrite=_map_zip_with
    ),
)
