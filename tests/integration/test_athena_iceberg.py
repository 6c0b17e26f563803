"""Iceberg tables through Athena: made, changed, read in their past, kept in order, shared with pyiceberg."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from pyiceberg.catalog.glue import GlueCatalog

from tests.conftest import REGION, LocalAws
from tests.integration.athena_client import AthenaClient, QueryError

BUCKET = "iceberg-lake"
ROW = "SELECT id, nombre, saldo FROM {} ORDER BY id"


@pytest.fixture(scope="module")
def lake(aws: LocalAws) -> AthenaClient:
    aws.client("s3").create_bucket(Bucket=BUCKET)
    client = AthenaClient(aws, BUCKET, "hielo")
    client.run("CREATE DATABASE hielo")
    return client


@pytest.fixture
def table(lake: AthenaClient, request: pytest.FixtureRequest) -> str:
    """A table of three rows, partitioned by day and bucket."""
    name = request.node.name.split("[")[0][5:60]
    lake.run(
        f"CREATE TABLE {name} (id bigint, nombre string, saldo decimal(10,2), alta timestamp) "
        f"PARTITIONED BY (day(alta), bucket(4, id)) LOCATION 's3://{BUCKET}/{name}/' "
        "TBLPROPERTIES ('table_type'='ICEBERG', 'vacuum_max_snapshot_age_seconds'='0')"
    )
    lake.run(
        f"INSERT INTO {name} VALUES (1, 'ñandú', DECIMAL '1.50', TIMESTAMP '2025-01-01 10:00:00'), "
        "(2, 'beta', DECIMAL '2.00', TIMESTAMP '2025-01-02 10:00:00'), (3, NULL, NULL, NULL)"
    )
    return name


def test_rows_are_updated_and_deleted(lake: AthenaClient, table: str) -> None:
    assert (
        lake.changed(f"UPDATE {table} SET saldo = DECIMAL '2.50', nombre = upper(nombre) WHERE id < 3") == 2
    )
    assert lake.changed(f"DELETE FROM {table} WHERE nombre = 'BETA'") == 1
    assert lake.rows(ROW.format(table)) == [["1", "ÑANDÚ", "2.50"], ["3", None, None]]


def test_merge_updates_deletes_and_inserts_in_one_commit(lake: AthenaClient, table: str) -> None:
    before = lake.rows(f'SELECT count(*) FROM "{table}$snapshots"')
    changed = lake.changed(
        f"MERGE INTO {table} t USING (VALUES (1, 'uno'), (2, 'dos'), (9, 'nueve')) s(id, n) ON t.id = s.id "
        "WHEN MATCHED AND s.n = 'dos' THEN DELETE WHEN MATCHED THEN UPDATE SET nombre = s.n "
        "WHEN NOT MATCHED THEN INSERT (id, nombre) VALUES (s.id, s.n)"
    )
    assert changed == 3
    assert lake.rows(ROW.format(table)) == [["1", "uno", "1.50"], ["3", None, None], ["9", "nueve", None]]
    after = lake.rows(f'SELECT count(*) FROM "{table}$snapshots"')
    assert int(after[0][0] or 0) == int(before[0][0] or 0) + 1


def test_merge_that_matches_a_row_twice_changes_nothing(lake: AthenaClient, table: str) -> None:
    with pytest.raises(QueryError, match="MERGE_TARGET_ROW_MULTIPLE_MATCHES"):
        lake.run(f"MERGE INTO {table} t USING (VALUES 1, 1) s(id) ON t.id = s.id WHEN MATCHED THEN DELETE")
    assert lake.rows(f"SELECT count(*) FROM {table}") == [["3"]]


def test_a_table_is_read_as_it_was(lake: AthenaClient, table: str) -> None:
    (first,) = lake.rows(f'SELECT snapshot_id FROM "{table}$snapshots"')
    (moment,) = lake.rows("SELECT CAST(current_timestamp AS varchar)")
    lake.run(f"DELETE FROM {table}")
    count = f"SELECT count(*) FROM {table}"
    assert lake.rows(count) == [["0"]]
    assert lake.rows(f"{count} FOR VERSION AS OF {first[0]}") == [["3"]]
    assert lake.rows(f"{count} FOR TIMESTAMP AS OF TIMESTAMP '{moment[0]}'") == [["3"]]
    with pytest.raises(QueryError, match="No version history"):
        lake.run(f"{count} FOR TIMESTAMP AS OF TIMESTAMP '2001-01-01 00:00:00 UTC'")


def test_columns_are_renamed_widened_dropped_and_added_without_touching_files(
    lake: AthenaClient, table: str
) -> None:
    lake.run(f"ALTER TABLE {table} CHANGE COLUMN nombre apodo string")
    lake.run(f"ALTER TABLE {table} DROP COLUMN saldo")
    lake.run(f"ALTER TABLE {table} ADD COLUMNS (nombre int, saldo string)")
    lake.run(f"INSERT INTO {table} (id, apodo, nombre, saldo) VALUES (4, 'd', 4, 'nuevo')")
    assert lake.rows(f"SELECT id, apodo, nombre, saldo FROM {table} ORDER BY id") == [
        ["1", "ñandú", None, None],
        ["2", "beta", None, None],
        ["3", None, None, None],
        ["4", "d", "4", "nuevo"],
    ]


def test_a_filter_reads_only_the_files_that_can_match(lake: AthenaClient, table: str) -> None:
    everything = lake.scanned(f"SELECT id FROM {table}")
    assert 0 < lake.scanned(f"SELECT id FROM {table} WHERE id = 2") < everything


def test_optimize_and_vacuum_leave_the_same_rows_in_fewer_files(lake: AthenaClient, table: str) -> None:
    for i in range(5):
        lake.run(f"INSERT INTO {table} (id, nombre) VALUES (3, 'n{i}')")
    before = lake.rows(f"SELECT id, nombre FROM {table} ORDER BY 1, 2")
    files = f'SELECT count(*) FROM "{table}$files"'
    many = int(lake.rows(files)[0][0] or 0)
    lake.run(f"OPTIMIZE {table} REWRITE DATA USING BIN_PACK")
    assert int(lake.rows(files)[0][0] or 0) < many
    lake.run(f"VACUUM {table}")
    assert lake.rows(f'SELECT count(*) FROM "{table}$snapshots"') == [["1"]]
    assert lake.rows(f"SELECT id, nombre FROM {table} ORDER BY 1, 2") == before


def test_of_two_writers_one_fails_cleanly(lake: AthenaClient, table: str) -> None:
    """Both read the same snapshot; the second to commit must not undo the first."""
    outcomes: list[str] = []

    def update(value: str) -> None:
        try:
            lake.run(f"UPDATE {table} SET nombre = '{value}' WHERE id = 1")
            outcomes.append("done")
        except QueryError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=update, args=(f"w{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = [text for text in outcomes if text != "done"]
    assert "done" in outcomes
    assert all(text.startswith("ICEBERG_COMMIT_ERROR: ") for text in failed), failed
    assert lake.rows(f"SELECT count(*) FROM {table} WHERE id = 1") == [["1"]]


def test_ctas_makes_an_iceberg_table_with_nested_columns(lake: AthenaClient) -> None:
    lake.run(
        "CREATE TABLE anidada WITH (table_type = 'ICEBERG', is_external = false, "
        f"location = 's3://{BUCKET}/a/', partitioning = ARRAY['truncate(k, 1)']) "
        "AS SELECT 'abc' k, ARRAY[1, NULL] l, MAP(ARRAY['x'], ARRAY[1e0]) m, "
        "CAST(ROW(1, 'z') AS row(a integer, b varchar)) r, CAST(TIMESTAMP '2025-01-01 00:00:00 UTC' AS "
        "timestamp(6) with time zone) z"
    )
    expected = ["abc", "[1, null]", "{x=1.0}", "{a=1, b=z}", "2025-01-01 00:00:00.000000 UTC"]
    assert lake.rows("SELECT * FROM anidada") == [expected]


def test_dropping_a_table_deletes_its_data(lake: AthenaClient, aws: LocalAws, table: str) -> None:
    lake.run(f"DROP TABLE {table}")
    assert aws.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"{table}/")["KeyCount"] == 0


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            "UPDATE {} SET nada = 1",
            "COLUMN_NOT_FOUND: line 1:1: The UPDATE SET target column nada doesn't exist",
        ),
        ("UPDATE {} SET nombre = 1", "TYPE_MISMATCH: .*Table: \\[varchar\\], Expressions: \\[integer\\]"),
        ("ALTER TABLE {} SET TBLPROPERTIES ('comment'='x')", "Unsupported table property key: comment"),
        ("ALTER TABLE {} REPLACE COLUMNS (a int)", "Query type not supported by Athena Iceberg at this time"),
        ("SELECT * FROM {} FOR VERSION AS OF 7", "INVALID_ARGUMENTS: Iceberg snapshot ID does not exists: 7"),
    ],
)
def test_what_cannot_be_done_says_why(lake: AthenaClient, table: str, sql: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        lake.run(sql.format(table))
    lake.run(f"DROP TABLE {table}")


def test_rows_of_a_hive_table_cannot_change(lake: AthenaClient) -> None:
    lake.run("CREATE TABLE de_hive AS SELECT 1 a")
    with pytest.raises(QueryError, match="NOT_SUPPORTED: Modifying Hive table rows"):
        lake.run("DELETE FROM de_hive")


@pytest.fixture
def catalog(aws: LocalAws) -> Callable[[str], Any]:
    keys = {"region": REGION, "access-key-id": "test", "secret-access-key": "test", "endpoint": aws.endpoint}
    properties = {f"{service}.{key}": value for service in ("glue", "s3") for key, value in keys.items()}
    return GlueCatalog("laguna", **properties).load_table


def test_pyiceberg_reads_what_athena_wrote_and_athena_what_pyiceberg_wrote(
    lake: AthenaClient, catalog: Callable[[str], Any]
) -> None:
    lake.run(
        f"CREATE TABLE comun (id int, nombre string) LOCATION 's3://{BUCKET}/comun/' "
        "TBLPROPERTIES ('table_type'='ICEBERG')"
    )
    lake.run("INSERT INTO comun VALUES (1, 'uno'), (2, 'dos')")
    lake.run("DELETE FROM comun WHERE id = 1")
    shared = catalog("hielo.comun")
    assert shared.scan().to_arrow().to_pylist() == [{"id": 2, "nombre": "dos"}]
    shared.append(pa.table({"id": pa.array([3], pa.int32()), "nombre": ["tres"]}))
    assert lake.rows("SELECT id, nombre FROM comun ORDER BY id") == [["2", "dos"], ["3", "tres"]]
