"""UNLOAD: files of every format at a location, their manifest, and what is refused."""

from __future__ import annotations

import bz2
import gzip
import io
import json
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq
import pytest

from local_athena.errors import AthenaApiError
from tests.unit.local_athena.conftest import CALLER, Lake

QUERY = (
    "SELECT 1 AS id, 'ñ' AS texto, CAST(1.5 AS decimal(5,2)) AS d, ARRAY[1, NULL] AS a, "
    "CAST(ROW('x', DATE '2024-01-02') AS row(s varchar, f date)) AS r, MAP(ARRAY['k'], ARRAY[2.5]) AS m"
)


def unloaded(lake: Lake, properties: str, query: str = QUERY, to: str = "out") -> dict[str, bytes]:
    done = lake.run(f"UNLOAD ({query}) TO 's3://lake/{to}/' WITH ({properties})")
    assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    assert (done["StatementType"], done["SubstatementType"]) == ("DML", "UNLOAD")
    files = {item.key.removeprefix(f"{to}/"): item.key for item in lake.store.list_objects("lake", f"{to}/")}
    manifest = done["Statistics"]["DataManifestLocation"]
    assert manifest == done["ResultConfiguration"]["OutputLocation"] + "-manifest.csv"
    with lake.store.open("lake", manifest.removeprefix("s3://lake/"))[1] as file:
        lines = file.read().decode().splitlines()
        assert sorted(lines) == sorted(f"s3://lake/{key}" for key in files.values())
    return {name: lake.store.path_of("lake", key).read_bytes() for name, key in files.items()}


def only(files: dict[str, bytes]) -> bytes:
    assert len(files) == 1
    return next(iter(files.values()))


ROW = {"id": 1, "texto": "ñ", "a": [1, None], "m": [("k", 2.5)]}


def common(row: dict[str, Any]) -> dict[str, Any]:
    return {k: list(row[k].items()) if isinstance(row[k], dict) else row[k] for k in ROW}


def test_parquet_keeps_names_and_types(lake: Lake) -> None:
    made = pq.read_table(io.BytesIO(only(unloaded(lake, "format = 'PARQUET', compression = 'SNAPPY'"))))
    assert common(made.to_pylist()[0]) == ROW
    assert made.schema.field("r").type.field("s").type == pa.string()
    assert made.schema.field("d").type == pa.decimal128(5, 2)


def test_orc_and_avro_hold_the_same(lake: Lake) -> None:
    made = orc.read_table(io.BytesIO(only(unloaded(lake, "format = 'ORC'", to="orc"))))
    assert common(made.to_pylist()[0]) == ROW
    (record,) = fastavro.reader(io.BytesIO(only(unloaded(lake, "format = 'avro'", to="avro"))))
    assert common(record) == ROW  # type: ignore[arg-type]
    assert record["r"]["f"].isoformat() == "2024-01-02"  # type: ignore[index, call-overload]


def test_json_and_text_are_lines_compressed_as_asked(lake: Lake) -> None:
    (name,) = files = unloaded(lake, "format = 'JSON'", to="json")
    assert name.endswith(".gz")
    row = json.loads(gzip.decompress(only(files)))
    assert (row["texto"], row["r"], row["m"]) == ("ñ", {"s": "x", "f": "2024-01-02"}, {"k": 2.5})
    (name,) = files = unloaded(
        lake, "format = 'TEXTFILE', field_delimiter = ',', compression = 'bzip2'", to="text"
    )
    assert name.endswith(".bz2")
    assert bz2.decompress(only(files)).decode() == "1,ñ,1.50,1\x02\\N,x\x022024-01-02,k\x032.5\n"


def test_partitions_are_folders_named_as_hive_names_them(lake: Lake) -> None:
    query = "SELECT * FROM (VALUES (1, 'a/b'), (2, 'ñ'), (3, 'ñ'), (4, NULL)) AS t(n, p)"
    files = unloaded(lake, "format = 'TEXTFILE', compression = 'NONE', partitioned_by = ARRAY['p']", query)
    found = {name.split("/")[0]: content for name, content in files.items()}
    assert found == {"p=a%2Fb": b"1\n", "p=ñ": b"2\n3\n", "p=__HIVE_DEFAULT_PARTITION__": b"4\n"}


def test_no_rows_make_no_files_but_an_empty_manifest(lake: Lake) -> None:
    assert unloaded(lake, "format = 'PARQUET'", "SELECT 1 AS a WHERE false") == {}


