"""One statement's Iceberg tables: each is loaded once, so that the statement sees one state of it.

What needs pyiceberg is imported when there is such a table, as that takes a second.
"""

from __future__ import annotations

from typing import Any

from local_athena.catalog.table_formats import is_iceberg
from local_athena.catalog.tables import BoundTable, Moment
from local_athena.protocols import GlueClient, Storage


class IcebergTables:
    """`local_athena.catalog.names.TableFormat` of Iceberg."""

    def __init__(self, glue: GlueClient, storage: Storage) -> None:
        self._glue, self._storage = glue, storage
        self._loaded: dict[tuple[str, str], Any] = {}

    def bind(self, table: dict[str, Any], moment: Moment | None) -> BoundTable | None:
        """A Glue table in the state of a moment; None for one that is not Iceberg's.

        Raises:
            QueryFailed: there is no such state, or its metadata cannot be read.
        """
        if not is_iceberg(table):
            return None
        from local_athena.iceberg.binding import bind

        return bind(self._load(table), self._storage, table, moment)

    def metadata(self, table: dict[str, Any], suffix: str) -> BoundTable | None:
        """`table$snapshots` and its like; None where there is no such table."""
        if not is_iceberg(table):
            return None
        from local_athena.iceberg.binding import bind_metadata

        return bind_metadata(self._load(table), table, suffix)

    def _load(self, table: dict[str, Any]) -> Any:
        from local_athena.iceberg.catalog import load

        name = (str(table["DatabaseName"]), str(table["Name"]))
        if name not in self._loaded:
            self._loaded[name] = load(self._glue, self._storage, *name)
        return self._loaded[name]
