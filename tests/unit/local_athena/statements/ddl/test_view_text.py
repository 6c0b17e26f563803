"""A view's text: laid out as Athena does, with the same meaning."""

from __future__ import annotations

import pytest

from local_athena.statements.ddl.view_text import laid_out
from tests.unit.local_athena.conftest import Lake

TEXTS = [
    ("select n from db.t", "SELECT n\nFROM\n  db.t"),
    (
        "SELECT a AS x,\n  sum( b ) AS \"B\" -- total\nFROM t AS u WHERE a IN (1,  2) GROUP BY  a, 1 LIMIT 3",
        'SELECT\n  a x\n, sum( b ) "B"\nFROM\n  t u\nWHERE a IN (1, 2)\nGROUP BY a, 1\nLIMIT 3',
    ),
    ("SELECT DISTINCT f(a, b) c FROM (SELECT  1 AS a, 2 AS b)", "SELECT DISTINCT f(a, b) c\nFROM\n  (SELECT 1 AS a, 2 AS b)"),  # noqa: E501
    ("SELECT 'it''s  so' AS t", "SELECT 'it''s  so' t"),
]  # fmt: skip
KEPT = [
    "WITH c AS (SELECT 1 AS a)  SELECT a FROM c",
    "SELECT 1 AS a  UNION ALL SELECT 2",
    "SELECT t.a FROM t  JOIN u ON t.a = u.a",
    "SELECT 1 AS a FROM t,  u",
]


@pytest.mark.parametrize(("sql", "expected"), TEXTS, ids=[row[0][:40] for row in TEXTS])
def test_a_plain_query_is_laid_out_by_clauses(sql: str, expected: str) -> None:
    assert laid_out(sql) == expected


@pytest.mark.parametrize("sql", KEPT)
def test_another_query_is_kept_as_it_is(sql: str) -> None:
    assert laid_out(sql) == sql


def test_a_view_shows_and_answers_what_it_was_made_of(lake: Lake) -> None:
    lake.rows("CREATE VIEW v AS SELECT 1 AS a, 'x' AS b")
    assert lake.rows("SHOW CREATE VIEW v") == [["CREATE VIEW db.v AS"], ["SELECT"], ["  1 a"], [", 'x' b"]]
    assert lake.rows("SELECT * FROM v") == [["1", "x"]]
