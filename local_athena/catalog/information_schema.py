"""`information_schema`: the catalog's databases, tables, columns and views as tables of a query.

https://docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html. What WHERE says about table_schema and
table_name decides what is asked of Glue.
"""  # noqa: E501

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from local_athena.catalog.conditions import TESTS
from local_athena.catalog.readings import Reading
from local_athena.catalog.tables import CATALOG, BoundTable, TableColumn, bind_table
from local_athena.errors import QueryFailed
from local_athena.protocols import GlueClient
from local_athena.sql.build import cast_as, commas, ident, sql, string
from local_athena.sql.typed import Scan
from local_athena.types.trino import BIGINT, VARCHAR

NAME = "information_schema"
PRUNED = frozenset(("table_schema", "table_name", "schema_name"))
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The databases and tables that a query's conditions leave."""

    scan: Scan

    def has(self, value: str, *columns: str) -> bool:
        tests = (t for t in self.scan.conjuncts if t.column in columns)
        return all(TESTS[t.operator](value, *t.values) for t in tests)

    def databases(self, glue: GlueClient) -> Iterator[str]:
        pages = glue.get_paginator("get_databases").paginate()
        names = sorted({NAME, *(d["Name"] for page in pages for d in page["DatabaseList"])})
        return (name for name in names if self.has(name, "table_schema", "schema_name"))

    def tables(self, glue: GlueClient) -> Iterator[dict[str, Any]]:
        for database in self.databases(glue):
            if database == NAME:
                yield from (_own(name) for name in TABLES if self.has(name, "table_name"))
                continue
            for table in sorted(_glue_tables(glue, database), key=lambda t: str(t["Name"])):
                if self.has(table["Name"], "table_name"):
                    yield table


def _glue_tables(glue: GlueClient, database: str) -> list[dict[str, Any]]:
    try:
        pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
        return [table for page in pages for table in page["TableList"]]
    except ClientError as error:
        # Another statement may have dropped the database since it was listed.
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        return []


def _own(name: str) -> dict[str, Any]:
    columns = [{"Name": c.name, "Type": str(c.type)} for c in TABLES[name].columns]
    return {"DatabaseName": NAME, "Name": name, "StorageDescriptor": {"Columns": columns}}


def _is_view(table: dict[str, Any]) -> bool:
    return bool(table.get("TableType") == "VIRTUAL_VIEW")


def _schemata(glue: GlueClient, wanted: _Wanted) -> Iterator[Row]:
    return ((CATALOG, name) for name in wanted.databases(glue))


def _tables(glue: GlueClient, wanted: _Wanted) -> Iterator[Row]:
    for table in wanted.tables(glue):
        kind = "VIEW" if _is_view(table) else "BASE TABLE"
        yield CATALOG, table["DatabaseName"], table["Name"], kind


def _views(glue: GlueClient, wanted: _Wanted) -> Iterator[Row]:
    for table in wanted.tables(glue):
        if _is_view(table) and (bound := _bound(table)) is not None:
            yield CATALOG, table["DatabaseName"], table["Name"], bound.view_sql


def _columns(glue: GlueClient, wanted: _Wanted) -> Iterator[Row]:
    for table in wanted.tables(glue):
        bound = _bound(table)
        if bound is None:
            continue
        keys = {c.name for c in bound.partition_columns}
        described = [*(table["StorageDescriptor"].get("Columns") or ()), *(table.get("PartitionKeys") or ())]
        comments = {c["Name"].lower(): c.get("Comment") for c in described}
        for i, column in enumerate(bound.columns):
            extra = "partition key" if column.name in keys else None
            yield (
                CATALOG, table["DatabaseName"], table["Name"], column.name, i + 1, None, "YES", str(column.type),  # noqa: E501
                comments.get(column.name), extra,
            )  # fmt: skip


def _bound(table: dict[str, Any]) -> BoundTable | None:
    """The table, None for one that no query could read."""
    try:
        return bind_table(table)
    except QueryFailed:
        return None


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[TableColumn, ...]
    rows: Callable[[GlueClient, _Wanted], Iterator[Row]]


def _texts(*names: str) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(n, BIGINT if n == "ordinal_position" else VARCHAR) for n in names)


PLACE = ("table_catalog", "table_schema", "table_name")
TABLES: dict[str, _Table] = {
    "schemata": _Table(_texts("catalog_name", "schema_name"), _schemata),
    "tables": _Table(_texts(*PLACE, "table_type"), _tables),
    "views": _Table(_texts(*PLACE, "view_definition"), _views),
    "columns": _Table(
        _texts(
            *PLACE, "column_name", "ordinal_position", "column_default", "is_nullable", "data_type", "comment",  # noqa: E501
            "extra_info",
        ),
        _columns,
    ),
}  # fmt: skip


def bind(glue: GlueClient, name: str, where: str) -> BoundTable:
    """A table of information_schema.

    Raises:
        QueryFailed: TABLE_NOT_FOUND.
    """
    table = TABLES.get(name)
    if table is None:
        raise QueryFailed("TABLE_NOT_FOUND", f"{where}Table '{CATALOG}.{NAME}.{name}' does not exist")
    return BoundTable(
        NAME, name, table.columns, (), {}, read=partial(_read, glue=glue, table=table), pruned=PRUNED,
    )  # fmt: skip


def _read(context: Any, scan: Scan, scratch: Any, *, glue: GlueClient, table: _Table) -> Reading:
    rows = [list(row) for row in table.rows(glue, _Wanted(scan))]
    # One JSON text reads faster than a row of VALUES for each of many columns.
    items = commas(
        sql("{} AS {}", cast_as(sql("r[{}]", i + 1), c.type), ident(c.name))
        for i, c in enumerate(table.columns)
    )
    texts = json.dumps([[None if v is None else str(v) for v in row] for row in rows], ensure_ascii=False)
    found = sql("SELECT unnest(from_json({}, '[[\"VARCHAR\"]]')) AS r", string(texts))
    return Reading(sql("SELECT {} FROM ({})", items, found), 0)
