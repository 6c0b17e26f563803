"""DuckDB, locked: it reads and writes only the folders it is given, reaches no network, and its settings
stay.

One in-memory database serves every query, so that its memory limit bounds them together; what does not fit
spills
into the temp folder. https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from local_athena.errors import QueryFailed
from local_athena.protocols import Storage
from local_athena.run.python_functions import arrow_function
from local_athena.translate.typed import PythonFunction
from local_athena.types.duckdb import carrier


class Engine:
    """The shared database. What `storage` opens is all that may be read; `scratch` is for spilling and
    staging; what an engine before this one left there is removed.
    """

    def __init__(self, storage: Storage, scratch: Path, *, memory: str = "2GB", threads: int = 2) -> None:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        self.scratch = scratch
        self._storage = storage
        self._database = duckdb.connect(
            config={
                "memory_limit": memory,
                "threads": threads,
                "temp_directory": str(scratch / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
            }
        )
        storage.prepare(self._database)
        folders = [*storage.readable_folders(), str(scratch)]
        allowed = ", ".join("'" + folder.replace("'", "''") + "'" for folder in folders)
        for setting in (
            "TimeZone = 'UTC'",
            f"allowed_directories = [{allowed}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._database.execute(f"SET {setting}")
        self._registered: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def session(self) -> Iterator[Any]:
        """A connection for one query; `interrupt()` on it stops the query from another thread."""
        cursor = self._database.cursor()
        try:
            self._storage.refresh(cursor)
            yield cursor
        finally:
            cursor.close()

    def register(self, functions: dict[str, PythonFunction]) -> None:
        """Make Python functions callable by their names."""
        for name, made in functions.items():
            with self._lock:
                if name in self._registered:
                    continue
                self._database.create_function(
                    name,
                    arrow_function(made),
                    [carrier(type_) for type_ in made.arguments],
                    carrier(made.returns),
                    type="arrow",
                    null_handling="special",
                )
                self._registered.add(name)

    def close(self) -> None:
        """Free the database."""
        self._database.close()


CONVERSION = re.compile(r"Could not convert string ['\"](.*?)['\"] to (\w+)", re.DOTALL)
DUCK_NAMES = {"INT8": "TINYINT", "INT16": "SMALLINT", "INT32": "INT", "INT64": "BIGINT"}


def query_failed(error: Exception) -> QueryFailed:
    """What a client of Athena is told about an error of DuckDB."""
    text = str(error)
    ours = re.search(
        r"(?:QueryFailed: |string ['\"])([A-Z][A-Z_]{4,}): (.*?)(?:['\"] to INT32|\n\nAt:|$)", text, re.DOTALL
    )
    if ours:
        return QueryFailed(ours[1], ours[2].strip())
    if isinstance(error, duckdb.OutOfMemoryException):
        return QueryFailed(
            "EXCEEDED_MEMORY_LIMIT", "Query exceeded the memory limit of the engine", error_type=0
        )
    if isinstance(error, duckdb.OutOfRangeException):
        return QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", text.partition(": ")[2].split("\n")[0])
    found = CONVERSION.search(text)
    if found:
        return QueryFailed(
            "INVALID_CAST_ARGUMENT", f"Cannot cast '{found[1]}' to {DUCK_NAMES.get(found[2], found[2])}"
        )
    if "must appear in the GROUP BY" in text or "must be part of an aggregate" in text:
        return QueryFailed(
            "EXPRESSION_NOT_AGGREGATE", "must be an aggregate expression or appear in GROUP BY clause"
        )
    if isinstance(error, duckdb.ConversionException):
        return QueryFailed("INVALID_CAST_ARGUMENT", text.partition(": ")[2].split("\n")[0])
    if "More than one row returned by a subquery" in text:
        return QueryFailed("SUBQUERY_MULTIPLE_ROWS", "Scalar sub-query has returned multiple rows")
    if isinstance(error, duckdb.IOException | duckdb.InvalidInputException):
        return QueryFailed("GENERIC_USER_ERROR", text.split("\n")[0])
    if isinstance(
        error,
        duckdb.BinderException
        | duckdb.NotImplementedException
        | duckdb.CatalogException
        | duckdb.ParserException,
    ):
        return QueryFailed("NOT_SUPPORTED", text.split("\n")[0])
    return QueryFailed("GENERIC_INTERNAL_ERROR", text.split("\n")[0], category=1, error_type=1)
