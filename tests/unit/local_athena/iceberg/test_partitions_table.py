"""`"t$partitions"`: counts and ranges of each partition, as Trino shows them."""

from __future__ import annotations

from tests.unit.local_athena.conftest import Lake

TABLE = (
    "CREATE TABLE t ({}) PARTITIONED BY ({}) LOCATION 's3://lake/t' TBLPROPERTIES ('table_type' = 'ICEBERG')"
)


def test_a_partition_tells_the_range_of_its_columns(lake: Lake) -> None:
    lake.rows(TABLE.format("n int, k string, d date, x array<int>", "k"))
    lake.rows("INSERT INTO t VALUES (3, 'a', DATE '2024-01-02', ARRAY[1]), (NULL, 'a', NULL, NULL)")
    lake.rows("INSERT INTO t VALUES (7, 'a', DATE '2024-01-01', NULL), (NULL, 'b', NULL, NULL)")
    found = lake.rows(
        "SELECT partition.k, record_count, file_count, data.n.min, data.n.max, data.n.null_count, "
        'data.d.min, data.d.max FROM "t$partitions" ORDER BY 1'
    )
    assert found == [
        ["a", "3", "2", "3", "7", "1", "2024-01-01", "2024-01-02"],
        ["b", "1", "1", None, None, "1", None, None],
    ]
    nothing = "{min=null, max=null, null_count=1, nan_count=null}"
    assert lake.rows("SELECT data FROM \"t$partitions\" WHERE partition.k = 'b'") == [
        [f"{{n={nothing}, d={nothing}}}"]
    ]


def test_hidden_partitions_keep_their_source_among_the_ranges(lake: Lake) -> None:
    lake.rows(TABLE.format("ts timestamp", "day(ts)"))
    lake.rows("INSERT INTO t VALUES (TIMESTAMP '2024-01-02 03:04:05.678')")
    assert lake.rows('SELECT partition.ts_day, data.ts.max FROM "t$partitions"') == [
        ["2024-01-02", "2024-01-02 03:04:05.678000"]
    ]
