"""What is done beside the loop."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from local_aws.gateway.beside import SMALL_BYTES, beside, is_large


@pytest.mark.parametrize("large", [True, False])
def test_what_is_large_is_done_in_another_thread(large: bool) -> None:
    where = asyncio.run(beside(large, threading.get_ident))
    assert (where != threading.get_ident()) is large


@pytest.mark.parametrize(
    ("answer", "large"),
    [
        ({}, False),
        ({"QueryExecutionId": "x"}, False),
        ({"ResultSet": {"Rows": [{}] * 1000}}, True),
        ({"Rows": [{"Data": [{}] * 100}]}, True),
        ({"TemplateBody": "x" * (SMALL_BYTES + 1)}, True),
    ],
)
def test_an_answer_with_many_parts_or_long_texts_is_large(answer: Any, large: bool) -> None:
    assert is_large(answer) is large
