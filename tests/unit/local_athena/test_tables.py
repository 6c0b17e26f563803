"""Tables of the catalog: SerDes, partitions, views, DDL, CTAS and INSERT, files on S3."""

from __future__ import annotations

import gzip
import queue
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.local_athena.conftest import Lake, make_lake

TEXT = """CREATE EXTERNAL TABLE ventas (id int, nombre string) PARTITIONED BY (year int)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/ventas/'
TBLPROPERTIES ('skip.header.line.count' = '1')"""


def with_text(lake: Lake) -> None:
    lake.rows(TEXT)
    lake.store.put("lake", "ventas/year=2024/a.csv", b"id,nombre\n1,x\n2,\\N\nq,z,more\n3\n")
    lake.store.put("lake", "ventas/year=2025/a.csv", b"id,nombre\n7,y\n")
    lake.store.put("lake", "ventas/year=2025/_SUCCESS", b"hidden\n")
    lake.rows("MSCK REPAIR TABLE ventas")


def test_delimited_text_gives_null_for_what_it_cannot_read(lake: Lake) -> None:
    with_text(lake)
    rows = lake.rows("SELECT id, nombre FROM ventas WHERE year = 2024 ORDER BY id")
    assert rows == [["1", "x"], ["2", None], ["3", None], [None, "z"]]


def test_a_filter_on_a_partition_column_reads_only_that_partition(lake: Lake) -> None:
    with_text(lake)
    done = lake.run("SELECT count(*) FROM ventas WHERE year = 2025")
    assert done["Statistics"]["DataScannedInBytes"] == len(b"id,nombre\n7,y\n")


def test_path_is_the_uri_of_the_object(lake: Lake) -> None:
    with_text(lake)
    assert lake.rows('SELECT "$path" FROM ventas WHERE id = 7') == [["s3://lake/ventas/year=2025/a.csv"]]


def test_quoted_csv_keeps_commas_and_quotes(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE q (a string, b int) ROW FORMAT SERDE "
        "'org.apache.hadoop.hive.serde2.OpenCSVSerde' "
        "LOCATION 's3://lake/q/'"
    )
    lake.store.put("lake", "q/f.csv", b'"a, ""b""",1\nplain,2\n')
    assert lake.rows("SELECT a, b FROM q ORDER BY b") == [['a, "b"', "1"], ["plain", "2"]]
    lake.store.put("lake", "q/g.csv", b"x,y\n")
    assert lake.reason("SELECT b FROM q").startswith(
        "HIVE_BAD_DATA: Error parsing field value 'y' for field 1"
    )


def test_json_columns_match_by_name_and_nest(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE j (id bigint, tags array<string>, s struct<a:int,b:string>) "
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/j/'"
    )
    lake.store.put("lake", "j/f.json", b'{"ID": 1, "tags": ["x"], "s": {"a": 2}}\n{"id": 2}\n')
    assert lake.rows("SELECT id, tags, s.a, s FROM j ORDER BY id") == [
        ["1", "[x]", "2", "{a=2, b=null}"],
        ["2", None, None, None],
    ]


def test_parquet_columns_match_by_name_and_only_their_bytes_count(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE p (b string, A int, missing int) STORED AS PARQUET LOCATION 's3://lake/p/'"
    )
    path = lake.store.staging_file()
    pq.write_table(pa.table({"a": pa.array([1, 2], pa.int32()), "b": ["x" * 500, "y" * 500]}), path)
    lake.store.put("lake", "p/f.parquet", path)
    assert lake.rows("SELECT a, length(b), missing FROM p ORDER BY a") == [
        ["1", "500", None],
        ["2", "500", None],
    ]
    narrow = lake.run("SELECT sum(a) FROM p")["Statistics"]["DataScannedInBytes"]
    wide = lake.run("SELECT * FROM p")["Statistics"]["DataScannedInBytes"]
    assert 0 < narrow < wide


