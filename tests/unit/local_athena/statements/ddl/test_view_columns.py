"""A view's stored columns are compared with its query's and applied, and a view never contains itself."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaApiError
from local_athena.statements.ddl.views import view_input
from local_athena.types.trino import parse_type
from tests.unit.local_athena.conftest import Lake

STALE = "VIEW_IS_STALE: line 1:15: View 'awsdatacatalog.db.v' is stale or in invalid state: "


def stored(lake: Lake, sql: str, *columns: tuple[str, str]) -> None:
    """View `v` with these columns, whatever its query gives."""
    made = view_input(("db", "v"), sql, [(n, parse_type(t)) for n, t in columns], "db")
    lake.glue.create_table(DatabaseName="db", TableInput=made)


@pytest.mark.parametrize(
    ("sql", "columns", "why"),
    [
        ("SELECT true a", [("a", "varchar")],
         "column [a] of type boolean projected from query view at position 0 cannot be coerced to column [a] of type "  # noqa: E501
         "varchar stored in view definition"),
        ("SELECT 1 a, 2 b", [("a", "integer"), ("c", "integer")],
         "column [b] of type integer projected from query view at position 1 has a different name from column [c] of "  # noqa: E501
         "type integer stored in view definition"),
        ("SELECT 1 a, 2 b", [("a", "integer")],
         "stored view column count (1) does not match column count derived from the view query analysis (2)"),
        ("SELECT 1", [("a", "integer")],
         "a column of type integer projected from query view at position 0 has no name"),
        ("SELECT BIGINT '1' a", [("a", "integer")],
         "column [a] of type bigint projected from query view at position 0 cannot be coerced to column [a] of type "  # noqa: E501
         "integer stored in view definition"),
    ],
)  # fmt: skip
def test_a_view_whose_query_gives_other_columns_is_stale(
    lake: Lake, sql: str, columns: list[tuple[str, str]], why: str
) -> None:
    stored(lake, sql, *columns)
    assert lake.reason("SELECT * FROM v") == STALE + why


def test_a_stored_type_is_applied(lake: Lake) -> None:
    stored(lake, "SELECT 1 A, 'x' b, ROW(1) r", ("a", "bigint"), ("b", "varchar"), ("r", "row(k bigint)"))
    assert lake.rows("SELECT typeof(a), typeof(b), r.k, A FROM v") == [["bigint", "varchar", "1", "1"]]


@pytest.mark.parametrize("type_", ["string", "struct<a:int>", "array(string)", "nada", "row(a"])
def test_a_stored_type_that_trino_does_not_know_is_an_invalid_view(lake: Lake, type_: str) -> None:
    from local_athena.statements.ddl import views

    made = views.view_input(("db", "v"), "SELECT 1 a", [("a", parse_type("integer"))], "db")
    text = (
        views.base64.b64decode(made["ViewOriginalText"].split()[3])
        .decode()
        .replace('"integer"', f'"{type_}"')
    )
    made["ViewOriginalText"] = f"/* Presto View: {views.base64.b64encode(text.encode()).decode()} */"
    lake.glue.create_table(DatabaseName="db", TableInput=made)
    assert lake.reason("SELECT * FROM v") == (
        f"INVALID_VIEW: line 1:15: Unknown type '{type_}' for column 'a' in view: awsdatacatalog.db.v"
    )


@pytest.mark.parametrize(
    "query", ["SELECT * FROM v", "SELECT * FROM w", "SELECT 1 a WHERE 1 IN (SELECT a FROM db.v)"]
)
def test_a_view_does_not_become_its_own_source(lake: Lake, query: str) -> None:
    lake.rows("CREATE VIEW v AS SELECT 1 a")
    lake.rows("CREATE VIEW w AS SELECT a FROM v")
    reason = lake.reason(f"CREATE OR REPLACE VIEW v AS {query}")
    assert reason.startswith("VIEW_IS_RECURSIVE: line 1:")
    assert reason.endswith("Statement would create a recursive view")
    assert lake.rows("SELECT a FROM w") == [["1"]]


def test_columns_of_a_view_have_names_of_their_own(lake: Lake) -> None:
    assert "DUPLICATE_COLUMN_NAME: line 1:1: Column name 'a' specified more than once" in lake.reason(
        "CREATE VIEW v AS SELECT 1 a, 2 A"
    )
    with pytest.raises(AthenaApiError, match="mismatched input 'not'"):
        lake.start("create view if not exists v as select 1 a")
    assert "NOT_SUPPORTED: CREATE VIEW with COMMENT" in lake.reason(
        "CREATE VIEW v COMMENT 'x as y' AS SELECT 1 a"
    )


def test_a_views_query_begins_after_the_word_as(lake: Lake) -> None:
    lake.rows('CREATE VIEW "as" AS SELECT 1 AS "as"')
    assert lake.rows('SELECT "as" FROM "as"') == [["1"]]


def test_a_column_is_inserted_once(lake: Lake) -> None:
    lake.rows("CREATE TABLE t AS SELECT 1 n, 2 m")
    assert (
        "DUPLICATE_COLUMN_NAME: line 1:1: Insert column name is specified more than once: n"
        in lake.reason("INSERT INTO t (n, N) VALUES (1, 2)")
    )
