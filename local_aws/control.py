"""Start, find and stop the server from another process: what `laguna up`, `status` and `down` do.

A server is found through the `server.json` of its state folder, and believed only when the health page of
that port answers with the same folder; a file left by a killed server is thus no server.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from local_aws.settings import Settings
from local_aws.user_cache import NotInstalled, Say, to_stderr

START_TIMEOUT = 60.0
LOCALSTACK_TIMEOUT = 300.0
"""With LocalStack to be started first, and a large lake to be put back into it."""
STOP_TIMEOUT = 60.0
"""The last changes in LocalStack are copied meanwhile."""
HEALTH_TIMEOUT = 10.0
"""Seconds; a server on a busy machine is slow and still there."""


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


def status(settings: Settings) -> ServerInfo | None:
    """The server of this state folder, or None when none answers."""
    try:
        written = json.loads((settings.state / "server.json").read_text())
        found = replace(settings, port=int(written["port"]), host=str(written["host"]))
    except (OSError, ValueError, KeyError):
        return None
    health = _health(found)
    if health is None or health.get("state") != str(settings.state):
        return None
    return ServerInfo(int(health["pid"]), found.port, found.host, settings.state, health, found.endpoint)


def start(
    settings: Settings, foreground: bool = False, say: Say = to_stderr, *, ends_with_us: bool = False
) -> ServerInfo:
    """Start the server and return when it answers; one that already runs on this state is returned as it is.

    With `foreground` this call serves and returns only when the server has stopped. `say` is shown what has
    to be downloaded first. With `ends_with_us` the server does not outlive this process, even a killed one.

    Raises:
        ServerError: the port is taken, the server already runs on another port, or it stopped at once.
    """
    running = status(settings)
    if running is not None:
        if running.port != settings.port:
            raise ServerError(
                f"a server for {settings.state} already runs on port {running.port}; "
                f'use that port, stop it with "laguna down", or choose another --state'
            )
        return running
    _require_free(settings)
    _download(settings, say)
    settings.state.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "local_aws"]
    environment = {**os.environ, **settings.variables()}
    if foreground:
        code = subprocess.call(command, env=environment)
        if code not in (0, -signal.SIGINT, 130):
            raise ServerError(f"the server stopped with exit code {code}")
        raise SystemExit(0)
    log = settings.state / "server.log"
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
    return _wait_until_up(settings, process, log)


def _download(settings: Settings, say: Say) -> None:
    """Fetch beforehand what the server would need for LocalStack, where a person sees it."""
    if settings.s3 == "folder":
        return
    from local_aws import localstack
    from local_aws.spark.s3a_jars import s3a_jars

    try:
        s3a_jars(say)
        if settings.s3_endpoint is None:
            localstack.prepare(say)
    except (NotInstalled, localstack.LocalStackError) as error:
        raise ServerError(str(error)) from error


def _wait_until_up(settings: Settings, process: subprocess.Popen[bytes], log: Path) -> ServerInfo:
    patience = START_TIMEOUT if settings.s3 == "folder" else LOCALSTACK_TIMEOUT
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = status(settings)
        if found is not None:
            return found
        if process.poll() is not None:
            lines = log.read_text(errors="replace").strip().splitlines()
            raise ServerError(
                f"the server did not start: {lines[-1] if lines else 'it said nothing'} (see {log})"
            )
        time.sleep(0.02)
    process.terminate()
    raise ServerError(f"the server did not answer within {patience:.0f} seconds; see {log}")


def stop(settings: Settings) -> bool:
    """Stop the server of this state folder and wait until it is gone; False when none was running.

    Raises:
        ServerError: it did not stop in time.
    """
    _started[:] = [process for process in _started if process.poll() is None]
    running = status(settings)
    if running is None:
        return False
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT
    while time.monotonic() < deadline:
        if not _alive(running.pid):
            _let_go(running.pid)
            return True
        time.sleep(0.02)
    raise ServerError(f"the server (pid {running.pid}) did not stop within {STOP_TIMEOUT:.0f} seconds")


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


def _health(settings: Settings) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(f"{settings.endpoint}/_laguna/health", timeout=HEALTH_TIMEOUT) as answer:  # noqa: S310
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
