"""Constants in ORDER BY and GROUP BY (answers of Trino 435)."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

T = "(VALUES 2, 1) t(x)"


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        (f"SELECT x FROM {T} ORDER BY 'x', x", [["1"], ["2"]]),
        (
            f"SELECT x FROM {T} ORDER BY true, date '2020-01-01', 1.5, ARRAY[1], NULL, ROW(1), x",
            [["1"], ["2"]],
        ),
        (f"SELECT x FROM {T} ORDER BY 1e0, -x", [["2"], ["1"]]),
        (
            f"SELECT x FROM {T} ORDER BY CAST('a' AS varchar), 'b' || 'c', 1 + 1, interval '1' day, x",
            [["1"], ["2"]],
        ),
        (f"SELECT x FROM {T} ORDER BY 'a' DESC NULLS FIRST, x LIMIT 1", [["1"]]),
        (f"SELECT max(x) FROM {T} ORDER BY 'x'", [["2"]]),
        (f"SELECT x, 9 - x FROM {T} ORDER BY (2)", [["2", "7"], ["1", "8"]]),
        (f"SELECT x FROM {T} UNION SELECT 3 ORDER BY 'x', 1", [["1"], ["2"], ["3"]]),
        (f"SELECT array_agg(x ORDER BY 'a', x) FROM {T}", [["[1, 2]"]]),
        (f"SELECT array_agg(x ORDER BY 1, x) FROM {T}", [["[1, 2]"]]),
        (f"SELECT count(*) FROM {T} GROUP BY 'a', 1.5, NULL", [["2"]]),
        (f"SELECT count(*) FROM {T} GROUP BY 'a', 1e0", [["2"]]),
    ],
)
def test_a_constant_orders_and_groups_nothing(ask: Ask, sql: str, rows: list[list[str | None]]) -> None:
    assert ask(sql)[0] == rows


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (
            f"SELECT x FROM {T} ORDER BY -1",
            "INVALID_COLUMN_REFERENCE: .*ORDER BY position -1 is not in select list",
        ),
        (
            f"SELECT x FROM {T} ORDER BY 2",
            "INVALID_COLUMN_REFERENCE: .*ORDER BY position 2 is not in select list",
        ),
        (f"SELECT DISTINCT x FROM {T} ORDER BY x, 'x'", "EXPRESSION_NOT_IN_DISTINCT"),
        (f"SELECT x FROM {T} ORDER BY 1/0", "DIVISION_BY_ZERO"),
    ],
)
def test_a_term_that_names_no_column_is_refused(ask: Ask, sql: str, reason: str) -> None:
    with pytest.raises(QueryFailed, match=reason):
        ask(sql)
