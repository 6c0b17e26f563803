"""`laguna logs`: what a Glue job run wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from laguna.cli.output import Block
from laguna.cli.session import Session, command

if TYPE_CHECKING:
    from laguna.operations.job_logs import JobRun, LogLine


@dataclass(frozen=True, slots=True)
class Logged:
    """A run and its lines so far."""

    run: JobRun
    lines: list[LogLine]

    def document(self) -> dict[str, Any]:
        """The run, and its lines in order of time."""
        return {
            "job": self.run.job,
            "run_id": self.run.id,
            "state": self.run.state,
            "error": self.run.error,
            "events": [
                {"timestamp": _time(line), "group": line.group, "message": line.message}
                for line in self.lines
            ],
        }

    def blocks(self) -> Iterator[Block]:
        """The messages alone, as the job wrote them."""
        return (line.message.rstrip("\n") for line in self.lines)


@command("logs", example="laguna logs clientes --follow")
@click.argument("job")
@click.option("--run", "run_id", metavar="ID", help="The job run; the last one by default.")
@click.option("--follow", is_flag=True, help="Go on printing until the run has ended (text only).")
def logs(session: Session, *, job: str, run_id: str | None, follow: bool) -> None:
    """Print what a Glue job run wrote."""
    from laguna.operations.job_logs import RunLogs, find_run, log_prefix

    if follow and session.output.style == "json":
        raise click.UsageError(
            "--follow prints lines as they come and has no JSON form; leave one of them out."
        )
    profile = session.profile
    glue = profile.client("glue")
    run = find_run(glue, job, run_id)
    run_logs = RunLogs(profile.client("logs"), run.id, log_prefix(glue, run))
    session.output.note(f"Job {run.job}, run {run.id}: {run.state}" + (f": {run.error}" if run.error else ""))
    if follow:
        session.output.show(
            line.message.rstrip("\n") for line in run_logs.follow(glue, run, profile.poll_seconds)
        )
        return
    session.output.answer(Logged(run, run_logs.new_lines()))


def _time(line: LogLine) -> str:
    return datetime.fromtimestamp(line.timestamp / 1000, UTC).isoformat(timespec="milliseconds")
