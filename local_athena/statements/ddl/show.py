"""SHOW and DESCRIBE: what the catalog holds, in Hive's text forms."""

from __future__ import annotations

import re
from typing import Any

from local_athena.catalog.table_formats import is_iceberg
from local_athena.catalog.tables import bind_table
from local_athena.errors import QueryFailed
from local_athena.statements.ddl.context import DdlContext, database_missing
from local_athena.statements.ddl.formatted import formatted
from local_athena.statements.ddl.property_order import java_order
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.outcome import Outcome, lines
from local_athena.statements.output.column_info import info


def _strings(*names: str) -> list[dict[str, Any]]:
    return [info(name, "string") for name in names]


def _tables(context: DdlContext, database: str) -> list[dict[str, Any]]:
    if not context.has_database(database):
        raise database_missing(database)
    pages = context.glue.get_paginator("get_tables").paginate(DatabaseName=database)
    return sorted((t for p in pages for t in p["TableList"]), key=lambda t: str(t["Name"]))


def _in_database(reader: Reader, context: DdlContext) -> str:
    return reader.database_name() if reader.accept("IN") or reader.accept("FROM") else context.database


def show_tables(context: DdlContext) -> Outcome:
    """SHOW TABLES [IN database] ['pattern']; `*` in a pattern is anything, `|` is or."""
    reader = Reader(context.text)
    reader.expect("SHOW", "TABLES")
    database = _in_database(reader, context)
    pattern = reader.string() if reader.accept("LIKE") or reader.peek() is not None else None
    reader.end()
    names = [t["Name"] for t in _tables(context, database)]
    return lines([n for n in names if pattern is None or _matches(pattern, n)], _strings("tab_name"))


def _matches(pattern: str, name: str) -> bool:
    text = re.sub(r"(?<!\.)\*", ".*", pattern)
    try:
        return re.fullmatch(text, name, re.IGNORECASE) is not None
    except re.error as error:
        raise QueryFailed(
            "", f"FAILED: SemanticException Invalid pattern {pattern}", error_type=1003
        ) from error


def show_databases(context: DdlContext) -> Outcome:
    """SHOW DATABASES|SCHEMAS [LIKE 'java regular expression']."""
    reader = Reader(context.text)
    reader.expect("SHOW")
    reader.next()
    pattern = reader.string() if reader.accept("LIKE") else None
    reader.end()
    pages = context.glue.get_paginator("get_databases").paginate()
    names = sorted(d["Name"] for p in pages for d in p["DatabaseList"])
    try:
        kept = [n for n in names if pattern is None or re.fullmatch(pattern, n)]
    except re.error as error:
        raise QueryFailed(
            "", f"FAILED: SemanticException Invalid pattern {pattern}", error_type=1003
        ) from error
    return lines(kept, _strings("database_name"))


def show_columns(context: DdlContext) -> Outcome:
    """SHOW COLUMNS IN|FROM table [IN|FROM database]."""
    reader = Reader(context.text)
    reader.expect("SHOW", "COLUMNS")
    if not (reader.accept("IN") or reader.accept("FROM")):
        raise reader.error()
    database, name = reader.table_name(context.database)
    database = _in_database(reader, DdlContext(context.glue, context.storage, database, context.text))
    table = context.existing((database, name))
    columns = [*(table.get("StorageDescriptor") or {}).get("Columns", []), *table.get("PartitionKeys", [])]
    return lines([str(c["Name"]).ljust(20) for c in columns], _strings("field"))


def show_partitions(context: DdlContext) -> Outcome:
    """SHOW PARTITIONS table."""
    reader = Reader(context.text)
    reader.expect("SHOW", "PARTITIONS")
    name = reader.table_name(context.database)
    reader.end()
    table = context.existing(name)
    keys = [k["Name"] for k in table.get("PartitionKeys") or ()]
    if not keys:
        text = f"Table {name[1]} is not a partitioned table"
        raise QueryFailed("", f"FAILED: SemanticException [Error 10241]: {text}", error_type=1006)
    pages = context.glue.get_paginator("get_partitions").paginate(DatabaseName=name[0], TableName=name[1])
    rows = sorted(
        "/".join(f"{k}={v}" for k, v in zip(keys, p["Values"], strict=True))
        for page in pages
        for p in page["Partitions"]
    )
    return lines(rows, _strings("partition"))


