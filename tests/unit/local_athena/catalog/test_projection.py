"""Partition projection: which values and locations a table's properties give under a query's conditions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from local_athena.catalog.projection import project
from local_athena.catalog.tables import BoundTable, TableColumn
from local_athena.errors import QueryFailed
from local_athena.sql.typed import PartitionTest
from local_athena.types.trino import DATE, INTEGER, VARCHAR, TrinoType

NOW = datetime(2026, 3, 31, 10, 20, tzinfo=UTC)


def table(columns: dict[str, TrinoType], template: str | None = None, **projection: str) -> BoundTable:
    parameters = {f"projection.{k.replace('__', '.')}": v for k, v in projection.items()}
    if template:
        parameters["storage.location.template"] = template
    glue = {"Parameters": parameters, "StorageDescriptor": {"Location": "s3://lake/t"}}
    keys = tuple(TableColumn(name, type_) for name, type_ in columns.items())
    return BoundTable("db", "t", (), keys, glue)


def locations(made: BoundTable, *tests: PartitionTest) -> list[str]:
    return [found.location.removeprefix("s3://lake/") for found in project(made, tests, NOW)]


def values(made: BoundTable, *tests: PartitionTest) -> list[str]:
    return [found.values[0] for found in project(made, tests, NOW)]


def dated(range_: str, format_: str, type_: TrinoType = VARCHAR, **more: str) -> BoundTable:
    return table({"d": type_}, d__type="date", d__range=range_, d__format=format_, **more)


def test_every_combination_has_one_location() -> None:
    made = table(
        {"region": VARCHAR, "year": INTEGER},
        region__type=" ENUM ", region__values="us,eu west", year__type="integer", year__range=" 2024 , 2025",
    )  # fmt: skip
    assert locations(made) == [
        "t/region=us/year=2024/", "t/region=us/year=2025/", "t/region=eu west/year=2024/", "t/region=eu west/year=2025/",  # noqa: E501
    ]  # fmt: skip
    assert locations(made, PartitionTest("year", ">", ("2024",)), PartitionTest("region", "IN", ("us",))) == [
        "t/region=us/year=2025/"
    ]


def test_a_template_says_where_values_lie_whatever_they_hold() -> None:
    made = table({"a": VARCHAR}, "s3://lake/x/${A}/y", a__type="enum", a__values="1,${a}")
    assert locations(made) == ["x/1/y/", "x/${a}/y/"]


def test_an_integer_range_is_never_counted_through() -> None:
    made = table({"n": INTEGER}, n__type="integer", n__range=f"0,{2**62}", n__interval="5", n__digits="3")
    assert values(made, PartitionTest("n", "IN", ("10", "11", "1000000"))) == ["010", "1000000"]
    narrow = (PartitionTest("n", ">", ("999989",)), PartitionTest("n", "<=", ("1000001",)))
    assert values(made, *narrow) == ["999990", "999995", "1000000"]
    with pytest.raises(QueryFailed, match="HIVE_EXCEEDED_PARTITION_LIMIT"):
        values(made)


@pytest.mark.parametrize(
    ("range_", "format_", "more", "expected"),
    [
        ("2024-02-28,2024-03-01", "yyyy-MM-dd", {}, ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("NOW-2DAYS,NOW", "yyyy/MM/dd", {}, ["2026/03/29", "2026/03/30", "2026/03/31"]),
        ("NOW - 1 MONTH, NOW", "yyyy-MM", {}, ["2026-02", "2026-03"]),
        ("2024-01,2024-07", "yyyy-MM", {"d__interval": "3", "d__interval__unit": "months"}, ["2024-01", "2024-04", "2024-07"]),  # noqa: E501
        ("2024-01-01-22,2024-01-02-00", "yyyy-MM-dd-HH", {"d__interval": "1", "d__interval__unit": "HOURS"},
         ["2024-01-01-22", "2024-01-01-23", "2024-01-02-00"]),
        ("01Jan2024,02Jan2024", "ddMMMyyyy", {}, ["01Jan2024", "02Jan2024"]),
        ("2024-01-01T00,2024-01-01T12", "yyyy-MM-dd'T'HH", {"d__interval": "12", "d__interval__unit": "HOURS"},  # noqa: E501
         ["2024-01-01T00", "2024-01-01T12"]),
    ],
)  # fmt: skip
def test_a_date_range_goes_in_steps(
    range_: str, format_: str, more: dict[str, str], expected: list[str]
) -> None:
    made = dated(range_, format_, **more)
    assert values(made) == expected
    assert values(made, PartitionTest("d", "=", (expected[-1],))) == expected[-1:]
    assert values(made, PartitionTest("d", "=", ("9" * len(expected[0]),))) == []


def test_dates_compare_by_the_type_of_their_column() -> None:
    made = dated("2024-01-30,2024-02-02", "yyyy-MM-dd", DATE)
    assert values(made, PartitionTest("d", "BETWEEN", ("2024-01-31", "2024-02-01"))) == [
        "2024-01-31",
        "2024-02-01",
    ]


def test_an_injected_column_needs_an_equality() -> None:
    made = table({"id": VARCHAR}, id__type="injected")
    assert values(made, PartitionTest("id", "IN", ("b", "a")), PartitionTest("id", "=", ("a",))) == ["a"]
    with pytest.raises(QueryFailed) as raised:
        values(made, PartitionTest("id", ">", ("a",)))
    assert raised.value.reason == (
        "CONSTRAINT_VIOLATION: For the injected projected partition column id, the WHERE clause must contain only "  # noqa: E501
        "static equality conditions, and at least one such condition must be present."
    )


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (table({"a": VARCHAR}), "following partition columns are missing projection configuration: [a] (table db.t)"),  # noqa: E501
        (table({"a": VARCHAR}, a__type="list"), "Unknown projection type 'list'"),
        (table({"a": VARCHAR}, a__type="enum"), "Missing required property projection.a.values"),
        (table({"a": INTEGER}, a__type="integer", a__range="1-5"), 'For input string: "1-5"'),
        (table({"a": INTEGER}, a__type="integer", a__range="5,1"), "Invalid range 5,1"),
        (table({"a": INTEGER}, a__type="integer", a__range="1,2", a__interval="0"), "must be a positive integer: 0"),  # noqa: E501
        (dated("2024-01-01,NOW", "yyyy-QQ"), "Unknown pattern letter: Q"),
        (dated("2024-01-01 00,NOW", "yyyy-MM-dd HH"), "interval.unit is required"),
        (table({"a": VARCHAR}, "s3://lake/x/", a__type="enum", a__values="1"), "has no placeholder for partition columns [a]"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_wrong_configuration_names_the_property(made: BoundTable, text: str) -> None:
    with pytest.raises(QueryFailed) as raised:
        values(made)
    assert raised.value.reason.startswith("INVALID_TABLE_PROPERTY: ")
    assert text in raised.value.reason
