"""Read a Glue job run's logs from CloudWatch Logs.

Glue writes the driver's stdout to the group `<prefix>/output` and its stderr to `<prefix>/error`, in a stream
named after the run. The prefix is the job's `--custom-logGroup-prefix`, or `/aws-glue/jobs`.
https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html (checked 2026-11-21)
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from laguna.errors import LogsNotFound

KINDS = ("output", "error")
GLUES_OWN = "/aws-glue/jobs"
PREFIX = "--custom-logGroup-prefix"
FINISHED = frozenset({"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED"})


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event; `timestamp` is in milliseconds since 1970 UTC."""

    timestamp: int
    group: str
    message: str


@dataclass(frozen=True, slots=True)
class JobRun:
    """A run whose logs can be read."""

    job: str
    id: str
    state: str
    error: str


def find_run(glue: Any, job: str, run_id: str | None) -> JobRun:
    """The run `run_id` of `job`, or its last one.

    Raises:
        LogsNotFound: there is no such job or run, or the job never ran.
    """
    try:
        if run_id:
            run = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
        else:
            run = next(iter(glue.get_job_runs(JobName=job, MaxResults=1)["JobRuns"]), None)
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        names = ", ".join(sorted(glue.list_jobs()["JobNames"])) or "none yet, run 'laguna deploy'"
        what = f"run '{run_id}' of the job" if run_id else "job"
        raise LogsNotFound(f"There is no {what} '{job}'; the jobs are: {names}.") from error
    if run is None:
        raise LogsNotFound(f"The job '{job}' never ran, so it has no logs; start it with 'laguna run'.")
    return JobRun(job, run["Id"], run["JobRunState"], run.get("ErrorMessage", ""))


def log_prefix(glue: Any, run: JobRun) -> str:
    """What the names of the run's log groups begin with."""
    arguments = glue.get_job(JobName=run.job)["Job"].get("DefaultArguments", {})
    return str(arguments.get(PREFIX, GLUES_OWN))


class RunLogs:
    """The log lines of one run, read once each; the groups' names begin with `prefix`."""

    def __init__(self, logs: Any, run_id: str, prefix: str = GLUES_OWN) -> None:
        self._client = logs
        self._run_id = run_id
        self._groups = [f"{prefix}/{kind}" for kind in KINDS]
        self._tokens: dict[str, str] = {}

    def new_lines(self) -> list[LogLine]:
        """What was logged since the last call, in order of time."""
        found = [line for group in self._groups for line in self._new_of(group)]
        # By time alone: lines of one millisecond keep the order in which they were written.
        return sorted(found, key=lambda line: line.timestamp)

    def follow(self, glue: Any, run: JobRun, poll_seconds: float) -> Iterator[LogLine]:
        """Lines as they come, until the run has ended."""
        while True:
            # The state is read first: lines written before the end are then still in the last look.
            finished = find_run(glue, run.job, run.id).state in FINISHED
            yield from self.new_lines()
            if finished:
                return
            time.sleep(poll_seconds)

    def _new_of(self, group: str) -> Iterator[LogLine]:
        while True:
            request = {"logGroupName": group, "logStreamName": self._run_id, "startFromHead": True}
            if group in self._tokens:
                request["nextToken"] = self._tokens[group]
            try:
                answer = self._client.get_log_events(**request)
            except ClientError as error:
                # A run that wrote nothing to a group has no stream there.
                if error.response["Error"]["Code"] == "ResourceNotFoundException":
                    return
                raise
            for event in answer["events"]:
                yield LogLine(event["timestamp"], group, event["message"])
            # The end is reached when the token that is returned is the one that was sent.
            if answer["nextForwardToken"] == self._tokens.get(group):
                return
            self._tokens[group] = answer["nextForwardToken"]
