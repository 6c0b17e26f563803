"""AND, OR, CASE, IF, COALESCE and TRY compute what their guards let through and nothing else."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

NUMBERS = "FROM (VALUES 0, 5) t(k)"


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        (f"SELECT k <> 0 AND 10 / k > 1 {NUMBERS}", ["false", "true"]),
        (f"SELECT k = 0 OR 10 / k > 3 {NUMBERS}", ["true", "false"]),
        (f"SELECT (k <> 0 AND k < 5) AND 10 / k > 1 AND 5 / (k - 5) > 0 {NUMBERS}", ["false", "false"]),
        (f"SELECT NOT (k = 0 OR 10 / k > 3) {NUMBERS}", ["false", "true"]),
        (f"SELECT k {NUMBERS} WHERE k <> 0 AND 10 / k > 1", ["5"]),
        (f"SELECT k {NUMBERS} WHERE k = 0 OR 10 / k > 1", ["0", "5"]),
        (f"SELECT CASE WHEN k <> 0 AND 10 / k > 1 THEN 1 ELSE 0 END {NUMBERS}", ["0", "1"]),
        (f"SELECT if(k = 0 OR 10 / k > 3, 'a', 'b') {NUMBERS}", ["a", "b"]),
        (f"SELECT sum(k) {NUMBERS} GROUP BY k HAVING sum(k) <> 0 AND 10 / sum(k) > 0", ["5"]),
        (f"SELECT count_if(k <> 0 AND 10 / k > 1) {NUMBERS}", ["1"]),
        ("SELECT x FROM (VALUES (1, '1'), (0, 'x')) t(k, x) WHERE k = 1 AND CAST(x AS integer) = 1", ["1"]),
        ("SELECT false AND 1 / 0 = 1", ["false"]),
        ("SELECT true OR 1 / 0 = 1", ["true"]),
        ("SELECT coalesce(1, 1 / 0)", ["1"]),
        ("SELECT CASE WHEN k > 0 THEN k ELSE 1 / 0 END FROM (VALUES 3) t(k)", ["3"]),
        ("SELECT filter(ARRAY[0, 5], x -> x <> 0 AND 10 / x > 1)", ["[5]"]),
    ],
)
def test_what_a_guard_excludes_is_not_computed(ask: Ask, sql: str, values: list[str]) -> None:
    assert ask(sql)[0] == [[value] for value in values]


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        (
            "SELECT a AND b FROM (VALUES (NULL, false), (NULL, true), (true, NULL)) t(a, b)",
            ["false", None, None],
        ),
        (
            "SELECT a OR 1 / b > 0 FROM (VALUES (NULL, 1), (NULL, 2), (false, NULL)) t(a, b)",
            ["true", None, None],
        ),
        (
            "SELECT a AND 1 / b > 0 FROM (VALUES (NULL, 1), (NULL, 2), (true, NULL)) t(a, b)",
            [None, "false", None],
        ),
    ],
)
def test_a_null_beside_what_decides_counts_as_unknown(ask: Ask, sql: str, values: list[str | None]) -> None:
    assert ask(sql)[0] == [[value] for value in values]


@pytest.mark.parametrize("sql", [f"SELECT k <> 1 AND 10 / k > 1 {NUMBERS}", "SELECT NULL AND 1 / 0 = 1"])
def test_what_no_guard_excludes_fails(ask: Ask, sql: str) -> None:
    with pytest.raises(QueryFailed, match="DIVISION_BY_ZERO"):
        ask(sql)


def test_a_long_chain_of_operands_that_may_fail_is_answered(ask: Ask) -> None:
    chain = " OR ".join(f"10 / (k + 1) = {i}" for i in range(3, 400))
    assert ask(f"SELECT {chain} {NUMBERS}")[0] == [["true"], ["false"]]
    assert ask(f"SELECT k {NUMBERS} WHERE {chain}")[0] == [["0"]]
