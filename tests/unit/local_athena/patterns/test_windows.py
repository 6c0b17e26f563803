"""Row patterns in windows as a query says them; the answers are those of Trino 435."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from local_athena.patterns import windowing
from local_athena.patterns.matcher import Matcher
from tests.unit.local_athena.conftest import Ask

VALUES = "FROM (VALUES (1, 90), (2, 80), (3, 70), (4, 80), (5, 70), (6, 100)) AS t(id, value)"
TO_END = "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"
NEXT = "AFTER MATCH SKIP TO NEXT ROW"
FALLS = f"{TO_END} PATTERN (A B+) DEFINE B AS B.value < PREV(B.value)"


def over(items: str, window: str, rest: str = "") -> str:
    """A query whose window `w` is this one."""
    return f"SELECT id, {items} {VALUES} {rest} WINDOW w AS ({window})"


def found(ask: Ask, sql: str) -> dict[str | None, list[str | None]]:
    """What a query gives beside each id."""
    return {row[0]: row[1:] for row in ask(sql)[0]}


def test_a_measure_stands_at_the_row_that_its_match_starts_from(ask: Ask) -> None:
    measures = "LAST(value) AS l, count(B.*) AS n, CLASSIFIER() AS c, NEXT(LAST(id)) AS x"
    sql = over("l OVER w, n OVER w, c OVER w, x OVER w", f"ORDER BY id MEASURES {measures} {FALLS}")
    nothing = [None] * 4
    assert found(ask, sql) == {
        "1": ["70", "2", "B", "4"], "2": nothing, "3": nothing, "4": ["70", "1", "B", "6"], "5": nothing,
        "6": nothing,
    }  # fmt: skip


def test_running_and_final_are_one_at_the_last_row_of_a_match(ask: Ask) -> None:
    measures = "FINAL count(*) AS f, RUNNING count(*) AS r, FINAL LAST(id) AS l, FIRST(id, 1) AS s"
    sql = over("f OVER w, r OVER w, l OVER w, s OVER w", f"ORDER BY id MEASURES {measures} {FALLS}")
    assert found(ask, sql)["1"] == ["3", "3", "3", "2"]


def test_functions_over_the_window_see_the_rows_of_the_match(ask: Ask) -> None:
    calls = (
        "count(*)", "array_agg(value)", "first_value(id)", "last_value(id)", "nth_value(id, 2)",
        "first_value(nullif(id, 1)) IGNORE NULLS", "min_by(id, value)",
    )  # fmt: skip
    rows = found(ask, over(", ".join(f"{call} OVER w" for call in calls), f"ORDER BY id {FALLS}"))
    assert rows["1"] == ["3", "[90, 80, 70]", "1", "3", "2", "2", "3"]
    assert rows["4"] == ["2", "[80, 70]", "4", "5", "5", "4", "5"]
    assert [rows[row] for row in "2356"] == [["0", *[None] * 6]] * 4


def test_functions_of_places_see_the_whole_partition(ask: Ask) -> None:
    calls = (
        "row_number() OVER w, rank() OVER w, dense_rank() OVER w, percent_rank() OVER w, cume_dist() OVER w"
    )
    sql = (
        f"SELECT p, {calls}, ntile(2) OVER w, first_value(id) OVER w FROM (VALUES (1, 1, 90), (1, 2, 80), "
        "(1, 3, 70), (2, 1, 80)) t(p, id, value) WINDOW w AS (PARTITION BY p ORDER BY id / 2 "
        f"{TO_END} PATTERN (A B+) DEFINE B AS true)"
    )
    assert sorted(ask(sql)[0], key=str) == [
        ["1", "1", "1", "1", "0.0", "0.3333333333333333", "1", "1"],
        ["1", "2", "2", "2", "0.5", "1.0", "1", None],
        ["1", "3", "2", "2", "0.5", "1.0", "2", None],
        ["2", "1", "1", "1", "0.0", "1.0", "1", None],
    ]


def test_an_empty_match_has_measures_and_no_rows(ask: Ask) -> None:
    measures = "count(*) AS n, CLASSIFIER() AS c, 7 AS k"
    window = f"ORDER BY id MEASURES {measures} {TO_END} PATTERN (B*) DEFINE B AS value < 75"
    rows = found(ask, over("n OVER w, c OVER w, k OVER w, count(*) OVER w, sum(id) OVER w", window))
    assert rows["1"] == ["0", None, "7", "0", None]
    assert rows["3"] == ["1", "B", "7", "1", "3"]


def test_seek_takes_a_match_that_starts_further_on(ask: Ask) -> None:
    measures = "sum(B.value) AS m, PREV(id, 2) AS n, CLASSIFIER() AS c"
    window = (
        f"ORDER BY id MEASURES {measures} ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING {NEXT} SEEK PATTERN (A B) "
        "DEFINE B AS B.value < PREV(B.value)"
    )
    rows = found(ask, over("m OVER w, n OVER w, c OVER w, array_agg(id) OVER w", window))
    assert rows == {
        "1": ["80", None, "B", "[1, 2]"], "2": ["70", None, "B", "[2, 3]"], "3": ["70", "3", "B", "[4, 5]"],
        "4": ["70", None, "B", "[4, 5]"], "5": [None] * 4, "6": [None] * 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("clauses", "counts"),
    [
        (f"{TO_END} {NEXT} PATTERN (A+) DEFINE A AS PREV(A.value) IS NULL "
         "OR A.value < PREV(A.value)", "321211"),
        (f"ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING {NEXT} PATTERN (A+) "
         "DEFINE A AS NEXT(A.value) IS NULL OR A.value > NEXT(A.value)", "220201"),
        (f"ROWS BETWEEN CURRENT ROW AND id FOLLOWING {NEXT} PATTERN (A+) DEFINE A AS true", "234321"),
        (f"ROWS BETWEEN CURRENT ROW AND CURRENT ROW {NEXT} PATTERN (A+) DEFINE A AS true", "111111"),
        (f"{TO_END} AFTER MATCH SKIP TO LAST B SEEK PATTERN (A B+) DEFINE B AS B.value < 75", "202000"),
        (f"{TO_END} PATTERN (A {{- B+ -}}) DEFINE B AS B.value < PREV(B.value)", "300200"),
    ],
)  # fmt: skip
def test_a_match_and_what_its_conditions_read_stay_in_the_frame(ask: Ask, clauses: str, counts: str) -> None:
    rows = found(ask, over("count(*) OVER w", f"ORDER BY id {clauses}"))
    assert "".join(str(rows[row][0]) for row in "123456") == counts


def test_what_seek_reads_before_a_match_starts_at_the_row_that_seeks(ask: Ask) -> None:
    seek = f"{TO_END} {NEXT} SEEK PATTERN (A) DEFINE A AS PREV(A.value, 2) > 75"
    window = f"ORDER BY id MEASURES FIRST(id) AS f {seek}"
    rows = found(ask, over("f OVER w", window))
    assert [rows[row][0] for row in "123456"] == ["3", "4", "6", "6", None, None]


def test_seek_looks_once_for_a_match_of_many_rows(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    match = Matcher.match

    def counted(self: Matcher, start: int, *arguments: object, **options: object) -> object:
        tried.append(start)
        return match(self, start, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Matcher, "match", counted)
    rows = "FROM UNNEST(sequence(1, 200)) t(id)"
    window = (
        f"ORDER BY id {TO_END} {NEXT} SEEK PATTERN (A) DEFINE A AS A.id % 100 = 0 AND PREV(A.id) IS NOT NULL"
    )
    assert ask(
        f"SELECT count(*) FROM (SELECT count(*) OVER w AS n {rows} WINDOW w AS ({window})) WHERE n = 1"
    )[0] == [["199"]]
    assert len(tried) < 450


def test_windows_stand_beside_each_other_and_start_from_others(ask: Ask) -> None:
    sql = (
        "SELECT id, m OVER v, m OVER u, sum(id) OVER (b ROWS 1 PRECEDING), array_agg(id) OVER v, m OVER "
        f"(b MEASURES FIRST(id) AS m {FALLS}) {VALUES} WINDOW b AS (ORDER BY id), "
        f"v AS (b MEASURES LAST(id) AS m {FALLS}), u AS (ORDER BY id DESC MEASURES LAST(id) AS m {FALLS})"
    )
    rows = found(ask, sql)
    assert rows["4"] == ["5", "3", "7", "[4, 5]", "4"]
    assert rows["6"] == [None, "5", "11", None, None]


def test_names_of_measures_are_their_windows_own(ask: Ask) -> None:
    window = f"ORDER BY id MEASURES LAST(id) AS value, 1 AS m {FALLS}"
    sql = f'SELECT id, value OVER w, "M" OVER w, value {VALUES} WINDOW w AS ({window})'
    assert found(ask, sql)["1"] == ["3", "1", "90"]


def test_measures_order_rows_and_stand_in_expressions(ask: Ask) -> None:
    window = f"WINDOW w AS (ORDER BY id MEASURES CLASSIFIER() AS m {FALLS})"
    assert ask(f"SELECT id {VALUES} {window} ORDER BY m OVER w, id DESC LIMIT 3")[0] == [["4"], ["1"], ["6"]]
    assert ask(f"SELECT DISTINCT lower(m OVER w) AS m {VALUES} {window} ORDER BY m")[0] == [["b"], [None]]
    assert ask(f"SELECT count(*) {VALUES} WHERE id IN (SELECT count(*) OVER w {VALUES} {window})")[0] == [
        ["2"]
    ]


def test_a_window_sees_the_rows_after_where_and_joins(ask: Ask) -> None:
    joined = VALUES + " JOIN (VALUES 1, 2, 3, 4) u(other) ON id = other + 1 WHERE id <> 3"
    window = f"ORDER BY t.id MEASURES array_agg(other) AS m {FALLS}"
    sql = f"SELECT id, m OVER w, u.* {joined} WINDOW w AS ({window})"
    assert sorted(ask(sql)[0]) == [["2", None, "1"], ["4", "[3, 4]", "3"], ["5", None, "4"]]


def test_a_window_of_a_grouped_query_sees_its_groups(ask: Ask) -> None:
    sql = (
        f"SELECT t.value AS v, sum(id), m OVER w, sum(count(*)) OVER w {VALUES} "
        "GROUP BY value HAVING sum(id) > 1 WINDOW w AS (PARTITION BY count(*) ORDER BY sum(id) DESC "
        "MEASURES LAST(value) AS m "
        f"{TO_END} PATTERN (A B*) DEFINE B AS B.value > 75) ORDER BY sum(id), v"
    )
    assert ask(sql)[0] == [["80", "6", None, None], ["100", "6", "100", "1"], ["70", "8", "80", "4"]]
    window = f"ORDER BY value + 1 MEASURES LAST(value + 1) AS m {TO_END} PATTERN (A+) DEFINE A AS true"
    keyed = f"GROUP BY 1 WINDOW w AS ({window}) ORDER BY 1 LIMIT 2"
    assert ask(f"SELECT value + 1, m OVER w {VALUES} {keyed}")[0] == [
        ["71", "101"],
        ["81", None],
    ]


def test_aggregates_in_a_window_without_a_name_make_the_query_grouped(ask: Ask) -> None:
    window = f"(MEASURES count(*) AS m {TO_END} PATTERN (A+) DEFINE A AS true)"
    assert ask(f"SELECT m OVER {window} {VALUES}")[0] == [["1"]]
    with pytest.raises(QueryFailed, match="EXPRESSION_NOT_AGGREGATE: line 1:8: 'id' must be an aggregate"):
        ask(f"SELECT id, m OVER {window} {VALUES}")


def test_aggregates_of_measures_count_so_many_rows_at_most(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windowing, "MOST_COUNTED", 10)
    window = f"ORDER BY id MEASURES count(*) AS m {TO_END} {NEXT} PATTERN (A+) DEFINE A AS true"
    with pytest.raises(
        QueryFailed, match="EXCEEDED_MEMORY_LIMIT: The aggregates of row pattern measures count"
    ):
        ask(over("m OVER w", window))
    assert found(ask, over("count(*) OVER w", window.replace("MEASURES count(*) AS m ", "")))["1"] == ["6"]
