"""Trino's values and types for expressions, where DuckDB's own differ."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

VALUES = [
    ("1.5", "1.5", "double"),
    ("0.1 + 0.2", "0.30000000000000004", "double"),
    ("DECIMAL '1.50'", "1.50", "decimal(3,2)"),
    ("7 / 2", "3", "integer"),
    ("-7 / 2", "-3", "integer"),
    ("-7 % 3", "-1", "integer"),
    ("CAST(1.5 AS decimal(18,3)) * CAST(2 AS decimal(18,2))", "3.00000", "decimal(36,5)"),
    ("DECIMAL '10' / DECIMAL '3.0'", "3.3", "decimal(4,1)"),
    ("CAST(2.5 AS integer)", "3", "integer"),
    ("1e20", "1.0E20", "double"),
    ("1e0+1", "2.0", "double"),
    ("1_000 + 0xFF + 0b1_1 + 0o17 + 0X_f", "1288", "integer"),
    ("0xFFFFFFFFF", "68719476735", "bigint"),
    ("0x7FFFFFFFFFFFFFFF", "9223372036854775807", "bigint"),
    ("1_0.5_0 * 2", "21.0", "double"),
    ("DECIMAL '-1_0.5_0'", "-10.50", "decimal(4,2)"),
    ("INTERVAL '1111111111' DAY", "1111111111 00:00:00.000", "interval day to second"),
    ("INTERVAL '-0.9999' SECOND", "-0 00:00:00.999", "interval day to second"),
    ("1E3-1e2+1e-1", "900.1", "double"),
    ("CAST(NULL AS integer)", None, "integer"),
    ("TIMESTAMP '2020-01-01 00:00:00.000'", "2020-01-01 00:00:00.000", "timestamp(3)"),
    ("TIMESTAMP '2020-01-01 00:00 UTC' AT TIME ZONE 'America/Bogota'", "2019-12-31 19:00:00 America/Bogota",
     "timestamp(0) with time zone"),
    ("DATE '2020-01-31' + INTERVAL '1' MONTH", "2020-02-29", "date"),
    ("INTERVAL '1-2' YEAR TO MONTH", "1-2", "interval year to month"),
    ("INTERVAL '26' HOUR", "1 02:00:00.000", "interval day to second"),
    ("ARRAY[1, NULL]", "[1, null]", "array(integer)"),
    ("MAP(ARRAY['b', 'a'], ARRAY[1, 2])", "{a=2, b=1}", "map(varchar(1), integer)"),
    ("CAST(ROW(1, 'x') AS ROW(id integer, name varchar))", "{id=1, name=x}", "row(id integer, name varchar)"),
    ("ROW(1, 'x')", "{field0=1, field1=x}", "row(integer, varchar(1))"),
    ("X'0102'", "01 02", "varbinary"),
    ("ARRAY[1, NULL] = ARRAY[1, NULL]", None, "boolean"),
    ("ARRAY[1, NULL] = ARRAY[2, NULL]", "false", "boolean"),
    ("try(1 / 0)", None, "integer"),
    ("try_cast('x' AS bigint)", None, "bigint"),
    ("typeof('abc')", "varchar(3)", "varchar"),
    ("date_format(TIMESTAMP '2020-01-02 03:04:05', '%Y/%m/%d %H:%i')", "2020/01/02 03:04", "varchar"),
    ("regexp_replace('a1b2', '([a-z])(\\d)', '$2$1')", "1a2b", "varchar(44)"),
    ("reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s * 10)", "60", "integer"),
    ("json_extract_scalar('{\"a\": [1, 2.50]}', '$.a[1]')", "2.50", "varchar(16)"),
    ("CAST(MAP(ARRAY['k'], ARRAY[DECIMAL '1.10']) AS JSON)", '{"k":1.10}', "json"),
    ("current_timestamp", "2026-03-04 05:06:07.891 UTC", "timestamp(3) with time zone"),
    ("strpos('Bogotá', 'á')", "6", "bigint"),
    ("CAST('ab' AS char(4)) = 'ab'", "true", "boolean"),
    ("nan() = nan()", "false", "boolean"),
    ("nan() <> nan()", "true", "boolean"),
    ("nan() > 1e0", "false", "boolean"),
    ("1e0 <= nan()", "false", "boolean"),
    ("nan() >= CAST(NULL AS double)", None, "boolean"),
    ("max(x) FROM (VALUES 5.5, nan(), 3.3) t(x)", "5.5", "double"),
    ("contains('::/0', IPADDRESS '10.2.0.1')", "true", "boolean"),
    ("contains('10.0.0.0/8', IPADDRESS '10.2.0.1')", "true", "boolean"),
    ("CAST(true AS decimal(3,2))", "1.00", "decimal(3,2)"),
    ("2 IN (1, CAST(NULL AS integer))", None, "boolean"),
    ("array_distinct(ARRAY[nan(), nan()])", "[NaN]", "array(double)"),
    ("format('%s', TIMESTAMP '2020-01-01 00:00:00.1')", "2020-01-01T00:00:00.100", "varchar"),
    ("format('%s', TIMESTAMP '2020-01-01 00:00:00')", "2020-01-01T00:00", "varchar"),
    ("format('%s', TIMESTAMP '2020-05-10 12:34 Asia/Kathmandu')", "2020-05-10T12:34+05:45[Asia/Kathmandu]",
     "varchar"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "text", "type_"), VALUES, ids=[row[0] for row in VALUES])
def test_an_expression_has_trinos_value_and_type(ask: Ask, sql: str, text: str | None, type_: str) -> None:
    assert ask(f"SELECT {sql}") == ([[text]], [type_])


FAILURES = [
    ("1 / 0", "DIVISION_BY_ZERO: Division by zero"),
    ("CAST('abc' AS integer)", "INVALID_CAST_ARGUMENT: Cannot cast 'abc' to INT"),
    ("DATE '2020-01-01' = '2020-01-01'", "TYPE_MISMATCH: line 1:26: Cannot apply operator: date = varchar(10)"),  # noqa: E501
    ("contains('10.0.0.1/8', IPADDRESS '10.2.0.1')", "INVALID_FUNCTION_ARGUMENT: Invalid CIDR"),
    ("3 IN (3, 5/0)", "DIVISION_BY_ZERO: Division by zero"),
    ("CAST(true AS decimal(2,2))", "INVALID_CAST_ARGUMENT"),
    ("no_such(1)", "FUNCTION_NOT_FOUND: line 1:8: Function 'no_such' not registered"),
    ("2147483647 + 1", "NUMERIC_VALUE_OUT_OF_RANGE"),
    ("ARRAY[1][2]", "INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array length"),
    ("x", "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved or requester is not authorized to access "  # noqa: E501
     "requested resources"),
    ("md5('a')", "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (varchar(1)) for function md5. "
     "Expected: md5(varbinary)"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "reason"), FAILURES, ids=[row[0] for row in FAILURES])
def test_a_bad_expression_fails_in_athenas_words(ask: Ask, sql: str, reason: str) -> None:
    with pytest.raises(QueryFailed) as raised:
        ask(f"SELECT {sql}")
    assert raised.value.reason.startswith(reason)


def test_numbers_of_thousands_of_digits_are_numbers_or_refused(ask: Ask) -> None:
    many = "1" * 5000
    assert ask(f"SELECT {'0' * 5000}7") == ([["7"]], ["integer"])
    assert ask(f"SELECT 0.{many}")[0] == [["0.1111111111111111"]]
    for sql, problem in (
        (f"SELECT {many}", "INVALID_LITERAL.*Invalid numeric literal"),
        (f"SELECT 0x{many}", "INVALID_LITERAL.*Invalid numeric literal"),
        (f"SELECT 1 ORDER BY {many}", "INVALID_COLUMN_REFERENCE"),
        (f"SELECT INTERVAL '{many}' DAY", "INVALID_LITERAL.*is not a valid INTERVAL literal"),
        (f"SELECT format('%{many}d', 1)", "INVALID_FUNCTION_ARGUMENT.*IllegalFormatWidth"),
    ):
        with pytest.raises(QueryFailed, match=problem):
            ask(sql)
