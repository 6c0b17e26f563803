"""Files of an Iceberg table that are damaged or gone, told from mistakes of ours: in Trino's words.

A damaged metadata file, manifest list or manifest can make any error in the reader that meets it, so it is
told by where the error comes from, not by its kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import pyarrow as pa
from pyiceberg.exceptions import CommitFailedException
from pyiceberg.exceptions import ValidationException as CommitInvalid

from local_athena.errors import QueryCancelled, QueryFailed
from local_athena.protocols import StorageError

READERS = (
    "pyiceberg.avro",
    "pyiceberg.manifest",
    "pyiceberg.serializers",
    "pyiceberg.table.metadata",
    "local_athena.iceberg.file_io",
)
"""Modules that read what a table's files say."""
PROCESSING, ACCESSING = "processing metadata", "accessing manifest file"
"""What could not be done."""
SAID = (QueryFailed, QueryCancelled, CommitFailedException, CommitInvalid, StorageError, MemoryError)
"""Errors that say already what is the matter."""


@contextmanager
def reading(name: str, what: str = ACCESSING) -> Iterator[None]:
    """Around the reading of the metadata of a table.

    Raises:
        QueryFailed: ICEBERG_INVALID_METADATA.
    """
    try:
        yield
    except Exception as error:
        if not _is_damage(error):
            raise
        raise invalid_metadata(name, what) from error


def invalid_metadata(name: str, what: str) -> QueryFailed:
    """The failure of whoever reads the table."""
    return QueryFailed("ICEBERG_INVALID_METADATA", f"Error {what} for table {name}")


def _is_damage(error: Exception) -> bool:
    if isinstance(error, SAID) or (isinstance(error, OSError) and not isinstance(error, FileNotFoundError)):
        return False
    return any(module.startswith(READERS) for module in _modules(error.__traceback__))


def _modules(at: TracebackType | None) -> Iterator[str]:
    while at is not None:
        yield str(at.tb_frame.f_globals.get("__name__"))
        at = at.tb_next


@contextmanager
def reading_data(uri: str) -> Iterator[None]:
    """Around the reading of the footer of a data file.

    Raises:
        QueryFailed: ICEBERG_BAD_DATA.
    """
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise QueryFailed("ICEBERG_BAD_DATA", f"Malformed Parquet file: {uri}") from error
