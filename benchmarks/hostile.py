"""Do other clients get their answers while one sends statements that cost all they can? And do these end
when told?

`python -m benchmarks.hostile [--only WORD ...] [--seconds N] [--memory 2GB]` starts a server of its own and
runs the statements of `hostile_statements` one after another, each for at most N seconds, then stops it.
Meanwhile three clients, each in a process of its own, ask for `SELECT 1`, an object and a query's state,
and keep how long each answer took. Printed: their worst and 99th percentile, how long a stop takes, and
what all processes took.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from benchmarks.hostile_statements import STATEMENTS
from benchmarks.record import record
from laguna.testing.running import free_port
from local_aws import control
from local_aws.settings import Settings

BUCKET, OUTPUT = "hostile", "s3://hostile/results/"
FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")
GOAL_P99, GOAL_WORST, GOAL_STOP = 0.25, 1.0, 2.0


@dataclass(slots=True)
class Ended:
    """How one statement ended, and how long a stop took if it needed one."""

    name: str
    state: str
    seconds: float
    stop: float | None = None
    reason: str = ""


@dataclass(slots=True)
class Memory:
    """Bytes that the server's processes took together, at most."""

    peak: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def watch(self, pid: int) -> None:
        """Look again and again until told to end."""
        while not self.done.wait(0.1):
            self.peak = max(self.peak, sum(map(_proportional, _family(pid))))


