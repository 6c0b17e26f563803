"""CTAS and INSERT: what one writes, the other and every query read back."""

from __future__ import annotations

import re
from typing import Any

import pyarrow.parquet as pq
import pytest

from local_athena.types.buckets import bucket_of
from local_athena.types.trino import BIGINT, DATE, DOUBLE, INTEGER, VARCHAR
from tests.unit.local_athena.conftest import Lake

VALUES = (
    "SELECT id, texto, d, real_, flag, day_, moment, items, pairs, fields FROM (VALUES "
    "(1, 'ñ', DECIMAL '1.50', REAL '1.5', true, DATE '2024-01-02', TIMESTAMP '2024-01-02 03:04:05.678', "
    "ARRAY[1, NULL], MAP(ARRAY['k'], ARRAY[2.5]), CAST(ROW('x', ARRAY[1e0]) AS row(a varchar, b array(double)))), "  # noqa: E501
    "(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) "
    "AS t(id, texto, d, real_, flag, day_, moment, items, pairs, fields)"
)
ROWS = [
    ["1", "ñ", "1.50", "1.5", "true", "2024-01-02", "2024-01-02 03:04:05.678", "[1, null]", "{k=2.5}", "{a=x, b=[1.0]}"],  # noqa: E501
    ["2", *[None] * 9],
]  # fmt: skip


def created(lake: Lake, properties: str, query: str = VALUES, name: str = "t") -> list[str]:
    """The names of the files below the table's location."""
    done = lake.run(f"CREATE TABLE {name} WITH ({properties}) AS {query}")
    assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    return files(lake, name)


def files(lake: Lake, name: str = "t") -> list[str]:
    location = lake.glue.get_table(DatabaseName="db", Name=name)["Table"]["StorageDescriptor"]["Location"]
    prefix = location.removeprefix("s3://lake/").rstrip("/") + "/"
    return [item.key.removeprefix(prefix) for item in lake.store.list_objects("lake", prefix)]


@pytest.mark.parametrize("format_", ["PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE"])
def test_a_table_of_every_format_is_read_back_and_inserted_into(lake: Lake, format_: str) -> None:
    created(lake, f"format = '{format_}'")
    assert lake.rows("SELECT * FROM t ORDER BY id") == ROWS
    done = lake.run("INSERT INTO t (texto, id) SELECT 'o  ', 3")
    assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    assert lake.rows("SELECT id, texto, items FROM t WHERE id > 1 ORDER BY id") == [
        ["2", None, None],
        ["3", "o", None],
    ]
    assert len(files(lake)) == 2
    assert lake.reason("INSERT INTO t (texto, id) SELECT 'otro', 4").startswith(
        "INVALID_CAST_ARGUMENT: Cannot truncate non-space characters when casting from varchar(4) to varchar(1) on INSERT"  # noqa: E501
    )


@pytest.mark.parametrize(
    ("format_", "compressions"),
    [
        ("PARQUET", ["SNAPPY", "ZSTD", "LZ4", "NONE"]), ("ORC", ["SNAPPY", "ZSTD", "LZ4", "NONE"]),
        ("AVRO", ["SNAPPY", "BZIP2", "NONE"]), ("TEXTFILE", ["SNAPPY", "LZ4", "ZSTD", "BZIP2", "DEFLATE", "NONE"]),  # noqa: E501
    ],
)  # fmt: skip
def test_every_compression_is_read_back(lake: Lake, format_: str, compressions: list[str]) -> None:
    for compression in compressions:
        name = f"t_{compression}".lower()
        made = created(
            lake,
            f"format = '{format_}', write_compression = '{compression}'",
            "SELECT 1 AS a, 'x' AS b",
            name,
        )
        assert lake.rows(f"SELECT a, b FROM {name}") == [["1", "x"]]
        (found,) = made
        assert re.fullmatch(r"\d{8}_\d{6}_\d{5}_[a-z0-9]{5}_[0-9a-f-]{36}(\.\w+)?", found)


