"""What takes back a CTAS or INSERT that did not end: its files, its new partitions, its new table.

Athena leaves such files for its user to clean up. Here nothing half-written stays, not even after a kill: the
record is kept with the execution before the first file is moved in, and the next start of the server acts
on it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from local_athena.protocols import GlueClient, Storage, StorageError


@dataclass(slots=True)
class Undo:
    """The files to delete, the partitions (by values) to drop, and the location of a table to drop."""

    database: str
    table: str
    table_location: str | None = None
    uris: list[str] = field(default_factory=list)
    partitions: list[list[str]] = field(default_factory=list)

    def as_document(self) -> dict[str, Any]:
        """What JSON can keep; `Undo(**document)` is the same again."""
        return asdict(self)

    def run(self, glue: GlueClient, storage: Storage) -> None:
        """Take it all back: the catalog first, so that no query finds a file missing."""
        name = {"DatabaseName": self.database, "TableName": self.table}
        try:
            if self.partitions:
                values = [{"Values": one} for one in self.partitions]
                glue.batch_delete_partition(**name, PartitionsToDelete=values)
            if self.table_location is not None:
                self._drop(glue)
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise
        for uri in self.uris:
            try:
                storage.delete(uri)
            except StorageError:
                continue

    def _drop(self, glue: GlueClient) -> None:
        """Drop the table, unless another statement has made one of that name since."""
        found = glue.get_table(DatabaseName=self.database, Name=self.table)["Table"]
        if found["StorageDescriptor"]["Location"] == self.table_location:
            glue.delete_table(DatabaseName=self.database, Name=self.table)
