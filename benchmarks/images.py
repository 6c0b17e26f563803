"""Measure the image: its size against its base and LocalStack's, and how soon its container answers.

    python -m benchmarks.images [IMAGE]

`docker compose build` makes the image. The peer is LocalStack's container with only S3, on its health page;
both are asked every 20 ms from the moment that `docker run` is called.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import Any

from benchmarks.record import record
from benchmarks.server_start import answers
from laguna.testing.container import HEALTH_PATH, default_image
from laguna.testing.running import free_port

BASE = "python:3.11-slim-bookworm"
LOCALSTACK = "localstack/localstack:4.14.0"
LOCALSTACK_HEALTH = "/_localstack/health"
ROUNDS = 5
MEGABYTE = 1_000_000


def main() -> None:
    image = sys.argv[1] if len(sys.argv) > 1 else default_image()
    sizes = {name: size_mb(name) for name in (image, BASE, LOCALSTACK)}
    ours, peers = [], []
    for _ in range(ROUNDS):
        ours.append(round(ready_s(image, HEALTH_PATH), 2))
        peers.append(round(ready_s(LOCALSTACK, LOCALSTACK_HEALTH, "-e", "SERVICES=s3"), 2))
    figures: dict[str, Any] = {
        "size_mb": sizes[image],
        "size_over_base_mb": sizes[image] - sizes[BASE],
        "localstack_size_mb": sizes[LOCALSTACK],
        "layers_mb": layers_mb(image),
        "ready_median_s": statistics.median(ours),
        "localstack_ready_median_s": statistics.median(peers),
        "ready_ratio_to_localstack": round(statistics.median(ours) / statistics.median(peers), 2),
        "ready_s": ours,
        "localstack_ready_s": peers,
    }
    record("images", figures)


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def size_mb(image: str) -> int:
    return round(int(docker("image", "inspect", "-f", "{{.Size}}", image)) / MEGABYTE)


def layers_mb(image: str) -> list[float]:
    """Its layers that hold more than a megabyte, the newest first; the last is the base."""
    lines = docker("history", "--human=false", "--format", "{{json .}}", image).splitlines()
    sizes = [int(json.loads(line)["Size"]) / MEGABYTE for line in lines]
    return [round(size, 1) for size in sizes if size > 1]


def ready_s(image: str, page: str, *options: str) -> float:
    """Seconds from `docker run` to the first healthy answer."""
    port = free_port()
    started = time.perf_counter()
    container = docker("run", "-d", "--rm", "-p", f"127.0.0.1:{port}:4566", *options, image)
    try:
        while not answers(f"http://127.0.0.1:{port}{page}"):
            if time.perf_counter() - started > 120:
                raise TimeoutError(f"{image} did not answer within two minutes")
            time.sleep(0.02)
        return time.perf_counter() - started
    finally:
        docker("rm", "-f", "-v", container)


if __name__ == "__main__":
    main()
