"""DISTINCT, ORDER BY and FILTER reach every aggregate; the answers are Trino's."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest

from local_athena.errors import QueryFailed
from local_athena.functions.library import LIBRARY
from tests.unit.local_athena.conftest import Ask

PAIRS = "FROM (VALUES (1, 2), (1, 2), (1, 3), (4, 3), (2, null), (2, null), (7, 9)) t(x, y)"
MANY = "FROM (VALUES 1, 1, 1, 1, 2, 3) t(x)"
DISTINCT = [
    (f"round(stddev(DISTINCT x), 12) {PAIRS}", "2.645751311065"),
    (f"var_pop(DISTINCT x) {PAIRS}", "5.25"),
    (f"sum(DISTINCT x) {PAIRS}", "14"),
    (f"avg(DISTINCT x) {PAIRS}", "3.5"),
    (f"round(skewness(DISTINCT x), 12) {PAIRS}", "0.498783749111"),
    (f"round(kurtosis(DISTINCT x), 12) {PAIRS}", "-0.285714285714"),
    (f"round(geometric_mean(DISTINCT x), 12) {PAIRS}", "2.735564799735"),
    (f"corr(DISTINCT x, y) {PAIRS}", "0.89715"),
    (f"covar_samp(DISTINCT x, y) {PAIRS}", "8.25"),
    (f"histogram(DISTINCT x) {MANY}", "{1=1, 2=1, 3=1}"),
    (f"array_sort(multimap_agg(DISTINCT x, y)[1]) {PAIRS}", "[2, 3]"),
    (f"cardinality(map_agg(DISTINCT x, y)) {PAIRS}", "4"),
    (f"to_hex(checksum(DISTINCT x)) = to_hex(checksum(DISTINCT x) FILTER (WHERE true)) {MANY}", "true"),
    (f"count_if(DISTINCT x = 1) {MANY}", "1"),
    (f"bitwise_xor_agg(DISTINCT x) {MANY}", "0"),
    (f"sum(DISTINCT CAST(x AS decimal(5, 2))) {MANY}", "6.00"),
    (f"avg(DISTINCT CAST(x AS decimal(5, 2))) {MANY}", "2.00"),
    (f"approx_most_frequent(DISTINCT 3, x, 10) {MANY}", "{1=1, 2=1, 3=1}"),
    (f"approx_percentile(DISTINCT x, 0.5) {MANY}", "2"),
    (f"approx_percentile(DISTINCT x, 1e0, 0.5) {MANY}", "2"),
    (f"min_by(DISTINCT x, y) {PAIRS}", "1"),
    (f"min(DISTINCT x, 2) {PAIRS}", "[1, 2]"),
    (f"max_by(DISTINCT x, y, 3) {PAIRS}", "[7, 4, 1]"),
    (f"cardinality(array_agg(DISTINCT x)) {PAIRS}", "4"),
    (f"bool_and(DISTINCT x > 0) {MANY}", "true"),
    ("array_agg(DISTINCT x ORDER BY x DESC NULLS FIRST) FROM (VALUES 1, 2, 2, null) t(x)", "[null, 2, 1]"),
    ("listagg(DISTINCT x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'b', 'a', 'b') t(x)", "a,b"),
    ("map_union(DISTINCT x) FROM (VALUES MAP(ARRAY[1], ARRAY[2]), MAP(ARRAY[1], ARRAY[2])) t(x)", "{1=2}"),
    (
        "count(DISTINCT x) FROM (VALUES MAP(ARRAY[1, 2], ARRAY[3, 4]), MAP(ARRAY[2, 1], ARRAY[4, 3])) t(x)",
        "1",
    ),
    (f"sum(DISTINCT x) FILTER (WHERE x > 1) {PAIRS}", "13"),
    (f"histogram(DISTINCT x) FILTER (WHERE x > 1) {MANY}", "{2=1, 3=1}"),
    (f"stddev(DISTINCT x) FILTER (WHERE x < 3) {MANY}", "0.7071067811865476"),
    (
        "array_agg(DISTINCT x) FROM (VALUES TIMESTAMP '2020-01-01 00:00 UTC', "
        "TIMESTAMP '2020-01-01 01:00 +01:00') t(x)",
        "[2020-01-01 00:00:00 UTC]",
    ),
    ("map_agg(x, y ORDER BY y DESC) FROM (VALUES (1, 1), (1, 2)) t(x, y)", "{1=2}"),
    ("multimap_agg(x, y ORDER BY y DESC) FROM (VALUES (1, 1), (1, 2)) t(x, y)", "{1=[2, 1]}"),
    ("arbitrary(x ORDER BY y DESC) FROM (VALUES (1, 1), (3, 2)) t(x, y)", "3"),
]


@pytest.mark.parametrize(("expression", "text"), DISTINCT)
def test_a_clause_inside_a_call_reaches_the_aggregate(ask: Ask, expression: str, text: str) -> None:
    assert ask(f"SELECT {expression}")[0] == [[text]]


@pytest.mark.parametrize(
    "name", sorted(name for name, entries in LIBRARY.items() if entries[0].kind == "aggregate")
)
def test_rows_that_come_again_change_no_answer(ask: Ask, name: str) -> None:
    """Of every aggregate of numbers and booleans, of one argument or two."""
    rows = "(1, 2), (2, 4), (3, 5), (5, 5), (9, 1)"
    for arguments in ("x", "x, y", "x > 2", "x, 0.5"):
        with suppress(QueryFailed):  # it has other arguments
            single = ask(f"SELECT {name}(DISTINCT {arguments}) FROM (VALUES {rows}) t(x, y)")[0]
            doubled = ask(f"SELECT {name}(DISTINCT {arguments}) FROM (VALUES {rows}, {rows}) t(x, y)")[0]
            assert _values(doubled) == pytest.approx(_values(single)), arguments


def _values(rows: list[list[str | None]]) -> list[str | float]:
    """What an answer holds, in no order, since distinct values have none."""
    text = str(rows[0][0])
    return [float(text)] if NUMBER.fullmatch(text) else sorted(text)


NUMBER = re.compile(r"-?\d+(\.\d+)?(E-?\d+)?")


REFUSED = [
    ("array_agg(DISTINCT x ORDER BY y) FROM (VALUES (1, 1)) t(x, y)", "EXPRESSION_NOT_IN_DISTINCT"),
    (
        "upper(DISTINCT 'a')",
        "FUNCTION_NOT_AGGREGATE.*DISTINCT is not supported for non-aggregation functions",
    ),
    ("upper('a' ORDER BY 1)", "FUNCTION_NOT_AGGREGATE.*ORDER BY is only valid for aggregation functions"),
    ("upper('a') FILTER (WHERE true)", "FUNCTION_NOT_AGGREGATE.*Filter is only valid"),
    ("upper('a') OVER ()", "FUNCTION_NOT_WINDOW.*Not a window function: upper"),
    ("row_number() FROM (VALUES 1) t(x)", "MISSING_OVER.*system.builtin.row_number requires an OVER clause"),
    ("lag(x) OVER () FROM (VALUES 1) t(x)", "MISSING_ORDER_BY.*lag function requires an ORDER BY"),
    ("lag(x) OVER (ORDER BY x ROWS 1 PRECEDING) FROM (VALUES 1) t(x)", "INVALID_WINDOW_FRAME"),
    ("sum(x) IGNORE NULLS OVER () FROM (VALUES 1) t(x)", "NULL_TREATMENT_NOT_ALLOWED.*for sum function"),
    ("row_number() FILTER (WHERE true) OVER () FROM (VALUES 1) t(x)", "NOT_SUPPORTED.*FILTER is not yet"),
]


@pytest.mark.parametrize(("expression", "reason"), REFUSED)
def test_a_clause_that_trino_refuses_is_refused(ask: Ask, expression: str, reason: str) -> None:
    with pytest.raises(QueryFailed, match=reason):
        ask(f"SELECT {expression}")


def test_a_text_that_looks_like_a_clause_is_a_text(ask: Ask) -> None:
    for text in ("<w>", "<d>", "<o>", "{0}", "lambda x: y", " OVER ", "DISTINCT"):
        found = ask(f"SELECT max('{text}'), array_agg(DISTINCT '{text}'), filter(ARRAY['{text}'], x -> true)")
        assert found[0] == [[text, f"[{text}]", f"[{text}]"]]


@pytest.mark.parametrize(
    ("item", "answers"),
    [
        ("count(DISTINCT x)", ["1", "2", "2"]),
        ("array_agg(x ORDER BY x)", ["[1]", "[1, 2]", "[1, 1, 2]"]),
        ("array_agg(DISTINCT x ORDER BY x DESC)", ["[1]", "[2, 1]", "[2, 1]"]),
    ],
)
def test_aggregates_over_windows_take_distinct_and_order_by_as_later_releases_do(
    ask: Ask, item: str, answers: list[str]
) -> None:
    rows, _ = ask(f"SELECT {item} OVER (ORDER BY y) FROM (VALUES (1, 1), (2, 2), (1, 3)) t(x, y) ORDER BY y")
    assert [row[0] for row in rows] == answers
