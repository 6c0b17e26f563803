"""CREATE and DROP DATABASE or SCHEMA; DROP TABLE and DROP VIEW."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local_athena.catalog.table_formats import is_iceberg
from local_athena.errors import QueryFailed
from local_athena.statements.ddl.context import TASK, DdlContext, code_of, database_missing, table_missing
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.outcome import Outcome


def create_database(context: DdlContext) -> Outcome:
    """CREATE DATABASE|SCHEMA [IF NOT EXISTS] name [COMMENT] [LOCATION] [WITH DBPROPERTIES]."""
    reader = Reader(context.text)
    reader.expect("CREATE")
    reader.next()
    tolerant = reader.accept("IF", "NOT", "EXISTS")
    made: dict[str, Any] = {"Name": reader.database_name()}
    if reader.accept("COMMENT"):
        made["Description"] = reader.string()
    if reader.accept("LOCATION"):
        made["LocationUri"] = reader.string()
    if reader.accept("WITH", "DBPROPERTIES"):
        made["Parameters"] = reader.properties()
    reader.end()
    try:
        context.glue.create_database(DatabaseInput=made)
    except ClientError as error:
        if code_of(error) != "AlreadyExistsException":
            raise
        if not tolerant:
            raise QueryFailed("", f"{TASK}Database {made['Name']} already exists", error_type=1006) from error
    return Outcome(update_type="CREATE DATABASE")


def alter_database(context: DdlContext) -> Outcome:
    """ALTER DATABASE|SCHEMA name SET DBPROPERTIES ('key' = 'value', ...): those not named stay."""
    reader = Reader(context.text)
    reader.expect("ALTER")
    reader.next()
    name = reader.database_name()
    reader.expect("SET", "DBPROPERTIES")
    properties = reader.properties()
    reader.end()
    if not context.has_database(name):
        raise database_missing(name)
    found = context.glue.get_database(Name=name)["Database"]
    made = {k: found[k] for k in DATABASE_INPUT if found.get(k) is not None}
    made["Parameters"] = {**(found.get("Parameters") or {}), **properties}
    context.glue.update_database(Name=name, DatabaseInput=made)
    return Outcome()


DATABASE_INPUT = ("Name", "Description", "LocationUri", "Parameters", "CreateTableDefaultPermissions")
"""What UpdateDatabase takes of what GetDatabase gives."""


def drop_database(context: DdlContext) -> Outcome:
    """DROP DATABASE|SCHEMA [IF EXISTS] name [RESTRICT|CASCADE]; without CASCADE it must be empty."""
    reader = Reader(context.text)
    reader.expect("DROP")
    reader.next()
    tolerant = reader.accept("IF", "EXISTS")
    name = reader.database_name()
    cascade = reader.accept("CASCADE")
    reader.accept("RESTRICT")
    reader.end()
    if not context.has_database(name):
        if tolerant:
            return Outcome()
        raise database_missing(name)
    tables = [
        t
        for p in context.glue.get_paginator("get_tables").paginate(DatabaseName=name)
        for t in p["TableList"]
    ]
    if tables and not cascade:
        text = f"{TASK}InvalidOperationException(message:Database {name} is not empty. One or more tables exist.)"  # noqa: E501
        raise QueryFailed("", text, error_type=1006)
    context.glue.delete_database(Name=name)
    return Outcome(update_type="DROP DATABASE")


def drop_table(context: DdlContext) -> Outcome:
    """DROP TABLE [IF EXISTS] name; the data stays, but for an Iceberg table's."""
    reader = Reader(context.text)
    reader.expect("DROP", "TABLE")
    tolerant = reader.accept("IF", "EXISTS")
    name = reader.table_name(context.database)
    reader.accept("PURGE")
    reader.end()
    table = context.table(name)
    if table is None:
        if tolerant:
            return Outcome()
        raise table_missing(name)
    if is_iceberg(table):
        from local_athena.statements.iceberg import ddl

        return ddl.drop_table(context, name)
    context.glue.delete_table(DatabaseName=name[0], Name=name[1])
    return Outcome(update_type="DROP TABLE")
