"""Delta Lake's tables among those of the catalog."""

from __future__ import annotations

from typing import Any

from local_athena.catalog.table_formats import is_delta
from local_athena.catalog.tables import BoundTable, Moment
from local_athena.protocols import Storage


class DeltaTables:
    """`local_athena.catalog.names.TableFormat` of Delta Lake."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def bind(self, table: dict[str, Any], moment: Moment | None) -> BoundTable | None:
        """A Glue table by its log; None for another, and for a moment, which Athena refuses.

        Raises:
            QueryFailed: its log cannot be read.
        """
        if moment is not None or not is_delta(table):
            return None
        from local_athena.delta.binding import bind

        return bind(table, self._storage)

    def metadata(self, table: dict[str, Any], suffix: str) -> BoundTable | None:
        """None: Athena shows no such tables."""
        return None
