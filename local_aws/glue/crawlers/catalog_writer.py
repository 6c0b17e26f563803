"""Bring the tables of the catalog to what a crawl found, within the crawler's SchemaChangePolicy.

New tables and partitions are always added. A change of an existing one is made or only logged; what is gone
is marked, deleted or only logged. What people added to a table (comments, properties, a description) stays.
See https://docs.aws.amazon.com/glue/latest/dg/crawler-schema-changes-prevent.html (November 2026).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from botocore.exceptions import ClientError

from local_aws.glue.crawlers.catalog_shapes import (
    DEPRECATED,
    TABLE_INPUT,
    UPDATED_BY,
    columns,
    deprecated,
    input_of,
    location,
    parameters,
    stamped,
)
from local_aws.glue.crawlers.definition import Definition
from local_aws.glue.crawlers.iceberg_target import metadata_number
from local_aws.glue.crawlers.names import distinct_table_name, table_name
from local_aws.glue.crawlers.partition_writer import Log, PartitionWriter
from local_aws.glue.crawlers.plan import PlannedTable, inherited, merged_columns

Table = dict[str, Any]
_ATTEMPTS = 3


class CatalogWriter:
    """Writes the tables of one crawl; `changes` counts what was done, by kind and action."""

    def __init__(
        self,
        glue: Any,
        definition: Definition,
        crawl_id: str,
        has_objects: Callable[[str], bool],
        log: Log,
    ) -> None:
        self._glue = glue
        self._definition = definition
        self._crawl_id = crawl_id
        self._has_objects = has_objects
        self._log = log
        self.changes: Counter[tuple[str, str]] = Counter()
        self.written: set[str] = set()
        """The names of the tables that this crawl found in its S3 targets."""

    def ensure_database(self) -> None:
        """Create the crawler's database when it is not there."""
        name = self._definition.database
        if not name or _found(self._glue.get_database, Name=name):
            return
        try:
            self._glue.create_database(DatabaseInput={"Name": name})
        except ClientError as error:
            # Another crawler may have made it meanwhile.
            if error.response["Error"]["Code"] != "AlreadyExistsException":
                raise
        self._log(f"INFO : Created database {name}")

    def write_new(self, planned: PlannedTable) -> None:
        """Write a table that was found in an S3 target, under its own or a distinct name."""
        name = table_name(self._definition.prefix, planned.name)
        existing = self._table(name)
        if existing is not None and location(existing).rstrip("/") != planned.location.rstrip("/"):
            name = distinct_table_name(name, planned.location)
            existing = self._table(name)
        if existing is None:
            self._create(self._definition.database, name, planned)
        else:
            self.write_known(existing, planned)
        self.written.add(name)

    def write_known(self, existing: Table, planned: PlannedTable) -> None:
        """Bring a table that exists up to date; one with other partition keys is made anew if it is ours."""
        database, name = existing["DatabaseName"], existing["Name"]
        if planned.is_unknown and columns(existing):
            self._log(f"WARN : Table {name} has no data that a classifier knows; it is left as it is")
        elif metadata_number(_pointer(existing)) > metadata_number(_pointer(planned.table_input)):
            self._log(f"INFO : Table {name} is at a newer metadata file than was found; it is left as it is")
        elif len(existing["PartitionKeys"]) == len(planned.table_input["PartitionKeys"]):
            self._write_partitions(self._update(existing, planned), planned)
        elif (
            self._definition.update_in_database
            and parameters(existing).get(UPDATED_BY) == self._definition.name
        ):
            self._glue.delete_table(DatabaseName=database, Name=name)
            self._create(database, name, planned)
        else:
            self._log(f"WARN : Table {name} has other partition keys than its folders; it is left as it is")

    def remove_missing(self, tables: Iterable[Table]) -> None:
        """Treat tables of this crawler that it found no more as the DeleteBehavior says."""
        behavior = self._definition.delete_behavior
        for table in tables:
            name, where = table["Name"], {"DatabaseName": table["DatabaseName"]}
            if behavior == "DELETE_FROM_DATABASE":
                self._glue.delete_table(**where, Name=name)
                self.changes["TABLE", "DELETE"] += 1
            elif behavior == "LOG":
                self._log(f"INFO : Table {name} has no data any more; it is left as it is")
            elif DEPRECATED not in parameters(table):
                self._glue.update_table(**where, TableInput=deprecated(input_of(table, TABLE_INPUT)))
                self.changes["TABLE", "UPDATE"] += 1

    def _create(self, database: str, name: str, planned: PlannedTable) -> None:
        table = stamped({**planned.table_input, "Name": name}, self._crawl_id)
        self._glue.create_table(DatabaseName=database, TableInput=table)
        self._log(f"INFO : Created table {name} in database {database}")
        self.changes["TABLE", "ADD"] += 1
        keys = [key["Name"] for key in table["PartitionKeys"]]
        if keys and self._definition.configuration.partition_index:
            index = {"IndexName": "crawler_partition_index", "Keys": keys}
            self._glue.create_partition_index(DatabaseName=database, TableName=name, PartitionIndex=index)
        self._write_partitions({**table, "DatabaseName": database}, planned)

    def _update(self, existing: Table, planned: PlannedTable) -> Table:
        """Update a table if the policy allows it; the table as it is in the catalog afterwards."""
        for attempt in range(_ATTEMPTS):
            wanted = self._updated(existing, planned.table_input)
            if wanted == input_of(existing, TABLE_INPUT):
                return existing
            if not self._definition.update_in_database:
                if columns(wanted) != columns(existing):
                    self._log(f"INFO : The schema of table {existing['Name']} changed; it is left as it is")
                return existing
            try:
                return self._replace(existing, wanted)
            except ClientError as error:
                conflict = error.response["Error"]["Code"] == "ConcurrentModificationException"
                if not conflict or attempt == _ATTEMPTS - 1:
                    raise
                where = {"DatabaseName": existing["DatabaseName"], "Name": existing["Name"]}
                existing = self._glue.get_table(**where)["Table"]
        raise AssertionError("the last attempt returns or raises")

    def _replace(self, existing: Table, wanted: Table) -> Table:
        database, name = existing["DatabaseName"], existing["Name"]
        same_schema = columns(wanted) == columns(existing)
        self._glue.update_table(
            DatabaseName=database,
            # Only what changes says so: a table that is found as it was keeps the crawl that wrote it.
            TableInput=stamped(wanted, self._crawl_id),
            VersionId=existing["VersionId"],
            # Other counts of objects and records are no version worth keeping.
            SkipArchive=same_schema,
        )
        if not same_schema:
            self._log(f"INFO : Updated table {name} in database {database}")
            self.changes["TABLE", "UPDATE"] += 1
        return {**existing, **wanted}

    def _updated(self, existing: Table, found: Table) -> Table:
        old, new = existing["StorageDescriptor"], found["StorageDescriptor"]
        if self._definition.configuration.merge_new_columns:
            descriptor = {**old, "Columns": merged_columns(columns(existing), columns(found))}
        else:
            descriptor = {**old, **new, "Location": old["Location"]}
            descriptor["Columns"] = _with_comments(columns(found), columns(existing))
        descriptor["Parameters"] = {**parameters(old), **parameters(new)}
        return {
            **input_of(existing, TABLE_INPUT),
            "StorageDescriptor": descriptor,
            "Parameters": {**parameters(existing), **parameters(found)},
        }

    def _write_partitions(self, table: Table, planned: PlannedTable) -> None:
        if not table["PartitionKeys"]:
            return
        inherit = self._definition.configuration.inherit_from_table
        wanted = [inherited(one, table) if inherit else one for one in planned.partition_inputs]
        writer = PartitionWriter(self._glue, self._definition, self._crawl_id, table, self.changes, self._log)
        writer.write(wanted, self._has_objects)

    def _table(self, name: str) -> Table | None:
        answer = _found(self._glue.get_table, DatabaseName=self._definition.database, Name=name)
        return answer["Table"] if answer else None


def _pointer(table: Table) -> str:
    """The metadata file of an Iceberg table."""
    return parameters(table).get("metadata_location", "")


def _found(call: Callable[..., Any], **request: str) -> Any:
    """The answer, or None when what is asked for is not there."""
    try:
        return call(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        return None


def _with_comments(new: Sequence[dict[str, str]], old: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The new columns, each as the old one that has its name and type."""
    known = {(column["Name"].lower(), column.get("Type")): column for column in old}
    return [known.get((column["Name"], column["Type"]), column) for column in new]
