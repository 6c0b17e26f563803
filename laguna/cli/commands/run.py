"""`laguna run`: the lake's state machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from laguna.cli.lake import lake_outputs
from laguna.cli.output import Block, Table
from laguna.cli.session import Session, command

if TYPE_CHECKING:
    from laguna.operations.execution import Execution


@dataclass(frozen=True, slots=True)
class Ran:
    """An execution that succeeded."""

    execution: Execution

    def document(self) -> dict[str, Any]:
        """The execution's ARN and time, its states and the job runs it started."""
        return {
            "execution_arn": self.execution.arn,
            "seconds": round(self.execution.seconds, 3),
            "states": [
                {"name": state.name, "seconds": round(state.seconds, 3)} for state in self.execution.states
            ],
            "job_runs": [
                {"job": run.job, "run_id": run.id, "state": run.state} for run in self.execution.job_runs
            ],
        }

    def blocks(self) -> Iterator[Block]:
        """One line and the job runs."""
        yield f"The run succeeded in {self.execution.seconds:.1f} s."
        rows = [(run.job, run.state, run.id) for run in self.execution.job_runs]
        yield Table("", ("job", "state", "run"), rows)


class LoadDate(click.ParamType[str]):
    """`YYYY-MM-DD`, `pending` or `all`."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the value."""
        if value in ("pending", "all"):
            return value
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            self.fail(f"'{value}' is neither a date (YYYY-MM-DD) nor 'pending' nor 'all'", param, ctx)


def run_lake(session: Session, load_date: str) -> Ran:
    """Run the state machine and wait for its end."""
    from laguna.operations.execution import StateMachine

    profile = session.profile
    arn = lake_outputs(profile)["StateMachineArn"]
    machine = StateMachine(
        profile.client("stepfunctions"), profile.client("glue"), arn, poll_seconds=profile.poll_seconds
    )
    with session.output.progress("Running the state machine") as progress:
        return Ran(machine.run(load_date, progress))


@command("run", example="laguna run --load-date 2025-07-25", dry_run=True)
@click.option(
    "--load-date",
    type=LoadDate(),
    default="pending",
    show_default=True,
    help="What to transform: a date, 'all', or 'pending' (what is new or newer than its output).",
)
def run(session: Session, *, load_date: str) -> None:
    """Crawl, transform and catalog what was ingested."""
    session.output.answer(run_lake(session, load_date))
