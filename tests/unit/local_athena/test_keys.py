"""What counts as one value, what sorts before what, and the subqueries that DuckDB would answer otherwise."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

TWO_ORDERS = "(VALUES MAP(ARRAY[1, 2], ARRAY[3, 4]), MAP(ARRAY[2, 1], ARRAY[4, 3])) t(m)"
ONE_MAP = [
    (f"SELECT DISTINCT m FROM {TWO_ORDERS}", [["{1=3, 2=4}"]]),
    (f"SELECT m, count(*) FROM {TWO_ORDERS} GROUP BY m", [["{1=3, 2=4}", "2"]]),
    (f"SELECT cardinality(m), count(*) FROM {TWO_ORDERS} GROUP BY m HAVING m[1] = 3", [["2", "2"]]),
    (f"SELECT count(DISTINCT m), cardinality(array_agg(DISTINCT m)) FROM {TWO_ORDERS}", [["1", "1"]]),
    (f"SELECT count(*) OVER (PARTITION BY m) FROM {TWO_ORDERS}", [["2"], ["2"]]),
    (f"SELECT m FROM {TWO_ORDERS} UNION SELECT m FROM {TWO_ORDERS}", [["{1=3, 2=4}"]]),
    (f"SELECT m FROM {TWO_ORDERS} EXCEPT SELECT MAP(ARRAY[2, 1], ARRAY[4, 3])", []),
    (f"SELECT count(*) FROM {TWO_ORDERS} GROUP BY ARRAY[1]", [["2"]]),
    (f"SELECT DISTINCT r FROM (SELECT ROW(1, ARRAY[m]) FROM {TWO_ORDERS}) s(r)",
     [["{field0=1, field1=[{1=3, 2=4}]}"]]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "rows"), ONE_MAP)
def test_a_map_is_one_value_whatever_the_order_of_its_entries(
    ask: Ask, sql: str, rows: list[list[str | None]]
) -> None:
    assert ask(sql)[0] == rows


FLOATS = "SELECT x FROM (VALUES nan(), 1e0, NULL, 0e0) t(x) ORDER BY x"
SORTED = [
    (FLOATS, ["0.0", "1.0", "NaN", None]),
    (f"{FLOATS} DESC", ["NaN", "1.0", "0.0", None]),
    (f"{FLOATS} NULLS FIRST", [None, "NaN", "0.0", "1.0"]),
    (f"{FLOATS} DESC NULLS FIRST", [None, "1.0", "0.0", "NaN"]),
    ("SELECT x FROM (VALUES ARRAY[1, 2], ARRAY[1], NULL) t(x) ORDER BY x", ["[1]", "[1, 2]", None]),
    ("SELECT x FROM (VALUES ARRAY[1], ARRAY[NULL], NULL) t(x) ORDER BY x DESC", ["[null]", "[1]", None]),
]


@pytest.mark.parametrize(("sql", "values"), SORTED)
def test_values_sort_as_trino_sorts_them(ask: Ask, sql: str, values: list[str | None]) -> None:
    assert [row[0] for row in ask(sql)[0]] == values


OUTER = "SELECT * FROM (VALUES 1, 2) t(x) {} JOIN (VALUES 1, 3) u(y) ON {}"
JOINS = [
    ("FULL", "x IN (VALUES 1)", [["1", "1"], ["1", "3"], ["2", None]]),
    ("LEFT", "y IN (VALUES 3) AND x < (SELECT max(a) FROM (VALUES 2) v(a))", [["1", "3"], ["2", None]]),
    ("RIGHT", "x + y IN (VALUES 4, 5)", [["1", "3"], ["2", "3"], [None, "1"]]),
    ("LEFT", "x = y AND NOT EXISTS (SELECT 1 WHERE false)", [["1", "1"], ["2", None]]),
]


@pytest.mark.parametrize(("side", "on", "rows"), JOINS)
def test_an_outer_join_may_have_a_subquery_in_its_condition(
    ask: Ask, side: str, on: str, rows: list[list[str | None]]
) -> None:
    assert sorted(ask(OUTER.format(side, on))[0], key=str) == rows


OF_ONE_ROW = "FROM (SELECT sum(b) AS s FROM (VALUES 1) u(b) WHERE b = a)"


def test_a_correlated_aggregation_of_nothing_still_has_its_row(ask: Ask) -> None:
    sql = f"SELECT (SELECT coalesce(s, 5) {OF_ONE_ROW}), EXISTS (SELECT 1 {OF_ONE_ROW} WHERE s IS NULL)"
    assert ask(f"{sql} FROM (VALUES 1, 2) t(a)")[0] == [["1", "false"], ["5", "true"]]


WINDOWS = [
    ("avg(v) OVER (ORDER BY k)", ["9.223372036854776E18", "4.611686018427388E18", "0.0"]),
    ("sum(v) OVER (ORDER BY k ROWS 1 PRECEDING)", "bigint addition overflow"),
    ("sum(v - 1) OVER (ORDER BY k)", ["9223372036854775806", "9223372036854775806", "-2"]),
    ("count(*) OVER (w RANGE 1 PRECEDING)", ["1", "2", "2"]),
]


@pytest.mark.parametrize(("call", "answer"), WINDOWS)
def test_a_window_adds_up_as_trino_does(ask: Ask, call: str, answer: list[str] | str) -> None:
    high = 2**63 - 1
    sql = f"SELECT {call} FROM (VALUES (1, {high}), (2, 1), (3, -{high})) t(k, v) WINDOW w AS (ORDER BY k)"
    if isinstance(answer, list):
        assert [row[0] for row in ask(sql)[0]] == answer
        return
    with pytest.raises(QueryFailed, match=answer):
        ask(sql)


REFUSED = [
    ("SELECT x FROM (VALUES ARRAY[1, NULL]) t(x) ORDER BY x NULLS FIRST", "values with NULL inside"),
    (f"SELECT count(*) FROM {TWO_ORDERS} GROUP BY map_filter(m, (k, v) -> k > 0)", "a map that is no column"),
    (f"SELECT (SELECT true {OF_ONE_ROW}) FROM (VALUES 1, 2) t(a)", "returns none of its values"),
    ("SELECT * FROM (VALUES 1) t(x) LEFT JOIN (VALUES 1) u(y) ON x + y > ALL (VALUES 1)", "of both sides"),
]


@pytest.mark.parametrize(("sql", "reason"), REFUSED)
def test_what_would_be_answered_wrongly_is_refused(ask: Ask, sql: str, reason: str) -> None:
    with pytest.raises(QueryFailed, match=f"NOT_SUPPORTED.*{reason}"):
        ask(sql)


UNNESTED = [
    ("SELECT c FROM (VALUES ('a', ARRAY[1, 2])) t(id, val) JOIN LATERAL (SELECT id || cast(x AS varchar) "
     "FROM UNNEST(val) u(x)) v(c) ON TRUE ORDER BY c", [["a1"], ["a2"]]),
    ("SELECT (VALUES b) FROM (VALUES 2) t(b)", [["2"]]),
    ("SELECT x, sum(x) OVER v FROM (VALUES 1, 3) t(x) WINDOW w AS (PARTITION BY x % 2), v AS (w ORDER BY x)",
     [["1", "1"], ["3", "4"]]),
    ("SELECT a AS b, 2 AS a FROM (VALUES 1, 2, 4) t(a) WINDOW w AS (ORDER BY a) "
     "ORDER BY count(*) OVER (w RANGE BETWEEN CURRENT ROW AND a FOLLOWING), 1",
     [["4", "2"], ["1", "2"], ["2", "2"]]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "rows"), UNNESTED)
def test_names_mean_what_they_mean_where_they_stand(ask: Ask, sql: str, rows: list[list[str | None]]) -> None:
    assert ask(sql)[0] == rows


def test_coalesce_reads_no_text_that_a_function_has_let_go_of(ask: Ask) -> None:
    names = [f"a{n} is long enough to be kept elsewhere" for n in range(3)]
    listed = ", ".join(f"'{name}'" for name in names)
    rows = ask(f"SELECT coalesce(regexp_replace(x, 'a', 'b'), 'none') FROM (VALUES {listed}, NULL) t(x)")[0]
    assert [row[0] for row in rows] == [*(name.replace("a", "b") for name in names), "none"]


UNORDERED = (
    "greatest(rgb(255, 0, 0))",
    "max(x) FROM (VALUES MAP(ARRAY[1], ARRAY[2])) t(x)",
    "x FROM (VALUES JSON '1') t(x) ORDER BY x",
    "max_by(1, x) FROM (VALUES JSON '1') t(x)",
    "ROW(JSON '1') < ROW(JSON '2')",
)


@pytest.mark.parametrize("expression", UNORDERED)
def test_what_has_no_order_is_not_sorted(ask: Ask, expression: str) -> None:
    with pytest.raises(QueryFailed, match=r"TYPE_MISMATCH|FUNCTION_NOT_FOUND"):
        ask(f"SELECT {expression}")
