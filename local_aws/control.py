"""Start, find and stop the server from another process: what `laguna up`, `status` and `down` do.

A server is found through the `server.json` of its state folder, and believed only when the health page of
that port answers with the same folder; a file left by a killed server is thus no server. When that file
cannot be read, the lock says whether there is a server, and has a second note of where it listens.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from local_aws import exits
from local_aws.server_process import lock_is_held, server_process
from local_aws.settings import Settings
from local_aws.storage.start import NoRoom, require_room, require_writable
from local_aws.user_cache import NotInstalled, Say, to_stderr

START_TIMEOUT = 60.0
LOCALSTACK_TIMEOUT = 300.0
"""With LocalStack to be started first, and a large lake to be put back into it."""
STOP_TIMEOUT = 60.0
"""The last changes in LocalStack are copied meanwhile."""
SETTLE_TIMEOUT = 5.0
HEALTH_TIMEOUT = 10.0
"""Seconds; a server on a busy machine is slow and still there."""
STOP_HEALTH_TIMEOUT = 2.0
"""For whoever wants to end it, and finds its process by the lock as well."""


_HOST = re.compile(r"127(\.\d{1,3}){3}|0\.0\.0\.0|localhost|::1?|\[::1?\]|[\w.-]{1,253}")
_SILENT = (
    "a server holds the state folder {state} and does not answer; wait a moment, or end its "
    "process: 'lsof {state}/lock' names it"
)

_started: list[subprocess.Popen[bytes]] = []
"""Kept because Python warns of a process object that is dropped while its process, a server, still runs."""


class ServerError(Exception):
    """The server could not be started or stopped; the text says why and the way out."""


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """A server that answers."""

    pid: int
    port: int
    host: str
    state: Path
    health: dict[str, Any]

    endpoint: str
    """The URL for clients on this machine."""


def status(settings: Settings, patience: float = HEALTH_TIMEOUT) -> ServerInfo | None:
    """The server of this state folder, or None when none answers within so many seconds."""
    for found in _places(settings):
        health = _health(found, patience)
        if health is not None and health.get("state") == str(settings.state):
            return ServerInfo(
                int(health["pid"]), found.port, found.host, settings.state, health, found.endpoint
            )
    return None


def port_of(state: Path) -> int | None:
    """The port of the server that holds a state folder, answering or not; None when none does."""
    if not lock_is_held(state):
        return None
    given = Settings(state=state)
    noted = _note(given, state / "lock") or _note(given, state / "server.json")
    return noted.port if noted is not None else None


def _settled(settings: Settings, patience: float = HEALTH_TIMEOUT) -> ServerInfo | None:
    """The server, once one that is starting answers or one that is ending has gone.

    Raises:
        ServerError: one holds the state folder and neither answers nor goes.
    """
    deadline = time.monotonic() + SETTLE_TIMEOUT
    while True:
        running = status(settings, patience)
        if running is not None or not lock_is_held(settings.state):
            return running
        if time.monotonic() > deadline:
            raise ServerError(_SILENT.format(state=settings.state))
        time.sleep(0.02)


def _places(settings: Settings) -> Iterator[Settings]:
    """Where the server may listen: by its own note; else, when one has the lock, by whatever there is."""
    noted = _note(settings, settings.state / "server.json")
    if noted is not None:
        yield noted
    if lock_is_held(settings.state):
        locked = _note(settings, settings.state / "lock")
        yield from (place for place in (locked, settings) if place is not None and place != noted)


def _note(settings: Settings, path: Path) -> Settings | None:
    try:
        written = json.loads(path.read_bytes())
        port, host = int(written["port"]), str(written["host"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    # A damaged note may hold anything, and only a server of this machine is ours.
    return replace(settings, port=port, host=host) if 0 < port < 65536 and _HOST.fullmatch(host) else None


def start(
    settings: Settings, foreground: bool = False, say: Say = to_stderr, *, ends_with_us: bool = False
) -> ServerInfo:
    """Start the server and return when it answers; one that already runs on this state is returned as it is.

    With `foreground` this call serves and returns only when the server has stopped. `say` is shown what has
    to be downloaded first. With `ends_with_us` the server does not outlive this process, even a killed one.

    Raises:
        ServerError: the port is taken, the server already runs on another port, or it stopped at once.
    """
    running = _settled(settings)
    if running is not None:
        if running.port != settings.port:
            raise ServerError(
                f"a server for {settings.state} already runs on port {running.port}; "
                f'use that port, stop it with "laguna down", or choose another --state'
            )
        return running
    _require_free(settings)
    _download(settings, say)
    _require_place(settings.state)
    command = [sys.executable, "-m", "local_aws"]
    environment = {**os.environ, **settings.variables()}
    if foreground:
        code = subprocess.call(command, env=environment)
        if code in (exits.STATE, exits.NO_SPACE, 1):
            raise SystemExit(1)  # it said why
        if code not in (0, -signal.SIGINT, 130):
            raise ServerError(f"the server stopped with exit code {code}")
        raise SystemExit(0)
    log = settings.state / "server.log"
    before = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--until-eof"] if ends_with_us else command,
            stdin=subprocess.PIPE if ends_with_us else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=environment,
        )
    _started.append(process)
    return _wait_until_up(settings, process, log, before)


def _download(settings: Settings, say: Say) -> None:
    """Fetch beforehand what the server would need for LocalStack, where a person sees it."""
    if settings.s3 == "folder":
        return
    from local_aws import localstack
    from local_aws.spark.jars import S3A, jars

    try:
        jars(S3A, say)
        if settings.s3_endpoint is None:
            localstack.prepare(say)
    except (NotInstalled, localstack.LocalStackError) as error:
        raise ServerError(str(error)) from error


def _require_place(state: Path) -> None:
    """Make the state folder.

    Raises:
        ServerError: its disk is full, read-only or gone.
    """
    try:
        require_room(state)
        require_writable(state)
    except NoRoom as error:
        raise ServerError(str(error)) from error
    except OSError as error:
        raise ServerError(
            f"the state folder {state} cannot be used: {error.strerror}; correct that, or choose another one "
            "with --state"
        ) from error


def _wait_until_up(
    settings: Settings, process: subprocess.Popen[bytes], log: Path, before: int
) -> ServerInfo:
    """The server, when it answers; `before` is where its part of the log begins."""
    patience = START_TIMEOUT if settings.s3 == "folder" else LOCALSTACK_TIMEOUT
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = status(settings)
        if found is not None:
            return found
        if (code := process.poll()) is not None:
            raise ServerError(_last_words(code, settings.state, log, before))
        time.sleep(0.02)
    process.terminate()
    raise ServerError(f"the server did not answer within {patience:.0f} seconds; see {log}")


def _last_words(code: int, state: Path, log: Path, before: int) -> str:
    with log.open("rb") as file:
        file.seek(before)
        said = file.read().decode(errors="replace").strip()
    if code == exits.STATE and said:
        return said
    if code == exits.NO_SPACE:
        return said or f"no space left for the state in {state}; make room there"
    last = said.splitlines()[-1] if said else f"it said nothing, and its exit code is {code}"
    return f"the server did not start: {last} (see {log})"


def stop(settings: Settings) -> bool:
    """Stop the server of this state folder and wait until it is gone; False when none was running.

    Raises:
        ServerError: it did not stop in time, or one holds the state and does not answer.
    """
    _started[:] = [process for process in _started if process.poll() is None]
    pid = _to_end(settings)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT
    while time.monotonic() < deadline:
        if not _alive(pid):
            _let_go(pid)
            return True
        time.sleep(0.02)
    raise ServerError(f"the server (pid {pid}) did not stop within {STOP_TIMEOUT:.0f} seconds")


def _to_end(settings: Settings) -> int | None:
    """The process of the server that answers, or of one that is too busy to and holds the state folder.

    Raises:
        ServerError: one holds it, and nothing tells which process that is.
    """
    try:
        running = _settled(settings, STOP_HEALTH_TIMEOUT)
    except ServerError:
        holder = server_process(settings.state)
        if holder is None:
            raise
        return holder
    return None if running is None else running.pid


def _let_go(pid: int) -> None:
    for process in _started:
        if process.pid == pid and process.stdin is not None:
            process.stdin.close()


def _alive(pid: int) -> bool:
    for process in _started:
        if process.pid == pid:
            return process.poll() is None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _health(settings: Settings, patience: float) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(f"{settings.endpoint}/_laguna/health", timeout=patience) as answer:  # noqa: S310
            health: dict[str, Any] = json.load(answer)
            return health
    except (OSError, ValueError, urllib.error.URLError):
        return None


def _require_free(settings: Settings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ServerError(
                f"port {settings.port} is in use by another program; free it or choose another with --port"
            ) from error
