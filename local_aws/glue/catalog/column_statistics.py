"""Column statistics of tables and partitions, kept as clients give them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from local_aws.caller import Caller
from local_aws.glue.catalog.documents import dumps, loads
from local_aws.glue.catalog.errors import detail, not_found, partition_not_found
from local_aws.glue.catalog.partitions import find_partition
from local_aws.glue.catalog.store import Answer, CatalogStore, Request

_TABLE, _PARTITION = "catalog_table_statistics", "catalog_partition_statistics"
_Owner = Callable[[Request], int]
"""Finds what the statistics are of: the id of a table or of a partition."""


class ColumnStatistics:
    """Update, Get and DeleteColumnStatistics, ForTable and ForPartition."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def update_column_statistics_for_table(self, request: Request, caller: Caller) -> Answer:
        """Put statistics of some of a table's columns."""
        return self._update(_TABLE, request, self._table)

    def get_column_statistics_for_table(self, request: Request, caller: Caller) -> Answer:
        """Return statistics of a table's columns."""
        return self._get(_TABLE, request, self._table)

    def delete_column_statistics_for_table(self, request: Request, caller: Caller) -> Answer:
        """Delete the statistics of one column of a table."""
        return self._delete(_TABLE, request, self._table)

    def update_column_statistics_for_partition(self, request: Request, caller: Caller) -> Answer:
        """Put statistics of some columns of a partition."""
        return self._update(_PARTITION, request, self._partition)

    def get_column_statistics_for_partition(self, request: Request, caller: Caller) -> Answer:
        """Return statistics of columns of a partition."""
        return self._get(_PARTITION, request, self._partition)

    def delete_column_statistics_for_partition(self, request: Request, caller: Caller) -> Answer:
        """Delete the statistics of one column of a partition."""
        return self._delete(_PARTITION, request, self._partition)

    def _table(self, request: Request) -> int:
        return int(self._store.require_table(request, request["TableName"])["id"])

    def _partition(self, request: Request) -> int:
        found = find_partition(self._store.read(), self._table(request), request["PartitionValues"])
        if found is None:
            raise partition_not_found()
        return int(found["id"])

    def _update(self, statistics: str, request: Request, owner: _Owner) -> Answer:
        with self._store.database.write() as connection:
            owner_id = owner(request)
            connection.executemany(
                f"INSERT INTO {statistics} VALUES (?, ?, ?)"  # noqa: S608
                " ON CONFLICT (owner, column_name) DO UPDATE SET body = excluded.body",
                [
                    (owner_id, entry["ColumnName"].lower(), dumps(entry))
                    for entry in request["ColumnStatisticsList"]
                ],
            )
        return {"Errors": []}

    def _get(self, statistics: str, request: Request, owner: _Owner) -> Answer:
        rows = self._store.read().execute(
            f"SELECT column_name, body FROM {statistics} WHERE owner = ?",  # noqa: S608
            (owner(request),),
        )
        known: dict[str, sqlite3.Row] = {row["column_name"]: row for row in rows}
        found, errors = [], []
        for name in request["ColumnNames"]:
            if name.lower() in known:
                found.append(loads(known[name.lower()]["body"]))
            else:
                error = not_found(f"Statistics for column {name} not found.")
                errors.append({"ColumnName": name, "Error": detail(error)})
        return {"ColumnStatisticsList": found, "Errors": errors}

    def _delete(self, statistics: str, request: Request, owner: _Owner) -> Answer:
        with self._store.database.write() as connection:
            deleted = connection.execute(
                f"DELETE FROM {statistics} WHERE owner = ? AND column_name = ?",  # noqa: S608
                (owner(request), request["ColumnName"].lower()),
            )
            if not deleted.rowcount:
                raise not_found(f"Statistics for column {request['ColumnName']} not found.")
        return {}
