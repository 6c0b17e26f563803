"""ORDER BY: constants sort nothing, and a name of two columns is refused."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask


@pytest.mark.parametrize("constants", ["'x'", "NULL", "1 + 0", "true, 1e0, DECIMAL '1'", "DATE '2020-01-01'"])
def test_constants_sort_nothing(ask: Ask, constants: str) -> None:
    assert ask(f"SELECT a FROM (VALUES 2, 1, 3) t(a) ORDER BY {constants}, a")[0] == [["1"], ["2"], ["3"]]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT a, a + 1 AS a FROM t ORDER BY a",
        "SELECT a, a FROM t ORDER BY a",
        "SELECT *, a FROM t ORDER BY a",
        "SELECT a AS b, a + 1 AS b FROM t ORDER BY b + 1",
    ],
)
def test_a_name_of_two_columns_is_ambiguous(ask: Ask, query: str) -> None:
    with pytest.raises(QueryFailed, match="AMBIGUOUS_NAME"):
        ask(f"WITH t(a) AS (VALUES 1, 2) {query}")
