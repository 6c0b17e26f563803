"""MATCH_RECOGNIZE as a query says it: rows, columns, types and errors."""

from __future__ import annotations

import threading

import pytest

from local_athena.engine.stopping import Stop, stoppable
from local_athena.errors import QueryCancelled, QueryFailed
from local_athena.patterns import counted, ranges
from tests.unit.local_athena.conftest import Ask

PRICES = """(VALUES
    ('ana', 1, 90), ('ana', 2, 80), ('ana', 3, 70), ('ana', 4, 85), ('ana', 5, 95), ('ana', 6, 60),
    ('leo', 1, 10), ('leo', 2, 20), ('leo', 3, NULL), ('leo', 4, 15), ('leo', 5, 30)) AS t(who, day, price)"""
ANY = "PATTERN (A) DEFINE A AS true"
V_SHAPE = "PATTERN (A B+ C+) DEFINE B AS price < PREV(price), C AS price > PREV(price)"


def matched(clauses: str, relation: str = PRICES) -> str:
    """The query of everything that MATCH_RECOGNIZE gives."""
    return f"SELECT * FROM {relation} MATCH_RECOGNIZE ({clauses})"


@pytest.mark.parametrize(
    ("clauses", "rows"),
    [
        (
            f"PARTITION BY who ORDER BY day MEASURES FIRST(day) AS a, LAST(day) AS z {V_SHAPE}",
            [["ana", "1", "5"]],
        ),
        (
            "PARTITION BY who ORDER BY day DESC MEASURES day AS last, count(*) AS n PATTERN "
            "(A+) DEFINE A AS true",
            [["ana", "1", "6"], ["leo", "1", "5"]],
        ),
        (
            "ORDER BY who, day MEASURES MATCH_NUMBER() AS no, sum(B.price) AS s, count(B.*) "
            "AS n, avg(price) AS m "
            "PATTERN (A B B) DEFINE A AS true",
            [["1", "150", "2", "80.0"], ["2", "155", "2", "80.0"], ["3", "20", "2", "15.0"]],
        ),
        (
            "PARTITION BY who ORDER BY day MEASURES coalesce(PREV(price), 0) AS before, "
            "NEXT(FIRST(price), 1) AS second, LAST(price, 1) AS but_last PATTERN (A A) DEFINE A AS day <= 2",
            [["ana", "90", "80", "90"], ["leo", "10", "20", "10"]],
        ),
        (
            "PARTITION BY who ORDER BY day MEASURES CLASSIFIER(U) AS u, array_agg(CLASSIFIER()) AS l "
            "AFTER MATCH SKIP TO LAST D PATTERN (A (B | C) D) SUBSET U = (B, C) DEFINE B AS price < 75, "
            "D AS PREV(CLASSIFIER()) = 'C' OR MATCH_NUMBER() > 1",
            [
                ["ana", "C", "[A, C, D]"],
                ["ana", "C", "[A, C, D]"],
                ["leo", "C", "[A, C, D]"],
                ["leo", "B", "[A, B, D]"],
            ],
        ),
    ],
)
def test_one_row_shows_each_match(ask: Ask, clauses: str, rows: list[list[str | None]]) -> None:
    assert sorted(ask(matched(clauses))[0], key=str) == sorted(rows, key=str)


@pytest.mark.parametrize(
    ("rows_per_match", "days"),
    [
        (
            "ALL ROWS PER MATCH",
            [
                ("1", "1", None),
                ("2", "2", "B"),
                ("3", "2", "B"),
                ("4", "3", None),
                ("5", "4", None),
                ("6", "5", "B"),
            ],
        ),
        ("ALL ROWS PER MATCH OMIT EMPTY MATCHES", [("2", "2", "B"), ("3", "2", "B"), ("6", "5", "B")]),
    ],
)
def test_empty_matches_are_shown_unless_they_are_omitted(
    ask: Ask, rows_per_match: str, days: list[tuple[str, str, str | None]]
) -> None:
    clauses = f"ORDER BY day MEASURES MATCH_NUMBER() AS n, CLASSIFIER() AS c {rows_per_match} "
    sql = matched(clauses + "PATTERN (B*) DEFINE B AS price < PREV(price)")
    one = sql.replace(PRICES, f"(SELECT * FROM {PRICES} WHERE who = 'ana')")
    assert [(row[0], row[1], row[2]) for row in ask(one)[0]] == days


