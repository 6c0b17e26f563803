"""`"t$partitions"` of a Hive table."""

from __future__ import annotations

from tests.unit.local_athena.conftest import Lake


def test_each_partition_is_a_row_with_a_column_for_each_key(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (p int, q string) LOCATION 's3://lake/t/'")
    assert lake.rows('SELECT * FROM "t$partitions"') == []
    lake.rows("ALTER TABLE t ADD PARTITION (p = 1, q = 'x') PARTITION (p = 2, q = 'it\\'s')")
    assert lake.rows('SELECT * FROM "t$partitions" ORDER BY p') == [["1", "x"], ["2", "it's"]]
    assert lake.rows("SELECT p + 1 FROM db.\"t$partitions\" WHERE q = 'x'") == [["2"]]
    assert lake.rows('SELECT count(*) FROM "t$partitions"') == [["2"]]
    assert lake.run('SELECT * FROM "t$partitions"')["Statistics"]["DataScannedInBytes"] == 0


def test_null_is_a_partition_too(lake: Lake) -> None:
    lake.rows(
        "CREATE TABLE t WITH (partitioned_by = ARRAY['p']) AS SELECT 1 a, 'x' p UNION ALL SELECT 2, NULL"
    )
    assert lake.rows('SELECT p FROM "t$partitions" ORDER BY p NULLS FIRST') == [[None], ["x"]]


def test_projected_partitions_are_those_of_the_projection(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (p int) LOCATION 's3://lake/t/' TBLPROPERTIES "
        "('projection.enabled'='true', 'projection.p.type'='integer', 'projection.p.range'='1,3')"
    )
    assert lake.rows('SELECT p FROM "t$partitions" WHERE p > 1 ORDER BY p') == [["2"], ["3"]]


def test_a_table_without_partitions_has_no_such_table(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/t/'")
    assert lake.reason('SELECT * FROM "t$partitions"') == (
        "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.db.t$partitions' does not exist"
    )
