"""GetPartitions' `Expression`: what it selects, and what it refuses."""

from __future__ import annotations

from contextlib import suppress

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from local_aws.errors import AwsError
from local_aws.glue.catalog.partition_expression import parse_expression
from local_aws.glue.catalog.partition_values import typed_value
from local_aws.in_process import InProcessClient
from tests.unit.local_aws.glue.catalog.conftest import MakeTable
from tests.unit.local_aws.glue.catalog.test_partitions import TABLE, add, found

KEYS = {
    "year": "string",
    "day": "int",
    "city": "string",
    "since": "date",
    "at": "timestamp",
    "kwh": "decimal(9,2)",
}
ROWS = {
    "a": ["2024", "9", "Bogotá", "2024-12-31", "2024-12-31 23:59:59", "9.50"],
    "b": ["2025", "10", "Santa Marta", "2025-01-01", "2025-01-01 00:00:00.5", "10.25"],
    "c": ["2025", "-1", "o'hara", "2025-02-28", "2025-01-01 00:00:00", "-3"],
    "d": [
        "2026",
        "__HIVE_DEFAULT_PARTITION__",
        "__HIVE_DEFAULT_PARTITION__",
        "2026-01-01",
        "2026-01-01 00:00:00",
        "0",
    ],
}


@pytest.fixture
def filled(glue: InProcessClient, make_table: MakeTable) -> InProcessClient:
    make_table("sales", **KEYS)
    add(glue, *ROWS.values())
    return glue


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", "abcd"),
        ("   ", "abcd"),
        ("year = '2025'", "bc"),
        ("year = 2025", "bc"),
        ("YEAR = '2025'", "bc"),
        ("`year` = '2025'", "bc"),
        ("\"year\" = '2025'", "bc"),
        ("year='2025'and day=10", "b"),
        ("year <> '2025'", "ad"),
        ("year != '2025'", "ad"),
        ("year > '2024' AND year < '2026'", "bc"),
        ("year >= '2025'", "bcd"),
        ("year <= '2024'", "a"),
        ("day > 9", "b"),
        ("day > '9'", "b"),
        ("day < 0", "c"),
        ("day = +10", "b"),
        ("day <> 9", "bc"),
        ("day IS NULL", "d"),
        ("day is not null", "abc"),
        ("city IS NULL", "d"),
        ("city IS NOT NULL", "abc"),
        ("city = '__HIVE_DEFAULT_PARTITION__'", "d"),
        ("day IN (9, '10')", "ab"),
        ("day NOT IN (9, 10)", "c"),
        ("day BETWEEN -1 AND 9", "ac"),
        ("day NOT BETWEEN -1 AND 9", "b"),
        ("city = 'o''hara'", "c"),
        ("city = 'Bogotá'", "a"),
        ("city LIKE 'S%'", "b"),
        ("city LIKE 's%'", ""),
        ("city LIKE '_ogotá'", "a"),
        ("city LIKE '%[*?]%'", ""),
        ("city NOT LIKE '%a%'", "ad"),
        ("since < '2025-01-01'", "a"),
        ("since = DATE '2025-01-01'", "b"),
        ("since BETWEEN '2025-01-01' AND '2025-12-31'", "bc"),
        ("at > '2025-01-01 00:00:00'", "bd"),
        ("at = timestamp '2025-01-01 00:00:00.500'", "b"),
        ("kwh > 9.5", "b"),
        ("kwh = 9.5", "a"),
        ("kwh < 0", "c"),
        ("kwh BETWEEN -3.00 AND 9.5", "acd"),
        ("year = '2024' OR year = '2025' AND day = 10", "ab"),
        ("(year = '2024' OR year = '2025') AND day = 10", "b"),
        ("((((year = '2024'))))", "a"),
        ("NOT year = '2025'", "ad"),
        ("NOT (year = '2025' OR year = '2026')", "a"),
        ("NOT NOT year = '2025'", "bc"),
    ],
)
def test_expression_selects(filled: InProcessClient, expression: str, expected: str) -> None:
    assert found(filled, expression) == [ROWS[name] for name in expected]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("planet = 'x'", "Invalid partition expression!"),
        ("day = 'x'", '"x" is not an integer.'),
        ("day = 1.5", '"1.5" is not an integer.'),
        ("day = 99999999999999999999999", "is not an integer."),
        ("day LIKE '1%'", "Integral data type doesn't support operation 'LIKE'"),
        ("since LIKE '2025%'", "Date data type doesn't support operation 'LIKE'"),
        ("kwh LIKE '2%'", "Decimal data type doesn't support operation 'LIKE'"),
        ("since = '2025-02-30'", '"2025-02-30" is not a date.'),
        ("at = '2025-01-01'", "is not a timestamp."),
        ("kwh = 'NaN'", '"NaN" is not a decimal.'),
        ("year", "Unsupported expression 'year'"),
        ("year =", "Unsupported expression"),
        ("year = '2025", "Unsupported expression"),
        ("year = '2025' AND", "Unsupported expression"),
        ("year = '2025')", "Unsupported expression"),
        ("(year = '2025'", "Unsupported expression"),
        ("year IN ()", "Unsupported expression"),
        ("year = '2025'; DROP TABLE x", "Unsupported expression"),
        ("year ~ 'x'", "Unsupported expression"),
        ("'2025' = year", "Unsupported expression"),
        ("year IS '2025'", "Unsupported expression"),
        ("(" * 1000 + "year = 1" + ")" * 1000, "Unsupported expression"),
        ("NOT " * 500 + "year = 1", "Unsupported expression"),
    ],
)
def test_expression_is_refused(filled: InProcessClient, expression: str, message: str) -> None:
    with pytest.raises(ClientError) as caught:
        found(filled, expression)
    assert caught.value.response["Error"]["Code"] == "InvalidInputException"
    assert message in caught.value.response["Error"]["Message"]


