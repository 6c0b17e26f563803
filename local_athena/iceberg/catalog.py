"""Iceberg tables of the Glue catalog: loaded from the metadata file that Glue names, committed through Glue.

A commit writes a new metadata file and swaps Glue's pointer only if the table's version is still the one that
was read, so of two writers one wins and the other fails with ICEBERG_COMMIT_ERROR.
https://iceberg.apache.org/docs/latest/aws/#optimistic-locking
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.exceptions import (
    CommitFailedException,
    NoSuchPropertyException,
    NoSuchTableError,
    ValidationException,
)
from pyiceberg.io import FileIO
from pyiceberg.table import CommitTableResponse, Table

from local_athena.engine.stopping import seal
from local_athena.errors import QueryFailed
from local_athena.iceberg.damage import PROCESSING, invalid_metadata, reading
from local_athena.iceberg.file_io import StorageIO
from local_athena.protocols import GlueClient, Storage


class LakeCatalog(GlueCatalog):
    """pyiceberg's Glue catalog on our Glue client and storage."""

    def __init__(self, glue: GlueClient, storage: Storage) -> None:
        super().__init__("awsdatacatalog", client=glue)
        self._storage = storage

    def _load_file_io(self, properties: Any = None, location: str | None = None) -> FileIO:
        return StorageIO(self._storage)

    def commit_table(self, *table_and_changes: Any) -> CommitTableResponse:
        """Swap Glue's pointer: from here on nobody can stop the statement."""
        seal()
        try:
            return super().commit_table(*table_and_changes)
        except KeyError as error:
            # What the change is made to was there when the statement read the table.
            raise CommitFailedException(str(error)) from error


def load(glue: GlueClient, storage: Storage, database: str, name: str) -> Table:
    """The Iceberg table of a name.

    Raises:
        QueryFailed: its metadata file is not there, or is none, or the catalog names none.
    """
    shown = f"{database}.{name}"
    try:
        with reading(shown, PROCESSING):
            return LakeCatalog(glue, storage).load_table((database, name))
    except NoSuchPropertyException as error:
        missing = f"Table is missing [metadata_location] property: {shown}"
        raise QueryFailed("ICEBERG_INVALID_METADATA", missing) from error
    except (NoSuchTableError, FileNotFoundError, ValueError, KeyError) as error:
        raise invalid_metadata(shown, PROCESSING) from error


@contextmanager
def committing(name: str) -> Iterator[None]:
    """Around a commit: a lost race becomes Athena's error.

    Raises:
        QueryFailed: ICEBERG_COMMIT_ERROR.
    """
    try:
        with reading(name):
            yield
    except (CommitFailedException, ValidationException, NoSuchTableError) as error:
        raise commit_failed(name) from error


def commit_failed(name: str) -> QueryFailed:
    """Another writer was faster."""
    return QueryFailed("ICEBERG_COMMIT_ERROR", f"Failed to commit Iceberg update to table: {name}")
