"""Statements against the recorded answers of a real Trino 435: types and rows, or an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

RECORDED = [
    json.loads(line)
    for path in sorted((Path(__file__).parent / "trino_answers").glob("*.jsonl"))
    for line in path.read_text().splitlines()
]


def _base(type_: str) -> str:
    """A type as it was recorded: of what is nested or timed, the kind alone."""
    known = ("varchar", "char", "decimal")
    head = type_.partition("(")[0]
    return type_ if head in known else head + " with time zone" * ("with time zone" in type_)


def _answer(ask: Ask, sql: str) -> Any:
    try:
        rows, types = ask(sql)
    except QueryFailed as error:
        return {"error": error.reason.partition(":")[0]}
    ordered = "order by" in sql.rpartition(")")[2].lower()
    return {"types": list(map(_base, types)), "rows": rows if ordered else sorted(rows, key=str)}


@pytest.mark.parametrize(("sql", "answer"), RECORDED, ids=[sql[:80] for sql, _ in RECORDED])
def test_a_statement_answers_what_trino_answered(ask: Ask, sql: str, answer: Any) -> None:
    assert _answer(ask, sql) == answer
