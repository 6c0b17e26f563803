"""Which type Trino turns into which without being asked, and the type two sides meet in.

https://trino.io/docs/current/language/types.html and Trino's TypeCoercion: integers widen, become decimals
of 3, 5, 10 or 19 digits, then real, then double; a date becomes a timestamp, a timestamp a zoned one;
unknown (a bare NULL) becomes anything.
"""

from __future__ import annotations

from local_athena.types.trino import (
    DOUBLE,
    INTEGERS,
    REAL,
    TrinoType,
    char,
    decimal,
    varchar,
)

LADDER = ("tinyint", "smallint", "integer", "bigint")
TIME_LADDER = ("date", "timestamp", "timestamp with time zone")
NUMERIC = frozenset((*LADDER, "decimal", "real", "double"))

STORED_ALIKE = (NUMERIC, frozenset(TIME_LADDER), frozenset(("varchar", "char")))
"""Types whose values INSERT casts into columns of one another."""


def as_decimal(type_: TrinoType) -> TrinoType:
    """The decimal an integer type becomes; a decimal stays."""
    return decimal(INTEGERS[type_.base], 0) if type_.base in INTEGERS else type_


def common_type(left: TrinoType, right: TrinoType) -> TrinoType | None:
    """The least type both become without being asked, or None."""
    if left == right:
        return left
    if left.base == "unknown" or right.base == "unknown":
        return right if left.base == "unknown" else left
    if left.base in NUMERIC and right.base in NUMERIC:
        return _common_number(left, right)
    if left.base in TIME_LADDER and right.base in TIME_LADDER:
        base = max(left.base, right.base, key=TIME_LADDER.index)
        return TrinoType(base, (max((*left.numbers, *right.numbers, 0)),)) if base != "date" else left
    if {left.base, right.base} <= {"varchar", "char"}:
        return _common_text(left, right)
    if {left.base, right.base} == {"time", "time with time zone"} or left.base == right.base == "time":
        base = max(left.base, right.base, key=len)
        return TrinoType(base, (max(left.precision, right.precision),))
    if left.base == right.base:
        return _common_parts(left, right)
    return None


def _common_number(left: TrinoType, right: TrinoType) -> TrinoType:
    bases = {left.base, right.base}
    if "double" in bases:
        return DOUBLE
    if "real" in bases:
        return REAL
    if "decimal" not in bases:
        return TrinoType(max(left.base, right.base, key=LADDER.index))
    first, second = as_decimal(left), as_decimal(right)
    scale = max(first.scale, second.scale)
    digits = max(first.precision - first.scale, second.precision - second.scale)
    return decimal(min(38, digits + scale), scale)


def _common_text(left: TrinoType, right: TrinoType) -> TrinoType:
    length = max(left.precision, right.precision)
    if left.base == right.base == "varchar":
        return varchar(length)
    # Trino 354 compares a char with a varchar as chars, which ignores trailing blanks.
    return char(length) if length <= 65536 else varchar(length)


def _common_parts(left: TrinoType, right: TrinoType) -> TrinoType | None:
    if not left.parts or len(left.parts) != len(right.parts):
        return TrinoType(left.base, tuple(map(max, left.numbers, right.numbers))) if left.numbers else None
    parts = [common_type(a, b) for a, b in zip(left.parts, right.parts, strict=True)]
    found = tuple(part for part in parts if part is not None)
    if len(found) != len(parts):
        return None
    names = tuple(a if a == b else None for a, b in zip(left.names, right.names, strict=True))
    return TrinoType(left.base, (), found, names)


def can_coerce(source: TrinoType, target: TrinoType) -> bool:
    """Whether a value of `source` is accepted where `target` is wanted, without a cast."""
    if source.base == target.base == "decimal":
        return (
            source.scale <= target.scale
            and source.precision - source.scale <= target.precision - target.scale
        )
    if {source.base, target.base} == {"varchar", "char"}:
        return False  # a varchar becomes a char beside one, but no function takes one for the other
    if source.base == target.base == "row":
        return len(source.parts) == len(target.parts) and all(map(can_coerce, source.parts, target.parts))
    common = common_type(source, target)
    return common is not None and (common == target or common.base == "row")


def can_store(source: TrinoType, target: TrinoType) -> bool:
    """Whether INSERT, UPDATE and MERGE take a value of `source` for a column of `target`.

    Athena casts where Trino refuses: double into real or decimal, decimal into integer, timestamp into
    date, a zoned timestamp into a plain one (the test suites of PyAthena and dbt-athena do all of these).
    """
    if any({source.base, target.base} <= family for family in STORED_ALIKE) or can_coerce(source, target):
        return True
    same = source.base == target.base and 0 < len(source.parts) == len(target.parts)
    return same and all(map(can_store, source.parts, target.parts))
