"""Functions against the answers of a real Trino 435, recorded beside this file, a file for each kind."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

RECORDED = [
    json.loads(line)
    for path in sorted((Path(__file__).parent / "answers").glob("*.jsonl"))
    for line in path.read_text().splitlines()
]


def _answer(ask: Ask, expression: str) -> Any:
    try:
        [[value]], [type_] = ask(f"SELECT {expression}")
    except QueryFailed as error:
        return {"error": error.reason.partition(": ")[2]}
    if value is None or type_ not in ("double", "real"):
        return value
    return repr(float(value) if type_ == "double" else struct.unpack("f", struct.pack("f", float(value)))[0])


@pytest.mark.parametrize(("expression", "answer"), RECORDED)
def test_a_function_answers_what_trino_answered(ask: Ask, expression: str, answer: Any) -> None:
    assert _answer(ask, expression) == answer
