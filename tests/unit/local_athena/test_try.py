"""TRY and TRY_CAST are NULL where what they hold fails, however deep, and say nothing else."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

NULLS = (
    "TRY_CAST('x' AS double)",
    "TRY_CAST('x' AS decimal(5, 2))",
    "TRY(CAST('x' AS double) + 1)",
    "TRY(date_parse('x', '%Y'))",
    "TRY(CAST(date_parse('x', '%Y') AS date))",
    "TRY(coalesce(CAST('x' AS double), 1))",
    "TRY(CAST('x' AS double) IS NULL)",
    "TRY(IF(CAST('x' AS date) IS NULL, 'nothing', 'something'))",
    "TRY(CAST(ARRAY['1', 'x'] AS array(double)))",
    "TRY(CAST(MAP(ARRAY['k'], ARRAY['x']) AS map(varchar, double)))",
    "TRY(CAST(ROW('x') AS row(a double)))",
    "TRY(transform(ARRAY['1', 'x'], e -> CAST(e AS double)))",
    "TRY(CAST('x' AS double) = 1 OR true)",
    "TRY(CAST('x' AS date) + INTERVAL '1' DAY)",
    "TRY(TRY_CAST('x' AS double) + CAST('x' AS double))",
)


@pytest.mark.parametrize("expression", NULLS)
def test_what_fails_inside_is_null_outside(ask: Ask, expression: str) -> None:
    rows = "(VALUES 1, 2) t(i)"
    assert ask(f"SELECT {expression} FROM {rows}")[0] == [[None], [None]]


@pytest.mark.parametrize(
    ("expression", "value"),
    [("coalesce(TRY_CAST('x' AS double), 1)", "1.0"), ("TRY_CAST('x' AS date) IS NULL", "true")],
)
def test_what_stands_around_sees_the_null(ask: Ask, expression: str, value: str) -> None:
    assert ask(f"SELECT {expression}")[0] == [[value]]


def test_a_row_that_fails_leaves_the_others_alone(ask: Ask) -> None:
    sql = "SELECT TRY(CAST(x AS double) * 2) FROM (VALUES '1', 'x', NULL, '2.5') t(x)"
    assert ask(sql)[0] == [["2.0"], [None], [None], ["5.0"]]


def test_beside_a_try_the_same_function_still_fails(ask: Ask) -> None:
    with pytest.raises(QueryFailed, match="INVALID_CAST_ARGUMENT"):
        ask("SELECT TRY(CAST(x AS double)), CAST(x AS double) FROM (VALUES '1', 'x') t(x)")
