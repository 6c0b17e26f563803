"""Trino's rules for values of each type: conversion, comparison, arithmetic, text."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

CONDITIONS = [
    ("'lake' NOT LIKE 'l%'", "false", "boolean"),
    ("'l_ke' NOT LIKE 'l!_k_' ESCAPE '!'", "false", "boolean"),
    ("'a%' LIKE 'a%' ESCAPE ''", "true", "boolean"),
]
SUBSCRIPTS = [
    ("CAST(ROW(5, 6) AS ROW(a bigint, b bigint))[2]", "6", "bigint"),
    ("(CAST(ROW(ARRAY[7]) AS ROW(a array(bigint))))[1][1]", "7", "bigint"),
    ("MAP(ARRAY[2.5E0], ARRAY['x'])[2.5E0]", "x", "varchar(1)"),
]
DISTINCTION = [
    ("greatest(nan(), 2E0)", "2.0", "double"),
    ("least(ARRAY[7], ARRAY[nan()])", "[7.0]", "array(double)"),
    ("MAP(ARRAY[1, 2], ARRAY[3, 4]) IS DISTINCT FROM MAP(ARRAY[2, 1], ARRAY[4, 3])", "false", "boolean"),
    (
        "ROW(TIMESTAMP '2021-01-01 00:00 UTC') IS DISTINCT FROM ROW(TIMESTAMP '2021-01-01 01:00 +01:00')",
        "false",
        "boolean",
    ),
    (
        "array_distinct(ARRAY[MAP(ARRAY[1, 2], ARRAY[3, 4]), MAP(ARRAY[2, 1], ARRAY[4, 3])])",
        "[{1=3, 2=4}]",
        "array(map(integer, integer))",
    ),
]
TYPE_NAMES = [
    (
        'CAST(ROW(1, 2) AS ROW(Total int, "Mean" double precision))',
        "{total=1, Mean=2.0}",
        "row(total integer, Mean double)",
    ),
    (
        "CAST(NULL AS ROW(date date, interval interval day to second, time with time zone))",
        None,
        "row(date date, interval interval day to second, time(3) with time zone)",
    ),
    ("CAST(NULL AS map<int, array<row(x uuid)>>)", None, "map(integer, array(row(x uuid)))"),
]
NULLS_INSIDE = [
    ("ROW(nan()) >= ROW(1E0)", "true", "boolean"),
    ("ARRAY[3, NULL] < ARRAY[3, 4]", None, "boolean"),
    ("ARRAY[3, NULL] < ARRAY[4, 4]", "true", "boolean"),
    ("ROW(1, NULL) >= ROW(1, 2)", None, "boolean"),
    ("array_sort(ARRAY[ARRAY[2, NULL], ARRAY[2, 9], ARRAY[1]])", "[[1], [2, 9], [2, null]]",
     "array(array(integer))"),
    ("array_max(ARRAY[ARRAY[nan()], ARRAY[4E0]])", "[4.0]", "array(double)"),
    ("array_min(ARRAY[nan(), 4E0])", "4.0", "double"),
]  # fmt: skip
DECIMALS = [
    ("DECIMAL '99999999999999999999999999999999999999' - DECIMAL '0.5'",
     "fails", "NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow"),
    ("DECIMAL '17000000000000000000000000000000000000' - DECIMAL '8000000000000000000000000000000000000.5'",
     "8999999999999999999999999999999999999.5", "decimal(38,1)"),
    ("DECIMAL '888888888888888888' + DECIMAL '.111111111111111111'", "888888888888888888.111111111111111111",
     "decimal(37,18)"),
    ("DECIMAL '100000000000000001' * DECIMAL '300000000000000000'", "30000000000000000300000000000000000",
     "decimal(36,0)"),
    ("CAST(DECIMAL '-0.25' AS varchar)", "-0.25", "varchar"),
    ("CAST(CAST('.25' AS decimal(2,2)) AS varchar)", "0.25", "varchar"),
]  # fmt: skip
JSON = [
    ("CAST(JSON '2.50' AS varchar)", "2.5E0", "varchar"),
    ("CAST(JSON '0e77' AS varchar)", "0E0", "varchar"),
    ("CAST(JSON '-1e400' AS double)", "-Infinity", "double"),
    ("CAST(JSON '98765432109876543210.123' AS decimal(30, 3))", "98765432109876540000.000", "decimal(30,3)"),
    ("CAST(JSON '7.5' AS smallint)", "8", "smallint"),
    ("json_array_contains(JSON '[2.0]', 2)", "false", "boolean"),
    ("json_array_contains(JSON '[2, 3]', 2)", "true", "boolean"),
]
CASTS = [
    ("CAST(1E300 AS real)", "Infinity", "real"),
    ("CAST(X'0a000001' AS ipaddress)", "10.0.0.1", "ipaddress"),
    ("CAST(' 12\t' AS bigint)", "12", "bigint"),
]
CONCATENATIONS = [
    ("ARRAY[ARRAY[1]] || ARRAY[2, 3]", "[[1], [2, 3]]", "array(array(integer))"),
    ("1 || ARRAY[2.5E0]", "[1.0, 2.5]", "array(double)"),
    ("murmur3(to_utf8('hello'))", "02 9b bd 41 b3 a7 d8 cb 19 1d ae 48 6a 90 1e 5b", "varbinary"),
    ("from_base64(CAST('aG9sYQ==' AS varbinary))", "68 6f 6c 61", "varbinary"),
    ("cardinality(MAP(ARRAY['a'], ARRAY[1]))", "1", "bigint"),
    ("map_from_entries(ARRAY[])", "{}", "map(unknown, unknown)"),
]
VALUES = [
    *CASTS,
    *DISTINCTION,
    *TYPE_NAMES,
    *CONDITIONS,
    *JSON,
    *CONCATENATIONS,
    *SUBSCRIPTS,
    *NULLS_INSIDE,
    *(row for row in DECIMALS if row[1] != "fails"),
]
FAILURES = [
    *((sql, reason) for sql, text, reason in DECIMALS if text == "fails"),
    ('CAST(JSON \'{"1": 2, "01": 3}\' AS map(bigint, bigint))', "INVALID_CAST_ARGUMENT: Cannot cast to map"),
    ("CAST(JSON '\"abcd\"' AS varchar(3))", "INVALID_CAST_ARGUMENT: Cannot cast '\"abcd\"' to varchar"),
    ("CAST(JSON '[]' AS array(date))", "TYPE_MISMATCH: line 1:8: Cannot cast json to array(date)"),
    ("CAST(CAST('a' AS char(2)) AS json)", "TYPE_MISMATCH: line 1:8: Cannot cast char(2) to json"),
    ("ARRAY[ARRAY[1]] || ARRAY[NULL]", "AMBIGUOUS_FUNCTION_CALL"),
    ("concat('a')", "INVALID_FUNCTION_ARGUMENT: There must be two or more concatenation arguments"),
    ("map_from_entries(ARRAY[NULL])", "INVALID_FUNCTION_ARGUMENT: map entry cannot be null"),
    (
        "CAST('12151fd27586-11e9-8f9e-2a86e4085a59' AS uuid)",
        "INVALID_CAST_ARGUMENT: Cannot cast value to UUID",
    ),
    ("CAST(X'0102' AS ipaddress)", "INVALID_CAST_ARGUMENT: Invalid IP address binary length: 2"),
    ("smallint '32767' + smallint '1'", "NUMERIC_VALUE_OUT_OF_RANGE: smallint addition overflow: 32767 + 1"),
    ("CAST(300 AS tinyint)", "NUMERIC_VALUE_OUT_OF_RANGE: Out of range for tinyint: 300"),
    ("CAST(1E10 AS integer)", "INVALID_CAST_ARGUMENT: Unable to cast 10000000000.0 to integer"),
    ("MAP(ARRAY[ROW(1, NULL)], ARRAY[2])", "INVALID_FUNCTION_ARGUMENT: map key cannot be indeterminate"),
]


@pytest.mark.parametrize(("sql", "text", "type_"), VALUES, ids=[row[0] for row in VALUES])
def test_an_expression_has_trinos_value_and_type(ask: Ask, sql: str, text: str | None, type_: str) -> None:
    assert ask(f"SELECT {sql}") == ([[text]], [type_])


@pytest.mark.parametrize(("sql", "reason"), FAILURES, ids=[row[0] for row in FAILURES])
def test_a_bad_expression_fails_in_athenas_words(ask: Ask, sql: str, reason: str) -> None:
    with pytest.raises(QueryFailed) as raised:
        ask(f"SELECT {sql}")
    assert raised.value.reason.startswith(reason)
