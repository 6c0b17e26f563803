"""Frames that reach as far as an interval, of columns and of computed aggregates."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

ROWS = "FROM (VALUES (DATE '2020-01-01', 1), (DATE '2020-01-02', 2), (DATE '2020-02-02', 4)) t(d, x)"


@pytest.mark.parametrize(
    ("call", "grouped", "values"),
    [
        ("sum(x) OVER (ORDER BY d RANGE INTERVAL '1' DAY PRECEDING)", "", ["1", "3", "4"]),
        ("sum(sum(x)) OVER (ORDER BY d RANGE INTERVAL '1' DAY PRECEDING)", "GROUP BY d", ["1", "3", "4"]),
        ("sum(sum(x)) OVER (ORDER BY max(d) RANGE INTERVAL '1' MONTH PRECEDING)",
         "GROUP BY x", ["1", "3", "6"]),
        ("sum(x) OVER (ORDER BY CAST(d AS timestamp with time zone) DESC RANGE INTERVAL '1' DAY PRECEDING)",
         "", ["4", "2", "3"]),
    ],
)  # fmt: skip
def test_a_frame_reaches_as_far_as_an_interval(ask: Ask, call: str, grouped: str, values: list[str]) -> None:
    assert ask(f"SELECT {call} {ROWS} {grouped}")[0] == [[value] for value in values]


def test_a_frame_of_a_negative_interval_is_refused(ask: Ask) -> None:
    with pytest.raises(QueryFailed, match="INVALID_WINDOW_FRAME"):
        ask(f"SELECT sum(x) OVER (ORDER BY d RANGE INTERVAL '-1' DAY PRECEDING) {ROWS}")
