"""WITH RECURSIVE as Trino reads it: column names, types of the base, one reference in FROM of the step."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask


def recursive(query: str, columns: str = "(n)", rest: str = "") -> str:
    return f"WITH RECURSIVE r{columns} AS ({query}) SELECT * FROM r {rest}"


@pytest.mark.parametrize(
    ("query", "values", "type_"),
    [
        ("SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3", ["1", "2", "3"], "integer"),
        ("SELECT BIGINT '1' UNION ALL SELECT 2 FROM r WHERE n < 2", ["1", "2"], "bigint"),
        ("SELECT 'abc' UNION ALL SELECT 'd' FROM r WHERE n = 'abc'", ["abc", "d"], "varchar(3)"),
        ("SELECT 1 UNION ALL SELECT NULL FROM r WHERE n = 1", ["1", None], "integer"),
        ("SELECT 1 UNION ALL (SELECT n + 1 FROM r WHERE n < 3 LIMIT 1)", ["1", "2", "3"], "integer"),
        ("SELECT 1 UNION ALL SELECT n + 1 FROM (SELECT n FROM r WHERE n < 3) q", ["1", "2", "3"], "integer"),
    ],
)
def test_a_step_has_the_columns_of_its_base(
    ask: Ask, query: str, values: list[str | None], type_: str
) -> None:
    rows, types = ask(recursive(query))
    assert sorted(rows, key=str) == sorted(([value] for value in values), key=str)
    assert types == [type_]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (recursive("SELECT 1, 'a' UNION ALL SELECT n + 1, s || 'b' FROM r WHERE n < 3", "(n, s)"),
         "TYPE_MISMATCH: line 1:52: recursion step relation output type (varchar) is not coercible to "
         "recursion base relation output type (varchar(1)) at column 2"),
        (recursive("SELECT 1 UNION ALL SELECT n + 1, 2 FROM r"),
         "TYPE_MISMATCH: line 1:44: base and step relations of recursion have different number of fields: 1, "
         "2"),
        (recursive("SELECT 1 AS n UNION ALL SELECT n + 1 FROM r", ""),
         "MISSING_COLUMN_ALIASES: line 1:16: missing column aliases in recursive WITH query"),
        (recursive("SELECT n FROM r UNION ALL SELECT 1"),
         "INVALID_RECURSIVE_REFERENCE: line 1:39: WITH table name is referenced in the base relation of "
         "recursion"),
        (recursive("SELECT 1 UNION ALL SELECT a.n FROM r a JOIN r b ON a.n = b.n"),
         "INVALID_RECURSIVE_REFERENCE: line 1:69: multiple recursive references in the step relation of "
         "recursion"),
        (recursive("SELECT n + 1 FROM r"),
         "INVALID_RECURSIVE_REFERENCE: line 1:43: recursive reference not allowed in this context"),
        (recursive("SELECT 1 UNION ALL SELECT 1 WHERE EXISTS (SELECT 1 FROM r)"),
         "INVALID_RECURSIVE_REFERENCE: line 1:81: recursive reference outside of FROM clause of the step "
         "relation of recursion"),
        (recursive("SELECT 1 UNION ALL SELECT n FROM (SELECT 1) t(x) LEFT JOIN r ON true"),
         "INVALID_RECURSIVE_REFERENCE: line 1:84: recursive reference in right source of LEFT join"),
        (recursive("SELECT 1 UNION ALL SELECT n FROM r RIGHT JOIN (SELECT 1) t(x) ON true"),
         "INVALID_RECURSIVE_REFERENCE: line 1:58: recursive reference in left source of RIGHT join"),
        (recursive("SELECT 1 UNION ALL SELECT n FROM r ORDER BY 1"),
         "NOT_SUPPORTED: line 1:60: immediate ORDER BY clause in recursive query"),
        (recursive("SELECT 1 UNION ALL SELECT n FROM r LIMIT 5"),
         "INVALID_LIMIT_CLAUSE: line 1:60: immediate FETCH FIRST / LIMIT clause in recursive query"),
        (recursive("WITH RECURSIVE z(b) AS (SELECT 1) SELECT b FROM z"),
         "NESTED_RECURSIVE: line 1:25: nested recursive WITH query"),
        (recursive("SELECT 1 UNION ALL SELECT n + 1 FROM r", rest="LIMIT 3"),
         "NOT_SUPPORTED: Recursion depth limit exceeded (10)"),
    ],
)  # fmt: skip
def test_a_query_that_may_not_read_itself_so_is_refused(ask: Ask, sql: str, message: str) -> None:
    with pytest.raises(QueryFailed) as failed:
        ask(sql)
    assert str(failed.value).startswith(message)
