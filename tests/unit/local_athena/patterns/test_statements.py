"""MATCH_RECOGNIZE in statements that run through Athena's API, over tables."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaApiError
from tests.unit.local_athena.conftest import Lake

FALLS = """prices MATCH_RECOGNIZE (
    PARTITION BY who ORDER BY day MEASURES FIRST(A.price) AS top, LAST(price) AS bottom, count(*) AS days
    PATTERN (A B+) DEFINE B AS price < PREV(price) AND price > ?)"""


@pytest.fixture
def prices(lake: Lake) -> Lake:
    """A lake with a table of prices."""
    lake.rows(
        "CREATE TABLE prices WITH (format = 'PARQUET', external_location = 's3://lake/prices/', "
        "partitioned_by = ARRAY['day']) AS SELECT * FROM (VALUES ('ana', 90, 1), ('ana', 80, 2), "
        "('ana', 70, 3), ('leo', 10, 1), ('leo', 20, 2), ('leo', 5, 3)) AS t(who, price, day)"
    )
    return lake


def test_a_query_over_a_table_takes_parameters_beside_its_pattern(prices: Lake) -> None:
    rows = prices.rows(f"SELECT * FROM {FALLS} ORDER BY who", ExecutionParameters=["1"])
    assert rows == [["ana", "90", "70", "3"], ["leo", "20", "5", "2"]]
    assert prices.rows(f"SELECT days FROM {FALLS} ORDER BY 1", ExecutionParameters=["60"]) == [["3"]]


def test_tables_are_made_and_filled_from_matches(prices: Lake) -> None:
    falls = FALLS.replace("?", "0")
    prices.rows(f"CREATE TABLE falls WITH (external_location = 's3://lake/falls/') AS SELECT * FROM {falls}")
    prices.rows(f"INSERT INTO falls SELECT who, top, bottom, days FROM {falls} WHERE who = 'ana'")
    assert sorted(prices.rows("SELECT who, days FROM falls")) == [["ana", "3"], ["ana", "3"], ["leo", "2"]]


def test_a_view_may_hold_matches(prices: Lake) -> None:
    prices.rows(f"CREATE VIEW falls AS SELECT who, days FROM {FALLS.replace('?', '0')}")
    assert sorted(prices.rows("SELECT * FROM falls")) == [["ana", "3"], ["leo", "2"]]


def test_explain_plans_without_matching_and_explain_analyze_matches(prices: Lake) -> None:
    falls = FALLS.replace("?", "10 / (price - 70)")
    assert prices.run(f"EXPLAIN SELECT * FROM {falls}")["Status"]["State"] == "SUCCEEDED"
    assert "DIVISION_BY_ZERO" in prices.reason(f"EXPLAIN ANALYZE SELECT * FROM {falls}")


def test_a_window_with_a_pattern_reads_tables_parameters_and_its_query(prices: Lake) -> None:
    window = (
        "PARTITION BY who ORDER BY day MEASURES LAST(price) AS bottom ROWS BETWEEN CURRENT ROW AND UNBOUNDED "
        "FOLLOWING PATTERN (A B+) DEFINE B AS price < PREV(price) AND price > ?"
    )
    sql = f"SELECT who, day, bottom OVER w AS bottom, count(*) OVER w FROM prices WINDOW w AS ({window})"
    rows = prices.rows(
        f"SELECT * FROM ({sql}) WHERE bottom IS NOT NULL ORDER BY 1", ExecutionParameters=["1"]
    )
    assert rows == [["ana", "1", "70", "3"], ["leo", "2", "5", "2"]]
    made = "CREATE TABLE seen WITH (external_location = 's3://lake/seen/') AS SELECT who, bottom FROM"
    prices.rows(f"{made} ({sql.replace('?', '60')}) WHERE day = 1")
    assert sorted(prices.rows("SELECT * FROM seen"), key=str) == [["ana", "70"], ["leo", None]]
    assert prices.run(f"EXPLAIN {sql.replace('?', '1 / 0')}")["Status"]["State"] == "SUCCEEDED"


def test_a_pattern_that_is_none_is_refused_where_it_stops_being_one(prices: Lake) -> None:
    with pytest.raises(AthenaApiError, match=r"line 1:\d+: mismatched input '\*'"):
        prices.start("SELECT * FROM prices MATCH_RECOGNIZE (PATTERN (A **) DEFINE A AS true)")


def test_a_condition_on_the_output_prunes_no_rows_of_the_input(prices: Lake) -> None:
    rows = "prices MATCH_RECOGNIZE (PARTITION BY who ORDER BY day MEASURES count(*) AS n ALL ROWS PER MATCH "
    sql = f"SELECT who, n FROM {rows} PATTERN (A+) DEFINE A AS true) WHERE day = 3 AND who = 'ana'"
    assert prices.rows(sql) == [["ana", "3"]]
