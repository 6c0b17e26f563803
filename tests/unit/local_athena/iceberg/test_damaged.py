"""Iceberg tables whose files are damaged or gone: each statement says what is wrong, in Trino's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyiceberg.table import Table

from local_athena.errors import QueryFailed
from local_athena.iceberg.catalog import committing, load
from local_athena.protocols import StorageError
from local_athena.statements.iceberg.data_files import Staged, staged
from local_aws.athena import StoreStorage
from tests.unit.local_athena.conftest import Lake

KINDS = {
    "metadata file": r".*\.metadata\.json",
    "manifest list": r".*/snap-.*\.avro",
    "manifest": r".*/metadata/(?!snap-).*\.avro",
    "data file": r".*/data/(?!.*deletes).*\.parquet",
    "delete file": r".*-deletes\.parquet",
}
DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "empty": lambda held: b"",
    "cut off": lambda held: held[: len(held) // 2],
    "of other bytes": lambda held: b"\x00\xff{no file of Iceberg}" * 40,
    "of JSON": lambda held: b'{"a": [1, 2, null]}',
    "changed in the middle": lambda held: held[:150] + b"\xff" * 60 + held[210:],
    "gone": lambda held: None,
}
STATEMENTS = (
    "SELECT * FROM ice",
    "SELECT count(*) FROM ice WHERE a > 1",
    "SELECT * FROM ice FOR TIMESTAMP AS OF current_timestamp",
    'SELECT * FROM "ice$files"',
    'SELECT * FROM "ice$manifests"',
    'SELECT * FROM "ice$snapshots"',
    'SELECT * FROM "ice$history"',
    'SELECT * FROM "ice$partitions"',
    "DELETE FROM ice WHERE a = 2",
    "UPDATE ice SET b = 'y'",
    "MERGE INTO ice USING (VALUES 1) v(a) ON ice.a = v.a WHEN MATCHED THEN DELETE",
    "OPTIMIZE ice REWRITE DATA USING BIN_PACK",
    "ALTER TABLE ice SET TBLPROPERTIES ('write_compression' = 'gzip')",
    "INSERT INTO ice VALUES (9, 'z')",
    "DESCRIBE ice",
    "SHOW CREATE TABLE ice",
    "SHOW COLUMNS IN ice",
    "ALTER TABLE ice ADD COLUMNS (d int)",
    "VACUUM ice",
    "DROP TABLE ice",
)
WORDS = re.compile(r"(ICEBERG_[A-Z_]+|HIVE_[A-Z_]+|NOT_SUPPORTED): ")
NEVER = re.compile(
    r"Internal|Error:|Exception|Traceback|/tmp|/s3/|NoneType|0x|codec|pyiceberg|arrow", re.IGNORECASE
)
ICE = "CREATE TABLE ice (a int, b string) LOCATION 's3://lake/ice/' TBLPROPERTIES ('table_type' = 'ICEBERG')"


def put(lake: Lake, key: str, held: bytes | None) -> None:
    path = lake.settings.state / "s3" / "lake" / key
    if held is None:
        path.unlink()
    else:
        path.write_bytes(held)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_table_is_named_and_no_place_of_this_machine(lake: Lake, kind: str, damage: str) -> None:
    lake.rows(ICE)
    lake.rows("INSERT INTO ice VALUES (1, 'x'), (2, 'y'), (3, 'z')")
    lake.rows("DELETE FROM ice WHERE a = 3")
    found = [f.key for f in lake.store.list_files("lake") if re.fullmatch(KINDS[kind], f.key)]
    assert found
    for key in found:
        put(lake, key, DAMAGES[damage]((lake.settings.state / "s3" / "lake" / key).read_bytes()))
    for sql in STATEMENTS:
        ended = lake.wait(lake.start(sql))
        status = ended["Status"]
        reason = status.get("StateChangeReason", "")
        if status["State"] != "SUCCEEDED":
            assert WORDS.match(reason), (sql, reason)
            assert not NEVER.search(reason), (sql, reason)


def test_what_cannot_be_cleaned_up_does_not_hide_why_a_statement_failed() -> None:
    class Storage:
        def delete(self, uri: str) -> None:
            raise StorageError("NoSuchBucket", uri)

    queries: Any = SimpleNamespace(engine=SimpleNamespace(scratch=Path("/nowhere")), storage=Storage())
    with pytest.raises(QueryFailed, match="the first"), staged(queries, cast(Any, None)) as files:
        _fail_after_writing(files)


def _fail_after_writing(files: Staged) -> None:
    files.written.append("s3://lake/a")
    raise QueryFailed("NOT_SUPPORTED", "the first")


def test_of_two_that_remove_a_property_at_once_the_second_loses_the_race(lake: Lake) -> None:
    lake.rows(ICE)
    lake.rows("ALTER TABLE ice SET TBLPROPERTIES ('write_compression' = 'gzip')")
    first, second = (load(lake.glue, StoreStorage(lake.store), "db", "ice") for _ in range(2))
    _without_compression(first)
    with pytest.raises(QueryFailed, match="ICEBERG_COMMIT_ERROR"), committing("db.ice"):
        _without_compression(second)


def _without_compression(table: Table) -> None:
    with table.transaction() as transaction:
        transaction.remove_properties("write.parquet.compression-codec")


def test_a_property_that_is_not_there_can_be_unset(lake: Lake) -> None:
    lake.rows(ICE)
    lake.rows("ALTER TABLE ice UNSET TBLPROPERTIES ('optimize_rewrite_data_file_threshold')")


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM ice", "INSERT INTO ice VALUES (1)", "DESCRIBE ice", "DROP TABLE ice"]
)
def test_a_table_of_the_catalog_without_metadata_is_named(lake: Lake, sql: str) -> None:
    lake.glue.create_table(
        DatabaseName="db",
        TableInput={
            "Name": "ice",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"table_type": "ICEBERG"},
            "StorageDescriptor": {"Location": "s3://lake/ice/", "Columns": [{"Name": "a", "Type": "int"}]},
        },
    )
    reason = lake.wait(lake.start(sql))["Status"]["StateChangeReason"]
    assert "ICEBERG_INVALID_METADATA: Table is missing [metadata_location] property: " in reason
