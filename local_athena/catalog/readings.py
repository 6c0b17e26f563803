"""What a scan of a table becomes: SQL of the columns that the query reads, and what reading them costs."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from local_athena.sql.build import commas, ident, sql
from local_athena.sql.fragment import Sql


@dataclass(frozen=True, slots=True)
class Reading:
    """SQL of a scan and what it costs: the bytes that Athena would bill."""

    sql: Sql
    scanned: int


NO_COLUMNS = sql("1 AS none")
"""What is selected when only the number of rows is asked."""


def selected(columns: dict[str, Sql]) -> Sql:
    """The list of a SELECT: columns by name, sorted, so that several of these can stand in one UNION ALL."""
    items = [sql("{} AS {}", columns[name], ident(name)) for name in sorted(columns)]
    return commas(items) if items else NO_COLUMNS


FILENAME = "filename"
"""The column that DuckDB puts beside those of several files. A file that has one of that name is read alone:
DuckDB takes a filter of the one for a filter of the other, and breaks."""


def free_name(name: str, taken: Container[str]) -> str:
    """A name for what DuckDB puts beside a file's columns, which have the names `taken`, in lower case."""
    while name in taken:
        name += "_"
    return name