def test_buckets_are_files_that_hold_their_rows(lake: Lake) -> None:
    query = "SELECT n, CAST(n AS varchar) AS s, n % 2 AS p FROM UNNEST(sequence(1, 40)) AS t(n)"
    made = created(lake, "bucketed_by = ARRAY['s'], bucket_count = 4, partitioned_by = ARRAY['p']", query)
    assert {name.split("_bucket-")[1] for name in made} == {f"{i:05d}" for i in range(4)}
    for path, text in lake.rows('SELECT "$path", s FROM t'):
        assert path is not None
        assert int(path[-5:]) == bucket_of((text,), (VARCHAR,), 4)
    described = lake.glue.get_table(DatabaseName="db", Name="t")["Table"]["StorageDescriptor"]
    assert (described["BucketColumns"], described["NumberOfBuckets"]) == (["s"], 4)
    assert lake.reason("INSERT INTO t VALUES (1, 'x', 1)").startswith(
        "NOT_SUPPORTED: INSERT INTO is not supported for"
    )


def test_bucket_hashes_are_hives() -> None:
    cases: list[tuple[Any, Any, int]] = [
        (7, INTEGER, 7), (-1, INTEGER, 0x7FFFFFFF), (1 << 32, BIGINT, 1), ("ab", VARCHAR, 97 * 31 + 98),
        (None, VARCHAR, 0), (1.0, DOUBLE, 0x3FF00000),
    ]  # fmt: skip
    for value, type_, hashed in cases:
        assert bucket_of((value,), (type_,), 1 << 31) == hashed
    assert bucket_of((2, "a"), (INTEGER, VARCHAR), 1 << 31) == 2 * 31 + 97
    assert DATE.base == "date"


def test_no_rows_make_a_table_without_files(lake: Lake) -> None:
    assert created(lake, "format = 'ORC'", VALUES + " WHERE false") == []
    assert lake.rows("SELECT * FROM t") == []
    lake.rows("CREATE TABLE v AS SELECT 1 AS a WITH NO DATA")
    assert (lake.rows("SELECT a FROM v"), files(lake, "v")) == ([], [])


def test_partition_values_of_every_kind_come_back(lake: Lake) -> None:
    query = (
        "SELECT * FROM (VALUES (1, 'a/b=c %', DATE '2024-01-02', true), (2, 'ñandú', NULL, false), (3, NULL, NULL, NULL)) "  # noqa: E501
        "AS t(n, s, d, b)"
    )
    created(lake, "partitioned_by = ARRAY['s', 'd', 'b'], format = 'JSON'", query)
    assert lake.rows("SELECT n, s, d, b FROM t ORDER BY n") == [
        ["1", "a/b=c %", "2024-01-02", "true"], ["2", "ñandú", None, "false"], ["3", None, None, None],
    ]  # fmt: skip
    assert lake.rows("SELECT n FROM t WHERE s = 'a/b=c %'") == [["1"]]


def test_rows_go_where_their_partition_lies(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE t (n int) PARTITIONED BY (p int) STORED AS PARQUET LOCATION 's3://lake/t/'"
    )
    lake.rows("ALTER TABLE t ADD PARTITION (p = 1) LOCATION 's3://lake/elsewhere/'")
    lake.rows("INSERT INTO t VALUES (10, 1), (20, 2)")
    found = lake.rows("SELECT n, regexp_extract(\"$path\", '^s3://lake/[^/]+') FROM t ORDER BY n")
    assert found == [["10", "s3://lake/elsewhere"], ["20", "s3://lake/t"]]
    assert lake.rows("SHOW PARTITIONS t") == [["p=1"], ["p=2"]]


