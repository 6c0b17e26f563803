"""Keys: SQL that is equal, or sorts, as Trino's values do where DuckDB's own would not.

One instant in two zones is one value, and so is a map whatever the order of its entries.
"""

from __future__ import annotations

from local_athena.errors import QueryFailed, not_supported
from local_athena.translate.sql import fail, quoted
from local_athena.translate.time_arithmetic import order_key
from local_athena.translate.typed import Typed
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


def distinct_key(value: Typed) -> str:
    """SQL that is equal for values that Trino counts as one.

    Raises:
        QueryFailed: TYPE_MISMATCH; NOT_SUPPORTED for a zoned time inside an array, map or row.
    """
    check_comparable(value.type, "line 1:8: ", "window function PARTITION BY")
    if value.type.parts and is_zoned(value.type):
        raise not_supported(f"Grouping by {value.type} is not supported")
    return order_key(value) if not has_map(value.type) else canonical(value).sql


def canonical(value: Typed) -> Typed:
    """The value with the entries of its maps in the order of their keys."""
    return Typed(_sorted(value.sql, value.type, 0), value.type) if has_map(value.type) else value


def _sorted(sql: str, type_: TrinoType, depth: int) -> str:
    if not has_map(type_):
        return sql
    name = f"k{depth}"
    if type_.base == "array":
        return f"list_transform({sql}, lambda {name}: {_sorted(name, type_.element, depth + 1)})"
    if type_.base == "row":
        fields = (f"f{i} := {_sorted(f'({sql}).f{i}', part, depth)}" for i, part in enumerate(type_.parts))
        return f"CASE WHEN {sql} IS NOT NULL THEN struct_pack({', '.join(fields)}) END"
    entries = f"map_entries({sql})"
    if any(map(has_map, type_.parts)):
        key, item = (_sorted(f"{name}.{part}", of, depth + 1) for part, of in
                     (("key", type_.element), ("value", type_.value)))  # fmt: skip
        entries = f"list_transform({entries}, lambda {name}: struct_pack(key := {key}, value := {item}))"
    return f"map_from_entries(list_sort({entries}))"


def sort_terms(value: Typed, direction: str, nulls: str, *, single: bool = False) -> str:
    """The terms of ORDER BY for a value; `direction` is ASC or DESC, `nulls` is FIRST or LAST.

    With NULLS LAST, NaN and NULLs inside arrays and rows are above all else, as DuckDB has them; with NULLS
    FIRST they are below. A `single` term, which some frames need, leaves NaN above.
    """
    if not value.type.is_orderable:
        problem = f"Type {value.type} is not orderable, and therefore cannot be used in ORDER BY"
        raise QueryFailed("TYPE_MISMATCH", f"line 1:8: {problem}")
    key, order = order_key(value), f"{direction} NULLS {nulls}"
    if nulls == "LAST" or value.constant is not None:
        return f"{key} {order}"
    if value.type in (DOUBLE, REAL) and not single:
        return f"isnan({key}) {'DESC' if direction == 'ASC' else 'ASC'} NULLS FIRST, {key} {order}"
    missing = _null_inside(value.sql, value.type, 0)
    if missing:
        problem = fail(quoted("NOT_SUPPORTED: NULLS FIRST of values with NULL inside"), value.type)
        return f"CASE WHEN {missing} THEN {problem} ELSE {key} END {order}"
    return f"{key} {order}"


def _null_inside(sql: str, type_: TrinoType, depth: int) -> str:
    """SQL that is true when an array or row has a NULL somewhere inside; empty for what has no parts."""
    if type_.base == "array":
        name = f"k{depth}"
        inner = _null_inside(name, type_.element, depth + 1)
        return f"len(list_filter({sql}, lambda {name}: {name} IS NULL{inner and f' OR {inner}'})) > 0"
    if type_.base != "row":
        return ""
    tests = []
    for i, part in enumerate(type_.parts):
        field = f"({sql}).f{i}"
        tests += [f"{field} IS NULL", _null_inside(field, part, depth)]
    return f"({sql} IS NOT NULL AND ({' OR '.join(filter(None, tests))}))"


__all__ = ["canonical", "check_comparable", "distinct_key", "has_map", "is_zoned", "order_key", "sort_terms"]
