"""What `--dry-run` says is what the command then does, and saying it changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from laguna.testing.running import free_port
from tests.e2e.conftest import BIN, ROOT, Installation
from tests.e2e.recording_proxy import Recorder, recording

READS = ("Get", "List", "Describe", "Head")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A server without a lake, and without a JVM, which nothing here needs."""
    monkeypatch.setenv("LAGUNA_WARM_SPARK", "0")
    installed = Installation(free_port(), tmp_path)
    installed.done("up")
    yield installed
    installed.laguna("down")


def laguna(recorder: Recorder, *arguments: str) -> Any:
    done = subprocess.run(
        [BIN / "laguna", *arguments, "--output", "json"],
        cwd=ROOT,
        env={**os.environ, "LAGUNA_ENDPOINT": recorder.url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def said(document: Any) -> Counter[str]:
    """The writes of a dry run, each with the object it is about."""
    return Counter(
        f"{call['operation']} {call['parameters'].get('Bucket', '')}/{call['parameters'].get('Key', '')}"
        for call in document["calls"]
        if call["writes"]
    )


def done(recorder: Recorder) -> Counter[str]:
    """The writes that were sent since the last time."""
    sent: Counter[str] = Counter()
    for exchange in recorder.exchanges:
        service, operation, parameters = exchange.call()
        bucket, _, key = parameters[0].strip("/").partition("/") if service == "s3" else ("", "", "")
        if not operation.startswith(READS):
            sent[f"{operation} {bucket}/{key}".replace("%3D", "=")] += 1
    recorder.exchanges.clear()
    return sent


def test_a_dry_run_names_the_writes_that_follow_and_makes_none(server: Installation) -> None:
    with recording(server.port) as recorder:
        for arguments in (
            ("deploy",),
            ("deploy",),
            ("ingest", "sample_csv/2025-07-25"),
            ("destroy", "--yes"),
        ):
            rehearsed = laguna(recorder, *arguments, "--dry-run")
            assert not done(recorder), "a dry run wrote something"
            laguna(recorder, *arguments)
            written = done(recorder)
            assert written
            assert said(rehearsed) == written, arguments


def test_a_dry_run_of_a_run_starts_nothing(server: Installation) -> None:
    server.done("deploy")
    with recording(server.port) as recorder:
        assert said(laguna(recorder, "run", "--dry-run")) == Counter({"StartExecution /": 1})
        assert not done(recorder)