def test_rows_without_a_match_have_no_measures(ask: Ask) -> None:
    clauses = "PARTITION BY who ORDER BY day MEASURES 'x' AS x, count(*) AS n, MATCH_NUMBER() AS no "
    shown = "ALL ROWS PER MATCH WITH UNMATCHED ROWS PATTERN (A B) DEFINE B AS price > 2 * PREV(price)"
    rows = ask(matched(clauses + shown).replace("(VALUES", "(VALUES ('leo', 0, 4), "))[0]
    assert [row[:5] for row in rows if row[0] == "leo"] == [
        ["leo", "0", "x", "1", "1"],
        ["leo", "1", "x", "2", "1"],
        ["leo", "2", None, None, None],
        ["leo", "3", None, None, None],
        ["leo", "4", None, None, None],
        ["leo", "5", None, None, None],
    ]
    assert {tuple(row[2:5]) for row in rows if row[0] == "ana"} == {(None, None, None)}


def test_running_and_final_differ_row_by_row(ask: Ask) -> None:
    clauses = (
        "PARTITION BY who ORDER BY day MEASURES RUNNING sum(price) AS r, FINAL sum(price) AS f, "
        "LAST(B.day) AS l, FINAL LAST(B.day) AS fl, FINAL LAST(CLASSIFIER()) AS fc ALL ROWS PER MATCH "
    )
    rows = ask(matched(clauses + "PATTERN (A {- B+ -} C) DEFINE A AS day = 1, B AS day < 4, C AS day = 4"))[0]
    assert rows == [
        ["ana", "1", "90", "325", None, "3", "C", "90"],
        ["ana", "4", "325", "325", "3", "3", "C", "85"],
        ["leo", "1", "10", "45", None, "3", "C", "10"],
        ["leo", "4", "45", "45", "3", "3", "C", "15"],
    ]


def test_columns_come_in_trinos_order_with_their_types(ask: Ask) -> None:
    relation = (
        "(SELECT 1 AS id, 'x' AS g, DECIMAL '1.50' AS d, UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59' AS u)"
    )
    clauses = "PARTITION BY g ORDER BY id MEASURES d + 1 AS m, u AS v ALL ROWS PER MATCH " + ANY
    rows, types = ask(matched(clauses, relation))
    uuid = "12151fd2-7586-11e9-8f9e-2a86e4085a59"
    assert rows == [["x", "1", "2.50", uuid, "1.50", uuid]]
    assert types[:2] == ["varchar(1)", "integer"]
    assert types[3:] == ["uuid", "decimal(3,2)", "uuid"]
    assert ask(
        f"SELECT m.a, m.b FROM {relation} MATCH_RECOGNIZE (PARTITION BY g MEASURES id AS i PATTERN (A) "
        "DEFINE A AS true) AS m(a, b)"
    )[0] == [["x", "1"]]


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        (
            f"WITH p AS (SELECT * FROM {PRICES}), v AS (SELECT * FROM p MATCH_RECOGNIZE ("
            f"PARTITION BY who ORDER BY day MEASURES LAST(day) AS z {V_SHAPE})) SELECT "
            "p.price FROM v JOIN p ON p.who = v.who AND p.day = v.z",
            [["95"]],
        ),
        (
            f"SELECT * FROM (SELECT * FROM {PRICES} MATCH_RECOGNIZE (PARTITION BY who ORDER BY day MEASURES "
            "count(*) AS n PATTERN (A+) DEFINE A AS price > 0)) MATCH_RECOGNIZE (ORDER BY n "
            "MEASURES array_agg(n) AS a "
            "PATTERN (X+) DEFINE X AS true)",
            [["[2, 2, 6]"]],
        ),
        (
            "SELECT who FROM (VALUES 'ana', 'eva') AS x(who) WHERE who IN (SELECT who FROM "
            f"{PRICES} MATCH_RECOGNIZE ("
            f"PARTITION BY who ORDER BY day {V_SHAPE}))",
            [["ana"]],
        ),
        (
            f"SELECT count(*) FROM {PRICES} MATCH_RECOGNIZE (PARTITION BY who PATTERN (A) "
            "DEFINE A AS false) AS a "
            "CROSS JOIN (VALUES 1) AS b(x)",
            [["0"]],
        ),
        (
            "SELECT * FROM (SELECT 1 AS x WHERE false) MATCH_RECOGNIZE (MEASURES x AS y "
            "PATTERN (A) DEFINE A AS true)",
            [],
        ),
    ],
)
def test_it_stands_wherever_a_relation_does(ask: Ask, sql: str, rows: list[list[str | None]]) -> None:
    assert ask(sql)[0] == rows


