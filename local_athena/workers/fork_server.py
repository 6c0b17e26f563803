"""`python -m local_athena.workers.fork_server FD`: has loaded what queries need, and forks a worker when
told.

A fork costs some milliseconds where a new interpreter that loads the same takes a second, and all workers
share the loaded memory. Forking is safe here as this process runs no thread of its own and never opens a
DuckDB. It ends when the socket FD does, and its workers end with it.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import signal
import socket
import struct
import sys

logger = logging.getLogger(__name__)

PID = struct.Struct("!i")
FORK, LOAD = b"F", b"L"
"""Orders: fork a worker, whose socket comes along; load a package, whose name follows."""
SAMPLE = "SELECT a, count(*) FROM (VALUES (1, 'x')) t(a, b) WHERE b LIKE 'x%' GROUP BY a ORDER BY 1"


def main() -> None:
    """Serve orders until the socket ends."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # workers that end leave nothing to wait for
    _load()
    while True:
        data, files, _, _ = socket.recv_fds(control, 256, 1)
        if not data:
            os._exit(0)
        if data[:1] == FORK:
            _fork(control, files[0])
        else:
            _load_also(data[1:].decode())


def _load() -> None:
    """Load what statements need, and translate one, so that caches are filled."""
    from datetime import UTC, datetime

    gc.disable()  # what is loaded stays: looking for what could go takes a tenth of the time
    from local_athena.parse.statements import parse_query
    from local_athena.sql.writer import write
    from local_athena.statements import analysis
    from local_athena.translate.context import QueryContext
    from local_athena.translate.translator import QueryTranslator

    assert analysis
    tree = parse_query(SAMPLE)
    context = QueryContext(text=SAMPLE, now=datetime.now(UTC), tables=None)  # type: ignore[arg-type]
    write(QueryTranslator(context).plan(tree).sql)
    gc.collect()
    gc.enable()
    gc.freeze()  # collections in workers do not touch, and so do not copy, what is shared


def _load_also(module: str) -> None:
    """Load a module for later workers; one that cannot be loaded is each worker's own trouble."""
    try:
        importlib.import_module(module)
    except Exception:
        logger.exception("%s could not be loaded beforehand", module)
    gc.freeze()


def _fork(control: socket.socket, end: int) -> None:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        os.close(end)
        control.sendall(PID.pack(pid))
        return
    try:
        from local_athena.workers.process import main as work

        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        work(socket.socket(fileno=end), parent)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