def test_a_parquet_column_of_another_type_is_bad_data(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE p (a bigint) STORED AS PARQUET LOCATION 's3://lake/p/'")
    path = lake.store.staging_file()
    pq.write_table(pa.table({"a": ["x"]}), path)
    lake.store.put("lake", "p/f.parquet", path)
    assert lake.reason("SELECT a FROM p") == (
        "HIVE_BAD_DATA: Field a's type BINARY in parquet file s3://lake/p/f.parquet is incompatible "
        "with type bigint "
        "defined in table schema"
    )


def test_ctas_writes_a_table_that_can_be_read_and_inserted_into(lake: Lake) -> None:
    with_text(lake)
    done = lake.run("CREATE TABLE copia WITH (partitioned_by = ARRAY['year']) AS SELECT id, year FROM ventas")
    assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    assert done["ResultConfiguration"]["OutputLocation"].startswith("s3://lake/results/tables/")
    assert lake.rows("SHOW PARTITIONS copia") == [["year=2024"], ["year=2025"]]
    lake.rows("INSERT INTO copia VALUES (9, 2026)")
    assert lake.rows("SELECT id FROM copia WHERE year >= 2025 ORDER BY id") == [["7"], ["9"]]


def test_insert_refuses_other_types(lake: Lake) -> None:
    lake.rows("CREATE TABLE t AS SELECT 1 AS a")
    assert lake.reason("INSERT INTO t VALUES ('x')").startswith(
        "TYPE_MISMATCH: Insert query has mismatched column types: Table: [integer], Query: [varchar(1)]"
    )


def test_a_view_is_stored_as_athena_stores_it(lake: Lake) -> None:
    with_text(lake)
    lake.rows("CREATE VIEW v AS SELECT id + 1 AS siguiente FROM ventas WHERE year = 2025")
    assert lake.rows("SELECT * FROM v") == [["8"]]
    table = lake.glue.get_table(DatabaseName="db", Name="v")["Table"]
    assert table["TableType"] == "VIRTUAL_VIEW"
    assert table["ViewOriginalText"].startswith("/* Presto View: ")
    assert lake.rows("SHOW VIEWS") == [["v"]]
    lake.rows("DROP VIEW v")
    assert lake.rows("SHOW TABLES") == [["ventas"]]


def test_a_partition_with_another_type_is_a_schema_mismatch(lake: Lake) -> None:
    with_text(lake)
    table = lake.glue.get_table(DatabaseName="db", Name="ventas")["Table"]
    descriptor = {**table["StorageDescriptor"], "Columns": [{"Name": "id", "Type": "date"}]}
    made = {"Values": ["2030"], "StorageDescriptor": descriptor}
    lake.glue.create_partition(DatabaseName="db", TableName="ventas", PartitionInput=made)
    assert lake.reason("SELECT id FROM ventas").startswith(
        "HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and partition schemas. "
        "The types are "
        "incompatible and cannot be coerced. The column 'id' in table 'db.ventas' is declared as type "
        "'int', but "
        "partition 'year=2030' declared column 'id' as type 'date'."
    )


def test_projected_partitions_need_no_catalog_and_only_matching_locations_are_read(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE proj (a int) PARTITIONED BY (dia string, sede string) LOCATION 's3://lake/proj/' "  # noqa: E501
        "TBLPROPERTIES ('projection.enabled'='true', 'projection.dia.type'='date', "
        "'projection.dia.range'='2024-01-01,NOW', 'projection.dia.format'='yyyy-MM-dd', "
        "'projection.sede.type'='injected', 'storage.location.template'='s3://lake/proj/${sede}/${dia}')"
    )
    for key, text in (
        ("cali/2024-01-01/f", b"1\n"),
        ("cali/2024-01-02/f", b"2\n"),
        ("bog/2024-01-01/f", b"3\n"),
    ):
        lake.store.put("lake", f"proj/{key}", text)
    done = lake.run(
        "SELECT a, dia, sede FROM proj WHERE sede = 'cali' AND dia BETWEEN '2024-01-02' AND '2024-01-05'"
    )
    assert done["Statistics"]["DataScannedInBytes"] == 2
    assert lake.rows("SELECT a, dia FROM proj WHERE sede IN ('cali', 'x') ORDER BY 1") == [
        ["1", "2024-01-01"],
        ["2", "2024-01-02"],
    ]
    assert lake.reason("SELECT a FROM proj").startswith(
        "CONSTRAINT_VIOLATION: For the injected projected partition column sede"
    )


def test_missing_names_have_athenas_words(lake: Lake) -> None:
    assert lake.reason("SELECT * FROM nope") == (
        "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.db.nope' does not exist"
    )
    assert lake.reason("SELECT * FROM nope.t") == "SCHEMA_NOT_FOUND: line 1:15: Schema 'nope' does not exist"
    assert lake.reason("SELECT * FROM x.db.t") == "CATALOG_NOT_FOUND: line 1:15: Catalog 'x' does not exist"
    assert (
        lake.reason("DROP TABLE nope") == "FAILED: SemanticException [Error 10001]: Table not found db.nope"
    )


def test_altering_a_table_changes_the_catalog(lake: Lake) -> None:
    with_text(lake)
    lake.rows("ALTER TABLE ventas ADD COLUMNS (extra double)")
    assert [row[0].split("\t")[0].strip() for row in lake.rows("DESCRIBE ventas")][:4] == [
        "id",
        "nombre",
        "extra",
        "year",
    ]
    lake.rows("ALTER TABLE ventas DROP PARTITION (year = 2024)")
    assert lake.rows("SHOW PARTITIONS ventas") == [["year=2025"]]
    lake.rows("ALTER TABLE ventas SET TBLPROPERTIES ('k' = 'v')")
    assert ["k\tv"] in lake.rows("SHOW TBLPROPERTIES ventas")
    lake.rows("ALTER TABLE ventas ADD IF NOT EXISTS PARTITION (year = 2025) PARTITION (year = 2030)")
    assert len(lake.rows("SHOW PARTITIONS ventas")) == 2


DIRTY = """CREATE EXTERNAL TABLE sucia (a string, n int, c string)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/sucia/'
TBLPROPERTIES ('skip.header.line.count' = '1')"""


def test_text_of_any_bytes_is_read_as_hive_reads_it(lake: Lake) -> None:
    lake.rows(DIRTY)
    lake.store.put("lake", "sucia/1.csv", b'a;n;c\r\nPe\xf1a;1;x\r\n\r\n"open,2,y\r\nz,dos\r\nq,3,w,more\r\n')
    lake.store.put("lake", "sucia/2.csv", b"\xef\xbb\xbfa,n,c\n\xc3\xb1,4,\xe2\x82\xac\n")
    lake.store.put("lake", "sucia/3.csv", b"")
    lake.store.put("lake", "sucia/4.csv", b"\x89PNG\r\n\x1a\n\x00\xff,5,z")
    lake.store.put("lake", "sucia/5.csv.gz", gzip.compress(b"a,n,c\n\n\xff,6,k\n"))
    rows = lake.rows("SELECT a, n, c FROM sucia")
    assert sorted(rows, key=str) == sorted(
        [
            ["Pe\ufffda;1;x", None, None],
            ["", None, None],
            ['"open', "2", "y"],
            ["z", None, None],
            ["q", "3", "w"],
            ["\u00f1", "4", "\u20ac"],
            ["\x1a", None, None],
            ["\x00\ufffd", "5", "z"],
            ["", None, None],
            ["\ufffd", "6", "k"],
        ],
        key=str,
    )
    assert lake.rows("SELECT count(*) FROM sucia") == [["10"]]


def test_a_text_file_that_changed_is_read_anew(lake: Lake) -> None:
    lake.rows(DIRTY)
    lake.store.put("lake", "sucia/1.csv", b"a,n,c\n\xf1,1,x\n")
    assert lake.rows("SELECT n FROM sucia") == [["1"]]
    lake.store.put("lake", "sucia/1.csv", b"a,n,c\n\xf1,1,x\n\n\xf1,2,x\n")
    assert lake.rows("SELECT n FROM sucia") == [["1"], [None], ["2"]]


class Killed(BaseException):
    """The process ends here."""


def keys(lake: Lake, prefix: str) -> list[str]:
    return [item.key for item in lake.store.list_objects("lake", prefix)]


def killed_after(lake: Lake, writes: int) -> queue.Queue[threading.Thread]:
    """Let the lake's storage take `writes` more files, then end the thread as a killed process would."""
    storage = lake.athena._executions._storage
    write, left = storage.write, [writes]
    killed: queue.Queue[threading.Thread] = queue.Queue()

    def counted(*arguments: Any, **named: Any) -> None:
        if not left[0]:
            killed.put(threading.current_thread())
            raise Killed
        left[0] -= 1
        write(*arguments, **named)

    storage.write = counted
    return killed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("writes", [0, 1, 2])
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (2, 'b'), (3, 'c')",
        "CREATE TABLE u WITH (partitioned_by = ARRAY['p']) AS SELECT 2 AS a, p FROM (VALUES 'b', 'c') v(p)",
    ],
)
def test_a_killed_write_leaves_nothing_after_the_restart(tmp_path: Path, sql: str, writes: int) -> None:
    lake = make_lake(tmp_path)
    lake.store.create_bucket("lake", "us-east-1")
    lake.rows("CREATE DATABASE db")
    lake.rows("CREATE TABLE t WITH (partitioned_by = ARRAY['p']) AS SELECT 1 AS a, 'b' AS p")
    before = [key for key in keys(lake, "results/tables/") if "/p=" in key]
    killed = killed_after(lake, writes)
    execution_id = lake.start(sql)
    killed.get(timeout=30).join(timeout=30)
    lake.athena._workers.close()
    again = make_lake(tmp_path)
    try:
        assert again.wait(execution_id)["Status"]["State"] == "FAILED"
        assert [key for key in keys(again, "results/tables/") if "/p=" in key] == before
        assert again.rows("SELECT a, p FROM t") == [["1", "b"]]
        assert again.rows("SHOW TABLES") == [["t"]]
        assert again.rows("SHOW PARTITIONS t") == [["p=b"]]
    finally:
        again.athena.close()
