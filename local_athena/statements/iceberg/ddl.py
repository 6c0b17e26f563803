"""Hive DDL on Iceberg tables: CREATE TABLE, ALTER TABLE, DROP TABLE.

Each is one commit of the table's metadata; DROP TABLE deletes the data as well.
https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-managing-tables.html
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import TableAlreadyExistsError
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.types import IcebergType, NestedField, PrimitiveType, TimestamptzType

from local_athena.errors import QueryFailed
from local_athena.iceberg.catalog import LakeCatalog, committing, load
from local_athena.iceberg.partitions import spec_of
from local_athena.iceberg.properties import DATA_PATH, iceberg_properties, stored_key
from local_athena.iceberg.types import from_trino
from local_athena.protocols import StorageError
from local_athena.statements.ddl.clauses import read_iceberg_definition
from local_athena.statements.ddl.context import TASK, DdlContext, Name, database_missing
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.iceberg.maintenance import named_files
from local_athena.statements.outcome import Outcome
from local_athena.types.hive import from_hive

UNSUPPORTED = "Query type not supported by Athena Iceberg at this time"


def create_table(context: DdlContext) -> Outcome:
    """CREATE TABLE name (…) [PARTITIONED BY (…)] LOCATION '…' TBLPROPERTIES ('table_type'='ICEBERG', …).

    Raises:
        QueryFailed: the table exists, or a column, partition or property is not an Iceberg table's.
    """
    reader = Reader(context.text)
    reader.expect("CREATE", "TABLE")
    tolerant = reader.accept("IF", "NOT", "EXISTS")
    name = reader.table_name(context.database)
    ids = count(1)
    columns, partitions, location, properties = read_iceberg_definition(reader)
    fields = [_field(column, next(ids)) for column in columns]
    if not context.has_database(name[0]):
        raise database_missing(name[0])
    schema = Schema(*fields)
    try:
        _catalog(context).create_table(
            name,
            schema,
            location.rstrip("/"),
            spec_of(schema, partitions),
            properties=iceberg_properties(properties),
        )
    except TableAlreadyExistsError as error:
        if not tolerant:
            raise QueryFailed(
                "", f"{TASK}AlreadyExistsException(message:Table {name[1]} already exist)", error_type=1006,
                error_message=f"Table {name[1]} already exists.",
            ) from error  # fmt: skip
    except StorageError as error:
        raise QueryFailed(
            "", f"The S3 location {location} is invalid. ({error.code})", error_type=1306
        ) from error
    return Outcome(update_type="CREATE TABLE")


def _field(column: dict[str, str], number: int) -> NestedField:
    return NestedField(
        number, column["Name"], _type(column["Type"]), required=False, doc=column.get("Comment")
    )


def _type(text: str) -> IcebergType:
    return TimestamptzType() if text == "timestamptz" else from_trino(from_hive(text), count(1000))


def _catalog(context: DdlContext) -> Catalog:
    return LakeCatalog(context.glue, context.storage)


def drop_table(context: DdlContext, name: Name) -> Outcome:
    """DROP TABLE: the entry in the catalog, every object below its location, and its data files elsewhere."""
    table = load(context.glue, context.storage, *name)
    folder = table.location().rstrip("/") + "/"
    # Other tables may have their data in the same folder.
    elsewhere = named_files(table) if DATA_PATH in table.properties else set()
    context.glue.delete_table(DatabaseName=name[0], Name=name[1])
    for uri in {stored.uri for stored in context.storage.list_files(folder)} | elsewhere:
        context.storage.delete(uri)
    return Outcome(b"\n", update_type="DROP TABLE")


def alter_table(context: DdlContext, name: Name, reader: Reader) -> Outcome:
    """ALTER TABLE; `reader` stands after the name.

    Raises:
        QueryFailed: Athena has no such change for Iceberg tables, or it cannot be made.
    """
    table = load(context.glue, context.storage, *name)
    for words, change in CHANGES.items():
        if reader.accept(*words):
            with committing(".".join(name)):
                try:
                    change(context, table, reader)
                except ValueError as error:
                    raise QueryFailed("", f"{TASK}{error}", error_type=1006) from error
            return Outcome()
    raise QueryFailed("", UNSUPPORTED, error_type=1200)


def _add_columns(context: DdlContext, table: Table, reader: Reader) -> None:
    columns = reader.columns()
    reader.end()
    with table.update_schema() as update:
        for column in columns:
            update.add_column(column["Name"], _type(column["Type"]), column.get("Comment"))


def _drop_column(context: DdlContext, table: Table, reader: Reader) -> None:
    column = reader.identifier()
    reader.end()
    with table.update_schema() as update:
        update.delete_column(column)


def _change_column(context: DdlContext, table: Table, reader: Reader) -> None:
    """CHANGE [COLUMN] old new type [COMMENT '…'] [FIRST | AFTER column]."""
    reader.accept("COLUMN")
    old, new, type_ = reader.identifier(), reader.identifier(), _type(reader.type_text())
    comment = reader.string() if reader.accept("COMMENT") else None
    first, after = reader.accept("FIRST"), reader.identifier() if reader.accept("AFTER") else None
    reader.end()
    current = table.schema().find_field(old).field_type
    if current != type_ and not (isinstance(current, PrimitiveType) and isinstance(type_, PrimitiveType)):
        raise ValueError(f"Cannot change column type: {old}: {current} -> {type_}")
    with table.update_schema() as update:
        update.update_column(old, None if current == type_ else type_, doc=comment)
        if new != old:
            update.rename_column(old, new)
        if first:
            update.move_first(old)
        if after is not None:
            update.move_after(old, after)


def _set_properties(context: DdlContext, table: Table, reader: Reader) -> None:
    given = reader.properties()
    reader.end()
    with table.transaction() as transaction:
        transaction.set_properties(iceberg_properties(given, defaults=False))


def _unset_properties(context: DdlContext, table: Table, reader: Reader) -> None:
    reader.accept("IF", "EXISTS")
    keys = reader.strings()
    reader.end()
    there = [key for key in map(stored_key, keys) if key in table.properties]
    with table.transaction() as transaction:
        transaction.remove_properties(*there)


def _rename(context: DdlContext, table: Table, reader: Reader) -> None:
    database, name = reader.table_name(table.name()[0])
    reader.end()
    _catalog(context).rename_table(table.name(), (database, name))


CHANGES: dict[tuple[str, ...], Callable[[DdlContext, Table, Reader], None]] = {
    ("ADD", "COLUMNS"): _add_columns,
    ("DROP", "COLUMN"): _drop_column,
    ("CHANGE",): _change_column,
    ("SET", "TBLPROPERTIES"): _set_properties,
    ("UNSET", "TBLPROPERTIES"): _unset_properties,
    ("RENAME", "TO"): _rename,
}
