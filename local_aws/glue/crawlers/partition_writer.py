"""Bring the partitions of one table to what a crawl found, within the crawler's SchemaChangePolicy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

from local_aws.glue.crawlers.catalog_shapes import (
    DEPRECATED,
    PARTITION_INPUT,
    deprecated,
    input_of,
    location,
    parameters,
    stamped,
)
from local_aws.glue.crawlers.definition import Definition

Log = Callable[[str], None]
Partition = dict[str, Any]
_CREATED_BATCH, _UPDATED_BATCH, _DELETED_BATCH = 100, 100, 25


class PartitionWriter:
    """Writes the partitions of a table that is in the catalog; `changes` counts what was done."""

    def __init__(
        self,
        glue: Any,
        definition: Definition,
        crawl_id: str,
        table: dict[str, Any],
        changes: Counter[tuple[str, str]],
        log: Log,
    ) -> None:
        self._glue = glue
        self._definition = definition
        self._crawl_id = crawl_id
        self._where = {"DatabaseName": table["DatabaseName"], "TableName": table["Name"]}
        self._changes = changes
        self._log = log

    def write(self, wanted: Sequence[Partition], has_objects: Callable[[str], bool]) -> None:
        """Add new partitions, update known ones, and treat those that are gone as the policy says."""
        existing = {tuple(one["Values"]): one for one in self._existing()}
        self._add([one for one in wanted if tuple(one["Values"]) not in existing])
        if self._definition.update_in_database:
            known = [one for one in wanted if tuple(one["Values"]) in existing]
            self._change([(existing[tuple(one["Values"])], one) for one in known])
        # A crawl of new folders has not looked at the others.
        if not self._definition.new_folders_only:
            found = {tuple(one["Values"]) for one in wanted}
            missing = [one for values, one in existing.items() if values not in found]
            self._remove([one for one in missing if not has_objects(location(one))])

    def _existing(self) -> Iterator[Partition]:
        for page in self._glue.get_paginator("get_partitions").paginate(**self._where):
            yield from page["Partitions"]

    def _add(self, partitions: Sequence[Partition]) -> None:
        for batch in _batches([stamped(one, self._crawl_id) for one in partitions], _CREATED_BATCH):
            _raise_first(self._glue.batch_create_partition(**self._where, PartitionInputList=batch))
        self._changes["PARTITION", "ADD"] += len(partitions)

    def _change(self, pairs: Sequence[tuple[Partition, Partition]]) -> None:
        entries = []
        for old, new in pairs:
            given = input_of(old, PARTITION_INPUT)
            wanted = {**given, **new, "Parameters": {**parameters(old), **parameters(new)}}
            # A partition that people made may have none.
            if descriptor := new.get("StorageDescriptor"):
                before = parameters(old.get("StorageDescriptor") or {})
                merged = {**before, **parameters(descriptor)}
                wanted["StorageDescriptor"] = {**descriptor, "Parameters": merged}
            if wanted != given:
                entry = stamped(wanted, self._crawl_id)
                entries.append({"PartitionValueList": old["Values"], "PartitionInput": entry})
        for batch in _batches(entries, _UPDATED_BATCH):
            _raise_first(self._glue.batch_update_partition(**self._where, Entries=batch))
        self._changes["PARTITION", "UPDATE"] += len(entries)

    def _remove(self, gone: Sequence[Partition]) -> None:
        behavior = self._definition.delete_behavior
        if behavior == "DELETE_FROM_DATABASE":
            for batch in _batches([{"Values": one["Values"]} for one in gone], _DELETED_BATCH):
                _raise_first(self._glue.batch_delete_partition(**self._where, PartitionsToDelete=batch))
            self._changes["PARTITION", "DELETE"] += len(gone)
        elif behavior == "DEPRECATE_IN_DATABASE":
            fresh = [one for one in gone if DEPRECATED not in parameters(one)]
            self._change([(one, deprecated(input_of(one, PARTITION_INPUT))) for one in fresh])
        elif gone:
            table = self._where["TableName"]
            self._log(f"INFO : {len(gone)} partitions of table {table} have no data any more; they are left")


def _batches(items: Sequence[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _raise_first(answer: dict[str, Any]) -> None:
    for error in answer["Errors"]:
        detail = error["ErrorDetail"]
        # Somebody else added or removed the same partition meanwhile, which is what was wanted.
        if detail["ErrorCode"] not in ("AlreadyExistsException", "EntityNotFoundException"):
            error_answer: Any = {"Error": {"Code": detail["ErrorCode"], "Message": detail["ErrorMessage"]}}
            raise ClientError(error_answer, "BatchPartition")
