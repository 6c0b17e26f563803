"""Partitions of a table, read: one, many by name, and listed or filtered by an expression.

A listing is in the order in which the partitions were made, and a filter is answered from an index: see
`schema.py` for why a table with 100,000 partitions answers at once.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError, not_implemented
from local_aws.glue.catalog.documents import instant, loads
from local_aws.glue.catalog.errors import invalid, partition_not_found
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.catalog.partition_filter import Filter, partition_filter
from local_aws.glue.catalog.partition_values import Malformed, typed_value
from local_aws.glue.catalog.partitions import find_partition
from local_aws.glue.catalog.store import Answer, CatalogStore, Request, partition_keys

MOST = 1000


class PartitionReads:
    """GetPartition, BatchGetPartition, GetPartitions."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def get_partition(self, request: Request, caller: Caller) -> Answer:
        """Return one partition."""
        table = self._store.require_table(request, request["TableName"])
        found = find_partition(self._store.read(), table["id"], request["PartitionValues"])
        if found is None:
            raise partition_not_found()
        return {"Partition": self._shown(table, found)}

    def batch_get_partition(self, request: Request, caller: Caller) -> Answer:
        """Return those of up to 1,000 partitions that exist; none is ever left unprocessed."""
        wanted = request["PartitionsToGet"]
        table = self._store.require_table(request, request["TableName"])
        found = [find_partition(self._store.read(), table["id"], entry["Values"]) for entry in wanted]
        return {
            "Partitions": [self._shown(table, row) for row in found if row is not None],
            "UnprocessedKeys": [],
        }

    def get_partitions(self, request: Request, caller: Caller) -> Answer:
        """Return the partitions that `Expression` is true for, or all, at most 1,000 a page.

        Raises:
            AwsError: InvalidInputException, the expression; InvalidStateException, a partition's value is
                none of its key's type, so that the expression cannot be answered.
        """
        for member in ("TransactionId", "QueryAsOfTime"):
            if request.get(member):
                raise not_implemented("glue", "GetPartitions", f"{member} is not supported.")
        table = self._store.require_table(request, request["TableName"])
        limit = limit_of(request, MOST)
        rows = self._selected(request, table, limit + 1)
        given, token = page(rows, limit, lambda row: int(row["id"]))
        bare = bool(request.get("ExcludeColumnSchema"))
        return {"Partitions": [self._shown(table, row, bare=bare) for row in given], **token}

    def _selected(self, request: Request, table: sqlite3.Row, limit: int) -> list[sqlite3.Row]:
        expression = (request.get("Expression") or "").strip()
        condition = partition_filter(expression, partition_keys(table)) if expression else Filter("1")
        self._refuse_malformed(table, condition)
        segment = request.get("Segment") or {"SegmentNumber": 0, "TotalSegments": 1}
        if segment["SegmentNumber"] >= segment["TotalSegments"]:
            raise invalid("SegmentNumber must be less than TotalSegments.")
        # Without a hint SQLite may walk all partitions in the order of their ids to spare itself a sort.
        # Only our own SQL is put together here: what the request says is in the parameters.
        index = "catalog_partition_filtered" if expression else "catalog_partition_listed"
        found = self._store.read().execute(
            'SELECT id, "values", created, body FROM catalog_partition WHERE id IN ('  # noqa: S608
            f" SELECT id FROM catalog_partition INDEXED BY {index}"
            f" WHERE table_id = ? AND {condition.sql}"
            " AND id > ? AND id % ? = ? ORDER BY id LIMIT ?"
            ") ORDER BY id",
            (
                table["id"],
                *condition.parameters,
                after(request, int) or 0,
                segment["TotalSegments"],
                segment["SegmentNumber"],
                limit,
            ),
        )
        return found.fetchall()

    def _refuse_malformed(self, table: sqlite3.Row, condition: Filter) -> None:
        row = (
            self._store.read()
            .execute(
                'SELECT "values", malformed FROM catalog_partition INDEXED BY catalog_partition_malformed'
                " WHERE table_id = ? AND malformed <> 0 AND malformed & ? LIMIT 1",
                (table["id"], condition.keys_used),
            )
            .fetchone()
        )
        if row is not None:
            raise _malformed_value(row, condition.keys_used, partition_keys(table))

    def _shown(self, table: sqlite3.Row, row: sqlite3.Row, *, bare: bool = False) -> Answer:
        body = loads(row["body"])
        if bare:
            (body.get("StorageDescriptor") or {}).pop("Columns", None)
        return {
            "Values": json.loads(row["values"]),
            "DatabaseName": table["database_name"],
            "TableName": table["name"],
            **body,
            "CreationTime": instant(row["created"]),
            "CatalogId": self._store.account_id,
        }


def _malformed_value(row: sqlite3.Row, used: int, keys: list[dict[str, Any]]) -> AwsError:
    position = next(bit for bit in range(len(keys)) if row["malformed"] & used & (1 << bit))
    try:
        typed_value(json.loads(row["values"])[position], keys[position]["Type"])
    except Malformed as error:
        return AwsError("InvalidStateException", str(error))
    raise AssertionError("a value that is marked as malformed is not")
