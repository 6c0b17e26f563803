"""What a function may make: Athena's bounds in its words, and ours where it has none but its memory."""

from __future__ import annotations

import time

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

REFUSED = [
    ("combinations(sequence(1, 100), 5)", "INVALID_FUNCTION_ARGUMENT: combinations exceed max size"),
    ("combinations(sequence(1, 60), 3)", "combinations exceed max size"),
    ("repeat(1, -1)", "count argument of repeat function must be greater than or equal to 0"),
    ("repeat(1, 10001)", "must be less than or equal to 10000"),
    ("repeat(repeat('x', 5000), 10000)", "must not take more than 1000000 bytes"),
    ("sequence(1, 10001)", "result of sequence function must not have more than 10000 entries"),
    ("sequence(DATE '2020-01-01', DATE '2060-01-01')", "must not have more than 10000 entries"),
    ("split('a,b', ',', 2147483648)", "Limit is too large"),
    (
        "levenshtein_distance(rpad('', 20000, 'ab'), rpad('', 60, 'ba'))",
        "The combined inputs for Levenshtein distance are too large",
    ),
    ("concat_ws(rpad('', 100000, 'a'), repeat('b', 10000))", "Concatenated string is too large"),
    ("rpad('a', 1000000000, 'b')", "EXCEEDED_MEMORY_LIMIT"),
    ("lpad('a', 1000000000, 'b')", "EXCEEDED_MEMORY_LIMIT"),
    ("rpad('a', 2147483648, 'b')", "Target length must be in the range"),
    ("format('%1000000000d', 1)", "EXCEEDED_MEMORY_LIMIT"),
    ("format('%.1000000000f', 1e0)", "EXCEEDED_MEMORY_LIMIT"),
    ("replace(rpad('', 100000, 'a'), 'a', rpad('', 100000, 'b'))", "EXCEEDED_MEMORY_LIMIT"),
    ("ngrams(sequence(1, 10000), 5000)", "EXCEEDED_MEMORY_LIMIT"),
    ("bar(0.5e0, 100000000)", "EXCEEDED_MEMORY_LIMIT"),
    ("array_join(repeat('a', 10000), rpad('', 100000, ','))", "EXCEEDED_MEMORY_LIMIT"),
]


@pytest.mark.parametrize(("expression", "reason"), REFUSED)
def test_a_value_that_is_too_large_is_refused_before_it_is_made(
    ask: Ask, expression: str, reason: str
) -> None:
    began = time.monotonic()
    with pytest.raises(QueryFailed) as failure:
        ask(f"SELECT {expression}")
    assert reason in failure.value.reason
    assert time.monotonic() - began < 2


ALLOWED = [
    ("cardinality(combinations(sequence(1, 59), 3))", "32509"),
    ("combinations(ARRAY[1, 2], 3)", "[]"),
    ("levenshtein_distance(rpad('', 1001, 'ab'), rpad('', 1000, 'ba'))", "1"),
    ("cardinality(repeat(rpad('', 96, 'a'), 10000))", "10000"),
    ("length(rpad('a', 1000000, 'b'))", "1000000"),
    ("contains_sequence(sequence(1, 10000), sequence(2, 9999))", "true"),
    ("split_part(rpad('', 100000, 'a'), '', 99999)", "a"),
]


@pytest.mark.parametrize(("expression", "value"), ALLOWED)
def test_a_value_within_the_bounds_is_made(ask: Ask, expression: str, value: str) -> None:
    assert ask(f"SELECT {expression}")[0] == [[value]]
