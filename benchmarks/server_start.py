"""Time the server's start: from starting the process to the first healthy answer, on an empty state.

    python -m benchmarks.server_start

The peer is moto's own server with the same clock, on its page that lists what it holds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from benchmarks.record import record
from benchmarks.servers import running_server
from laguna.testing.running import free_port

ROUNDS = 5


def main() -> None:
    figures = {
        "laguna_s": [round(laguna_start(), 3) for _ in range(ROUNDS)],
        "moto_server_s": [round(moto_start(), 3) for _ in range(ROUNDS)],
    }
    medians = {f"{name[:-2]}_median_s": statistics.median(times) for name, times in figures.items()}
    record("server_start", {**medians, **figures}, ("moto", "uvicorn"))


def laguna_start() -> float:
    """Seconds until `control.start` returned, which is what `laguna up` waits for."""
    started = time.perf_counter()
    with running_server():
        return time.perf_counter() - started


def moto_start() -> float:
    port = free_port()
    started = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/moto-api/"))
        return time.perf_counter() - started
    finally:
        server.terminate()
        server.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait_until(ready: Callable[[], bool]) -> None:
    for _ in range(3000):
        if ready():
            return
        time.sleep(0.02)
    raise TimeoutError("the server did not answer within a minute")


if __name__ == "__main__":
    main()
