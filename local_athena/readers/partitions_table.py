"""`"t$partitions"` of a Hive table: a row for each partition of the catalog, a column for each key.

https://docs.aws.amazon.com/athena/latest/ug/show-partitions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from local_athena.catalog.files import HIVE_NULL, partitions_of
from local_athena.catalog.projection import is_projected, project
from local_athena.catalog.readings import Reading
from local_athena.catalog.table_formats import is_delta, is_iceberg
from local_athena.catalog.tables import BoundTable, Moment, bind_table
from local_athena.protocols import GlueClient
from local_athena.readers.assembly import partition_value
from local_athena.sql.build import commas, ident, joined, null_of, sql, string
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Scan
from local_athena.types.trino import VARCHAR

MOST_IN_VALUES = 1000
"""Rows of one VALUES."""
NO_COLUMN = sql("1 AS none")
Row = tuple[str | None, ...]


class HivePartitions:
    """`local_athena.catalog.names.TableFormat` of Hive's tables, which have this one beside them."""

    def __init__(self, glue: GlueClient) -> None:
        self._glue = glue

    def bind(self, table: dict[str, Any], moment: Moment | None) -> BoundTable | None:
        """None: the catalog itself binds Hive's tables."""
        return None

    def metadata(self, table: dict[str, Any], suffix: str) -> BoundTable | None:
        """`table$partitions` of a partitioned table."""
        other = is_iceberg(table) or is_delta(table)
        if suffix.lower() != "partitions" or not table.get("PartitionKeys") or other:
            return None
        return bind_partitions(bind_table(table), self._glue)


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
        items = [sql("{} AS {}", null_of(types[name]), ident(name)) for name in names] or [NO_COLUMN]
        return Reading(sql("SELECT {} WHERE false", commas(items)), 0)
    items = [
        sql("{} AS {}", partition_value(ident("p", f"k{places[name]}"), types[name]), ident(name))
        for name in names
    ]
    cells = commas(ident(f"k{i}") for i in range(len(places)))
    parts = (rows[at : at + MOST_IN_VALUES] for at in range(0, len(rows), MOST_IN_VALUES))
    source = joined(
        " UNION ALL ",
        (sql("SELECT * FROM (VALUES {}) AS v({})", commas(map(_cells, part)), cells) for part in parts),
    )
    return Reading(sql("SELECT {} FROM ({}) AS p", commas(items or [NO_COLUMN]), source), 0)


def _rows(scan: Scan, glue: GlueClient, now: Any) -> Iterator[Row]:
    if is_projected(scan.table.glue):
        for one in project(scan.table, scan.conjuncts, now):
            yield tuple(one.values)
        return
    for partition in partitions_of(scan, glue):
        yield tuple(None if value == HIVE_NULL else value for value in partition["Values"])


def _cells(row: Row) -> Sql:
    return sql("({})", commas(null_of(VARCHAR) if value is None else string(value) for value in row))