SERIES = """(SELECT i / 20 AS part, i AS id, (i * 7919) % 101 AS v FROM
    (SELECT x * 20 + y AS i FROM UNNEST(sequence(0, 2)) AS a(x)
        CROSS JOIN UNNEST(sequence(0, 19)) AS b(y)))"""
REACHING = [
    "PATTERN (A B+ C*) DEFINE B AS v < A.v, C AS v > LAST(B.v)",
    "PATTERN (A (B | C)+) SUBSET U = (B, C) DEFINE B AS v > PREV(v), C AS v < LAST(U.v, 1) OR v > FIRST(B.v)",
    "PATTERN (A B* C) DEFINE B AS sum(B.v) < 150, C AS v > avg(B.v) AND count(*) > 2",
    "PATTERN (A B* C) DEFINE B AS v <> NEXT(A.v, 2), C AS PREV(LAST(B.v), 1) > v AND MATCH_NUMBER() < 100",
    "PATTERN ((A | B){3} X) DEFINE A AS v % 2 = 0, X AS array_agg(CLASSIFIER())[1] = 'B' AND v > 50",
]


@pytest.mark.parametrize("partition", ["", "PARTITION BY part"])
@pytest.mark.parametrize("pattern", REACHING)
def test_computing_ahead_changes_nothing(
    ask: Ask, pattern: str, partition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    measures = (
        "MEASURES MATCH_NUMBER() AS n, CLASSIFIER() AS c ALL ROWS PER MATCH AFTER MATCH SKIP PAST LAST ROW "
    )
    sql = matched(f"{partition} ORDER BY id {measures}{pattern}", SERIES)
    guessed = ask(sql)[0]
    monkeypatch.setattr(ranges, "FIRST_AHEAD", 1)
    monkeypatch.setattr(ranges, "MOST_AHEAD", 1)
    monkeypatch.setattr(counted, "MOST_ROWS", 0)
    assert len(guessed) > 3
    assert ask(sql)[0] == guessed


def test_an_error_in_a_row_that_is_not_tried_fails_nothing(ask: Ask) -> None:
    clauses = "ORDER BY id MEASURES count(*) AS n PATTERN (^ A B) DEFINE B AS 100 / (id - 2) > A.id"
    assert ask(matched(clauses, "(VALUES 0, 5, 2, 3) AS t(id)").replace("ORDER BY id", ""))[0] == [["2"]]
    with pytest.raises(QueryFailed, match="DIVISION_BY_ZERO"):
        ask(matched(clauses, "(VALUES 1, 2) AS t(id)"))


@pytest.mark.parametrize(
    ("clauses", "problem"),
    [
        (
            "AFTER MATCH SKIP TO A PATTERN (A B) DEFINE A AS true",
            "GENERIC_USER_ERROR: AFTER MATCH SKIP failed: cannot skip to first row of match",
        ),
        (
            "AFTER MATCH SKIP TO B PATTERN (A B?) DEFINE B AS false",
            "GENERIC_USER_ERROR: AFTER MATCH SKIP failed: pattern variable is not present in match",
        ),
        (
            "PATTERN (A) DEFINE A AS price",
            r"TYPE_MISMATCH: line 3:.*must be boolean \(actual type: integer\)",
        ),
        (
            "PATTERN (A) DEFINE B AS true",
            "INVALID_LABEL: .*defined variable: B is not a primary pattern variable",
        ),
        ("PATTERN (A) SUBSET A = (A) DEFINE A AS true", "INVALID_LABEL: .*is a duplicate of primary"),
        ("PATTERN (A{3,2}) DEFINE A AS true", "INVALID_RANGE: .*lower bound must not exceed upper bound"),
        (
            "MEASURES LAST(A.day + B.day) AS x PATTERN (A B) DEFINE A AS true",
            "INVALID_ARGUMENTS: .*same label",
        ),
        (
            "MEASURES LAST(1) AS x PATTERN (A) DEFINE A AS true",
            "INVALID_ARGUMENTS: .*at least one column reference",
        ),
        (
            "MEASURES t.day AS x PATTERN (A) DEFINE A AS true",
            "COLUMN_NOT_FOUND: .*'t.day' cannot be resolved",
        ),
        ("MEASURES A.no AS x PATTERN (A) DEFINE A AS true", "COLUMN_NOT_FOUND: .*no prefixed with label A"),
        ("MEASURES count(Z.*) AS x PATTERN (A) DEFINE A AS true", "Z is not a primary pattern variable"),
        (
            "MEASURES FIRST(PREV(day)) AS x PATTERN (A) DEFINE A AS true",
            "INVALID_NAVIGATION_NESTING: .*inside first",
        ),
        ("MEASURES PREV(LAST(day) + 1) AS x PATTERN (A) DEFINE A AS true", "Immediate nesting is required"),
        ("MEASURES sum(LAST(day)) AS x PATTERN (A) DEFINE A AS true", "INVALID_NAVIGATION_NESTING"),
        (
            "MEASURES sum(day) FILTER (WHERE true) AS x PATTERN (A) DEFINE A AS true",
            "NOT_SUPPORTED: .*FILTER with sum",
        ),
        (
            "MEASURES sum(DISTINCT day) AS x PATTERN (A) DEFINE A AS true",
            "NOT_SUPPORTED: .*DISTINCT with sum",
        ),
        ("MEASURES sum(day) OVER () AS x PATTERN (A) DEFINE A AS true", "NESTED_WINDOW"),
        ("PATTERN (A) DEFINE A AS FINAL LAST(day) > 1", "INVALID_PROCESSING_MODE: .*DEFINE clause"),
        ("INITIAL PATTERN (A) DEFINE A AS true", "NOT_SUPPORTED: .*Pattern search modifier: INITIAL"),
        ("PATTERN (A) DEFINE A AS true", "TABLE_HAS_NO_COLUMNS"),
    ],
)
def test_what_cannot_be_fails_in_trinos_words(ask: Ask, clauses: str, problem: str) -> None:
    measures = "" if "MEASURES" in clauses or "COLUMNS" in problem else "MEASURES day AS d "
    with pytest.raises(QueryFailed, match=problem):
        ask(matched(measures + clauses))


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (
            "SELECT * FROM (VALUES ARRAY[1]) AS t(a) CROSS JOIN UNNEST(a) AS u(x) "
            "MATCH_RECOGNIZE (MEASURES x AS y "
            "PATTERN (A) DEFINE A AS true)",
            "MATCH_RECOGNIZE over rows that depend on 'a' is not supported",
        ),
        (
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r MATCH_RECOGNIZE "
            "(MEASURES n AS n PATTERN (A) "
            "DEFINE A AS n < 3) AS m(n)) SELECT * FROM r",
            "in the step of a recursive query is not supported",
        ),
    ],
)
def test_what_needs_rows_of_the_query_around_is_refused(ask: Ask, sql: str, problem: str) -> None:
    with pytest.raises(QueryFailed, match=problem):
        ask(sql)


def test_matching_stops_when_the_query_is_stopped(ask: Ask) -> None:
    relation = (
        "(SELECT x * 1000 + y AS i FROM UNNEST(sequence(0, 99)) AS a(x) "
        "CROSS JOIN UNNEST(sequence(0, 999)) AS b(y))"
    )
    stop = Stop()
    timer = threading.Timer(1, stop.ask)
    timer.start()
    # Every row tries all rows after it: minutes of work.
    with stoppable(stop), pytest.raises(QueryCancelled):
        ask(matched("ORDER BY i MEASURES i AS x PATTERN (A+ B) DEFINE B AS false", relation))


def test_more_input_than_memory_is_for_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_athena.patterns.step.MOST_BYTES", 100)
    with pytest.raises(QueryFailed, match="EXCEEDED_MEMORY_LIMIT: Row pattern recognition takes at most"):
        ask(matched("MEASURES day AS d PATTERN (A) DEFINE A AS true"))
