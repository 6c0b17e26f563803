"""Partition projection: the partitions of a table computed from its properties, without the catalog.

Each partition column has a set of values, which the query's conditions narrow before anything is listed; each
combination has one location, from `storage.location.template` or `key=value` folders.
https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local_athena.catalog.conditions import TESTS, comparable
from local_athena.catalog.projection_dates import SECONDS, UNIT_MONTHS, DateRange, bound, pattern
from local_athena.catalog.tables import BoundTable, TableColumn
from local_athena.errors import QueryFailed
from local_athena.sql.typed import PartitionTest
from local_athena.types.trino import INTEGERS

MAX_PARTITIONS = 1000000
TYPES = ("enum", "integer", "date", "injected")
LONG = range(-(2**63), 2**63)
PLACE = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Projected:
    """A projected partition: a value for each key, and its location."""

    values: tuple[str, ...]
    location: str


@dataclass(frozen=True, slots=True)
class _Column:
    """One partition column: its properties without `projection.<name>.`, and the query's tests on it."""

    table: BoundTable
    column: TableColumn
    properties: dict[str, str]
    tests: tuple[PartitionTest, ...]

    def invalid(self, what: str) -> QueryFailed:
        return QueryFailed(
            "INVALID_TABLE_PROPERTY",
            f"{what} (projection of partition column {self.column.name} of table "
            f"{self.table.database}.{self.table.name})",
        )

    def needed(self, key: str) -> str:
        if key not in self.properties:
            raise self.invalid(f"Missing required property projection.{self.column.name}.{key}")
        return self.properties[key]

    def pair(self) -> list[str]:
        parts = self.needed("range").split(",")
        if len(parts) != 2:
            raise self.invalid(f'For input string: "{self.properties["range"]}"')
        return parts

    def count(self, key: str, default: int | None) -> int | None:
        text = self.properties.get(key)
        if text is None:
            return default
        if not text.strip().isdigit() or int(text) == 0:
            raise self.invalid(f"projection.{self.column.name}.{key} must be a positive integer: {text}")
        return int(text)

    def equal(self) -> list[str] | None:
        """The texts that equality leaves, None when the query has no equality on the column."""
        found = [set(t.values) for t in self.tests if t.operator in ("=", "IN")]
        return sorted(set.intersection(*found)) if found else None

    def passes(self, text: str) -> bool:
        """Whether a value passes every test of the query; a value that its type cannot read is kept."""
        kind = self.column.type
        value = comparable(text, kind)
        if value is None:
            return True
        for test in self.tests:
            operands = [comparable(v, kind) for v in test.values]
            if None not in operands and not TESTS[test.operator](value, *operands):
                return False
        return True


def is_projected(table: dict[str, Any]) -> bool:
    """Whether a Glue table computes its partitions."""
    enabled = str((table.get("Parameters") or {}).get("projection.enabled", "")).strip().lower() == "true"
    return enabled and bool(table.get("PartitionKeys"))


def project(table: BoundTable, tests: Iterable[PartitionTest], now: datetime) -> Iterator[Projected]:
    """The partitions that the tests leave. `now` is the moment of the query, UTC.

    Raises:
        QueryFailed: INVALID_TABLE_PROPERTY, the configuration is not one; CONSTRAINT_VIOLATION, an injected
            column has no equality; HIVE_EXCEEDED_PARTITION_LIMIT.
    """
    columns = _configured(table, tuple(tests))
    template = _template(table)
    sets = [_values(column, now.replace(tzinfo=None)) for column in columns]
    if math.prod(map(len, sets)) > MAX_PARTITIONS:
        raise QueryFailed(
            "HIVE_EXCEEDED_PARTITION_LIMIT",
            f"Query over table '{table.database}.{table.name}' can potentially read more than "
            f"{MAX_PARTITIONS} partitions",
        )
    names = [column.column.name for column in columns]
    for values in itertools.product(*sets):
        yield Projected(values, _location(template, dict(zip(names, values, strict=True))))


def location_of(table: BoundTable, values: tuple[str, ...]) -> str:
    """The location of a partition's values."""
    names = (column.name for column in table.partition_columns)
    return _location(_template(table), dict(zip(names, values, strict=True)))


def _configured(table: BoundTable, tests: tuple[PartitionTest, ...]) -> list[_Column]:
    parameters = {str(k).lower(): str(v) for k, v in (table.glue.get("Parameters") or {}).items()}
    made, missing = [], []
    for column in table.partition_columns:
        head = f"projection.{column.name}."
        properties = {k.removeprefix(head): v for k, v in parameters.items() if k.startswith(head)}
        if "type" not in properties:
            missing.append(column.name)
        own = tuple(t for t in tests if t.column == column.name)
        made.append(_Column(table, column, properties, own))
    if missing:
        name = f"{table.database}.{table.name}"
        raise QueryFailed(
            "INVALID_TABLE_PROPERTY",
            f"Table {name} is configured for partition projection, but the following partition columns are "
            f"missing projection configuration: [{', '.join(missing)}] (table {name})",
        )
    return made


