"""array_sort with a comparator: stable, of any element type, with Trino's error for an odd answer."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

NULLS_FIRST = """case when a is null and b is null then 0 when a is null then -1 when b is null then 1
    when a < b then -1 when a > b then 1 else 0 end"""
BY_LENGTH = "if(length(x) < length(y), -1, if(length(x) = length(y), 0, 1))"
SORTED = [
    ("array_sort(ARRAY[3, 1, 2], (a, b) -> if(a < b, 1, -1))", "[3, 2, 1]"),
    (f"array_sort(ARRAY[3, 1, NULL, 2, NULL], (a, b) -> {NULLS_FIRST})", "[null, null, 1, 2, 3]"),
    (f"array_sort(ARRAY['bc', 'a', 'ab', 'c'], (x, y) -> {BY_LENGTH})", "[a, c, bc, ab]"),
    ("array_sort(ARRAY[3, 1, 2], (a, b) -> 0)", "[3, 1, 2]"),
    ("array_sort(ARRAY[3, 1, 2], (a, b) -> 1)", "[3, 1, 2]"),
    ("array_sort(ARRAY[3, 1, 2], (a, b) -> -1)", "[2, 1, 3]"),
    ("array_sort(ARRAY[4, 1, 3, 2, 5], (a, b) -> case when a = 1 then 1 else -1 end)", "[5, 2, 3, 4, 1]"),
    ("array_sort(ARRAY[ROW(2, 'a'), ROW(1, 'b')], (x, y) -> if(x[1] < y[1], -1, 1))",
     "[{field0=1, field1=b}, {field0=2, field1=a}]"),
    ("array_sort(ARRAY[ARRAY[2, 1], ARRAY[1]], (x, y) -> if(cardinality(x) < cardinality(y), -1, 1))",
     "[[1], [2, 1]]"),
    ("array_sort(ARRAY[MAP(ARRAY[1], ARRAY[2])], (x, y) -> 1)", "[{1=2}]"),
    ("array_sort(ARRAY[TIMESTAMP '2020-01-01 00:00 UTC', TIMESTAMP '2019-01-01 00:00 Asia/Tokyo'],"
     " (x, y) -> if(x < y, -1, 1))", "[2019-01-01 00:00:00 Asia/Tokyo, 2020-01-01 00:00:00 UTC]"),
    ("array_sort(ARRAY[], (a, b) -> 1)", "[]"),
    ("array_sort(ARRAY[3], (a, b) -> 7)", "[3]"),
    ("array_sort(CAST(NULL AS array(integer)), (a, b) -> 1)", None),
    ("transform(ARRAY[ARRAY[1, 3], ARRAY[5, 9]], v -> array_sort(v, (a, b) -> if(a < b, 1, -1)))",
     "[[3, 1], [9, 5]]"),
    ("cardinality(array_sort(sequence(1, 2000), (a, b) -> if(a < b, 1, if(a > b, -1, 0))))", "2000"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "text"), SORTED)
def test_an_array_is_in_the_order_of_its_comparator(ask: Ask, expression: str, text: str | None) -> None:
    assert ask(f"SELECT {expression}")[0] == [[text]]


@pytest.mark.parametrize("answer", ["2", "-3", "CAST(NULL AS integer)", "if(a = 1, NULL, -1)"])
def test_an_answer_that_is_no_order_fails(ask: Ask, answer: str) -> None:
    with pytest.raises(QueryFailed, match="Lambda comparator must return either -1, 0, or 1"):
        ask(f"SELECT array_sort(ARRAY[3, 1, 2], (a, b) -> {answer})")


def test_an_array_too_long_to_compare_each_with_each_is_refused(ask: Ask) -> None:
    with pytest.raises(
        QueryFailed, match="NOT_SUPPORTED: array_sort with a comparator of over 2000 elements"
    ):
        ask("SELECT array_sort(sequence(1, 2001), (a, b) -> 1)")