def main() -> None:
    """Run, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="only statements whose names hold one of these")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each runs before it is stopped")
    parser.add_argument("--memory", default="2GB", help="LAGUNA_ATHENA_MEMORY of the server")
    asked = parser.parse_args()
    chosen = {
        name: sql for name, sql in STATEMENTS.items() if not asked.only or any(w in name for w in asked.only)
    }
    with server(asked.memory) as settings:
        figures = measure(settings, chosen, asked.seconds)
    record("hostile", figures, ("duckdb", "sqlglot", "boto3"))


@contextmanager
def server(memory: str) -> Iterator[Settings]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        settings = Settings(state=state, port=free_port(), warm_spark=False, athena_memory=memory)
        control.start(settings)
        try:
            yield settings
        finally:
            began = time.monotonic()
            control.stop(settings)
            print(f"laguna down took {time.monotonic() - began:.2f} s")


def measure(settings: Settings, chosen: dict[str, str], seconds: float) -> dict[str, Any]:
    """Run the statements beside the three clients."""
    s3, athena = client(settings, "s3"), client(settings, "athena")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="small", Body=b"x" * 1000)
    finished = started(athena, "SELECT 1")
    _waited(athena, started(athena, "CREATE DATABASE hostile"), time.monotonic() + 30)
    running = control.status(settings)
    assert running is not None
    memory = Memory()
    watcher = threading.Thread(target=memory.watch, args=(running.pid,))
    watcher.start()
    with clients(settings, finished) as waits:
        ended = [_run(athena, name, sql, seconds) for name, sql in chosen.items()]
    memory.done.set()
    watcher.join()
    for one in ended:
        stopped = "" if one.stop is None else f"stopped in {one.stop:.2f} s"
        print(f"{one.name:26} {one.state:10} {one.seconds:6.2f} s  {stopped:18} {one.reason[:90]}")
    return _figures(ended, waits, memory.peak)


def _figures(ended: list[Ended], waits: dict[str, list[float]], peak: int) -> dict[str, Any]:
    stops = [one.stop for one in ended if one.stop is not None]
    figures: dict[str, Any] = {"statements": len(ended), "peak_mb": round(peak / 1e6)}
    figures |= {"slowest_stop_s": round(max(stops, default=0.0), 2), "stops": len(stops)}
    for name, found in waits.items():
        ordered = sorted(found)
        p99 = statistics.quantiles(ordered, n=100)[98] if len(ordered) > 1 else 0.0
        figures |= {f"{name}_p99_ms": round(p99 * 1000, 1), f"{name}_worst_ms": round(ordered[-1] * 1000, 1)}
        figures[f"{name}_asked"] = len(ordered)
        good = p99 < GOAL_P99 and ordered[-1] < GOAL_WORST
        print(f"{name}: {'within' if good else 'OVER'} the goal")
    print(f"stops: {'within' if max(stops, default=0.0) < GOAL_STOP else 'OVER'} the goal")
    return figures


def _run(athena: Any, name: str, sql: str, seconds: float) -> Ended:
    began = time.monotonic()
    try:
        query_id = started(athena, sql)
    except athena.exceptions.ClientError as error:
        return Ended(name, "refused", time.monotonic() - began, None, error.response["Error"]["Message"])
    status = _waited(athena, query_id, began + seconds)
    took, stop = time.monotonic() - began, None
    if status["State"] not in FINAL:
        asked = time.monotonic()
        athena.stop_query_execution(QueryExecutionId=query_id)
        status = _waited(athena, query_id, asked + 30)
        stop = time.monotonic() - asked
    return Ended(name, status["State"], took, stop, status.get("StateChangeReason", ""))


def started(athena: Any, sql: str) -> str:
    answer = athena.start_query_execution(QueryString=sql, ResultConfiguration={"OutputLocation": OUTPUT})
    return str(answer["QueryExecutionId"])


def _waited(athena: Any, query_id: str, until: float) -> dict[str, Any]:
    while True:
        found = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]
        if found["State"] in FINAL or time.monotonic() > until:
            return dict(found)
        time.sleep(0.01)


@contextmanager
def clients(settings: Settings, finished: str) -> Iterator[dict[str, list[float]]]:
    """Three clients that ask within the block; afterwards, how long each of their answers took."""
    spawning = multiprocessing.get_context("spawn")
    end = spawning.Event()
    pipes, waits = {}, dict[str, list[float]]()
    for name in ASKING:
        ours, theirs = spawning.Pipe(duplex=False)
        spawning.Process(target=_ask, args=(name, settings, finished, end, theirs), daemon=True).start()
        pipes[name] = ours
    for pipe in pipes.values():
        pipe.recv()  # it is ready
    yield waits
    end.set()
    for name, pipe in pipes.items():
        waits[name] = pipe.recv()


def _ask(name: str, settings: Settings, finished: str, end: Any, pipe: Any) -> None:
    ask = ASKING[name](settings, finished)
    ask()
    pipe.send("ready")
    waits = []
    while not end.is_set():
        began = time.perf_counter()
        ask()
        waits.append(time.perf_counter() - began)
        time.sleep(0.02)
    pipe.send(waits)


def _select_1(settings: Settings, _: str) -> Callable[[], Any]:
    athena = client(settings, "athena")

    def ask() -> None:
        query_id = started(athena, "SELECT 1")
        while True:
            found = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]
            if found["State"] in FINAL:
                break
        athena.get_query_results(QueryExecutionId=query_id)

    return ask


def _get_object(settings: Settings, _: str) -> Callable[[], Any]:
    s3 = client(settings, "s3")
    return lambda: s3.get_object(Bucket=BUCKET, Key="small")["Body"].read()


def _get_query_execution(settings: Settings, finished: str) -> Callable[[], Any]:
    athena = client(settings, "athena")
    return lambda: athena.get_query_execution(QueryExecutionId=finished)


ASKING = {"select_1": _select_1, "get_object": _get_object, "get_query_execution": _get_query_execution}


def client(settings: Settings, service: str) -> Any:
    """A boto3 client that asks once."""
    return boto3.client(
        service,
        endpoint_url=settings.endpoint,
        region_name=settings.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=boto3.session.Config(retries={"total_max_attempts": 1}, read_timeout=120),
    )


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _proportional(pid: int) -> int:
    """A process's share of memory: what several have in common counts once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
