"""Windows with a row pattern that are refused, by the names that Trino 435 gives the errors."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask
from tests.unit.local_athena.patterns.test_windows import FALLS, NEXT, TO_END, VALUES, over

PATTERN = FALLS[len(TO_END) :]


@pytest.mark.parametrize(
    ("items", "window", "problem"),
    [
        (
            "x OVER w",
            f"ORDER BY id MEASURES 1 AS m {FALLS}",
            "INVALID_WINDOW_MEASURE: line 1:12: Measure x is not",
        ),
        (
            '"m" OVER w',
            f"ORDER BY id MEASURES 1 AS m {FALLS}",
            "INVALID_WINDOW_MEASURE: line 1:12: Measure m is not",
        ),
        ("value OVER w", "ORDER BY id", "INVALID_WINDOW_MEASURE: line 1:12: Measure value is not defined"),
        (
            "m OVER w",
            f"MEASURES 1 AS m, 2 AS M {FALLS}",
            "AMBIGUOUS_NAME: line 1:12: Measure m is defined more",
        ),
        ("m", f"MEASURES 1 AS m {FALLS}", "COLUMN_NOT_FOUND: line 1:12: Column 'm' cannot be resolved"),
        (
            "m OVER (w)",
            f"MEASURES 1 AS m {FALLS}",
            "INVALID_WINDOW_REFERENCE.*Cannot reference named WINDOW containing",
        ),
        (
            "lag(id) OVER w",
            f"ORDER BY id {FALLS}",
            "INVALID_WINDOW_FRAME.*Cannot specify window frame for lag function",
        ),
        ("lead(id) OVER w", FALLS, "MISSING_ORDER_BY.*lead function requires an ORDER BY window clause"),
        (
            "1",
            f"MEASURES MATCH_NUMBER() AS m {FALLS}",
            "INVALID_PATTERN_RECOGNITION_FUNCTION.*MATCH_NUMBER function is",
        ),
        (
            "1",
            f"{TO_END} PATTERN (^A) DEFINE A AS true",
            "INVALID_ROW_PATTERN.*Anchor pattern syntax is not allowed",
        ),
        (
            "1",
            FALLS.replace("ROWS", "RANGE"),
            "INVALID_WINDOW_FRAME.*Pattern recognition requires ROWS frame type",
        ),
        (
            "1",
            FALLS.replace("CURRENT ROW", "1 FOLLOWING"),
            "INVALID_WINDOW_FRAME.*requires frame specified as BETWEEN",
        ),
        (
            "1",
            "ROWS CURRENT ROW PATTERN (A) DEFINE A AS true",
            "INVALID_WINDOW_FRAME.*BETWEEN CURRENT ROW AND ...",
        ),
        (
            "1",
            FALLS.replace("UNBOUNDED FOLLOWING", "1 PRECEDING"),
            "INVALID_WINDOW_FRAME.*cannot end with PRECEDING",
        ),
        ("1", f"PARTITION BY id {PATTERN}", "mismatched input|SYNTAX_ERROR"),
        (
            "1",
            f"{TO_END} PATTERN (A)",
            "MISSING_VARIABLE_DEFINITIONS.*Pattern recognition requires DEFINE clause",
        ),
        (
            "1",
            f"MEASURES 1 AS m {TO_END}",
            "MISSING_ROW_PATTERN: line 1:[0-9]+: Row pattern measures require PATTERN",
        ),
        ("1", f"{TO_END} {NEXT}", "MISSING_ROW_PATTERN.*AFTER MATCH SKIP clause requires PATTERN clause"),
        ("1", f"{TO_END} SEEK", "MISSING_ROW_PATTERN.*SEEK modifier requires PATTERN clause"),
        (
            "1",
            f"{TO_END} SUBSET U = (A)",
            "MISSING_ROW_PATTERN.*Union variable definitions require PATTERN clause",
        ),
        (
            "1",
            f"{TO_END} DEFINE A AS true",
            "MISSING_ROW_PATTERN.*Primary pattern variable definitions require",
        ),
        (
            "1",
            FALLS.replace("B.value <", "t.value <"),
            "COLUMN_NOT_FOUND.*Column 't.value' cannot be resolved",
        ),
        ("1", f"ROWS BETWEEN CURRENT ROW AND 'a' FOLLOWING {PATTERN}", "TYPE_MISMATCH.*actual varchar"),
        (
            "count(*) OVER w",
            f"ROWS BETWEEN CURRENT ROW AND id - 2 FOLLOWING {PATTERN}",
            "INVALID_WINDOW_FRAME: Window frame offset value must not be negative or null",
        ),
        (
            "count(*) OVER w",
            f"{TO_END} AFTER MATCH SKIP TO A PATTERN (A) DEFINE A AS true",
            "GENERIC_USER_ERROR: AFTER MATCH SKIP failed: cannot skip to first row of match",
        ),
        (
            "sum(m OVER w) OVER ()",
            f"MEASURES 1 AS m {FALLS}",
            "NESTED_WINDOW.*inside window function arguments",
        ),
        (
            "rank() OVER (ORDER BY m OVER w)",
            f"MEASURES 1 AS m {FALLS}",
            "NESTED_WINDOW.*inside window specification",
        ),
        (
            "sum(m OVER w)",
            f"MEASURES 1 AS m {FALLS}",
            "NESTED_WINDOW.*inside aggregation 'sum'|EXPRESSION_NOT_AGG",
        ),
    ],
)
def test_what_trino_refuses_is_refused_in_its_words(ask: Ask, items: str, window: str, problem: str) -> None:
    with pytest.raises(Exception, match=problem):
        ask(over(items, window))


def test_a_window_with_a_pattern_stands_where_windows_may(ask: Ask) -> None:
    window = f"m OVER (MEASURES 1 AS m {FALLS})"
    for sql, problem in (
        (f"SELECT id {VALUES} WHERE {window} = 1", "EXPRESSION_NOT_SCALAR.*WHERE clause cannot contain"),
        (f"SELECT 1 {VALUES} GROUP BY {window}", "EXPRESSION_NOT_SCALAR.*GROUP BY clause cannot contain"),
        (f"SELECT 1 {VALUES} GROUP BY id HAVING {window} = 1", "NESTED_WINDOW.*HAVING clause cannot contain"),
        (f"SELECT 1 {VALUES} WINDOW w AS (), w AS ()", "DUPLICATE_WINDOW_NAME.*'w' specified more than once"),
    ):
        with pytest.raises(QueryFailed, match=problem):
            ask(sql)


def test_a_pattern_reads_no_column_of_the_query_around_it(ask: Ask) -> None:
    window = f"WINDOW w AS (ORDER BY id {TO_END} PATTERN (A) DEFINE A AS A.id < x)"
    with pytest.raises(
        QueryFailed, match=r"NOT_SUPPORTED.*Reference to column 'x' from outer scope not allowed"
    ):
        ask(
            f"SELECT (SELECT max(n) FROM (SELECT count(*) OVER w AS n {VALUES} {window})) "
            "FROM (VALUES 3) s(x)"
        )
