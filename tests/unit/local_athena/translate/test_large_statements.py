"""Statements as long and as deep as tools write them are read once, in time and size that grow with them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from local_athena.parse.statements import parse_query
from local_athena.translate import translator
from tests.unit.local_athena.conftest import Ask

ROWS = "FROM (VALUES 1, 2) t(a)"


def on_a_deep_stack(work: Callable[[], Any]) -> Any:
    """What `work` gives on a thread like those that statements run on."""
    answers: list[Any] = []
    limit, size = sys.getrecursionlimit(), threading.stack_size(512 << 20)
    sys.setrecursionlimit(200_000)
    try:
        thread = threading.Thread(target=lambda: answers.append(work()))
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(size)
    return answers[0]


def repeated(separator: str, make: Callable[[int], str], times: int) -> str:
    return separator.join(map(make, range(times)))


LONG = [
    (f"SELECT a {ROWS} WHERE {repeated(' OR ', lambda i: f'a = {i}', 1000)}", 2),
    (f"SELECT a {ROWS} WHERE {repeated(' AND ', lambda i: f'a <> {i}', 1000)}", 0),
    (f"SELECT {repeated(' || ', lambda i: chr(39) + 'b' + chr(39), 300)} {ROWS}", 2),
    (repeated(" UNION ALL ", lambda i: f"SELECT {i}", 1000), 1000),
    (repeated(" UNION ", lambda i: f"SELECT {i % 7}", 200), 7),
    (f"SELECT {repeated(' + ', lambda i: 'a', 1000)} {ROWS}", 2),
    (f"SELECT {repeated(' * ', lambda i: '1', 1000)} {ROWS}", 2),
    (f"SELECT {'(' * 500}a{')' * 500} {ROWS}", 2),
    (f"SELECT {'abs(' * 200}a{')' * 200} {ROWS}", 2),
    (f"SELECT CASE {repeated(' ', lambda i: f'WHEN a = {i} THEN {i}', 1000)} END {ROWS}", 2),
    (f"SELECT a {ROWS} WHERE a IN ({repeated(', ', str, 5000)})", 2),
    (f"SELECT a FROM (VALUES 'x', '2') t(a) WHERE a IN ({repeated(', ', lambda i: chr(39) + str(i) + chr(39), 5000)})", 1),  # noqa: E501
    (f"SELECT a FROM (VALUES {repeated(', ', lambda i: f'({i})', 5000)}) t(a)", 5000),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "count"), LONG, ids=[sql[:40] + str(len(sql)) for sql, _ in LONG])
def test_a_long_statement_is_answered(ask: Ask, sql: str, count: int) -> None:
    assert len(on_a_deep_stack(lambda: ask(sql)[0])) == count


NESTED = [
    ("CASE WHEN a = 1 THEN ", " ELSE 0 END"),
    ("CASE ", " WHEN 1 THEN 2 WHEN 3 THEN 4 ELSE 5 END"),
    ("if(a = 1, ", ", 0)"),
    ("coalesce(a, ", ")"),
    ("nullif(", ", 5)"),
    ("(", " + 1)"),
    ("(", " / 1)"),
    ("(100 / ", ")"),
    ("abs(", ")"),
    ("CAST(CAST(", " AS varchar) AS bigint)"),
    ("CAST(round(CAST(", " AS double), 1) AS bigint)"),
    ("if(CAST(", " AS double) > CAST(a AS double), 1, 2)"),
    ("if(", " BETWEEN 1 AND 2, 1, 2)"),
    ("if(a = 1 AND ", " / 1 = 2 AND 3 / a = 1, 1, 2)"),
    ("ARRAY[a, ", "][1]"),
]


@pytest.mark.parametrize(("before", "after"), NESTED)
def test_each_part_of_a_nested_expression_is_translated_once(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    seen = 0
    translate = translator.translate_expression

    def counted(*arguments: Any) -> Any:
        nonlocal seen
        seen += 1
        return translate(*arguments)

    monkeypatch.setattr(translator, "translate_expression", counted)

    def count(depth: int) -> int:
        nonlocal seen
        seen = 0
        on_a_deep_stack(lambda: ask(f"SELECT {before * depth}a{after * depth} {ROWS} GROUP BY a, a + 7"))
        return seen

    assert count(10) <= 2.6 * count(5)


BUILT = [
    ("ARRAY[", "][1]"),
    ("ARRAY[", "]"),
    ("MAP(ARRAY[1], ARRAY[", "])"),
    ("map_keys(MAP(ARRAY[", "], ARRAY[1]))"),
    ("ROW(", ")"),
    ("transform(ARRAY[", "], x -> x)"),
    ("reduce(ARRAY[", "], 0, (s, x) -> s + x, s -> s)"),
    ("substring(", ", 1)"),
    ("substring(", " FROM 1)"),
    ("trim(", ")"),
    ("CAST(", " AS varchar)"),
    ("(SELECT ", ")"),
    ("json_array(", ")"),
]


@pytest.mark.parametrize(("before", "after"), BUILT)
def test_each_level_of_what_is_built_is_parsed_once(before: str, after: str) -> None:
    def count(depth: int) -> int:
        seen = 0

        def watch(frame: Any, event: str, argument: Any) -> None:
            nonlocal seen
            seen += event == "call"

        sys.setprofile(watch)
        try:
            parse_query(f"SELECT {before * depth}'a'{after * depth}")
        finally:
            sys.setprofile(None)
        return seen

    assert count(10) <= 2.6 * count(5)
