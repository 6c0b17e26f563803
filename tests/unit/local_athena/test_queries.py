"""Query shapes: scopes, joins, grouping, windows, set operations, WITH, UNNEST."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaApiError, QueryFailed
from tests.unit.local_athena.conftest import Ask

QUERIES = [
    ("SELECT a, count(*) FROM (VALUES (1, 2), (1, 3)) t(a, b) GROUP BY 1", [["1", "2"]]),
    ("SELECT a FROM (VALUES 2, NULL, 1) t(a) ORDER BY a", [["1"], ["2"], [None]]),
    ("SELECT a FROM (VALUES 2, NULL, 1) t(a) ORDER BY a DESC", [["2"], ["1"], [None]]),
    ("SELECT a * -2 AS a FROM (VALUES -1, 0, 2) t(a) ORDER BY a + t.a", [["-4"], ["0"], ["2"]]),
    ("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT sum(n) FROM t", [["6"]]),  # noqa: E501
    ("SELECT u, o FROM (VALUES 1) CROSS JOIN UNNEST(ARRAY['x', 'y']) WITH ORDINALITY AS k(u, o)",
     [["x", "1"], ["y", "2"]]),
    ("SELECT l.a, r.b FROM (VALUES 1, 2) l(a) LEFT JOIN (VALUES (2, 'x')) r(a, b) ON l.a = r.a ORDER BY 1",
     [["1", None], ["2", "x"]]),
    ("SELECT a, b FROM (VALUES (1, 2)) l(a, b) JOIN (VALUES (1, 3)) r(a, c) USING (a)", [["1", "2"]]),
    ("SELECT a FROM (VALUES 1, 2, 3) t(a) WHERE a IN (SELECT b FROM (VALUES 2, 3) s(b) WHERE b > a - 1) ORDER BY 1",  # noqa: E501
     [["2"], ["3"]]),
    ("SELECT a, rank() OVER (ORDER BY a DESC) FROM (VALUES 1, 5) t(a) ORDER BY 1", [["1", "2"], ["5", "1"]]),
    ("SELECT x, sum(y) FROM (VALUES (1, 2), (3, 4)) t(x, y) GROUP BY ROLLUP (x) ORDER BY 1",
     [["1", "2"], ["3", "4"], [None, "6"]]),
    ("SELECT 1 UNION SELECT 1 UNION ALL SELECT 2.5", [["1.0"], ["2.5"]]),
    ("SELECT avg(a), sum(a) FROM (VALUES DECIMAL '1.00', DECIMAL '2.01') t(a)", [["1.51", "3.01"]]),
    ("SELECT count(DISTINCT a) FILTER (WHERE a > 1) FROM (VALUES 1, 2, 2) t(a)", [["1"]]),
    ("SELECT listagg(a, ',') WITHIN GROUP (ORDER BY a DESC) FROM (VALUES 'a', 'b') t(a)", [["b,a"]]),
    ("SELECT * FROM (VALUES (1, 'x')) AS t(A, \"B\") LIMIT 1", [["1", "x"]]),
    ("SELECT sequential_number FROM TABLE(sequence(start => 3, stop => 1, step => -2))", [["3"], ["1"]]),
    ("SELECT t.n FROM TABLE(sequence(0, 1)) AS t(n) ORDER BY 1", [["0"], ["1"]]),
    ("WITH c AS (SELECT 1 AS a) SELECT d.b FROM (c) AS d(b)", [["1"]]),
    ("SELECT X'68 65  6c'", [["68 65 6c"]]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "rows"), QUERIES, ids=[row[0][:60] for row in QUERIES])
def test_a_query_gives_trinos_rows(ask: Ask, sql: str, rows: list[list[str | None]]) -> None:
    assert ask(sql)[0] == rows


REFUSED = (
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT read_text('/etc/passwd')",
    "SELECT getenv('HOME')",
    "SELECT current_setting('memory_limit')",
    "COPY (SELECT 1) TO 'x'",
    "ATTACH 'x'",
    "INSTALL httpfs",
    "SET memory_limit = '1GB'",
    "PRAGMA version",
)


@pytest.mark.parametrize("sql", REFUSED)
def test_sql_reaches_nothing_but_the_catalog(ask: Ask, sql: str) -> None:
    with pytest.raises((QueryFailed, AthenaApiError)) as raised:
        ask(sql)
    assert "root:" not in str(raised.value)


@pytest.mark.parametrize(
    ("call", "name", "message"),
    [
        ("sequence(start => 1)", "MISSING_ARGUMENT", "line 1:21: Missing argument: STOP"),
        ("sequence(1, 3, 0)", "INVALID_FUNCTION_ARGUMENT", "Step must be positive for sequence [1, 3]"),
        ("sequence(stop => 1, size => 3)", "INVALID_FUNCTION_ARGUMENT", "Unexpected argument name: SIZE"),
        ("sequence(stop => 'x')", "TYPE_MISMATCH", "Argument STOP should be a constant bigint"),
        ("read_csv('x')", "FUNCTION_NOT_FOUND", "Table function 'read_csv' not registered"),
    ],
)
def test_table_functions_are_checked(ask: Ask, call: str, name: str, message: str) -> None:
    with pytest.raises(QueryFailed) as raised:
        ask(f"SELECT * FROM TABLE({call})")
    assert raised.value.name == name
    assert message in str(raised.value)


def test_group_by_is_checked(ask: Ask) -> None:
    with pytest.raises(QueryFailed, match="EXPRESSION_NOT_AGGREGATE"):
        ask("SELECT a, b FROM (VALUES (1, 2)) t(a, b) GROUP BY a")


def test_a_name_that_two_tables_have_is_ambiguous(ask: Ask) -> None:
    with pytest.raises(QueryFailed, match="Column 'a' is ambiguous"):
        ask("SELECT a FROM (VALUES 1) x(a), (VALUES 2) y(a)")


TWO_ZONES = "(VALUES TIMESTAMP '2020-01-01 02:00 +02:00', TIMESTAMP '2020-01-01 00:00 UTC') t(a)"
ONE_INSTANT = [
    ("SELECT count(DISTINCT a), approx_distinct(a), count(a) FROM", [["1", "1", "2"]]),
    ("SELECT DISTINCT a FROM", [["2020-01-01 02:00:00 +02:00"]]),
    ("SELECT count(*) OVER (PARTITION BY a) FROM", [["2"], ["2"]]),
    ("SELECT TIMESTAMP '2020-01-01 00:00 UTC' UNION SELECT a FROM", [["2020-01-01 00:00:00 UTC"]]),
    ("SELECT TIMESTAMP '2020-01-01 00:00 UTC' INTERSECT SELECT a FROM", [["2020-01-01 00:00:00 UTC"]]),
    ("SELECT TIMESTAMP '2020-01-01 00:00 UTC' EXCEPT SELECT a FROM", []),
    ("SELECT array_distinct(array_agg(a)) FROM", [["[2020-01-01 02:00:00 +02:00]"]]),
    ("SELECT count(*) FROM (VALUES TIMESTAMP '2020-01-01 01:00 +01:00') b(a) JOIN", [["2"]]),
]


@pytest.mark.parametrize(("sql", "rows"), ONE_INSTANT, ids=[row[0] for row in ONE_INSTANT])
def test_one_instant_in_two_zones_is_one_value(ask: Ask, sql: str, rows: list[list[str | None]]) -> None:
    assert ask(f"{sql} {TWO_ZONES}" + (" USING (a)" if "JOIN" in sql else ""))[0] == rows


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT count(*) FROM {TWO_ZONES} GROUP BY a",
        f"SELECT count(*) FROM {TWO_ZONES} GROUP BY a HAVING count(*) > 1",
        f"SELECT count(*) FROM {TWO_ZONES} GROUP BY ROLLUP (a)",
        f"SELECT count(DISTINCT ARRAY[a]) FROM {TWO_ZONES}",
    ],
)
def test_groups_that_would_split_one_instant_are_refused(ask: Ask, sql: str) -> None:
    with pytest.raises(QueryFailed, match="NOT_SUPPORTED"):
        ask(sql)


def test_group_by_distinct_takes_each_grouping_set_once(ask: Ask) -> None:
    rows = ask("SELECT a, count(*) FROM (VALUES 1) t(a) GROUP BY DISTINCT ROLLUP (a, t.a)")[0]
    assert sorted(rows, key=str) == [["1", "1"], [None, "1"]]


def test_a_zone_that_is_the_same_everywhere_groups(ask: Ask) -> None:
    sql = "SELECT a, count(*) FROM (VALUES from_unixtime(0), from_unixtime(0)) t(a) GROUP BY 1"
    assert ask(f"{sql} HAVING count(*) > 1")[0] == [["1970-01-01 00:00:00.000 UTC", "2"]]


FORMS = [
    ("SELECT listagg(DISTINCT v, ',') WITHIN GROUP (ORDER BY v DESC) FROM (VALUES 'a', 'b', 'a') t(v)",
     [["b,a"]]),
    ("SELECT k, n, t FROM (VALUES 1, 2) a(k) LEFT JOIN LATERAL (SELECT max(x), true FROM (VALUES 2) b(x) "
     "WHERE x <= k) c(n, t) ON true", [["1", None, "true"], ["2", "2", "true"]]),
    ("SELECT 1 IN (VALUES 2, 1)", [["true"]]),
    ("SELECT U&'d!0061t!+000061!!' UESCAPE '!', U&'\\00e1'", [["data!", "á"]]),
    ("SELECT NULL > ALL (VALUES 0, 1)", [[None]]),
    ("SELECT ROW(0) IN (VALUES ROW(1), ROW(NULL))", [[None]]),
    ("SELECT ROW(1, 2) IN (SELECT BIGINT '1', BIGINT '2')", [["true"]]),
    ("SELECT (SELECT 1 AS a, 2 AS b WHERE false)", [["{a=null, b=null}"]]),
    ("SELECT (ROW(1, 'x')).* AS (n, t)", [["1", "x"]]),
    ("SELECT t.r.* FROM (VALUES ROW(ROW(1, 'a'))) t(r) GROUP BY r", [["1", "a"]]),
    ('SELECT "sum"("x") FROM (VALUES 1, 2) t(x)', [["3"]]),
    ("SELECT * FROM ((SELECT 1 AS x) a JOIN (VALUES 1) b(y) ON x = y) JOIN (VALUES 1) c(z) ON z = y",
     [["1", "1", "1"]]),
    ("SELECT x FROM (VALUES 1, 2, 2, 3) t(x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES", [["1"], ["2"], ["2"]]),
    ("SELECT * FROM (VALUES ARRAY[1, 2], ARRAY[3]) t(a) JOIN LATERAL (SELECT * FROM UNNEST(a)) ON true",
     [["[1, 2]", "1"], ["[1, 2]", "2"], ["[3]", "3"]]),
    ("SELECT a, x, n FROM (VALUES ARRAY[], ARRAY[7]) t(a) "
     "LEFT JOIN UNNEST(a) WITH ORDINALITY u(x, n) ON TRUE",
     [["[7]", "7", "1"], ["[]", None, None]]),
    ("SELECT * FROM (VALUES 1, null) t(a) RIGHT JOIN LATERAL (VALUES 9) u(b) ON a < b",
     [["1", "9"], [None, "9"]]),
    ("WITH RECURSIVE t(n) AS (VALUES 1, 1 UNION SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t ORDER BY n",
     [["1"], ["2"], ["3"]]),
    ("SELECT count(*) FROM (VALUES 1, 2) t(x) TABLESAMPLE BERNOULLI (100)", [["2"]]),
    ("SELECT * FROM (VALUES 1, 1, 2 EXCEPT VALUES 2) t(x)", [["1"]]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "rows"), FORMS)
def test_a_form_of_query_answers_as_trino_does(ask: Ask, sql: str, rows: list[list[str | None]]) -> None:
    assert sorted(ask(sql)[0], key=str) == sorted(rows, key=str)


REFUSED = [
    ("SELECT a, b FROM (VALUES (1, 2)) t(a, b) GROUP BY a",
     "EXPRESSION_NOT_AGGREGATE: line 1:11: 'b' must be an aggregate expression or appear in GROUP BY clause"),
    ("SELECT max(sum(a)) FROM (VALUES 1) t(a)", "NESTED_AGGREGATION: line 1:8: Cannot nest"),
    ("SELECT a FROM (VALUES 1) t(a) WHERE count(*) > 0", "EXPRESSION_NOT_SCALAR: line 1:37: WHERE"),
    ("SELECT DISTINCT a FROM (VALUES (1, 2)) t(a, b) ORDER BY b",
     "EXPRESSION_NOT_IN_DISTINCT: line 1:57: For SELECT DISTINCT, ORDER BY expressions"),
    ("SELECT ntile(0) OVER (ORDER BY x) FROM (VALUES 1) t(x)", "Buckets must be greater than 0"),
    ("SELECT * FROM (VALUES 1) t(x) LEFT JOIN (VALUES 1) u(y) ON y IN (VALUES u.y)",
     "Correlated subquery in given context is not supported"),
    ("SELECT sum(x) OVER (ORDER BY x ROWS BETWEEN n PRECEDING AND CURRENT ROW) FROM (VALUES (1, -1)) t(x, n)",
     "Window frame offset value must not be negative or null"),
    ("WITH RECURSIVE t(n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM t) SELECT * FROM t",
     r"NOT_SUPPORTED: Recursion depth limit exceeded \(10\)"),
    ("SELECT * FROM (VALUES ARRAY[1]) t(a) LEFT JOIN UNNEST(a) u(x) ON x = 1",
     "LEFT JOIN involving UNNEST is only supported with condition ON TRUE"),
    ("SELECT 1 FETCH FIRST ROW WITH TIES", "MISSING_ORDER_BY"),
    ("SELECT 1 FETCH FIRST 0 ROWS ONLY", "FETCH FIRST row count must be positive"),
    ("SELECT U&'\\00'", "Incomplete escape sequence"),
    ("SELECT (SELECT count(*) FROM (VALUES 1) u(y) GROUP BY x) FROM (VALUES 1) t(x)",
     "Grouping field 'x' should originate from this query"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "reason"), REFUSED)
def test_a_query_that_is_refused_says_why(ask: Ask, sql: str, reason: str) -> None:
    with pytest.raises(QueryFailed, match=reason):
        ask(sql)


NOT_TRINO = ("SELECT 1__0", "SELECT CHAR(5) 'x'")


@pytest.mark.parametrize("sql", NOT_TRINO)
def test_what_the_parser_would_read_otherwise_is_refused(ask: Ask, sql: str) -> None:
    with pytest.raises(AthenaApiError, match=r"line 1:\d+"):
        ask(sql)
