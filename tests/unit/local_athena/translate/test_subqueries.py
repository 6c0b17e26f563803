"""Subqueries where DuckDB takes none: in TRY, and in the condition of an outer join."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

JOINED = "SELECT l.a, r.b FROM (VALUES 1, 2) l(a) LEFT JOIN (VALUES 1, 2) r(b) ON l.a = r.b AND"


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT try(1 / (SELECT 0))", [[None]]),
        ("SELECT try_cast((SELECT 'x') AS integer)", [[None]]),
        ("SELECT a, try(1 / (SELECT max(b) FROM (VALUES 0, 1) u(b) WHERE b = t.a)) FROM (VALUES 0, 1) t(a)",
         [["0", None], ["1", "1"]]),
        (f"{JOINED} l.a NOT IN (SELECT 1)", [["1", None], ["2", "2"]]),
        (f"{JOINED} r.b > ALL (SELECT 1)", [["1", None], ["2", "2"]]),
        (f"{JOINED} (SELECT true)", [["1", "1"], ["2", "2"]]),
        (f"{JOINED} l.a + r.b = (SELECT 4)", [["1", None], ["2", "2"]]),
    ],
)  # fmt: skip
def test_it_is_computed_before_what_reads_it(ask: Ask, sql: str, rows: list[list[str | None]]) -> None:
    assert sorted(ask(sql)[0], key=str) == rows


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT try_cast(1 / 0 AS varchar)",
        "SELECT try((SELECT 1 / x FROM (VALUES 0) t(x)))",
    ],
)
def test_what_fails_outside_of_a_try_fails_the_query(ask: Ask, sql: str) -> None:
    with pytest.raises(QueryFailed, match="DIVISION_BY_ZERO"):
        ask(sql)


def test_the_first_known_of_times_with_zone_is_found_where_another_fails(ask: Ask) -> None:
    rows = "(true, TIMESTAMP '2020-01-01 00:00:00 UTC', 'x'), (false, NULL, 'y'), (NULL, NULL, '2020-01-01')"
    sql = f"SELECT try(coalesce(if(b, ts), from_iso8601_timestamp(s))) FROM (VALUES {rows}) t(b, ts, s)"
    for _ in range(20):
        assert ask(sql)[0] == [["2020-01-01 00:00:00.000 UTC"], [None], ["2020-01-01 00:00:00.000 UTC"]]
