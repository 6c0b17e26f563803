"""Bring the catalog to what a crawl found, within the crawler's SchemaChangePolicy.

New tables and partitions are always added. A change of an existing one is made or only logged; what is gone
is marked, deleted or only logged. What people added to a table (comments, properties, a description) stays.
See https://docs.aws.amazon.com/glue/latest/dg/crawler-schema-changes-prevent.html (November 2026).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

from local_aws.glue.crawlers.definition import Definition
from local_aws.glue.crawlers.names import distinct_table_name, table_name
from local_aws.glue.crawlers.plan import PlannedTable, inherited, merged_columns

Log = Callable[[str], None]
_TABLE_INPUT = (
    "Name",
    "Description",
    "Owner",
    "LastAccessTime",
    "LastAnalyzedTime",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
)
_PARTITION_INPUT = ("Values", "LastAccessTime", "StorageDescriptor", "Parameters", "LastAnalyzedTime")
_CREATED_BATCH, _UPDATED_BATCH, _DELETED_BATCH = 100, 100, 25
DEPRECATED = "DEPRECATED_BY_CRAWLER"
_ATTEMPTS = 3


class CatalogWriter:
    """Writes the tables of one crawl; `changes` counts what was done, by kind and action."""

    def __init__(
        self, glue: Any, definition: Definition, has_objects: Callable[[str], bool], log: Log
    ) -> None:
        self._glue = glue
        self._definition = definition
        self._has_objects = has_objects
        self._log = log
        self.changes: Counter[tuple[str, str]] = Counter()
        self.written: set[str] = set()
        """The names of the tables that this crawl found."""

    def ensure_database(self) -> None:
        """Create the crawler's database when it is not there."""
        name = self._definition.database
        if name and self._get(self._glue.get_database, Name=name) is None:
            self._glue.create_database(DatabaseInput={"Name": name})
            self._log(f"INFO : Created database {name}")

    def write_new(self, planned: PlannedTable) -> None:
        """Write a table that was found in an S3 target, under its own or a distinct name."""
        database = self._definition.database
        name = table_name(self._definition.prefix, planned.name)
        existing = self._table(database, name)
        if existing is not None and not _same_location(existing, planned.location):
            name = distinct_table_name(name, planned.location)
            existing = self._table(database, name)
        if existing is None:
            self._create(database, name, planned)
        else:
            self.write_known(existing, planned)
        self.written.add(name)

    def write_known(self, existing: dict[str, Any], planned: PlannedTable) -> None:
        """Bring a table that exists up to date."""
        database, name = existing["DatabaseName"], existing["Name"]
        if len(existing["PartitionKeys"]) != len(planned.table_input["PartitionKeys"]):
            if not self._may_replace(existing):
                self._log(
                    f"WARN : Table {name} has other partition keys than its folders; it is left as it is"
                )
                return
            self._glue.delete_table(DatabaseName=database, Name=name)
            self._create(database, name, planned)
            return
        table = self._update(existing, planned)
        self._write_partitions(table, planned)

    def remove_missing(self, tables: Iterable[dict[str, Any]]) -> None:
        """Apply the DeleteBehavior to tables of this crawler that it found no more."""
        for table in tables:
            action = self._definition.delete_behavior
            where = {"DatabaseName": table["DatabaseName"]}
            if action == "DELETE_FROM_DATABASE":
                self._glue.delete_table(**where, Name=table["Name"])
                self.changes["TABLE", "DELETE"] += 1
            elif action == "DEPRECATE_IN_DATABASE" and DEPRECATED not in table["Parameters"]:
                self._glue.update_table(**where, TableInput=_deprecated(_only(table, _TABLE_INPUT)))
                self.changes["TABLE", "DEPRECATE"] += 1
            elif action == "LOG":
                self._log(f"INFO : Table {table['Name']} has no data any more; it is left as it is")

    def _create(self, database: str, name: str, planned: PlannedTable) -> None:
        table = {**planned.table_input, "Name": name}
        self._glue.create_table(DatabaseName=database, TableInput=table)
        self._log(f"INFO : Created table {name} in database {database}")
        self.changes["TABLE", "ADD"] += 1
        if self._definition.configuration.partition_index and table["PartitionKeys"]:
            keys = [key["Name"] for key in table["PartitionKeys"]]
            index = {"IndexName": "crawler_partition_index", "Keys": keys}
            self._glue.create_partition_index(DatabaseName=database, TableName=name, PartitionIndex=index)
        self._write_partitions({**table, "DatabaseName": database}, planned)

    def _may_replace(self, existing: dict[str, Any]) -> bool:
        owner = (existing.get("Parameters") or {}).get("UPDATED_BY_CRAWLER")
        return self._definition.update_in_database and owner == self._definition.name

    def _update(self, existing: dict[str, Any], planned: PlannedTable) -> dict[str, Any]:
        """The table as it is in the catalog afterwards."""
        for attempt in range(_ATTEMPTS):
            wanted = self._updated(existing, planned.table_input)
            if wanted == _only(existing, _TABLE_INPUT):
                return existing
            if not self._definition.update_in_database:
                if not _same_columns(wanted, existing):
                    self._log(f"INFO : The schema of table {existing['Name']} changed; it is left as it is")
                return existing
            try:
                return self._replace_table(existing, wanted)
            except ClientError as error:
                conflict = error.response["Error"]["Code"] == "ConcurrentModificationException"
                if not conflict or attempt == _ATTEMPTS - 1:
                    raise
                existing = self._glue.get_table(DatabaseName=existing["DatabaseName"], Name=existing["Name"])[
                    "Table"
                ]
        raise AssertionError("the last attempt returns or raises")

    def _replace_table(self, existing: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        same = _same_columns(wanted, existing)
        self._glue.update_table(
            DatabaseName=existing["DatabaseName"],
            TableInput=wanted,
            VersionId=existing["VersionId"],
            SkipArchive=same,
        )
        if not same:
            self._log(f"INFO : Updated table {existing['Name']} in database {existing['DatabaseName']}")
            self.changes["TABLE", "UPDATE"] += 1
        return {**existing, **wanted}

    def _updated(self, existing: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        old, new = existing["StorageDescriptor"], found["StorageDescriptor"]
        if self._definition.configuration.merge_new_columns:
            descriptor = {**old, "Columns": merged_columns(old["Columns"], new["Columns"])}
        else:
            descriptor = {**old, **new, "Location": old["Location"]}
            descriptor["Columns"] = _with_comments(new["Columns"], old["Columns"])
        descriptor["Parameters"] = {**(old.get("Parameters") or {}), **new["Parameters"]}
        parameters = {**(existing.get("Parameters") or {}), **found["Parameters"]}
        return {**_only(existing, _TABLE_INPUT), "StorageDescriptor": descriptor, "Parameters": parameters}

    def _write_partitions(self, table: dict[str, Any], planned: PlannedTable) -> None:
        if not table["PartitionKeys"]:
            return
        where = {"DatabaseName": table["DatabaseName"], "TableName": table["Name"]}
        inherit = self._definition.configuration.inherit_from_table
        wanted = [inherited(one, table) if inherit else one for one in planned.partition_inputs]
        existing = {tuple(one["Values"]): one for one in self._partitions(where)}
        self._add_partitions(where, [one for one in wanted if tuple(one["Values"]) not in existing])
        if self._definition.update_in_database:
            pairs = [
                (existing[tuple(one["Values"])], one) for one in wanted if tuple(one["Values"]) in existing
            ]
            self._change_partitions(where, pairs)
        if self._definition.new_folders_only:
            return
        found = {tuple(one["Values"]) for one in wanted}
        self._remove_partitions(where, [one for values, one in existing.items() if values not in found])

    def _add_partitions(self, where: dict[str, str], partitions: Sequence[dict[str, Any]]) -> None:
        for batch in _batches(partitions, _CREATED_BATCH):
            answer = self._glue.batch_create_partition(**where, PartitionInputList=batch)
            _raise_first(answer["Errors"])
        self.changes["PARTITION", "ADD"] += len(partitions)

    def _change_partitions(
        self, where: dict[str, str], pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]]
    ) -> None:
        changed = []
        for old, new in pairs:
            parameters = {**(old.get("Parameters") or {}), **new["Parameters"]}
            wanted = {**_only(old, _PARTITION_INPUT), **new, "Parameters": parameters}
            if wanted != _only(old, _PARTITION_INPUT):
                changed.append({"PartitionValueList": new["Values"], "PartitionInput": wanted})
        for batch in _batches(changed, _UPDATED_BATCH):
            _raise_first(self._glue.batch_update_partition(**where, Entries=batch)["Errors"])
        self.changes["PARTITION", "UPDATE"] += len(changed)

    def _remove_partitions(self, where: dict[str, str], missing: Sequence[dict[str, Any]]) -> None:
        gone = [one for one in missing if not self._has_objects(_location(one))]
        action = self._definition.delete_behavior
        if action == "DELETE_FROM_DATABASE":
            for batch in _batches([{"Values": one["Values"]} for one in gone], _DELETED_BATCH):
                _raise_first(self._glue.batch_delete_partition(**where, PartitionsToDelete=batch)["Errors"])
            self.changes["PARTITION", "DELETE"] += len(gone)
        elif action == "DEPRECATE_IN_DATABASE":
            fresh = [one for one in gone if DEPRECATED not in (one.get("Parameters") or {})]
            self._change_partitions(
                where, [(one, _deprecated(_only(one, _PARTITION_INPUT))) for one in fresh]
            )
        elif gone:
            self._log(f"INFO : {len(gone)} partitions of {where['TableName']} have no data any more")

    def _partitions(self, where: dict[str, str]) -> Iterator[dict[str, Any]]:
        for page in self._glue.get_paginator("get_partitions").paginate(**where):
            yield from page["Partitions"]

    def _table(self, database: str, name: str) -> dict[str, Any] | None:
        answer = self._get(self._glue.get_table, DatabaseName=database, Name=name)
        return answer["Table"] if answer else None

    @staticmethod
    def _get(call: Callable[..., Any], **request: str) -> Any:
        try:
            return call(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise
            return None


def _only(shown: dict[str, Any], members: Sequence[str]) -> dict[str, Any]:
    return {name: shown[name] for name in members if name in shown}


def _location(shown: dict[str, Any]) -> str:
    location: str = (shown.get("StorageDescriptor") or {}).get("Location") or ""
    return location


def _same_location(existing: dict[str, Any], location: str) -> bool:
    return _location(existing).rstrip("/") == location.rstrip("/")


def _same_columns(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return bool(left["StorageDescriptor"]["Columns"] == right["StorageDescriptor"]["Columns"])


def _with_comments(new: Sequence[dict[str, str]], old: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The new columns, each as the old one that has its name and type."""
    known = {(column["Name"].lower(), column.get("Type")): column for column in old}
    return [known.get((column["Name"], column["Type"]), column) for column in new]


def _deprecated(given: dict[str, Any]) -> dict[str, Any]:
    mark = {DEPRECATED: str(int(time.time() * 1000))}
    return {**given, "Parameters": {**(given.get("Parameters") or {}), **mark}}


def _batches(items: Sequence[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _raise_first(errors: Sequence[dict[str, Any]]) -> None:
    for error in errors:
        detail = error["ErrorDetail"]
        # Somebody else added or removed the same partition meanwhile, which is what was wanted.
        if detail["ErrorCode"] not in ("AlreadyExistsException", "EntityNotFoundException"):
            raise ClientError(
                {"Error": {"Code": detail["ErrorCode"], "Message": detail["ErrorMessage"]}}, "Batch"
            )