def _values(column: _Column, now: datetime) -> list[str]:
    kind = column.properties["type"].strip().lower()
    if kind not in MAKERS:
        raise column.invalid(f"Unknown projection type '{kind}'; it must be one of {', '.join(TYPES)}")
    found = MAKERS[kind](column, now)
    kept: list[str] = []
    for value in found:
        if column.passes(value):
            kept.append(value)
            if len(kept) > MAX_PARTITIONS:
                break
    return kept


def _enum(column: _Column, now: datetime) -> Iterable[str]:
    return dict.fromkeys(column.needed("values").split(","))


def _integer(column: _Column, now: datetime) -> Iterable[str]:
    try:
        low, high = (int(part.strip()) for part in column.pair())
    except ValueError as error:
        raise column.invalid(f'For input string: "{column.properties["range"]}"') from error
    if low not in LONG or high not in LONG or low > high:
        raise column.invalid(f"Invalid range {low},{high}: the first number must not exceed the second")
    step = column.count("interval", 1) or 1
    digits = column.count("digits", 0) or 0

    def text(value: int) -> str:
        return f"{value:0{digits + (value < 0)}d}"

    equal = column.equal()
    if equal is not None:
        numbers = range(low, high + 1, step)
        wanted = {int(v) for v in equal if re.fullmatch(r"[+-]?\d+", v)}
        return (text(number) for number in sorted(wanted) if number in numbers)
    low, high = _narrowed(column, low, high, step)
    return (text(value) for value in range(low, high + 1, step))


def _narrowed(column: _Column, low: int, high: int, step: int) -> tuple[int, int]:
    """The range without what the query's tests on a number column leave out at its ends."""
    if column.column.type.base not in INTEGERS:
        return low, high
    for test in column.tests:
        numbers = [int(v) for v in test.values if re.fullmatch(r"[+-]?\d+", v)]
        if len(numbers) != len(test.values):
            continue
        if test.operator in ("BETWEEN", ">", ">="):
            low += max(0, -(-(min(numbers) - low) // step)) * step
        if test.operator in ("BETWEEN", "<", "<="):
            high = min(high, max(numbers))
    return low, high


def _date(column: _Column, now: datetime) -> Iterable[str]:
    try:
        form = pattern(column.needed("format"))
        first, last = (bound(part, form, now) for part in column.pair())
    except (ValueError, OverflowError) as error:
        raise column.invalid(f"Invalid date projection: {error}") from error
    if first > last:
        raise column.invalid(f"Invalid range {column.properties['range']}: it ends before it starts")
    unit = column.properties.get("interval.unit", "").strip().upper()
    step = column.count("interval", None)
    if not unit and step is None and form.unit in ("DAYS", "MONTHS", "YEARS"):
        unit = form.unit
    if unit not in {**SECONDS, **UNIT_MONTHS}:
        raise column.invalid(
            f"projection.{column.column.name}.interval.unit is required for this date format, one of "
            f"YEARS, MONTHS, WEEKS, DAYS, HOURS, MINUTES, SECONDS, MILLIS: '{unit}'"
        )
    dates = DateRange(form, first, last, step or 1, unit)
    equal = column.equal()
    return dates.values() if equal is None else filter(dates.has, equal)


def _injected(column: _Column, now: datetime) -> Iterable[str]:
    equal = column.equal()
    if equal is None:
        raise QueryFailed(
            "CONSTRAINT_VIOLATION",
            f"For the injected projected partition column {column.column.name}, the WHERE clause must contain "  # noqa: E501
            "only static equality conditions, and at least one such condition must be present.",
        )
    return equal


MAKERS: dict[str, Callable[[_Column, datetime], Iterable[str]]] = {
    "enum": _enum,
    "integer": _integer,
    "date": _date,
    "injected": _injected,
}


def _template(table: BoundTable) -> str:
    """The location of a partition, with `${name}` for each key."""
    given = (table.glue.get("Parameters") or {}).get("storage.location.template")
    if given is None:
        base = str(table.glue["StorageDescriptor"].get("Location") or "").rstrip("/")
        return base + "".join(f"/{c.name}=${{{c.name}}}" for c in table.partition_columns) + "/"
    missing = [c.name for c in table.partition_columns if f"${{{c.name}}}" not in given.lower()]
    if missing:
        raise QueryFailed(
            "INVALID_TABLE_PROPERTY",
            f"storage.location.template of table {table.database}.{table.name} has no placeholder for "
            f"partition columns [{', '.join(missing)}]: {given}",
        )
    return str(given)


def _location(template: str, values: dict[str, str]) -> str:
    made = PLACE.sub(lambda found: values.get(found[1].lower(), found[0]), template)
    return made if made.endswith("/") else made + "/"
