"""Jobs of one region with a runner that writes down what it is told, so that no Spark is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Tags
from local_aws.glue.jobs import Bookmarks, JobRuns, Jobs, RunStore
from local_aws.glue.jobs.bookmark_store import BookmarkStore
from local_aws.glue.jobs.runs import now
from local_aws.glue.triggers import trigger_parts
from local_aws.services import Parts
from local_aws.settings import Settings

REGION = "us-east-1"


@dataclass
class Recorder:
    """A runner whose runs end when the test says so."""

    started: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    listeners: list[Callable[[dict[str, Any]], None]] = field(default_factory=list)

    def start(self, job: dict[str, Any], job_id: str, run: dict[str, Any], arguments: dict[str, str]) -> None:
        self.started.append((run["Id"], arguments))

    def stop(self, run_id: str) -> None:
        self.stopped.append(run_id)

    def close(self) -> None:
        pass


@dataclass
class Glue:
    """Calls operations as boto3 would, and ends runs."""

    runs: RunStore
    parts: Parts
    runner: Recorder
    crawls: list[str]
    bookmarks: BookmarkStore

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        caller = Caller("000000000000", REGION)
        return lambda **request: getattr(self.parts, operation)(request, caller)

    def job(self, name: str = "clientes", **definition: Any) -> str:
        command = {"Name": "glueetl", "ScriptLocation": "s3://lake/job.py"}
        self.create_job(**{"Name": name, "Role": "glue", "Command": command, **definition})
        return name

    def end(self, run_id: str, state: str = "SUCCEEDED") -> None:
        run = self.runs.change_run(run_id, JobRunState=state, CompletedOn=now())
        assert run is not None
        for listener in self.runner.listeners:
            listener(run)


def make_glue(state: Path) -> Glue:
    settings = Settings(state=state)
    runs = RunStore(settings, REGION)
    tags = Tags(CatalogStore(settings, REGION))
    runner = Recorder()
    job_runs = JobRuns(runs, runner)  # type: ignore[arg-type]
    crawls: list[str] = []
    triggers = trigger_parts(runs.database, job_runs, runner, crawls.append, tags)  # type: ignore[arg-type]
    bookmarks = BookmarkStore(runs.database)
    parts = Parts(Jobs(runs, tags), job_runs, Bookmarks(bookmarks), *triggers, tags)
    return Glue(runs, parts, runner, crawls, bookmarks)


@pytest.fixture
def glue(tmp_path: Path) -> Any:
    glue = make_glue(tmp_path)
    yield glue
    glue.parts.close()
