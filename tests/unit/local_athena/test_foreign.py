"""What other databases have is refused, never read as something else."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaApiError, QueryFailed
from tests.unit.local_athena.conftest import Ask

T, U = "(VALUES 1, 2) t(x)", "(VALUES 1) u(y)"
FOREIGN = (
    f"SELECT * FROM {T} LEFT ANTI JOIN {U} ON x = y",
    f"SELECT * FROM {T} SEMI JOIN {U} ON x = y",
    f"SELECT * FROM {T} CROSS JOIN {U} ON x = y",
    f"SELECT * FROM {T} CROSS APPLY (SELECT 1)",
    f"SELECT * EXCEPT (x) FROM {T}",
    f"SELECT * REPLACE (1 AS x) FROM {T}",
    f"SELECT DISTINCT ON (x) x FROM {T}",
    f"SELECT x FROM {T} LIMIT 1, 1",
    f"SELECT x FROM {T} FETCH FIRST 50 PERCENT ROWS ONLY",
    f"SELECT x FROM {T} SORT BY x",
    f"SELECT x FROM {T} FOR UPDATE",
    f"SELECT x, FROM {T}",
    f"SELECT x FROM {T} WHERE x IN ARRAY[1]",
    f"SELECT sum(x) OVER (ROWS 1 PRECEDING EXCLUDE CURRENT ROW) FROM {T}",
    "WITH x AS MATERIALIZED (SELECT 1) SELECT * FROM x",
    "SELECT 1 UNION BY NAME SELECT 2",
    "SELECT 1::int",
    "SELECT 1 == 1",
    "SELECT 1 <=> 2",
    "SELECT [1, 2]",
    "SELECT ARRAY[1,]",
    "SELECT 1 AS",
)


@pytest.mark.parametrize("sql", FOREIGN)
def test_a_clause_that_trino_does_not_have_is_malformed(ask: Ask, sql: str) -> None:
    with pytest.raises(AthenaApiError, match=r"line 1:\d+: mismatched input"):
        ask(sql)


@pytest.mark.parametrize(
    "name",
    ["string", "TEXT", "int64", "number", "varchar2(3)", "datetime", "timestamptz", "timetz", "bytea", "dec"],
)
def test_a_type_that_trino_does_not_have_is_unknown(ask: Ask, name: str) -> None:
    with pytest.raises(QueryFailed, match="Unknown type: "):
        ask(f"SELECT CAST('1' AS {name})")


def test_a_sample_of_values_is_taken(ask: Ask) -> None:
    assert ask(f"SELECT count(*) FROM {T} TABLESAMPLE BERNOULLI (0)")[0] == [["0"]]


LIKE_FOREIGN = [
    ("SELECT 1 isnull, 2 ilike, 3 div, 4 AS rlike", [["1", "2", "3", "4"]]),
    ("SELECT x AS string, x text FROM (VALUES 1) t(x)", [["1", "1"]]),
    ("SELECT CAST(ROW(1) AS ROW(string integer)).string", [["1"]]),
    ("SELECT count(*) FROM (VALUES 1) a(x), (VALUES 2) b(y) INNER JOIN (VALUES 2) c(z) ON y = z", [["1"]]),
    ("SELECT ARRAY[1][1], ARRAY[ARRAY[2]][1][1] /* , */ -- ,", [["1", "2"]]),
]


@pytest.mark.parametrize(("sql", "rows"), LIKE_FOREIGN)
def test_what_only_looks_foreign_is_answered(ask: Ask, sql: str, rows: list[list[str | None]]) -> None:
    assert ask(sql)[0] == rows
