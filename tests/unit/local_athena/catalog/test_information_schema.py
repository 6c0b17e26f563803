"""The catalog as tables of a query."""

from __future__ import annotations

from tests.unit.local_athena.conftest import Lake


def made(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE ventas (id int COMMENT 'it''s', s struct<a:int>) PARTITIONED BY (dia int) "
        "LOCATION 's3://lake/ventas/'"
    )
    lake.rows("CREATE VIEW v AS SELECT id + 1 AS x FROM ventas")
    lake.rows("CREATE DATABASE otra")


def test_tables_and_views_are_listed_with_their_kind(lake: Lake) -> None:
    made(lake)
    found = lake.rows(
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'db'"
    )
    assert sorted(found) == [["v", "VIEW"], ["ventas", "BASE TABLE"]]
    assert lake.rows("SELECT view_definition FROM information_schema.views") == [
        ["SELECT id + 1 x\nFROM\n  ventas"]
    ]


def test_columns_have_trino_types_and_places(lake: Lake) -> None:
    made(lake)
    assert lake.rows(
        "SELECT column_name, ordinal_position, data_type, comment, extra_info FROM information_schema.columns "  # noqa: E501
        "WHERE table_schema = 'db' AND table_name IN ('ventas', 'v') ORDER BY table_name, 2"
    ) == [
        ["x", "1", "integer", None, None],
        ["id", "1", "integer", "it's", None],
        ["s", "2", "row(a integer)", None, None],
        ["dia", "3", "integer", None, "partition key"],
    ]


def test_schemata_are_the_databases(lake: Lake) -> None:
    made(lake)
    found = lake.rows("SELECT schema_name FROM awsdatacatalog.information_schema.schemata ORDER BY 1")
    assert found == [["db"], ["information_schema"], ["otra"]]
    assert lake.rows("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'otra'") == [["0"]]


def test_there_is_nothing_else(lake: Lake) -> None:
    assert lake.reason("SELECT * FROM information_schema.secrets") == (
        "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.information_schema.secrets' does not exist"
    )
