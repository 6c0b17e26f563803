"""Aggregates that gather values, with the answers of Trino 435."""

from __future__ import annotations

from typing import Any

import pytest

from local_athena.errors import QueryFailed
from local_athena.translate import translator
from tests.unit.local_athena.conftest import Ask

PAIRS = "FROM (VALUES (1, 2), (1, 3), (1, 2), (2, 3)) t(k, v)"
ZONES = (
    "FROM (VALUES (TIMESTAMP '2020-01-01 00:00:00 UTC', 2), "
    "(TIMESTAMP '2020-01-01 01:00:00 +01:00', 2)) t(k, v)"
)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (f"map_agg(DISTINCT k, v ORDER BY v DESC) {PAIRS}", "{1=3, 2=3}"),
        (f"map_agg(DISTINCT k, v ORDER BY v) {PAIRS}", "{1=2, 2=3}"),
        (f"multimap_agg(DISTINCT k, v ORDER BY v DESC) {PAIRS}", "{1=[3, 2], 2=[3]}"),
        (f"multimap_agg(DISTINCT k, v ORDER BY v) FILTER (WHERE v > 2) {PAIRS}", "{1=[3], 2=[3]}"),
        (f"map_agg(DISTINCT k, v) {ZONES}", "{2020-01-01 00:00:00 UTC=2}"),
        (f"histogram(k) {ZONES}", "{2020-01-01 00:00:00 UTC=2}"),
        (f"histogram(DISTINCT k) {ZONES}", "{2020-01-01 00:00:00 UTC=1}"),
        (
            "array_histogram(ARRAY[TIMESTAMP '2020-01-01 00:00:00 UTC', "
            "TIMESTAMP '2020-01-01 01:00:00 +01:00'])",
            "{2020-01-01 00:00:00 UTC=2}",
        ),
        ("array_histogram(ARRAY[nan(), nan()])", "{NaN=2}"),
        ("array_histogram(ARRAY[0e0, -0e0])", "{0.0=2}"),
        ("array_histogram(ARRAY[ARRAY[1, NULL], ARRAY[1, NULL]])", "{[1, null]=2}"),
        ("array_histogram(ARRAY[1, NULL, 1])", "{1=2}"),
    ],
)
def test_values_are_gathered(ask: Ask, query: str, answer: str) -> None:
    assert ask(f"SELECT {query}")[0] == [[answer]]


def test_distinct_pairs_are_ordered_by_themselves_only(ask: Ask) -> None:
    with pytest.raises(QueryFailed, match="ORDER BY expressions must appear in arguments"):
        ask(f"SELECT map_agg(DISTINCT k, v ORDER BY k + 1) {PAIRS}")


def test_queries_that_group_by_maps_inside_each_other_are_translated_once_a_level(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = 0
    translate = translator.translate_expression

    def counted(*arguments: Any) -> Any:
        nonlocal seen
        seen += 1
        return translate(*arguments)

    monkeypatch.setattr(translator, "translate_expression", counted)

    def count(depth: int) -> int:
        nonlocal seen
        seen = 0
        inner = "0"
        for _ in range(depth):
            inner = f"(SELECT max(1) + {inner} FROM (SELECT MAP(ARRAY[1], ARRAY[2]) m) GROUP BY m)"
        ask(f"SELECT {inner}")
        return seen

    assert count(6) <= 2.6 * count(3)
