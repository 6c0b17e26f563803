"""Delta Lake: a query sees the rows of the files that the log has now, never a removed one."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.local_athena.conftest import Lake

FIELDS = (("id", "long"), ("P", "string"), ("ts", "timestamp"), ("n", "timestamp_ntz"), ("l", {"type": "array", "elementType": "timestamp", "containsNull": True}))  # fmt: skip  # noqa: E501
MOMENT = datetime(2020, 1, 1, 1, 2, 3, 456000, UTC)


def field(name: str, type_: Any, **metadata: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "nullable": True, "metadata": metadata}


def metadata(
    fields: list[dict[str, Any]], keys: tuple[str, ...] = ("P",), **configuration: str
) -> dict[str, Any]:
    schema = json.dumps({"type": "struct", "fields": fields})
    return {"metaData": {"schemaString": schema, "partitionColumns": keys, "configuration": configuration}}


def added(path: str, **values: str | None) -> dict[str, Any]:
    return {
        "add": {
            "path": path,
            "partitionValues": values,
            "size": 10,
            "modificationTime": 1,
            "dataChange": True,
        }
    }


def removed(path: str) -> dict[str, Any]:
    return {"remove": {"path": path, "deletionTimestamp": 1, "dataChange": True}}


PROTOCOL = {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}
START = [PROTOCOL, metadata([field(n, t) for n, t in FIELDS])]


def commit(lake: Lake, version: int, *actions: dict[str, Any]) -> None:
    lines = "\n".join(map(json.dumps, actions)).encode()
    lake.store.put("lake", f"d/_delta_log/{version:020}.json", lines)


def data(lake: Lake, key: str, ids: list[int], **columns: list[Any]) -> None:
    out = io.BytesIO()
    times = {"ts": pa.array([MOMENT] * len(ids), pa.timestamp("us", "UTC")), "n": pa.array([MOMENT.replace(tzinfo=None)] * len(ids))}  # fmt: skip  # noqa: E501
    pq.write_table(pa.table({"id": ids, **times, **columns}), out)
    lake.store.put("lake", f"d/{key}", out.getvalue())


@pytest.fixture
def table(lake: Lake) -> Lake:
    lake.rows("CREATE EXTERNAL TABLE seen (col array<string>) STORED AS PARQUET LOCATION 's3://lake/d/'")
    made = dict(lake.glue.get_table(DatabaseName="db", Name="seen")["Table"])
    lake.glue.create_table(
        DatabaseName="db",
        TableInput={
            "Name": "d", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": made["StorageDescriptor"],
            "Parameters": {"spark.sql.sources.provider": "delta"},
        },
    )  # fmt: skip
    return lake


def test_the_rows_are_those_of_the_files_that_the_log_has_now(table: Lake) -> None:
    data(table, "P=a%20b/1", [1, 2])
    data(table, "2", [3])
    data(table, "gone", [4])
    commit(table, 0, *START, added("P=a%2520b/1", P="a b"), added("gone", P="x"))
    commit(table, 1, removed("gone"), added("2", P=None))
    assert table.rows("SELECT id, p, ts, n, l FROM d ORDER BY id") == [
        ["1", "a b", "2020-01-01 01:02:03.456 UTC", "2020-01-01 01:02:03.456000", None],
        ["2", "a b", "2020-01-01 01:02:03.456 UTC", "2020-01-01 01:02:03.456000", None],
        ["3", None, "2020-01-01 01:02:03.456 UTC", "2020-01-01 01:02:03.456000", None],
    ]
    assert table.rows("SELECT id FROM d WHERE p = 'a b' AND id > 1") == [["2"]]
    assert table.rows('SELECT "$path" FROM d WHERE p IS NULL') == [["s3://lake/d/2"]]
    assert table.rows("SELECT count(*) FROM d") == [["3"]]


def test_a_checkpoint_stands_for_the_commits_before_it(table: Lake) -> None:
    data(table, "1", [1])
    data(table, "2", [2])
    out = io.BytesIO()
    add = added("1", P="a")["add"] | {"partitionValues": [("P", "a")]}
    schema = pa.schema([
        ("add", pa.struct([("path", pa.string()), ("partitionValues", pa.map_(pa.string(), pa.string())), ("size", pa.int64())])),  # noqa: E501
        ("metaData", pa.struct([("schemaString", pa.string()), ("partitionColumns", pa.list_(pa.string()))])),
    ])  # fmt: skip
    add = {k: add[k] for k in ("path", "partitionValues", "size")}
    kept = {k: START[1]["metaData"][k] for k in ("schemaString", "partitionColumns")}
    pq.write_table(pa.Table.from_pylist([{"add": add}, {"metaData": kept}], schema), out)
    table.store.put("lake", f"d/_delta_log/{7:020}.checkpoint.parquet", out.getvalue())
    commit(table, 7, removed("1"))  # what the checkpoint already holds is not applied again
    commit(table, 8, added("2", P="b"))
    assert table.rows("SELECT id, p FROM d ORDER BY id") == [["1", "a"], ["2", "b"]]


def test_columns_that_were_renamed_are_read_by_their_physical_names(table: Lake) -> None:
    data(table, "1", [1], **{"col-7": ["x"]})
    name = {"delta.columnMapping.physicalName": "col-7"}
    mapped = metadata(
        [field("id", "long"), field("Nombre", "string", **name)], (), **{"delta.columnMapping.mode": "name"}
    )
    commit(table, 0, PROTOCOL, mapped, added("1"))
    assert table.rows("SELECT nombre, id FROM d WHERE nombre = 'x'") == [["x", "1"]]


@pytest.mark.parametrize(
    ("actions", "reason"),
    [
        ([added("1") | {}, {"protocol": {"minReaderVersion": 4}}], "NOT_SUPPORTED: Delta Lake: reader version 4"),  # noqa: E501
        ([{"protocol": {"minReaderVersion": 3, "readerFeatures": ["variantType"]}}], "NOT_SUPPORTED: Delta Lake: the feature variantType"),  # noqa: E501
        ([{"add": {**added("1")["add"], "deletionVector": {"storageType": "u"}}}], "NOT_SUPPORTED: Delta Lake: deletion vectors"),  # noqa: E501
        ([added("/etc/passwd")], "DELTA_LAKE_INVALID_TABLE: Cannot read the Delta Lake table at s3://lake/d/: '/etc/passwd' is not"),  # noqa: E501
        ([added("file:///etc/passwd")], "DELTA_LAKE_INVALID_TABLE: "),
        ([added("none")], "DELTA_LAKE_CANNOT_OPEN_SPLIT: Error opening Delta Lake split s3://lake/d/none"),
        ([{"add": {}}], "DELTA_LAKE_INVALID_TABLE: "),
    ],
)  # fmt: skip
def test_what_could_give_other_rows_is_refused(
    table: Lake, actions: list[dict[str, Any]], reason: str
) -> None:
    commit(table, 0, *START, *actions)
    assert table.reason("SELECT id FROM d").startswith(reason)


def test_a_gap_in_the_log_is_refused(table: Lake) -> None:
    commit(table, 0, *START)
    commit(table, 2, added("2"))
    assert "version 1 is missing in the transaction log" in table.reason("SELECT id FROM d")


def test_a_delta_table_is_not_written(table: Lake) -> None:
    commit(table, 0, *START)
    assert "NOT_SUPPORTED: Inserting into a table of Delta Lake" in table.reason(
        "INSERT INTO d (id) VALUES (1)"
    )


def test_create_table_takes_the_columns_of_the_log(lake: Lake) -> None:
    commit(lake, 0, *START)
    lake.rows("CREATE EXTERNAL TABLE e LOCATION 's3://lake/d/' TBLPROPERTIES ('table_type' = 'DELTA')")
    found = lake.glue.get_table(DatabaseName="db", Name="e")["Table"]["StorageDescriptor"]["Columns"]
    assert [(c["Name"], c["Type"]) for c in found][:3] == [
        ("id", "bigint"),
        ("p", "string"),
        ("ts", "timestamp"),
    ]
    assert lake.rows("SELECT * FROM e") == []
