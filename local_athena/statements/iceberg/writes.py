"""INSERT INTO an Iceberg table and CREATE TABLE … WITH (table_type = 'ICEBERG') AS: data files, then one
commit.

https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-table-data.html
"""

from __future__ import annotations

from itertools import count
from typing import Any

from pyiceberg.schema import Schema
from pyiceberg.table import Table, Transaction
from pyiceberg.types import NestedField

from local_athena.errors import QueryFailed, not_supported
from local_athena.iceberg.catalog import LakeCatalog, committing
from local_athena.iceberg.partitions import spec_of
from local_athena.iceberg.properties import iceberg_properties
from local_athena.iceberg.types import created_from
from local_athena.sql.fragment import Sql
from local_athena.statements.iceberg.data_files import staged
from local_athena.statements.jobs import Job
from local_athena.statements.outcome import ROWS_COLUMN, Outcome
from local_athena.statements.query import Prepared, Queries
from local_athena.types.trino import TrinoType

QUERY_ID = "trino_query_id"
"""The summary property under which Trino, and so Athena, names the query that made a snapshot."""


def insert(queries: Queries, job: Job, table: Table, prepared: Prepared, rows: Sql) -> Outcome:
    """INSERT INTO; `rows` gives the table's columns as c0, c1, …"""
    added = _append(queries, job, table, table.transaction(), prepared, rows)
    return Outcome(None, ROWS_COLUMN, added, None, prepared.scanned)


def _append(
    queries: Queries, job: Job, table: Table, transaction: Transaction, prepared: Prepared, rows: Sql
) -> int:
    """Write rows and commit them with the transaction; returns how many."""
    with staged(queries, table) as files, committing(".".join(table.name())):
        added = files.data(prepared, rows)
        with transaction:
            if added:
                with transaction.update_snapshot({QUERY_ID: job.execution_id}).fast_append() as snapshot:
                    for file in added:
                        snapshot.append_data_file(file)
    return sum(file.record_count for file in added)


def create_table_as(
    queries: Queries, job: Job, name: tuple[str, str], columns: list[tuple[str, TrinoType]],
    properties: dict[str, Any], prepared: Prepared, comment: dict[str, str],
) -> Outcome:  # fmt: skip
    """CTAS: the table appears with its rows, or not at all.

    Raises:
        QueryFailed: a property or type is not an Iceberg table's.
    """
    location = str(properties.get("location") or properties.get("external_location") or "")
    if str(properties.get("is_external", "")).lower() != "false":
        raise QueryFailed("INVALID_TABLE_PROPERTY", "Iceberg tables need the property is_external = false")
    if not location.startswith("s3://"):
        raise QueryFailed(
            "INVALID_TABLE_PROPERTY", "Iceberg tables need the property location, an S3 location"
        )
    if properties.get("bucketed_by") or properties.get("partitioned_by"):
        raise not_supported("Iceberg tables are partitioned by the property partitioning")
    ids = count(1)
    schema = Schema(*(NestedField(next(ids), n, created_from(t, ids), required=False) for n, t in columns))
    spec = spec_of(schema, list(properties.get("partitioning") or ()))
    catalog = LakeCatalog(queries.glue, queries.storage)
    creation = catalog.create_table_transaction(
        name, schema, location.rstrip("/"), spec, properties=iceberg_properties(_given(properties)) | comment
    )
    rows = _append(queries, job, creation._table, creation, prepared, prepared.sql)
    return Outcome(None, ROWS_COLUMN, rows, "CREATE TABLE", prepared.scanned)


STRUCTURE = (
    "table_type",
    "is_external",
    "location",
    "external_location",
    "partitioning",
    "partitioned_by",
    "bucketed_by",
)


def _given(properties: dict[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in properties.items() if key not in STRUCTURE}