def test_a_projected_table_gets_files_where_it_projects_them(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE t (n int) PARTITIONED BY (p string) STORED AS PARQUET LOCATION 's3://lake/t/' "
        "TBLPROPERTIES ('projection.enabled' = 'true', 'projection.p.type' = 'enum', 'projection.p.values' = 'a,b', "  # noqa: E501
        "'storage.location.template' = 's3://lake/t/x-${p}/')"
    )
    lake.rows("INSERT INTO t VALUES (1, 'a')")
    assert lake.rows("SELECT n, p FROM t") == [["1", "a"]]
    assert files(lake)[0].startswith("x-a/")
    assert lake.glue.get_partitions(DatabaseName="db", TableName="t")["Partitions"] == []


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("CREATE TABLE t WITH (partitioned_by = ARRAY['a']) AS SELECT 1 AS a, 2 AS b", "HIVE_COLUMN_ORDER_MISMATCH: Partition keys"),  # noqa: E501
        ("CREATE TABLE t WITH (partitioned_by = ARRAY['a']) AS SELECT 1 AS a", "INVALID_TABLE_PROPERTY: Table contains only partition"),  # noqa: E501
        ("CREATE TABLE t WITH (bucket_count = 4) AS SELECT 1 AS a", "INVALID_TABLE_PROPERTY: bucketed_by and bucket_count must"),  # noqa: E501
        ("CREATE TABLE t WITH (bucketed_by = ARRAY['z'], bucket_count = 4) AS SELECT 1 AS a", "INVALID_TABLE_PROPERTY: Bucketing columns [z]"),  # noqa: E501
        ("CREATE TABLE t WITH (colour = 'red') AS SELECT 1 AS a", "INVALID_TABLE_PROPERTY: Catalog 'awsdatacatalog' table property 'colour' does not exist"),  # noqa: E501
        ("CREATE TABLE t AS SELECT current_timestamp AS a", "NOT_SUPPORTED: Unsupported Hive type: timestamp(3) with time zone"),  # noqa: E501
        ("CREATE TABLE t AS SELECT TIMESTAMP '2024-01-01 00:00:00.123456' AS a",
         "NOT_SUPPORTED: Incorrect timestamp precision for timestamp(6); the configured precision is MILLISECONDS; column name: a"),  # noqa: E501
        ("CREATE TABLE t WITH (format = 'AVRO') AS SELECT CAST(1 AS tinyint) AS a", "NOT_SUPPORTED: Column 'a' is tinyint"),  # noqa: E501
        ("CREATE TABLE t WITH (external_location = 's3://lake/full') AS SELECT 1 AS a", "HIVE_PATH_ALREADY_EXISTS: Target directory for table 'db.t'"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_and_leaves_nothing(lake: Lake, statement: str, reason: str) -> None:
    lake.store.put("lake", "full/x", b"1")
    assert lake.reason(statement).startswith(reason)
    assert lake.rows("SHOW TABLES") == []
    assert not list(lake.store.list_objects("lake", "results/tables/"))


def test_a_table_that_is_there_may_be_tolerated(lake: Lake) -> None:
    created(lake, "format = 'ORC'", "SELECT 1 AS a")
    lake.rows("CREATE TABLE IF NOT EXISTS t AS SELECT 2 AS a")
    assert lake.rows("SELECT a FROM t") == [["1"]]
    assert lake.reason("CREATE TABLE t AS SELECT 2 AS a").startswith(
        "TABLE_ALREADY_EXISTS: line 1:1: Destination table"
    )


def test_a_failure_tells_where_athena_would_have_left_data(lake: Lake) -> None:
    done = lake.run("CREATE TABLE t AS SELECT 1 / 0 AS a")
    place = done["ResultConfiguration"]["OutputLocation"]
    assert done["Status"]["StateChangeReason"] == (
        f"DIVISION_BY_ZERO: Division by zero You may need to manually clean the data at location '{place}' before "  # noqa: E501
        "retrying. Athena will not delete data in your account."
    )
    assert done["Status"]["AthenaError"]["ErrorMessage"] == done["Status"]["StateChangeReason"]
    created(lake, "format = 'ORC'", "SELECT 1 AS a")
    assert lake.reason("INSERT INTO t SELECT 1 / 0").startswith(
        "DIVISION_BY_ZERO: Division by zero If a data manifest file was generated at 's3://lake/results/"
    )


def test_timestamps_in_parquet_are_int96_as_athena_writes_them(lake: Lake) -> None:
    (name,) = created(lake, "format = 'PARQUET'", "SELECT TIMESTAMP '2024-01-02 03:04:05.678' AS t, 1 AS n")
    location = lake.glue.get_table(DatabaseName="db", Name="t")["Table"]["StorageDescriptor"]["Location"]
    path = lake.store.path_of("lake", location.removeprefix("s3://lake/") + name)
    assert [column.physical_type for column in map(pq.ParquetFile(path).schema.column, (0, 1))] == [
        "INT96", "INT32",
    ]  # fmt: skip
    assert lake.rows("SELECT n FROM t WHERE t = TIMESTAMP '2024-01-02 03:04:05.678'") == [["1"]]


def test_a_ctas_without_rows_has_an_empty_manifest(lake: Lake) -> None:
    done = lake.run("CREATE TABLE t AS SELECT 1 AS a WHERE false")
    manifest = done["Statistics"]["DataManifestLocation"].removeprefix("s3://lake/")
    assert lake.store.path_of("lake", manifest).read_bytes() == b""
    assert lake.rows("SELECT a FROM t") == []


def test_insert_casts_numbers_and_moments_into_their_columns(lake: Lake) -> None:
    columns = "i int, r float, d decimal(8, 4), f date, m timestamp, l array<int>"
    lake.rows(f"CREATE EXTERNAL TABLE t ({columns}) STORED AS PARQUET LOCATION 's3://lake/t/'")
    moment = "TIMESTAMP '2012-10-15 12:57:18'"
    zoned = "TIMESTAMP '2012-10-15 12:57:18 UTC'"
    lake.rows(f"INSERT INTO t VALUES (DECIMAL '7', 15.75, 15.7563, {moment}, {zoned}, sequence(1, 2))")
    assert lake.rows("SELECT * FROM t") == [
        ["7", "15.75", "15.7563", "2012-10-15", "2012-10-15 12:57:18.000", "[1, 2]"]
    ]
    assert lake.reason("INSERT INTO t (i) VALUES (3000000000)").startswith("NUMERIC_VALUE_OUT_OF_RANGE: Out")
    assert lake.reason("INSERT INTO t (i) VALUES ('7')").startswith(
        "TYPE_MISMATCH: Insert query has mismatched column types: Table: [integer], Query: [varchar(1)]"
    )


def test_the_comment_of_a_new_table_is_kept(lake: Lake) -> None:
    lake.rows("CREATE TABLE t COMMENT 'it''s; WITH (a)' WITH (format = 'PARQUET') AS SELECT 1 a")
    assert (
        lake.glue.get_table(DatabaseName="db", Name="t")["Table"]["Parameters"]["comment"] == "it's; WITH (a)"
    )
    assert ["COMMENT 'it\\'s; WITH (a)'"] in lake.rows("SHOW CREATE TABLE t")
    iceberg = "WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/ice/')"
    lake.rows(f"CREATE TABLE ice COMMENT 'ice' {iceberg} AS SELECT 1 a")
    assert lake.glue.get_table(DatabaseName="db", Name="ice")["Table"]["Parameters"]["comment"] == "ice"
    assert lake.rows("SELECT a FROM t UNION ALL SELECT a FROM ice") == [["1"], ["1"]]


def test_a_comment_is_no_table_property(lake: Lake) -> None:
    reason = lake.reason("CREATE TABLE t WITH (comment = 'x') AS SELECT 1 a")
    assert "Catalog 'awsdatacatalog' table property 'comment' does not exist" in reason
