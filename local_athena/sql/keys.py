"""Keys: SQL that is equal, or sorts, as Trino's values do where DuckDB's own would not.

One instant in two zones is one value, and so is a map whatever the order of its entries.
"""

from __future__ import annotations

from local_athena.errors import QueryFailed, not_supported
from local_athena.sql.build import commas, failing, ident, joined, once, sql, word
from local_athena.sql.fragment import Sql, function
from local_athena.sql.time_arithmetic import order_key
from local_athena.sql.typed import Typed
from local_athena.types.trino import DOUBLE, REAL, TrinoType

ZONED = ("timestamp with time zone", "time with time zone")


def is_zoned(type_: TrinoType) -> bool:
    """Whether equal values may look different: the same instant in two zones."""
    return type_.base in ZONED or any(map(is_zoned, type_.parts))


def has_map(type_: TrinoType) -> bool:
    """Whether equal values may have their entries in different order."""
    return type_.base == "map" or any(map(has_map, type_.parts))


def check_comparable(type_: TrinoType, where: str, clause: str) -> None:
    """Refuse to compare what has no equality.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    if not type_.is_comparable:
        problem = f"{type_} is not comparable, and therefore cannot be used in {clause}"
        raise QueryFailed("TYPE_MISMATCH", where + problem)


def distinct_key(value: Typed) -> Sql:
    """SQL that is equal for values that Trino counts as one.

    Raises:
        QueryFailed: TYPE_MISMATCH; NOT_SUPPORTED for a zoned time inside a map.
    """
    check_comparable(value.type, "line 1:8: ", "window function PARTITION BY")
    if is_zoned(value.type):
        if has_map(value.type):
            raise not_supported(f"Grouping by {value.type} is not supported")
        return _instants(value, 0)
    return _sort_key(value) if not has_map(value.type) else canonical(value).sql


def _instants(value: Typed, depth: int) -> Sql:
    """The value with the instant of each time inside, whatever its zone."""
    if value.type.base == "array":
        name = ident(f"k{depth}")
        inner = _instants(Typed(name, value.type.element), depth + 1)
        return sql("list_transform({}, {})", value, function((name,), inner))
    if value.type.base == "row":
        return once(value.sql, lambda v: _fields(v, value.type, depth))
    return order_key(value)


def _fields(value: Sql, type_: TrinoType, depth: int) -> Sql:
    parts = enumerate(type_.parts)
    keys = (sql("f{} := {}", i, _instants(Typed(sql("({}).f{}", value, i), p), depth)) for i, p in parts)
    return sql("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", value, commas(keys))


def canonical(value: Typed) -> Typed:
    """The value with the entries of its maps in the order of their keys."""
    return Typed(_sorted(value.sql, value.type, 0), value.type) if has_map(value.type) else value


def _sorted(value: Sql, type_: TrinoType, depth: int) -> Sql:
    if not has_map(type_):
        return value
    name = ident(f"k{depth}")
    if type_.base == "array":
        inner = _sorted(name, type_.element, depth + 1)
        return sql("list_transform({}, {})", value, function((name,), inner))
    if type_.base == "row":
        return once(value, lambda v: _sorted_fields(v, type_, depth))
    entries = sql("map_entries({})", value)
    if any(map(has_map, type_.parts)):
        key = _sorted(sql("({}).key", name), type_.element, depth + 1)
        item = _sorted(sql("({}).value", name), type_.value, depth + 1)
        entry = sql("struct_pack(key := {}, value := {})", key, item)
        entries = sql("list_transform({}, {})", entries, function((name,), entry))
    return sql("map_from_entries(list_sort({}))", entries)


def _sorted_fields(value: Sql, type_: TrinoType, depth: int) -> Sql:
    fields = (
        sql("f{} := {}", i, _sorted(sql("({}).f{}", value, i), part, depth))
        for i, part in enumerate(type_.parts)
    )
    return sql("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", value, commas(fields))


def sort_terms(value: Typed, direction: str, nulls: str, *, single: bool = False) -> Sql:
    """The terms of ORDER BY for a value; `direction` is ASC or DESC, `nulls` is FIRST or LAST.

    With NULLS LAST, NaN and NULLs inside arrays and rows are above all else, as DuckDB has them; with NULLS
    FIRST they are below. A `single` term, which some frames need, leaves NaN above.
    """
    if not value.type.is_orderable:
        problem = f"Type {value.type} is not orderable, and therefore cannot be used in ORDER BY"
        raise QueryFailed("TYPE_MISMATCH", f"line 1:8: {problem}")
    key, order = _sort_key(value), sql("{} NULLS {}", word(direction), word(nulls))
    if nulls == "LAST" or value.constant is not None:
        return sql("{} {}", key, order)
    if value.type in (DOUBLE, REAL) and not single:
        opposite = word("DESC" if direction == "ASC" else "ASC")
        return sql("isnan({0}) {1} NULLS FIRST, {2} {3}", value, opposite, key, order)
    missing = _null_inside(value.sql, value.type, 0)
    if missing is not None:
        refused = failing("NOT_SUPPORTED: NULLS FIRST of values with NULL inside", value.type)
        return sql("CASE WHEN {} THEN {} ELSE {} END {}", missing, refused, key, order)
    return sql("{} {}", key, order)


def _sort_key(value: Typed) -> Sql:
    """What sorts as a value. A zero with a sign would come back without it where its column is the key."""
    if value.type not in (DOUBLE, REAL) or value.constant is not None:
        return order_key(value)
    return sql("CASE WHEN {0} = 0 THEN 0 ELSE {0} END", value)


def _null_inside(value: Sql, type_: TrinoType, depth: int) -> Sql | None:
    """SQL that is true when an array or row has a NULL somewhere inside; None for what has no parts."""
    if type_.base == "array":
        name = ident(f"k{depth}")
        inner = _null_inside(name, type_.element, depth + 1)
        missing = sql("{} IS NULL", name) if inner is None else sql("{} IS NULL OR {}", name, inner)
        return sql("len(list_filter({}, {})) > 0", value, function((name,), missing))
    if type_.base != "row":
        return None
    tests = []
    for i, part in enumerate(type_.parts):
        field = sql("({}).f{}", value, i)
        tests += [sql("{} IS NULL", field), _null_inside(field, part, depth)]
    return sql(
        "({} IS NOT NULL AND ({}))", value, joined(" OR ", (test for test in tests if test is not None))
    )


__all__ = ["canonical", "check_comparable", "distinct_key", "has_map", "is_zoned", "order_key", "sort_terms"]
