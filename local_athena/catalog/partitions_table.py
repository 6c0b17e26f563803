"""`"t$partitions"` of a Hive table: a row for each partition of the catalog, a column for each key.

https://docs.aws.amazon.com/athena/latest/ug/show-partitions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from local_athena.catalog.files import HIVE_NULL, partitions_of
from local_athena.catalog.projection import is_projected, project
from local_athena.catalog.tables import BoundTable
from local_athena.protocols import GlueClient
from local_athena.readers.assembly import Reading, partition_value
from local_athena.translate.sql import null_of, quoted
from local_athena.translate.typed import Scan

MOST_IN_VALUES = 1000
"""Rows of one VALUES."""
Row = tuple[str | None, ...]


def bind_partitions(table: BoundTable, glue: GlueClient) -> BoundTable:
    """The partitions of a partitioned table as a table."""
    keys = table.partition_columns
    return BoundTable(
        table.database, f"{table.name}$partitions", keys, (), table.glue,
        pruned=frozenset(key.name for key in keys),
        read=partial(_read, table=table, glue=glue),
    )  # fmt: skip


def _read(context: Any, scan: Scan, scratch: Any, *, table: BoundTable, glue: GlueClient) -> Reading:
    asked = Scan(scan.name, table, set(scan.used), scan.conjuncts)
    rows = list(_rows(asked, glue, context.now))
    places = {key.name: i for i, key in enumerate(table.partition_columns)}
    types = {key.name: key.type for key in table.partition_columns}
    names = sorted(scan.used)
    if not rows:
        items = [f'{null_of(types[name])} AS "{name}"' for name in names] or ["1 AS none"]
        return Reading(f"SELECT {', '.join(items)} WHERE false", 0)
    items = [f'{partition_value(f"p.k{places[name]}", types[name])} AS "{name}"' for name in names]
    cells = ", ".join(f"k{i}" for i in range(len(places)))
    parts = (rows[at : at + MOST_IN_VALUES] for at in range(0, len(rows), MOST_IN_VALUES))
    source = " UNION ALL ".join(f"SELECT * FROM (VALUES {_listed(part)}) AS v({cells})" for part in parts)  # noqa: S608
    return Reading(f"SELECT {', '.join(items) or '1 AS none'} FROM ({source}) AS p", 0)  # noqa: S608


def _rows(scan: Scan, glue: GlueClient, now: Any) -> Iterator[Row]:
    if is_projected(scan.table.glue):
        for one in project(scan.table, scan.conjuncts, now):
            yield tuple(one.values)
        return
    for partition in partitions_of(scan, glue):
        yield tuple(None if value == HIVE_NULL else value for value in partition["Values"])


def _listed(rows: list[Row]) -> str:
    return ", ".join(map(_cells, rows))


def _cells(row: Row) -> str:
    return f"({', '.join('CAST(NULL AS VARCHAR)' if v is None else quoted(v) for v in row)})"
