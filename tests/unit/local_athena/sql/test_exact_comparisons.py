"""A literal such as 0.05 is a double; compared with exact numbers it answers as a double and reads as one of them."""  # noqa: E501

from __future__ import annotations

import operator
import random
from collections.abc import Callable
from decimal import Decimal

import pytest

from local_athena.sql.build import ident, string
from local_athena.sql.exact_comparisons import exactly
from local_athena.sql.typed import Typed
from local_athena.sql.writer import write
from local_athena.types.trino import BIGINT, DOUBLE, INTEGER, TINYINT, TrinoType, decimal
from tests.unit.local_athena.conftest import Ask

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq,
    "<>": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip


def literal(value: float) -> Typed:
    return Typed(string("unused"), DOUBLE, value)


def column(type_: TrinoType) -> Typed:
    return Typed(ident("c"), type_)


@pytest.mark.parametrize(
    ("type_", "value", "written"),
    [
        (decimal(15, 2), 0.05, "CAST('0.05' AS DECIMAL(15,2))"),
        (decimal(4, 3), 24.0, "CAST('24.000' AS DECIMAL(15,3))"),
        (INTEGER, 7.0, "CAST('7' AS INTEGER)"),
        (BIGINT, -123456789.0, "CAST('-123456789' AS BIGINT)"),
    ],
)
def test_a_double_literal_reads_as_the_exact_number_beside_it(
    type_: TrinoType, value: float, written: str
) -> None:
    made = exactly(column(type_), literal(value))
    assert made is not None
    assert made[0] == column(type_)
    assert write(made[1].sql) == written
    turned = exactly(literal(value), column(type_))
    assert turned is not None
    assert write(turned[0].sql) == written


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (decimal(15, 2), 0.055),  # no such decimal
        (decimal(16, 2), 0.05),  # a double may lose some of it
        (decimal(15, 2), 1e300),
        (decimal(15, 10), 123456.5),  # over fifteen digits at that scale
        (INTEGER, 7.5),
        (TINYINT, 1000.0),
        (BIGINT, 1e15),
        (DOUBLE, 1.0),
    ],
)
def test_any_other_pair_is_left_to_the_common_type(type_: TrinoType, value: float) -> None:
    assert exactly(column(type_), literal(value)) is None


def test_two_literals_are_no_column_and_a_literal() -> None:
    assert exactly(Typed(string("unused"), INTEGER, 1), literal(1.0)) is None


@pytest.mark.parametrize("seed", range(3))
def test_the_answer_is_that_of_doubles(ask: Ask, seed: int) -> None:
    chance = random.Random(seed)
    scale = chance.choice((0, 2, 7, 15))
    written = [str(Decimal(chance.randint(-(10**15) + 1, 10**15 - 1)).scaleb(-scale)) for _ in range(20)]
    for text in chance.sample(written, 6):
        value = float(text) if "." in text else float(text + ".0")
        shown = f"{value!r}" if "e" not in repr(value) else f"{Decimal(repr(value)):f}"
        literal_ = shown if "." in shown else f"{shown}.0"
        for sign, compared in OPERATORS.items():
            values = ", ".join(f"(DECIMAL '{Decimal(one):f}')" for one in written)
            rows, _ = ask(
                f"SELECT CAST(c AS DECIMAL(15, {scale})) {sign} {literal_} FROM (VALUES {values}) t(c)"
            )
            expected = [str(compared(float(one), value)).lower() for one in written]
            assert [row[0] for row in rows] == expected, (sign, literal_)
