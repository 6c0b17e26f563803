"""Time the demo per step: on an empty state, and again on what the first left.

    python -m benchmarks.demo [--profile localstack]

Each step's seconds are those of `laguna demo --output json`; `whole_command` is the time of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.record import record
from laguna.testing.running import free_port

LAGUNA = Path(sys.executable).parent / "laguna"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=("local", "localstack"), default="local")
    profile = parser.parse_args().profile
    with tempfile.TemporaryDirectory() as state:
        port = str(free_port())
        environment = {
            **os.environ, "LAGUNA_PORT": port, "LAGUNA_STATE": state, "LAGUNA_PROFILE": profile
        }  # fmt: skip
        try:
            figures = {name: run(environment) for name in ("empty_state_s", "again_s")}
        finally:
            subprocess.run([LAGUNA, "down"], env=environment, check=False, capture_output=True)
    record("demo" if profile == "local" else f"demo_{profile}", figures, ("pyspark", "duckdb", "moto"))


def run(environment: dict[str, str]) -> dict[str, float]:
    """Seconds per step of one demo."""
    started = time.perf_counter()
    done = subprocess.run(
        [LAGUNA, "demo", "--output", "json"], env=environment, check=True, stdout=subprocess.PIPE
    )
    whole = time.perf_counter() - started
    steps = {step["name"]: step["seconds"] for step in json.loads(done.stdout)["steps"]}
    return {**steps, "whole_command": round(whole, 3)}


if __name__ == "__main__":
    main()
