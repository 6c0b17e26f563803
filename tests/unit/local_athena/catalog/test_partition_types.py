"""A partition whose column has another type than its table's: coerced as Athena does, or refused."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq
import pytest

from tests.unit.local_athena.conftest import Lake


def partitioned(lake: Lake, wanted: str, declared: str, stored: str, content: bytes) -> None:
    """Table `t` with a partition of one file and its own type of column `c`."""
    lake.rows(
        f"CREATE EXTERNAL TABLE t (c {wanted}) PARTITIONED BY (p int) STORED AS {stored} LOCATION 's3://lake/t/'"
    )
    descriptor = dict(lake.glue.get_table(DatabaseName="db", Name="t")["Table"]["StorageDescriptor"])
    descriptor |= {"Columns": [{"Name": "c", "Type": declared}], "Location": "s3://lake/t/p=1/"}
    partition = {"Values": ["1"], "StorageDescriptor": descriptor}
    lake.glue.create_partition(DatabaseName="db", TableName="t", PartitionInput=partition)
    lake.store.put("lake", "t/p=1/f", content)


@pytest.mark.parametrize(
    ("wanted", "declared", "value"),
    [
        ("bigint", "int", "7"), ("string", "int", "7"), ("int", "string", "7"), ("double", "float", "7.0"),
        ("float", "double", "7.0"), ("decimal(5,1)", "decimal(10,2)", "7.0"),
        ("decimal(5,1)", "double", "7.0"), ("array<bigint>", "array<int>", "[7]"),
        ("struct<a:int>", "struct<a:int,b:int>", "{a=7}"),
        ("struct<a:int,b:int>", "struct<a:int>", "{a=7, b=null}"), ("varchar(3)", "string", "7"),
    ],
)  # fmt: skip
def test_text_of_another_type_is_coerced(lake: Lake, wanted: str, declared: str, value: str) -> None:
    partitioned(lake, wanted, declared, "TEXTFILE", b"7\n")
    assert lake.rows("SELECT c FROM t") == [[value]]


@pytest.mark.parametrize(
    ("wanted", "declared"),
    [
        ("double", "bigint"), ("bigint", "double"), ("int", "bigint"), ("date", "string"), ("string", "date"),
        ("boolean", "int"), ("timestamp", "date"), ("array<int>", "array<bigint>"), ("string", "array<int>"),
        ("struct<a:int>", "struct<b:int>"), ("map<string,int>", "map<string,bigint>"),
        ("char(3)", "varchar(3)"),
    ],
)  # fmt: skip
def test_what_cannot_be_coerced_names_both_types(lake: Lake, wanted: str, declared: str) -> None:
    partitioned(lake, wanted, declared, "TEXTFILE", b"7\n")
    assert lake.reason("SELECT c FROM t") == (
        "HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and partition schemas. The types are "  # noqa: E501
        f"incompatible and cannot be coerced. The column 'c' in table 'db.t' is declared as type '{wanted}', "
        f"but partition 'p=1' declared column 'c' as type '{declared}'."
    )


@pytest.mark.parametrize("stored", ["PARQUET", "ORC"])
@pytest.mark.parametrize(
    ("wanted", "declared", "held", "rows"),
    [
        ("string", "bigint", pa.array([7, None]), [["7"], [None]]),
        ("int", "string", pa.array(["7", "x", None]), [["7"], [None], [None]]),
        ("decimal(5,1)", "double", pa.array([1.26]), [["1.3"]]),
        ("double", "decimal(5,2)", pa.array([1.5]).cast(pa.decimal128(5, 2)), [["1.5"]]),
    ],
)
def test_columnar_files_are_read_as_their_partition_declares(
    lake: Lake, stored: str, wanted: str, declared: str, held: pa.Array, rows: list[list[str | None]]
) -> None:
    written = io.BytesIO()
    (pq if stored == "PARQUET" else orc).write_table(pa.table({"c": held}), written)
    partitioned(lake, wanted, declared, stored, written.getvalue())
    assert lake.rows("SELECT c FROM t") == rows


def test_a_file_of_neither_type_is_bad_data(lake: Lake) -> None:
    written = io.BytesIO()
    pq.write_table(pa.table({"c": [True]}), written)
    partitioned(lake, "string", "int", "PARQUET", written.getvalue())
    assert lake.reason("SELECT c FROM t").startswith("HIVE_BAD_DATA: Field c's type BOOLEAN in parquet file")


def test_a_table_with_a_column_twice_is_invalid(lake: Lake) -> None:
    columns = [{"Name": "a", "Type": "int"}, {"Name": "A", "Type": "string"}]
    table = {"Name": "t", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": {"Columns": columns}}
    lake.glue.create_table(DatabaseName="db", TableInput=table)
    assert lake.reason("SELECT 1 FROM t") == (
        "HIVE_INVALID_METADATA: Hive metadata for table t is invalid: "
        "Table descriptor contains duplicate columns"
    )


def test_a_missing_bucket_is_named_by_readers_and_writers(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://nowhere/t/'")
    missing = "The S3 bucket nowhere does not exist. (NoSuchBucket: s3://nowhere/t"
    assert lake.reason("SELECT a FROM t").startswith(missing)
    assert lake.reason("INSERT INTO t VALUES (1)").startswith(missing)
