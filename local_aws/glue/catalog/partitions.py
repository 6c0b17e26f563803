"""Partitions of a table: one by one and in batches, written.

A batch does what it can: an entry that fails is listed in `Errors` and the others go through, in one
transaction.
See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-partitions.html (November 2026).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.documents import dumps, now
from local_aws.glue.catalog.errors import already_exists, detail, invalid, partition_not_found
from local_aws.glue.catalog.partition_values import typed_row
from local_aws.glue.catalog.store import Answer, CatalogStore, Request, partition_keys


class Partitions:
    """Create, update and delete, single and batch."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def create_partition(self, request: Request, caller: Caller) -> Answer:
        """Create one partition.

        Raises:
            AwsError: AlreadyExistsException, EntityNotFoundException, InvalidInputException.
        """
        with self._store.database.write() as connection:
            _create(connection, self._table(request), request["PartitionInput"])
        return {}

    def batch_create_partition(self, request: Request, caller: Caller) -> Answer:
        """Create up to 100 partitions."""
        failures = self._each(request, "PartitionInputList", _create)
        return {"Errors": [_partition_error(entry.get("Values"), error) for entry, error in failures]}

    def update_partition(self, request: Request, caller: Caller) -> Answer:
        """Replace one partition; other values in the input move it."""
        with self._store.database.write() as connection:
            _update(connection, self._table(request), request)
        return {}

    def batch_update_partition(self, request: Request, caller: Caller) -> Answer:
        """Replace up to 100 partitions."""
        failures = self._each(request, "Entries", _update)
        return {
            "Errors": [
                {"PartitionValueList": entry["PartitionValueList"], "ErrorDetail": detail(error)}
                for entry, error in failures
            ]
        }

    def delete_partition(self, request: Request, caller: Caller) -> Answer:
        """Delete one partition."""
        with self._store.database.write() as connection:
            _delete(connection, self._table(request), {"Values": request["PartitionValues"]})
        return {}

    def batch_delete_partition(self, request: Request, caller: Caller) -> Answer:
        """Delete up to 25 partitions."""
        failures = self._each(request, "PartitionsToDelete", _delete)
        return {"Errors": [_partition_error(entry["Values"], error) for entry, error in failures]}

    def _table(self, request: Request) -> _Table:
        return _Table(self._store.require_table(request, request["TableName"]))

    def _each(self, request: Request, member: str, action: _Action) -> list[tuple[Request, AwsError]]:
        """Carry out `action` on each entry of a batch, and return those that failed."""
        failures = []
        with self._store.database.write() as connection:
            table = self._table(request)
            for entry in request[member]:
                try:
                    action(connection, table, entry)
                except AwsError as error:
                    failures.append((entry, error))
        return failures


class _Table:
    """A table's row with its partition keys parsed once for a whole batch."""

    def __init__(self, row: sqlite3.Row) -> None:
        self.id: int = row["id"]
        self.keys = partition_keys(row)


_Action = Callable[[sqlite3.Connection, _Table, Request], None]


def find_partition(connection: sqlite3.Connection, table_id: int, values: Sequence[str]) -> Any:
    """The row of a partition, or None."""
    found = connection.execute(
        'SELECT id, "values", created, body FROM catalog_partition WHERE table_id = ? AND "values" = ?',
        (table_id, dumps(list(values))),
    )
    return found.fetchone()


def _create(connection: sqlite3.Connection, table: _Table, given: Request) -> None:
    columns = _columns(table, given)
    if find_partition(connection, table.id, given["Values"]):
        raise already_exists("Partition")
    connection.execute(
        'INSERT INTO catalog_partition (table_id, "values", created, typed, malformed, body)'
        " VALUES (:table_id, :values, :created, :typed, :malformed, :body)",
        {**columns, "created": now()},
    )


def _update(connection: sqlite3.Connection, table: _Table, entry: Request) -> None:
    old = find_partition(connection, table.id, entry["PartitionValueList"])
    if old is None:
        raise partition_not_found()
    given = {"Values": entry["PartitionValueList"], **entry["PartitionInput"]}
    columns = _columns(table, given)
    if columns["values"] != old["values"] and find_partition(connection, table.id, given["Values"]):
        raise already_exists("Partition")
    connection.execute(
        'UPDATE catalog_partition SET "values" = :values, typed = :typed, malformed = :malformed,'
        " body = :body WHERE id = :id",
        {**columns, "id": old["id"]},
    )


def _delete(connection: sqlite3.Connection, table: _Table, entry: Request) -> None:
    found = find_partition(connection, table.id, entry["Values"])
    if found is None:
        raise partition_not_found()
    connection.execute("DELETE FROM catalog_partition WHERE id = ?", (found["id"],))


def _columns(table: _Table, given: Request) -> dict[str, Any]:
    values = given.get("Values") or []
    if len(values) != len(table.keys):
        raise invalid("The number of partition keys do not match the number of partition values")
    if not values:
        raise invalid("The table is not partitioned.")
    typed, malformed = typed_row(values, table.keys)
    body = {name: member for name, member in given.items() if name != "Values"}
    return {
        "table_id": table.id,
        "values": dumps(list(values)),
        "typed": typed,
        "malformed": malformed,
        "body": dumps(body),
    }


def _partition_error(values: list[str] | None, error: AwsError) -> Answer:
    return {"PartitionValues": values or [], "ErrorDetail": detail(error)}
