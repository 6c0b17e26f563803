"""CREATE TABLE AS: a table of a query's rows, entered in the catalog when its files are in place.

https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlglot import exp

from local_athena.catalog.files import HIVE_NULL
from local_athena.errors import QueryFailed
from local_athena.statements.ctas_properties import (
    check_empty,
    check_hive_types,
    check_target,
    comment_of,
    ctas_properties,
    is_iceberg_ctas,
    output_columns,
    split_keys,
)
from local_athena.statements.ddl.formats import descriptor
from local_athena.statements.ddl.partitions import add, partition_input
from local_athena.statements.jobs import Job
from local_athena.statements.outcome import ROWS_COLUMN, Outcome
from local_athena.statements.output import table_files
from local_athena.statements.output.sinks import Layout, compression_of
from local_athena.statements.output.table_files import Columns, Target, Written, hive_segment
from local_athena.statements.query import Prepared, Queries
from local_athena.statements.undo import Undo
from local_athena.types.buckets import check_bucketing
from local_athena.types.hive import to_hive

Check = Callable[[Job, int], None]
"""Told a job and the bytes it will read; stops a query that reads too much."""
ENFORCED = (
    "The Create Table As Select query failed because it was submitted with an 'external_location' property to an "  # noqa: E501
    "Athena Workgroup that enforces a centralized output location for all queries. Please remove the "
    "'external_location' property and resubmit the query."
)


def create_table_as(queries: Queries, job: Job, tree: exp.Create, check: Check) -> Outcome:
    """CREATE TABLE [IF NOT EXISTS] name [COMMENT text] [WITH (...)] AS query [WITH NO DATA].

    Raises:
        QueryFailed: the table or the location exists, or a property is not supported.
    """
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    database, name = (target.db or job.session.database).lower(), target.name.lower()
    if check_target(queries, database, name, bool(tree.args.get("exists"))):
        return Outcome(None, ROWS_COLUMN, 0, "CREATE TABLE")
    properties = ctas_properties(tree)
    prepared = queries.prepare(job.statement.text, tree.expression, job.session)
    check(job, prepared.scanned)
    columns = output_columns(prepared)
    if is_iceberg_ctas(properties):
        from local_athena.statements.iceberg import writes

        named = (database, name)
        return writes.create_table_as(queries, job, named, columns, properties, prepared, comment_of(tree))
    if job.enforced and "external_location" in properties:
        raise QueryFailed("", ENFORCED, error_type=1008)
    check_hive_types(columns)
    layout, keys = _layout(properties, columns)
    location = properties.get("external_location") or f"{job.output}tables/{job.execution_id}/"
    location = location if location.endswith("/") else location + "/"
    check_empty(queries, location, f"{database}.{name}")
    made = _table_input(name, layout, keys, location, properties)
    made["Parameters"] |= comment_of(tree)
    undo = partial(_undo, database, name, location)
    rows = _written(queries, job, prepared, _target(layout, keys, location, properties), undo, properties)
    queries.glue.create_table(DatabaseName=database, TableInput=made)
    folders = [partition_input(made, _values(v), folder_of(location, keys, v)) for v in rows.partitions]
    add(queries, (database, name), folders, tolerant=True)
    return Outcome(None, ROWS_COLUMN, rows.rows, "CREATE TABLE", prepared.scanned, written=rows.uris)


def _written(
    queries: Queries, job: Job, prepared: Prepared, target: Target, undo: Callable[[Written], Undo],
    properties: dict[str, Any],
) -> Written:  # fmt: skip
    if properties.get("with_data", True):
        return table_files.write(queries, job, prepared, target, undo)
    queries.journal(undo(Written()))
    return Written()


def _undo(database: str, name: str, location: str, written: Written) -> Undo:
    return Undo(database, name, table_location=location, uris=written.uris)


def _layout(properties: dict[str, Any], columns: list[Any]) -> tuple[Layout, Columns]:
    format_ = str(properties.get("format", "PARQUET")).upper()
    given = (f"{format_.lower()}_compression", "write_compression")
    asked = next((properties[key] for key in given if key in properties), None)
    data, keys = split_keys(columns, properties.get("partitioned_by", []))
    delimiter = properties.get("field_delimiter", "\x01")
    return Layout(format_, compression_of(format_, asked), data).with_delimiter(delimiter), keys


def _target(layout: Layout, keys: Columns, location: str, properties: dict[str, Any]) -> Target:
    by = tuple(properties.get("bucketed_by", ()))
    count = str(properties.get("bucket_count", "0"))
    if bool(by) != (count != "0"):
        raise QueryFailed("INVALID_TABLE_PROPERTY", "bucketed_by and bucket_count must be specified together")
    if not count.isdigit() or int(count) > 1000000:
        raise QueryFailed("INVALID_TABLE_PROPERTY", f"bucket_count must be greater than zero: {count}")
    types = dict(layout.columns)
    missing = [name for name in by if name not in types]
    if missing:
        raise QueryFailed(
            "INVALID_TABLE_PROPERTY", f"Bucketing columns [{', '.join(missing)}] not present in schema"
        )
    for name in by:
        check_bucketing(name, types[name])
    return Target(layout, partial(folder_of, location, keys), keys, by, int(count))


def folder_of(location: str, keys: Columns, values: tuple[str | None, ...]) -> str:
    """The folder of a partition below a location."""
    return location + "".join(
        hive_segment(name, value) + "/" for (name, _), value in zip(keys, values, strict=True)
    )


def _values(values: tuple[str | None, ...]) -> list[str]:
    return [HIVE_NULL if value is None else value for value in values]


def _table_input(
    name: str, layout: Layout, keys: Columns, location: str, properties: dict[str, Any]
) -> dict[str, Any]:
    delimiter = layout.separators[0]
    text = (
        {"field.delim": delimiter, "serialization.format": delimiter} if layout.format == "TEXTFILE" else {}
    )
    storage = descriptor(layout.format, _glue(layout.columns), location, **text)
    if "bucketed_by" in properties:
        storage |= {
            "BucketColumns": list(properties["bucketed_by"]),
            "NumberOfBuckets": int(properties["bucket_count"]),
        }
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {
            "EXTERNAL": "TRUE", "has_encrypted_data": "false", "write.compression": layout.compression,
        },
        "PartitionKeys": _glue(keys),
        "StorageDescriptor": storage,
    }  # fmt: skip


def _glue(columns: Columns) -> list[dict[str, str]]:
    return [{"Name": n, "Type": to_hive(t)} for n, t in columns]
