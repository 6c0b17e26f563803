"""Dates, times and timestamps of any precision, zone and year."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

TEXTS = [
    ("TIMESTAMP '2021-06-07 08:09:10.123456789012'", "2021-06-07 08:09:10.123456789012", "timestamp(12)"),
    ("TIMESTAMP '2021-06-07 08:09:10.1234567 Asia/Tokyo'", "2021-06-07 08:09:10.1234567 Asia/Tokyo",
     "timestamp(7) with time zone"),
    ("TIME '08:09:10.12345678-03:30'", "08:09:10.12345678-03:30", "time(8) with time zone"),
    ("TIMESTAMP '-20000-02-29 01:02:03'", "-20000-02-29 01:02:03", "timestamp(0)"),
    ("TIMESTAMP '45678-01-02 03:04:05 Europe/Madrid'", "+45678-01-02 03:04:05 Europe/Madrid",
     "timestamp(0) with time zone"),
    ("DATE '0000-02-29'", "0000-02-29", "date"),
    ("CAST(DATE '-0750-04-21' AS varchar)", "-0750-04-21", "varchar"),
    ("CAST(' 7-1-2 ' AS date)", "0007-01-02", "date"),
    ("format('%s', TIMESTAMP '45678-01-02 03:04:05.5')", "+45678-01-02T03:04:05.500", "varchar"),
    ("ARRAY[TIMESTAMP '2021-06-07 08:09:10.1234567', NULL]", "[2021-06-07 08:09:10.1234567, null]",
     "array(timestamp(7))"),
]  # fmt: skip
CASTS = [
    ("CAST(TIMESTAMP '2021-12-31 23:59:59.9999999' AS timestamp(3))", "2022-01-01 00:00:00.000", "timestamp(3)"),  # noqa: E501
    ("CAST(TIMESTAMP '2021-12-31 23:59:59.9' AS timestamp(9))", "2021-12-31 23:59:59.900000000", "timestamp(9)"),  # noqa: E501
    ("CAST(TIME '23:59:59.999+02:00' AS time(0) with time zone)", "00:00:00+02:00", "time(0) with time zone"),
    ("CAST(TIME '23:59:59.5+02:00' AS time(0))", "00:00:00", "time(0)"),
    ("CAST(TIMESTAMP '2021-07-01 12:00:00 America/Lima' AS time(3) with time zone)", "12:00:00.000-05:00",
     "time(3) with time zone"),
    ("CAST(TIMESTAMP '2021-07-01 12:00:00.25 America/Lima' AS timestamp(1))", "2021-07-01 12:00:00.3",
     "timestamp(1)"),
    ("CAST(TIME '10:11:12' AS timestamp(0))", "2026-03-04 10:11:12", "timestamp(0)"),
    ("CAST('2021-06-07 08:09:10.99999 Asia/Tokyo' AS timestamp(1))", "2021-06-07 08:09:11.0", "timestamp(1)"),
    ("CAST(TIMESTAMP '2021-06-07 08:09:10.1234567' AS json)", '"2021-06-07 08:09:10.1234567"', "json"),
]  # fmt: skip
ARITHMETIC = [
    ("TIMESTAMP '2021-06-07 08:09:10.1234567' + INTERVAL '1' MONTH", "2021-07-07 08:09:10.1234567",
     "timestamp(7)"),
    ("TIME '10:00:00.0015' - TIME '10:00:00'", "0 00:00:00.002", "interval day to second"),
    ("TIME '10:00:00' - TIME '10:00:00.0006'", "-0 00:00:00.001", "interval day to second"),
    ("TIMESTAMP '2021-01-01 00:00:00.0000005' > TIMESTAMP '2021-01-01 00:00:00'", "true", "boolean"),
    ("TIMESTAMP '2021-01-01 01:00:00.1234567 +01:00' = TIMESTAMP '2021-01-01 00:00:00.1234567 UTC'", "true",
     "boolean"),
    ("max(x) FROM (VALUES TIMESTAMP '2021-01-01 00:00:00.0000002', TIMESTAMP '2021-01-01 00:00:00') t(x)",
     "2021-01-01 00:00:00.0000002", "timestamp(7)"),
    ("date_add('millisecond', 70, TIMESTAMP '2021-01-01 00:00:00.0')", "2021-01-01 00:00:00.1", "timestamp(1)"),  # noqa: E501
    ("date_add('day', 1, TIMESTAMP '2021-03-13 12:00:00.1234567 America/New_York')",
     "2021-03-14 12:00:00.1234567 America/New_York", "timestamp(7) with time zone"),
    ("date_diff('minute', TIME '10:00:00+02:00', TIME '10:00:00+01:30')", "30", "bigint"),
    ("date_diff('second', TIMESTAMP '2021-01-01 00:00:00.0009', TIMESTAMP '2021-01-01 00:00:01.0001')", "1",
     "bigint"),
    ("date_trunc('minute', TIMESTAMP '2021-06-07 08:09:10.1234567')", "2021-06-07 08:09:00.0000000",
     "timestamp(7)"),
    ("date_format(TIMESTAMP '2021-06-07 08:09:10.123456', '%s.%f')", "10.123000", "varchar"),
    ("to_iso8601(TIMESTAMP '2021-06-07 08:09:10.1234567 +05:30')", "2021-06-07T08:09:10.1234567+05:30",
     "varchar(36)"),
    ("from_unixtime_nanos(1500000001)", "1970-01-01 00:00:01.500000001 UTC", "timestamp(9) with time zone"),
    ("sequence(TIMESTAMP '2021-01-31 00:00', TIMESTAMP '2021-03-31 00:00', INTERVAL '1' MONTH)",
     "[2021-01-31 00:00:00, 2021-02-28 00:00:00, 2021-03-31 00:00:00]", "array(timestamp(0))"),
    ("TIMESTAMP '2021-01-01 00:00 UTC' AT TIME ZONE INTERVAL '-3' HOUR", "2020-12-31 21:00:00 -03:00",
     "timestamp(0) with time zone"),
    ("at_timezone(TIME '10:00:00+01:00', '+03:00')", "12:00:00+03:00", "time(0) with time zone"),
]  # fmt: skip
INTERVALS = [
    ("INTERVAL '3 04:05:06.789' DAY TO SECOND", "3 04:05:06.789", "interval day to second"),
    ("INTERVAL '-3 04' DAY TO SECOND", "-3 04:00:00.000", "interval day to second"),
    ("INTERVAL '90' MINUTE TO SECOND", "0 01:30:00.000", "interval day to second"),
    ("INTERVAL -'2-13' YEAR TO MONTH", "-3-1", "interval year to month"),
]
VALUES = [*INTERVALS, *TEXTS, *CASTS, *ARITHMETIC]
FAILURES = [
    ("CAST('2021-01-01T00:00:00' AS timestamp)", "INVALID_CAST_ARGUMENT: Value cannot be cast to timestamp"),
    ("CAST('2021-01-01 00:00 Nowhere' AS timestamp)", "INVALID_CAST_ARGUMENT"),
    ("INTERVAL '3 04' DAY", "INVALID_LITERAL: line 1:8: Invalid INTERVAL DAY value: 3 04"),
    ("INTERVAL '3' DAY TO DAY", "INVALID_LITERAL"),
    ("INTERVAL '111111111111' YEAR", "INVALID_LITERAL: line 1:8: '111111111111' is not a valid INTERVAL"),
    ("INTERVAL '9007199254740993' SECOND", "INVALID_LITERAL: line 1:8: '9007199254740993' is not a valid"),
    ("INTERVAL '3' SECOND TO DAY", "INVALID_LITERAL"),
    ("TIME '10:00:00+15:00'", "INVALID_LITERAL"),
    ("TIMESTAMP '99999-01-01 00:00:00 UTC'", "INVALID_LITERAL"),
    ("EXTRACT(TIMEZONE_HOUR FROM TIMESTAMP '2021-01-01 00:00')", "TYPE_MISMATCH"),
    ("EXTRACT(HOUR FROM DATE '2021-01-01')", "TYPE_MISMATCH"),
]


@pytest.mark.parametrize(("sql", "text", "type_"), VALUES, ids=[row[0] for row in VALUES])
def test_a_time_has_trinos_value_and_type(ask: Ask, sql: str, text: str | None, type_: str) -> None:
    assert ask(f"SELECT {sql}") == ([[text]], [type_])


@pytest.mark.parametrize(("sql", "reason"), FAILURES, ids=[row[0] for row in FAILURES])
def test_a_bad_time_fails_in_athenas_words(ask: Ask, sql: str, reason: str) -> None:
    with pytest.raises(QueryFailed) as raised:
        ask(f"SELECT {sql}")
    assert raised.value.reason.startswith(reason)


def test_a_long_chain_of_intervals_takes_no_longer_text_at_each_link(ask: Ask) -> None:
    chain = " + INTERVAL '1' HOUR" * 30
    rows, _ = ask(f"SELECT TIMESTAMP '2021-01-01 00:00 Asia/Tokyo'{chain}")
    assert rows == [["2021-01-02 06:00:00.000 Asia/Tokyo"]]
