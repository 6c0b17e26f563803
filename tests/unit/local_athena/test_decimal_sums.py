"""Sums of products of decimals: what 64 bits hold and what they do not are summed apart, and add up."""

from __future__ import annotations

import pytest

from tests.unit.local_athena.conftest import Ask

LARGE, SMALL = "DECIMAL '900000000000.00'", "DECIMAL '000000000002.50'"
NULL = "CAST(NULL AS decimal(14,2))"
SUMS = {
    "only small": ([(SMALL, SMALL), (SMALL, SMALL)], "12.5000"),
    "only large": ([(LARGE, LARGE), (LARGE, LARGE)], "1620000000000000000000000.0000"),
    "both": ([(SMALL, SMALL), (LARGE, LARGE)], "810000000000000000000006.2500"),
    "NULLs beside them": ([(SMALL, SMALL), (NULL, SMALL), (LARGE, LARGE)], "810000000000000000000006.2500"),
    "only NULLs": ([(NULL, SMALL), (LARGE, NULL)], None),
}


@pytest.mark.parametrize(("rows", "total"), SUMS.values(), ids=SUMS)
def test_products_add_up_whatever_their_size(
    ask: Ask, rows: list[tuple[str, str]], total: str | None
) -> None:
    values = ", ".join(f"({a}, {b})" for a, b in rows)
    assert ask(f"SELECT sum(a * b) FROM (VALUES {values}) t(a, b)")[0] == [[total]]


def test_products_of_products_add_up_too(ask: Ask) -> None:
    sql = f"SELECT sum(a * (1 - b) * (1 + b)) FROM (VALUES ({LARGE}, {SMALL}), ({SMALL}, {SMALL})) t(a, b)"
    assert ask(sql)[0] == [["-4725000000013.125000"]]


def test_distinct_products_count_once(ask: Ask) -> None:
    values = f"({LARGE}, {LARGE}), ({LARGE}, {LARGE}), ({SMALL}, {SMALL}), ({SMALL}, {SMALL})"
    sql = f"SELECT sum(DISTINCT a * b) FROM (VALUES {values}) t(a, b)"
    assert ask(sql)[0] == [["810000000000000000000006.2500"]]


def test_a_running_sum_goes_beyond_64_bits(ask: Ask) -> None:
    sql = f"SELECT sum(a * a) OVER (ORDER BY a) FROM (VALUES {SMALL}, {LARGE}) t(a) ORDER BY a"
    assert ask(sql)[0] == [["6.2500"], ["810000000000000000000006.2500"]]