def test_a_location_that_has_files_is_left_alone(lake: Lake) -> None:
    lake.store.put("lake", "out/x", b"1")
    assert lake.reason("UNLOAD (SELECT 1) TO 's3://lake/out' WITH (format = 'ORC')").startswith(
        "HIVE_PATH_ALREADY_EXISTS: Target directory for table "
    )
    assert [item.key for item in lake.store.list_objects("lake", "out")] == ["out/x"]


def test_a_hundred_and_one_partitions_are_too_many(lake: Lake) -> None:
    query = "SELECT n, n AS p FROM UNNEST(sequence(1, {})) AS t(n)"
    with_keys = "UNLOAD ({}) TO 's3://lake/out' WITH (format = 'JSON', partitioned_by = ARRAY['p'])"
    reason = lake.reason(with_keys.format(query.format(101)))
    assert reason == (
        "HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions/buckets"
    )
    assert not list(lake.store.list_objects("lake", "out"))
    lake.rows(with_keys.format(query.format(100)))


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("WITH (format = 'XML')", "NOT_SUPPORTED: Format XML is not supported for writing"),
        ("WITH (format = 'ORC', compression = 'BZIP2')", "NOT_SUPPORTED: Compression BZIP2 is not supported"),
        ("WITH (compression = 'GZIP')", "INVALID_TABLE_PROPERTY: UNLOAD needs the property 'format'"),
        ("WITH (format = 'ORC', bucket_count = 3)", "INVALID_TABLE_PROPERTY: Catalog 'awsdatacatalog' table property"),  # noqa: E501
        ("WITH (format = 'ORC', partitioned_by = ARRAY['z'])", "INVALID_TABLE_PROPERTY: Partition columns [z]"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused(lake: Lake, rest: str, reason: str) -> None:
    assert lake.reason(f"UNLOAD (SELECT 1 a, 2 b) TO 's3://lake/out/' {rest}").startswith(reason)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("UNLOAD SELECT 1 TO 's3://lake/x'", "line 1:8: mismatched input 'SELECT'. Expecting: '('"),
        ("UNLOAD (SELECT 1) 's3://lake/x'", "line 1:19: mismatched input 's3://lake/x'. Expecting: 'TO'"),
        ("UNLOAD (SELECT 1 +) TO 's3://lake/x'", "line 1:19: mismatched input"),
    ],
)
def test_a_syntax_error_starts_nothing(lake: Lake, text: str, message: str) -> None:
    with pytest.raises(AthenaApiError) as raised:
        lake.start(text)
    assert raised.value.message.startswith(message)


def test_an_enforced_workgroup_lets_unload_choose_its_place(lake: Lake) -> None:
    configuration = {"ResultConfiguration": {"OutputLocation": "s3://lake/group/"}}
    lake.athena.create_work_group({"Name": "g", "Configuration": configuration}, CALLER)
    done = lake.run("UNLOAD (SELECT 1 a) TO 's3://lake/out/' WITH (format = 'PARQUET')", WorkGroup="g")
    assert done["Status"]["State"] == "SUCCEEDED"
    assert [item.key.split("/")[0] for item in lake.store.list_objects("lake", "out")] == ["out"]


def test_unload_takes_parameters_and_is_prepared(lake: Lake) -> None:
    text = "UNLOAD (SELECT ? a) TO 's3://lake/{}/' WITH (format = 'JSON', compression = 'NONE')"
    done = lake.run(text.format("one"), ExecutionParameters=["7"])
    assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    lake.rows(f'PREPARE "p" FROM {text.format("two")}')
    lake.rows('EXECUTE "p" USING 8')
    texts = [
        lake.store.path_of("lake", i.key).read_text()
        for p in ("one", "two")
        for i in lake.store.list_objects("lake", p)
    ]
    assert [json.loads(line) for line in texts] == [{"a": 7}, {"a": 8}]


def test_a_prepared_statement_takes_the_parameters_of_the_request(lake: Lake) -> None:
    lake.rows("PREPARE p FROM SELECT ? + 1 AS a")
    assert lake.rows("EXECUTE p", ExecutionParameters=["7"]) == [["8"]]
    with pytest.raises(AthenaApiError, match="expected 1 but found 0"):
        lake.start("EXECUTE p")


def test_a_column_without_a_type_is_refused(lake: Lake) -> None:
    reason = "COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown at position 2"
    assert lake.reason("UNLOAD (SELECT 1 a, NULL b) TO 's3://lake/out/' WITH (format = 'ORC')") == reason
    assert lake.reason("CREATE TABLE t AS SELECT 1 a, NULL b").startswith(reason)
