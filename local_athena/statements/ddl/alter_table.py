"""ALTER TABLE: columns, properties, location."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_athena.catalog.table_formats import is_iceberg
from local_athena.errors import QueryFailed
from local_athena.statements.ddl.context import DdlContext, Name, table_input
from local_athena.statements.ddl.one_partition import (
    Spec,
    existing_partition,
    rename_partition,
    save_partition,
)
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.outcome import Outcome
from local_athena.types.hive import from_hive

Alteration = Callable[[DdlContext], Outcome]


def alter_table(hive: Alteration) -> Alteration:
    """ALTER TABLE of either kind of table: Iceberg's own, or `hive`."""

    def run(context: DdlContext) -> Outcome:
        reader = Reader(context.text)
        reader.expect("ALTER", "TABLE")
        name = reader.table_name(context.database)
        table = context.table(name)
        if table is None or not is_iceberg(table):
            return hive(context)
        from local_athena.statements.iceberg import ddl

        return ddl.alter_table(context, name, reader)

    return run


def _start(context: DdlContext) -> tuple[Reader, tuple[str, str], dict[str, Any]]:
    reader = Reader(context.text)
    reader.expect("ALTER", "TABLE")
    name = reader.table_name(context.database)
    return reader, name, context.existing(name)


def _save(context: DdlContext, name: tuple[str, str], table: dict[str, Any]) -> Outcome:
    context.glue.update_table(DatabaseName=name[0], TableInput=table_input(table))
    return Outcome()


def _checked(columns: list[dict[str, str]], table: dict[str, Any]) -> list[dict[str, str]]:
    names = [c["Name"].lower() for c in [*columns, *(table.get("PartitionKeys") or ())]]
    for column in columns:
        from_hive(column["Type"])
        if names.count(column["Name"]) > 1:
            raise QueryFailed(
                "",
                f"FAILED: SemanticException [Error 10036]: Duplicate column name: {column['Name']}",
                error_type=1003,
            )
    return columns


def add_columns(context: DdlContext) -> Outcome:
    """ALTER TABLE t ADD COLUMNS (name type, ...)."""
    reader, name, table = _start(context)
    spec = reader.partition() if reader.accept("PARTITION") else None
    reader.expect("ADD", "COLUMNS")
    added = reader.columns()
    reader.end()
    if spec is not None:
        return _add_to_partition(context, name, table, spec, added)
    descriptor = table["StorageDescriptor"]
    columns = _checked([*(descriptor.get("Columns") or ()), *added], table)
    return _save(context, name, {**table, "StorageDescriptor": {**descriptor, "Columns": columns}})


def _add_to_partition(
    context: DdlContext, name: Name, table: dict[str, Any], spec: Spec, added: list[dict[str, str]]
) -> Outcome:
    partition = existing_partition(context, name, table, spec)
    descriptor = partition["StorageDescriptor"]
    columns = _checked([*(descriptor.get("Columns") or ()), *added], table)
    return save_partition(context, name, partition, {**descriptor, "Columns": columns})


def replace_columns(context: DdlContext) -> Outcome:
    """ALTER TABLE t REPLACE COLUMNS (name type, ...)."""
    reader, name, table = _start(context)
    reader.expect("REPLACE", "COLUMNS")
    columns = _checked(reader.columns(), table)
    reader.end()
    return _save(
        context, name, {**table, "StorageDescriptor": {**table["StorageDescriptor"], "Columns": columns}}
    )


def set_properties(context: DdlContext) -> Outcome:
    """ALTER TABLE t SET TBLPROPERTIES ('key' = 'value', ...)."""
    reader, name, table = _start(context)
    if reader.accept("UNSET"):
        return _unset_properties(context, reader, name, table)
    reader.expect("SET", "TBLPROPERTIES")
    properties = reader.properties()
    reader.end()
    return _save(context, name, {**table, "Parameters": {**(table.get("Parameters") or {}), **properties}})


def _unset_properties(
    context: DdlContext, reader: Reader, name: tuple[str, str], table: dict[str, Any]
) -> Outcome:
    """ALTER TABLE t UNSET TBLPROPERTIES [IF EXISTS] ('key', ...)."""
    reader.expect("TBLPROPERTIES")
    tolerant = reader.accept("IF", "EXISTS")
    keys = reader.strings()
    reader.end()
    kept = dict(table.get("Parameters") or {})
    missing = [key for key in keys if key not in kept]
    if missing and not tolerant:
        raise QueryFailed(
            "",
            "FAILED: SemanticException [Error 10215]: Please use the following syntax if not sure whether the "  # noqa: E501
            "property existed or not: ALTER TABLE tableName UNSET TBLPROPERTIES IF EXISTS (key1, key2, ...): "
            f"{missing[0]}",
            error_type=1003,
        )
    return _save(context, name, {**table, "Parameters": {k: v for k, v in kept.items() if k not in keys}})


def set_location(context: DdlContext) -> Outcome:
    """ALTER TABLE t [PARTITION (k = v)] SET LOCATION 's3://...'."""
    reader, name, table = _start(context)
    spec = reader.partition() if reader.accept("PARTITION") else None
    reader.expect("SET", "LOCATION")
    location = reader.string()
    reader.end()
    if spec is None:
        return _save(
            context,
            name,
            {**table, "StorageDescriptor": {**table["StorageDescriptor"], "Location": location}},
        )
    partition = existing_partition(context, name, table, spec)
    return save_partition(context, name, partition, {**partition["StorageDescriptor"], "Location": location})


def drop_column(context: DdlContext) -> Outcome:
    """ALTER TABLE ... DROP COLUMN: Hive reads DROP as that of a partition."""
    reader, _, _ = _start(context)
    word = reader.words[reader.at + 1]
    raise QueryFailed(
        "",
        f"FAILED: ParseException line 1:{word.at} mismatched input '{word.value}' expecting PARTITION near "
        "'DROP' in drop partition statement",
        error_type=1003,
    )


def unsupported(context: DdlContext) -> Outcome:
    """ALTER TABLE with a change that Athena's Hive has not."""
    raise QueryFailed("", "Query type not supported by DDL engine.", error_type=1200)


def rename(context: DdlContext) -> Outcome:
    """ALTER TABLE t PARTITION (...) RENAME TO PARTITION (...); Athena's Hive tables cannot be renamed."""
    reader, name, table = _start(context)
    if reader.accept("PARTITION"):
        return rename_partition(context, name, table, reader)
    raise QueryFailed("", "Query type not supported by DDL engine.", error_type=1006)
