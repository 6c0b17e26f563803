"""Clients' patterns match as Java's do, at once, or are refused."""

from __future__ import annotations

import time

import pytest

from local_aws.patterns import UnreadablePattern, compiled

CATASTROPHIC = ["(a+)+b", "(a|a)*b", "(a*)*b", "(.*)*x", "(a|aa)+$b", "([a-z]+)*1", "(.*a){25}b"]


@pytest.mark.parametrize("expression", CATASTROPHIC)
def test_a_pattern_that_java_would_not_end_is_answered_at_once(expression: str) -> None:
    started = time.perf_counter()
    assert compiled(expression).fullmatch("a" * 5000) is None
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("expression", "yes", "no"),
    [
        (r"sales_\d{4}", "sales_2025", "sales_20"),
        (r"\Qa.b[&&\E.*", "a.b[&&x", "axb[&&"),
        ("[^a-c]+", "xyz", "abc"),
        (r"[\[\]&]+", "[&]", "a"),
        ("(?i)SALES", "sales", "sale"),
        ("a|b", "b", "ab"),
        ("(?<year>[0-9]+)", "2025", "x"),
    ],
)
def test_what_both_engines_read_means_the_same(expression: str, yes: str, no: str) -> None:
    pattern = compiled(expression)
    assert pattern.fullmatch(yes)
    assert not pattern.fullmatch(no)


@pytest.mark.parametrize(
    "expression",
    [
        *("(", "a**", "[]", "a{2,1}", "x{1,2000}", r"\h", "(?x)a b"),
        *("(?=a)a", "(?!a)b", r"(a)\1", "a++", "(?>a)"),
        *("[a-z&&[^b]]", "[a[b]]", r"\C", "(?U)a*", "(?iU:a)"),
    ],
)
def test_what_re2_cannot_read_or_reads_otherwise_is_refused(expression: str) -> None:
    with pytest.raises(UnreadablePattern, match=r"\w"):
        compiled(expression)
