"""Regular expressions against the answers of a real Trino 435; regex_answers.jsonl has a few hundred."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from local_athena.errors import QueryFailed
from local_athena.values import patterns
from local_athena.values.regex import engine

ANSWERS = [
    json.loads(line) for line in (Path(__file__).parent / "regex_answers.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize(("name", "arguments", "answer"), ANSWERS)
def test_a_pattern_means_what_trino_reads_in_it(name: str, arguments: list[Any], answer: Any) -> None:
    try:
        found = getattr(patterns, name)(*arguments)
    except QueryFailed as error:
        found = {"error": error.reason.removeprefix("INVALID_FUNCTION_ARGUMENT: ")}
    assert found == answer


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a" * 5000 + "!", "^(a+)+$"),
        ("a" * 5000 + "!\n", "^(a+)+b$"),
        ("a" * 100000, "(a|aa)*b"),
        ("x" * 100000, "(x+x+)+y"),
        ("é" * 20000, "(\\W|é)*b"),
    ],
)
def test_a_pattern_that_can_be_read_in_many_ways_takes_no_time(text: str, pattern: str) -> None:
    began = time.monotonic()
    assert not patterns.regexp_like(text, pattern)
    assert time.monotonic() - began < 5


def test_what_only_backtracking_can_find_ends_in_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LONGEST", 0.2)
    with pytest.raises(QueryFailed, match=r"takes more than 0\.2 seconds for one value"):
        patterns.regexp_like("ab" * 40 + "!", "^((?:a|b|ab)+)+c\\1$|^(?:(?:a|b|ab)+)+(?=c)\\1$")


REPLACED = [
    (("abc", "b", "$0$0"), "abbc"),
    (("abc", "(b)", "$11"), "ab1c"),
    (("abc", "(?<n>b)", "${n}!"), "ab!c"),
    (("abc", "b", "\\$"), "a$c"),
    (("xyz", "(b)", "$2"), "xyz"),
    (("xyz", "(b)?", "<$1>"), "<>x<>y<>z<>"),
    (("aé", "", "-"), "-a-é-"),
]


@pytest.mark.parametrize(("arguments", "answer"), REPLACED)
def test_a_replacement_is_read_where_there_is_a_match(arguments: tuple[str, str, str], answer: str) -> None:
    assert patterns.regexp_replace(*arguments) == answer


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("abc", "(b)", "$2"), "Illegal replacement sequence: unknown group 2"),
        (("abc", "b", "$x"), "Illegal replacement sequence: \\$x"),
        (("abc", "(?<n>b)", "${m}!"), "unknown group { m }"),
    ],
)
def test_a_replacement_that_is_none_is_refused(arguments: tuple[str, str, str], reason: str) -> None:
    with pytest.raises(QueryFailed, match=reason):
        patterns.regexp_replace(*arguments)


def test_a_replacement_that_grows_beyond_memory_is_refused() -> None:
    with pytest.raises(QueryFailed, match="EXCEEDED_MEMORY_LIMIT"):
        patterns.regexp_replace("a" * 100000, "a", "b" * 100000)