def test_a_key_whose_type_has_no_order_cannot_be_used(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", year="string", ratio="float")
    add(glue, ["2025", "0.5"])
    with pytest.raises(ClientError, match="Unknown type : 'float'"):
        found(glue, "ratio > 0.1")
    assert found(glue, "year = '2025'") == [["2025", "0.5"]]


def test_a_stored_value_that_is_none_of_its_type_fails_only_where_it_is_compared(
    glue: InProcessClient, make_table: MakeTable
) -> None:
    make_table("sales", year="string", day="int")
    add(glue, ["2025", "x"], ["2025", "1"])
    with pytest.raises(ClientError) as caught:
        found(glue, "day = 1")
    assert caught.value.response["Error"]["Code"] == "InvalidStateException"
    assert caught.value.response["Error"]["Message"] == '"x" is not an integer.'
    assert found(glue, "year = '2025'") == [["2025", "x"], ["2025", "1"]]
    glue.delete_partition(**TABLE, PartitionValues=["2025", "x"])
    assert found(glue, "day = 1") == [["2025", "1"]]


def test_keys_beyond_the_index_are_filtered_too(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", **{f"k{n}": "int" for n in range(9)})
    add(glue, [str(n) for n in range(9)], ["0"] * 9)
    assert found(glue, "k8 = 8 AND k7 > 6") == [[str(n) for n in range(9)]]


def test_large_decimals_are_compared_exactly(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", amount="decimal(38,0)")
    add(glue, ["99999999999999999999999999999999999998"], ["-99999999999999999999999999999999999999"])
    assert found(glue, "amount = 99999999999999999999999999999999999999") == []
    assert found(glue, "amount > 99999999999999999999999999999999999997") == [
        ["99999999999999999999999999999999999998"]
    ]


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    with suppress(AwsError):
        parse_expression(text)


@given(st.decimals(-(10**30), 10**30, places=4), st.decimals(-(10**30), 10**30, places=4))
def test_decimal_order_is_text_order(left: object, right: object) -> None:
    typed = typed_value(str(left), "decimal(38,4)"), typed_value(str(right), "decimal(38,4)")
    assert (typed[0] < typed[1]) == (left < right)
    assert (typed[0] == typed[1]) == (left == right)