def show_properties(context: DdlContext) -> Outcome:
    """SHOW TBLPROPERTIES table [('key')]."""
    reader = Reader(context.text)
    reader.expect("SHOW", "TBLPROPERTIES")
    table = context.existing(reader.table_name(context.database))
    properties = dict(table.get("Parameters") or {})
    if is_iceberg(table):
        from local_athena.iceberg import describe

        properties = describe.properties(context.iceberg((table["DatabaseName"], table["Name"])))
    if reader.accept("("):
        key = reader.string()
        reader.expect(")")
        value = properties.get(
            key, f"Table {table['DatabaseName']}.{table['Name']} does not have property: {key}"
        )
        return lines([value], _strings("prpt_name", "prpt_value"))
    return lines([f"{k}\t{v}" for k, v in sorted(properties.items())], _strings("prpt_name", "prpt_value"))


def show_views(context: DdlContext) -> Outcome:
    """SHOW VIEWS [IN database] [LIKE 'pattern']."""
    reader = Reader(context.text)
    reader.expect("SHOW", "VIEWS")
    database = _in_database(reader, context)
    pattern = reader.string() if reader.accept("LIKE") or reader.peek() is not None else None
    reader.end()
    views = [t["Name"] for t in _tables(context, database) if t.get("TableType") == "VIRTUAL_VIEW"]
    return lines([v for v in views if pattern is None or _matches(pattern, v)], _strings("views"))


def show_create_view(context: DdlContext) -> Outcome:
    """SHOW CREATE VIEW name."""
    reader = Reader(context.text.replace('"', "`"), hive=False)
    reader.expect("SHOW", "CREATE", "VIEW")
    name = reader.table_name(context.database)
    bound = bind_table(context.existing(name))
    if bound.view_sql is None:
        raise QueryFailed("NOT_SUPPORTED", f"Relation '{name[0]}.{name[1]}' is a table, not a view")
    text = f"CREATE VIEW {name[0]}.{name[1]} AS\n{bound.view_sql}"
    return lines(text.split("\n"), [info("create view", "varchar", len(text), 0, True)])


def show_create_table(context: DdlContext) -> Outcome:
    """SHOW CREATE TABLE name."""
    reader = Reader(context.text)
    reader.expect("SHOW", "CREATE", "TABLE")
    name = reader.table_name(context.database)
    reader.end()
    table = context.existing(name)
    if table.get("TableType") == "VIRTUAL_VIEW":
        raise QueryFailed("NOT_SUPPORTED", f"Relation '{name[0]}.{name[1]}' is a view, not a table")
    if is_iceberg(table):
        from local_athena.iceberg import describe

        return lines(describe.create_text(context.iceberg(name)), _strings("createtab_stmt"))
    return lines(_create_text(table), _strings("createtab_stmt"), None)


