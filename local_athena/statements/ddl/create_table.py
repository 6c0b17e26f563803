"""CREATE EXTERNAL TABLE. https://docs.aws.amazon.com/athena/latest/ug/create-table.html"""

from __future__ import annotations

import time
from typing import Any

from botocore.exceptions import ClientError

from local_athena.errors import QueryFailed
from local_athena.statements.ddl.clauses import read_definition
from local_athena.statements.ddl.context import TASK, DdlContext, code_of, database_missing
from local_athena.statements.ddl.formats import descriptor
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.outcome import Outcome


def create_table(context: DdlContext) -> Outcome:
    """Run the statement.

    Raises:
        QueryFailed: the table exists, or a clause is not supported.
    """
    reader = Reader(context.text, squeezed=True)
    reader.expect("CREATE")
    if not reader.accept("EXTERNAL", "TABLE"):
        from local_athena.statements.iceberg import ddl

        return ddl.create_table(context)
    tolerant = reader.accept("IF", "NOT", "EXISTS")
    database, name = reader.table_name(context.database)
    made = _table_input(context, reader, name)
    if not context.has_database(database):
        raise database_missing(database)
    try:
        context.glue.create_table(DatabaseName=database, TableInput=made)
    except ClientError as error:
        if code_of(error) != "AlreadyExistsException":
            raise
        if not tolerant:
            raise QueryFailed(
                "",
                f"{TASK}AlreadyExistsException(message:Table {name} already exist)",
                error_type=1006,
                error_message=f"Table {name} already exists.",
            ) from error
    return Outcome(update_type="CREATE TABLE")


def _table_input(context: DdlContext, reader: Reader, name: str) -> dict[str, Any]:
    columns, clauses = read_definition(reader)
    if clauses.location is None:
        raise QueryFailed(
            "", "No location was specified for table. An S3 location must be specified", error_type=1003
        )
    if not clauses.location.startswith("s3://"):
        raise QueryFailed(
            "", f"{TASK}MetaException(message:Invalid location {clauses.location})", error_type=1109
        )
    if clauses.properties.get("table_type", "").upper() == "DELTA":
        from local_athena.delta.binding import glue_columns

        columns = columns or glue_columns(context.storage, clauses.location.rstrip("/") + "/")
    if not columns:
        raise QueryFailed(
            "", "FAILED: SemanticException [Error 10043]: Either list of columns or a custom serializer "
            "should be specified", error_type=1003,
        )  # fmt: skip
    names = [c["Name"] for c in columns + clauses.keys]
    if len(set(names)) != len(names):
        raise QueryFailed(
            "",
            "FAILED: SemanticException [Error 10036]: Duplicate column name: " + max(names, key=names.count),
        )
    made = (
        descriptor(clauses.format, columns, _folder(clauses.location), clauses.serde) | clauses.file_classes
    )
    if clauses.buckets:
        made |= {"BucketColumns": clauses.bucketed_by, "NumberOfBuckets": clauses.buckets}
        made["SortColumns"] = clauses.sorted_by
    made["SerdeInfo"]["Parameters"] = clauses.serde_properties or {"serialization.format": "1"}
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": made,
        "PartitionKeys": clauses.keys,
        "Parameters": {
            "EXTERNAL": "TRUE",
            "transient_lastDdlTime": str(int(time.time())),
            **({"comment": clauses.comment} if clauses.comment else {}),
            **clauses.properties,
        },
    }


def _folder(location: str) -> str:
    """A location as Hive keeps it: without its last slash, unless it is a whole bucket."""
    folder = location.rstrip("/")
    return folder if folder.count("/") > 2 else folder + "/"
