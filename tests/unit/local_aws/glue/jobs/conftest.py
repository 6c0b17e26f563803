"""Jobs of one region with a runner that writes down what it is told, so that no Spark is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog import CatalogStore, Tags
from local_aws.glue.jobs import Bookmarks, JobRuns, Jobs, RunStore
from local_aws.glue.jobs.bookmark_store import BookmarkStore
from local_aws.glue.jobs.runs import now
from local_aws.glue.workflows import trigger_parts
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
class Crawls:
    """Crawls that end when the test says so. A crawler named `missing` cannot be started."""

    started: list[str] = field(default_factory=list)
    """The names of crawlers."""
    stopped: list[str] = field(default_factory=list)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    by: dict[str, tuple[str, str]] = field(default_factory=dict)
    listeners: list[Callable[[str, str, str, str | None], None]] = field(default_factory=list)

    def start(self, crawler: str, crawl_id: str, trigger: str) -> None:
        if crawler == "missing":
            raise AwsError("EntityNotFoundException", "Crawler missing not found.")
        self.started.append(crawler)
        self.known[crawl_id] = {"State": "RUNNING"}
        self.by[crawl_id] = (crawler, trigger)

    def stop(self, crawler: str) -> None:
        self.stopped.append(crawler)

    def crawl(self, crawl_id: str) -> dict[str, Any] | None:
        return self.known.get(crawl_id)

    def add_listener(self, listener: Callable[[str, str, str, str | None], None]) -> None:
        self.listeners.append(listener)

    def end(self, crawler: str, state: str = "SUCCEEDED") -> None:
        """End the newest crawl of a crawler."""
        crawl_id = [one for one, (name, _) in self.by.items() if name == crawler][-1]
        self.known[crawl_id] = {"State": state}
        for listener in self.listeners:
            listener(crawl_id, crawler, state, self.by[crawl_id][1])


@dataclass
class Glue:
    """Calls operations as boto3 would, and ends runs."""

    runs: RunStore
    parts: Parts
    runner: Recorder
    crawls: Crawls
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


def make_glue(state: Path, crawls: Crawls | None = None) -> Glue:
    settings = Settings(state=state)
    runs = RunStore(settings, REGION)
    tags = Tags(CatalogStore(settings, REGION))
    runner = Recorder()
    job_runs = JobRuns(runs, runner)  # type: ignore[arg-type]
    crawls = crawls or Crawls()
    triggers = trigger_parts(runs.database, job_runs, runner, crawls, tags)  # type: ignore[arg-type]
    bookmarks = BookmarkStore(runs.database)
    parts = Parts(Jobs(runs, tags), job_runs, Bookmarks(bookmarks), *triggers, tags)
    return Glue(runs, parts, runner, crawls, bookmarks)


@pytest.fixture
def glue(tmp_path: Path) -> Any:
    glue = make_glue(tmp_path)
    yield glue
    glue.parts.close()
