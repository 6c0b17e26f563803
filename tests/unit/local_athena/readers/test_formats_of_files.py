"""How a table's or partition's files are opened: its InputFormat, its own SerDe, and formats that are refused."""  # noqa: E501

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.local_athena.conftest import Lake

SYMLINK = "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat"
TEXT_OUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"


def of_format(lake: Lake, input_format: str, rest: str = "") -> None:
    lake.rows(
        f"CREATE EXTERNAL TABLE t (a int, b string) {rest} STORED AS INPUTFORMAT '{input_format}' OUTPUTFORMAT "  # noqa: E501
        f"'{TEXT_OUT}' LOCATION 's3://lake/t/'"
    )


def parquet(**columns: list[Any]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def test_a_manifest_of_links_gives_the_rows_of_the_files_that_it_names(lake: Lake) -> None:
    of_format(lake, SYMLINK, "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','")
    lake.store.put("lake", "far/1.csv", b"1,x\n")
    lake.store.put("lake", "far/2.csv", b"2,y\n")
    lake.store.put("lake", "far/3.csv", b"3,not named\n")
    lake.store.put("lake", "t/m", b"s3://lake/far/1.csv\ns3a://lake/far/2.csv\n\n")
    assert lake.rows('SELECT a, b, "$path" FROM t ORDER BY a') == [
        ["1", "x", "s3://lake/far/1.csv"],
        ["2", "y", "s3://lake/far/2.csv"],
    ]


def test_a_manifest_may_name_parquet_and_one_file_twice(lake: Lake) -> None:
    of_format(lake, SYMLINK, "ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'")
    lake.store.put("lake", "far/1", parquet(a=[1, 2], b=["x", "y"]))
    lake.store.put("lake", "t/m", b"s3://lake/far/1\n")
    lake.store.put("lake", "t/n", b"s3://lake/far/1\n")
    assert lake.rows('SELECT a, count("$path") FROM t GROUP BY a ORDER BY a') == [["1", "2"], ["2", "2"]]


@pytest.mark.parametrize("line", [b"s3://lake/far/none.csv", b"/etc/passwd", b"1,x", b"s3://nowhere/x"])
def test_a_line_that_names_no_object_fails_the_query(lake: Lake, line: bytes) -> None:
    of_format(lake, SYMLINK)
    lake.store.put("lake", "t/m", line)
    assert lake.reason("SELECT * FROM t").startswith(
        "HIVE_BAD_DATA: Error parsing symlinks from: s3://lake/t/m"
    )


@pytest.mark.parametrize(
    ("input_format", "reason"),
    [
        ("org.apache.hadoop.mapred.SequenceFileInputFormat", "NOT_SUPPORTED: The input format org.apache.hadoop.mapred.SequenceFileInputFormat (SequenceFile)"),  # noqa: E501
        ("org.apache.hadoop.hive.ql.io.RCFileInputFormat", "NOT_SUPPORTED: The input format org.apache.hadoop.hive.ql.io.RCFileInputFormat (RCFile)"),  # noqa: E501
        ("com.example.Odd", "HIVE_UNSUPPORTED_FORMAT: Unable to create input format com.example.Odd"),
        ("org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "HIVE_UNSUPPORTED_FORMAT: Unsupported input format: serde="),  # noqa: E501
    ],
)  # fmt: skip
def test_text_of_another_input_format_is_refused_by_its_name(
    lake: Lake, input_format: str, reason: str
) -> None:
    of_format(lake, input_format)
    assert lake.reason("SELECT * FROM t").startswith(reason)
    lake.store.put("lake", "t/f", b"1,x\n")
    assert lake.reason("SELECT * FROM t").startswith(reason)


def partition_of(lake: Lake, value: str, **changes: Any) -> None:
    """A partition of `t` whose StorageDescriptor differs from the table's."""
    descriptor = dict(lake.glue.get_table(DatabaseName="db", Name="t")["Table"]["StorageDescriptor"])
    descriptor |= {"Location": f"s3://lake/t/p={value}/", **changes}
    made = {"Values": [value], "StorageDescriptor": descriptor}
    lake.glue.create_partition(DatabaseName="db", TableName="t", PartitionInput=made)


def test_each_partition_is_read_by_its_own_serde_and_delimiter(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE t (a int, b string) PARTITIONED BY (p string) ROW FORMAT DELIMITED FIELDS TERMINATED "  # noqa: E501
        "BY ',' LOCATION 's3://lake/t/'"
    )
    lazy = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
    serdes: dict[str, tuple[str, dict[str, str], bytes]] = {
        "1": (lazy, {"field.delim": ","}, b"1,x;\n"),
        "2": (lazy, {"field.delim": ";"}, b"2;y,\n"),
        "3": ("org.openx.data.jsonserde.JsonSerDe", {}, b'{"b": "z", "a": 3}\n'),
        "4": ("org.apache.hadoop.hive.serde2.OpenCSVSerde", {"quoteChar": "'"}, b"4,'w,w'\n"),
    }
    for value, (library, parameters, content) in serdes.items():
        info = {"SerializationLibrary": library, "Parameters": parameters}
        partition_of(lake, value, SerdeInfo=info)
        lake.store.put("lake", f"t/p={value}/f", content)
    info = {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}
    reads = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    partition_of(lake, "5", SerdeInfo=info, InputFormat=reads)
    lake.store.put("lake", "t/p=5/f", parquet(b=["v"], a=[5]))
    assert lake.rows("SELECT a, b, p FROM t ORDER BY a") == [
        ["1", "x;", "1"], ["2", "y,", "2"], ["3", "z", "3"], ["4", "w,w", "4"], ["5", "v", "5"],
    ]  # fmt: skip
    assert lake.rows("SELECT count(*) FROM t") == [["5"]]


def test_a_text_is_read_as_its_partition_declares_it(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE t (c string) PARTITIONED BY (p string) LOCATION 's3://lake/t/'")
    partition_of(lake, "1", Columns=[{"Name": "c", "Type": "int"}])
    partition_of(lake, "2")
    for value in "12":
        lake.store.put("lake", f"t/p={value}/f", b"007\n")
    assert lake.rows("SELECT c FROM t ORDER BY p") == [["7"], ["007"]]


HUDI = (
    "CREATE EXTERNAL TABLE t (a int, b string) PARTITIONED BY (p string) ROW FORMAT SERDE "
    "'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' STORED AS INPUTFORMAT "
    "'org.apache.hudi.hadoop.HoodieParquetInputFormat' OUTPUTFORMAT "
    "'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat' LOCATION 's3://lake/t/'"
)


def test_hudi_gives_the_latest_complete_slice_of_each_file_group(lake: Lake) -> None:
    lake.rows(HUDI)
    lake.rows("ALTER TABLE t ADD PARTITION (p = '1') LOCATION 's3://lake/t/p=1/'")
    slices = {
        "g1-0_0-1-1_001": [1],  # archived, and replaced by a later one
        "g1-0_0-2-2_003": [10],
        "g1-0_0-3-3_009": [666],  # never completed
        "g2-0_0-1-1_002": [2],
        "g3-0_0-1-1_003": [777],  # its group is replaced
    }
    for name, values in slices.items():
        lake.store.put("lake", f"t/p=1/{name}.parquet", parquet(a=values, b=["x"]))
    lake.store.put("lake", "t/p=1/.hoodie_partition_metadata", b"x")
    lake.store.put("lake", "t/.hoodie/hoodie.properties", b"hoodie.table.version=6\n")
    replaced = json.dumps({"partitionToReplaceFileIds": {"p=1": ["g3-0"]}}).encode()
    timeline = {"002.commit": b"{}", "003.commit": b"{}", "004.replacecommit": replaced, "009.commit.requested": b"", "009.inflight": b""}  # fmt: skip  # noqa: E501
    for name, content in timeline.items():
        lake.store.put("lake", f"t/.hoodie/{name}", content)
    assert lake.rows("SELECT a FROM t ORDER BY a") == [["2"], ["10"]]


def test_a_hudi_table_without_a_timeline_is_refused(lake: Lake) -> None:
    lake.rows(HUDI)
    lake.rows("ALTER TABLE t ADD PARTITION (p = '1') LOCATION 's3://lake/t/p=1/'")
    lake.store.put("lake", "t/p=1/g1-0_0-1-1_001.parquet", parquet(a=[1], b=["x"]))
    assert "Hoodie table not found in path s3://lake/t/p=1/.hoodie" in lake.reason("SELECT * FROM t")


def test_a_parquet_column_without_a_type_holds_nulls(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE t (a string, b struct<c:int>, l array<string>) STORED AS PARQUET LOCATION 's3://lake/t/'"
    )
    nothing = pa.array([None], pa.null())
    lake.store.put("lake", "t/f", parquet(a=nothing, b=nothing, l=pa.array([[None]], pa.list_(pa.null()))))
    lake.store.put("lake", "t/g", parquet(a=["x"], b=[{"c": 1}], l=[["y"]]))
    assert lake.rows("SELECT a, b, l FROM t ORDER BY a") == [["x", "{c=1}", "[y]"], [None, None, "[null]"]]
