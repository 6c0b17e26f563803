"""Measure S3 through boto3: put, get, ranges, small requests and listings.

    python -m benchmarks.s3

Peers, in the same run on the same machine: moto's server, and a bare ASGI server that only stores bytes
(`benchmarks/peers/bare_store.py`), which is what boto3 and the web server cost by themselves. It cannot list.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config

from benchmarks.record import record
from benchmarks.server_start import answers, wait_until
from benchmarks.servers import running_server
from laguna.testing.running import free_port

MIB = 1024 * 1024
BUCKET = "benchmark"
LARGE = 64 * MIB
RANGE = 64 * 1024
LARGE_ROUNDS, SMALL_ROUNDS, RANGE_ROUNDS, LIST_KEYS = 4, 300, 100, 1000
UNITS = {
    "put_64mib_mb_s": "MB/s",
    "get_64mib_mb_s": "MB/s",
    "put_1kib_per_s": "1/s",
    "get_1kib_per_s": "1/s",
    "range_64kib_per_s": "1/s",
    "list_1000_ms": "ms",
}


def main() -> None:
    servers = {"laguna": laguna, "moto": moto, "bare": bare}
    figures = {}
    for name, server in servers.items():
        with server() as endpoint:
            figures[name] = measure(client_of(endpoint), can_list=name != "bare")
    show(figures)
    record("s3", figures, ("boto3", "botocore", "moto", "uvicorn"))


@contextmanager
def laguna() -> Iterator[str]:
    with running_server() as settings:
        yield settings.endpoint


@contextmanager
def moto() -> Iterator[str]:
    port = free_port()
    with peer(["-m", "moto.server", "-p", str(port)], f"http://127.0.0.1:{port}/moto-api/"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def bare() -> Iterator[str]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        module = ["-m", "benchmarks.peers.bare_store", str(port), folder]
        with peer(module, None):
            client = client_of(f"http://127.0.0.1:{port}")
            wait_until(lambda: succeeds(lambda: client.put_object(Bucket=BUCKET, Key="ready", Body=b"")))
            yield f"http://127.0.0.1:{port}"


@contextmanager
def peer(arguments: list[str], page: str | None) -> Iterator[None]:
    """A server in a process of its own, ready when `page` answers."""
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        if page is not None:
            wait_until(lambda: answers(page))
        yield
    finally:
        process.terminate()
        process.wait()


def succeeds(call: Callable[[], Any]) -> bool:
    try:
        call()
    except Exception:
        return False
    return True


def client_of(endpoint: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}),
    )


def measure(client: Any, can_list: bool) -> dict[str, float]:
    """The figures of one server; keys are those of `UNITS`."""
    if can_list:
        client.create_bucket(Bucket=BUCKET)
    large, small = bytes(range(256)) * (LARGE // 256), b"x" * 1024
    offsets = [number * 7919 * 64 % (LARGE - RANGE) for number in range(RANGE_ROUNDS)]

    def read(key: str, **extra: Any) -> int:
        return len(client.get_object(Bucket=BUCKET, Key=key, **extra)["Body"].read())

    put = [
        seconds(lambda: client.put_object(Bucket=BUCKET, Key="large", Body=large))
        for _ in range(LARGE_ROUNDS)
    ]
    get = [seconds(lambda: read("large")) for _ in range(LARGE_ROUNDS)]
    put_small = [
        seconds(lambda key=f"small/{number}": client.put_object(Bucket=BUCKET, Key=key, Body=small))
        for number in range(SMALL_ROUNDS)
    ]
    get_small = [seconds(lambda key=f"small/{number}": read(key)) for number in range(SMALL_ROUNDS)]
    ranges = [
        seconds(lambda start=offset: read("large", Range=f"bytes={start}-{start + RANGE - 1}"))
        for offset in offsets
    ]
    figures = {
        "put_64mib_mb_s": LARGE / 1e6 / statistics.median(put),
        "get_64mib_mb_s": LARGE / 1e6 / statistics.median(get),
        "put_1kib_per_s": 1 / statistics.mean(put_small),
        "get_1kib_per_s": 1 / statistics.mean(get_small),
        "range_64kib_per_s": 1 / statistics.mean(ranges),
    }
    if can_list:
        figures["list_1000_ms"] = 1000 * listing(client, small)
    return {name: round(value, 1) for name, value in figures.items()}


def listing(client: Any, small: bytes) -> float:
    """Seconds to list a thousand keys."""
    for number in range(LIST_KEYS):
        client.put_object(Bucket=BUCKET, Key=f"list/part-{number:05}", Body=small)
    times = [
        seconds(lambda: client.list_objects_v2(Bucket=BUCKET, Prefix="list/", MaxKeys=LIST_KEYS))
        for _ in range(5)
    ]
    return statistics.median(times)


def seconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def show(figures: dict[str, dict[str, float]]) -> None:
    """Print a table: a row a figure, and how laguna compares with each peer."""
    print(f"{'':20}{'':>6}" + "".join(f"{name:>10}" for name in figures) + f"{'/moto':>8}{'/bare':>8}")
    for row, unit in UNITS.items():
        values = [figures[name].get(row) for name in figures]
        cells = "".join(f"{'-' if value is None else value:>10}" for value in values)
        ratios = "".join(
            f"{'-' if other is None or values[0] is None else f'{values[0] / other:.2f}':>8}"
            for other in values[1:]
        )
        print(f"{row:20}{unit:>6}{cells}{ratios}")


if __name__ == "__main__":
    main()