def _create_text(table: dict[str, Any]) -> list[str]:
    descriptor = table["StorageDescriptor"]
    text = [f"CREATE EXTERNAL TABLE `{table['Name']}`(", *_column_lines(descriptor.get("Columns") or [])]
    properties = {k: v for k, v in (table.get("Parameters") or {}).items() if k != "EXTERNAL"}
    comment = properties.pop("comment", None)
    if comment:
        text.append(f"COMMENT '{_escaped(comment)}'")
    if table.get("PartitionKeys"):
        text += ["PARTITIONED BY ( ", *_column_lines(table["PartitionKeys"])]
    if descriptor.get("BucketColumns"):
        names = [f"  {name}" for name in descriptor["BucketColumns"]]
        text += ["CLUSTERED BY ( ", ", \n".join(names) + ") "]
        text += [f"INTO {descriptor.get('NumberOfBuckets')} BUCKETS"]
    serde = descriptor.get("SerdeInfo") or {}
    text += ["ROW FORMAT SERDE ", f"  '{serde.get('SerializationLibrary', '')}' "]
    given = serde.get("Parameters") or {}
    # Hive leaves its default out.
    shown = {k: v for k, v in given.items() if (k, v) != ("serialization.format", "1")}
    if shown:
        text += ["WITH SERDEPROPERTIES ( ", *_property_lines(shown)]
    text += ["STORED AS INPUTFORMAT ", f"  '{descriptor.get('InputFormat', '')}' "]
    text += ["OUTPUTFORMAT ", f"  '{descriptor.get('OutputFormat', '')}'"]
    text += ["LOCATION", f"  '{descriptor.get('Location', '')}'"]
    return [*text, "TBLPROPERTIES (", *_property_lines(properties)] if properties else text


def _escaped(text: str) -> str:
    """A text as it stands between quotes: control characters by their number."""
    made = str(text).replace("\\", "\\\\").replace("'", "\\'")
    return "".join(SHOWN.get(c, c if ord(c) > 31 else f"\\u{ord(c):04x}") for c in made)


SHOWN = {"\n": "\\n", "\t": "\\t"}


def _column_lines(columns: list[dict[str, Any]]) -> list[str]:
    written = [
        f"  `{c['Name']}` {c['Type']}" + (f" COMMENT '{_escaped(c['Comment'])}'" if c.get("Comment") else "")
        for c in columns
    ]
    return [line + (", " if i < len(written) - 1 else ")") for i, line in enumerate(written)]


def _property_lines(properties: dict[str, str]) -> list[str]:
    written = [f"  '{_escaped(k)}'='{_escaped(properties[k])}'" for k in java_order(properties)]
    return [line + (", " if i < len(written) - 1 else ")") for i, line in enumerate(written)]


def describe(context: DdlContext) -> Outcome:
    """DESCRIBE [EXTENDED|FORMATTED] table; a view's columns show their Trino types."""
    reader = Reader(context.text)
    reader.next()
    if reader.accept("EXTENDED"):
        raise QueryFailed(
            "NOT_SUPPORTED", "DESCRIBE EXTENDED is not supported; DESCRIBE FORMATTED tells the same"
        )
    in_full = reader.accept("FORMATTED")
    table = context.existing(reader.table_name(context.database))
    if reader.peek() is not None:
        raise QueryFailed("NOT_SUPPORTED", "DESCRIBE of a partition or a column is not supported")
    if table.get("TableType") == "VIRTUAL_VIEW":
        bound = bind_table(table)
        rows = [f"{c.name}\t{c.type}" for c in bound.view_columns]
        return lines(rows, [info("column", "varchar", 0, 0, True), info("type", "varchar", 0, 0, True)])
    if is_iceberg(table):
        from local_athena.iceberg.describe import description

        name = (table["DatabaseName"], table["Name"])
        return lines(description(context.iceberg(name)), _strings("col_name", "data_type", "comment"))
    if in_full:
        return lines(formatted(table), _strings("col_name", "data_type", "comment"), None)
    keys = table.get("PartitionKeys") or []
    rows = [_described(c) for c in [*(table["StorageDescriptor"].get("Columns") or ()), *keys]]
    if keys:
        title = "\t".join(text.ljust(20) for text in ("# col_name", "data_type", "comment"))
        rows += ["\t \t ", "# Partition Information\t \t ", title, "\t \t ", *map(_described, keys)]
    return lines(rows, _strings("col_name", "data_type", "comment"), None)


def _described(column: dict[str, Any]) -> str:
    return "\t".join(str(column.get(k) or "").ljust(20) for k in ("Name", "Type", "Comment"))
