"""DuckDB, locked: it reads and writes only the folders it is given, reaches no network, and its settings
stay.

One in-memory database serves every query, so that its memory limit bounds them together; what does not fit
spills into the scratch folder, up to half of the disk that was free at the start.
https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from local_athena.engine.memory import machine_memory
from local_athena.engine.python_functions import arrow_function
from local_athena.engine.stopping import interrupting
from local_athena.protocols import Storage
from local_athena.sql.build import commas, sql, string
from local_athena.sql.typed import PythonFunction
from local_athena.sql.writer import write
from local_athena.types.duckdb import carrier

DEEPEST = 1200
"""How deep an expression may be: deeper than DuckDB's own 1,000, for sums of as many terms."""


class Engine:
    """The shared database. What `storage` opens is all that may be read; `scratch` is for spilling and
    staging; what an engine before this one left there is removed. By default it takes a quarter of the
    machine's memory and all of its processors. `copies` is where readable copies of files are kept, which
    several engines may share.
    """

    def __init__(
        self,
        storage: Storage,
        scratch: Path,
        *,
        memory: str = "",
        threads: int = 0,
        copies: Path | None = None,
    ) -> None:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        self.scratch = scratch
        self.copies = copies or scratch
        self._storage = storage
        self._database = duckdb.connect(
            config={
                "memory_limit": memory or f"{machine_memory() // 4}B",
                **({"threads": threads} if threads else {}),
                "temp_directory": str(scratch / "spill"),
                "max_temp_directory_size": f"{shutil.disk_usage(scratch).free // 2}B",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
            }
        )
        storage.prepare(self._database)
        folders = [*storage.readable_folders(), str(scratch), str(self.copies)]
        for statement in (
            sql("SET TimeZone = 'UTC'"),
            sql("SET GLOBAL max_expression_depth = {}", DEEPEST),
            sql("SET allowed_directories = [{}]", commas(map(string, folders))),
            sql("SET enable_external_access = false"),
            sql("SET lock_configuration = true"),
        ):
            self._database.execute(write(statement))
        self._registered: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def session(self) -> Iterator[Any]:
        """A connection for a query, which a stop of this thread's statement interrupts."""
        cursor = self._database.cursor()
        try:
            self._storage.refresh(cursor)
            with interrupting(partial(_interrupt, cursor)):
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

    @property
    def functions(self) -> int:
        """How many Python functions are registered."""
        return len(self._registered)

    def close(self) -> None:
        """Free the database."""
        self._database.close()


def _interrupt(cursor: Any) -> None:
    # The query may have closed its connection by itself just now.
    with suppress(duckdb.ConnectionException):
        cursor.interrupt()
