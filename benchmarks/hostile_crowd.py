"""Does the server answer while a crowd sends statements that cost all they can, all at once?

`python -m benchmarks.hostile_crowd [--clients N] [--seconds N] [--memory 2GB]` starts a server of its own and
sends the statements of `hostile_statements` from N threads together, each statement for at most N seconds
from when it was sent, then stops it. Meanwhile the health page is asked for. Printed: the worst wait for the
health page, for a stop and for GetQueryExecution, and what all processes took.
"""

from __future__ import annotations

import argparse
import multiprocessing
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.hostile import BUCKET, FINAL, Memory, client, server, started
from benchmarks.hostile_statements import STATEMENTS
from benchmarks.record import record
from local_aws import control
from local_aws.settings import Settings


@dataclass(slots=True)
class Waits:
    """How long each answer took, by what was asked."""

    kept: dict[str, list[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def timed(self, name: str, ask: Any, **request: Any) -> Any:
        """What `ask` answers, its time kept, also when it is refused."""
        began = time.perf_counter()
        try:
            return ask(**request)
        finally:
            with self.lock:
                self.kept.setdefault(name, []).append(time.perf_counter() - began)


def main() -> None:
    """Run, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile_crowd", description=__doc__)
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each lives before it is stopped")
    parser.add_argument("--memory", default="2GB", help="LAGUNA_ATHENA_MEMORY of the server")
    asked = parser.parse_args()
    with server(asked.memory) as settings:
        figures = measure(settings, asked.clients, asked.seconds)
    record("hostile_crowd", figures, ("duckdb", "sqlglot", "boto3"))


def measure(settings: Settings, clients: int, seconds: float) -> dict[str, Any]:
    """Send all statements from so many threads, and ask for the health page beside them."""
    client(settings, "s3").create_bucket(Bucket=BUCKET)
    running = control.status(settings)
    assert running is not None
    memory, waits = Memory(), Waits()
    watcher = threading.Thread(target=memory.watch, args=(running.pid,))
    watcher.start()
    with _asking_for_health(settings, waits), ThreadPoolExecutor(clients) as crowd:
        list(crowd.map(lambda sql: _one(settings, sql, seconds, waits), STATEMENTS.values()))
    memory.done.set()
    watcher.join()
    figures: dict[str, Any] = {"statements": len(STATEMENTS), "peak_mb": round(memory.peak / 1e6)}
    for name, found in sorted(waits.kept.items()):
        figures |= {f"{name}_worst_s": round(max(found), 2), f"{name}_asked": len(found)}
    return figures


@contextmanager
def _asking_for_health(settings: Settings, waits: Waits) -> Iterator[None]:
    """In a process of its own: the crowd's threads would keep it waiting, not the server."""
    spawning = multiprocessing.get_context("spawn")
    end, (ours, theirs) = spawning.Event(), spawning.Pipe(duplex=False)
    spawning.Process(target=_health, args=(settings.endpoint, end, theirs), daemon=True).start()
    ours.recv()  # it is ready
    yield
    end.set()
    waits.kept["health"] = ours.recv()


def _health(endpoint: str, end: Any, pipe: Any) -> None:
    pipe.send("ready")
    waits = []
    while not end.wait(0.05):
        began = time.perf_counter()
        with urllib.request.urlopen(f"{endpoint}/_laguna/health", timeout=60) as page:
            page.read()
        waits.append(time.perf_counter() - began)
    pipe.send(waits)


def _one(settings: Settings, sql: str, seconds: float, waits: Waits) -> None:
    athena = client(settings, "athena")
    try:
        query_id = waits.timed("start", started, athena=athena, sql=sql)
    except athena.exceptions.ClientError:
        return
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        asked = waits.timed("get", athena.get_query_execution, QueryExecutionId=query_id)
        if asked["QueryExecution"]["Status"]["State"] in FINAL:
            return
        time.sleep(0.1)
    waits.timed("stop", athena.stop_query_execution, QueryExecutionId=query_id)


if __name__ == "__main__":
    main()
