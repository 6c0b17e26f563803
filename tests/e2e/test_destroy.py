"""A lake can be taken away whole and put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from laguna.testing.running import free_port
from tests.e2e.conftest import Installation


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A server without a lake, and without a JVM, which nothing here needs."""
    monkeypatch.setenv("LAGUNA_WARM_SPARK", "0")
    installed = Installation(free_port(), tmp_path)
    installed.done("up")
    yield installed
    installed.laguna("down")


def test_destroying_leaves_no_stack_and_no_bucket_and_the_lake_can_be_deployed_again(
    empty: Installation,
) -> None:
    assert empty.done("destroy", "--yes")["existed"] is False
    assert empty.done("deploy")["outcome"] == "created"
    ingested = empty.done("ingest", "sample_csv/2025-07-25")
    assert empty.laguna("destroy").code == 1, "nobody was asked"
    destroyed = empty.done("destroy", "--yes")
    assert destroyed["existed"] is True
    assert destroyed["objects_deleted"] > len(ingested["files"])
    status = empty.done("status")
    assert (status["stack"], status["buckets"]) == (None, [])
    assert empty.laguna("query", "SELECT 1").err.endswith("run 'laguna deploy'.\n")
    assert empty.done("deploy")["outcome"] == "created"
    assert all(file["sent"] for file in empty.done("ingest", "sample_csv/2025-07-25")["files"])
