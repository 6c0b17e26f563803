"""`laguna demo`: from nothing to results."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import click

from laguna.cli.commands.deploy import deploy_lake
from laguna.cli.commands.ingest import ingest_files
from laguna.cli.commands.report import LakeReport, make_report
from laguna.cli.commands.run import run_lake
from laguna.cli.commands.up import bring_up
from laguna.cli.output import Block, Table
from laguna.cli.server import await_endpoint, beside_others
from laguna.cli.session import Session, command


@dataclass(frozen=True, slots=True)
class Step:
    """A step and the seconds it took."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Demo:
    """The report, and how long it took to come to it."""

    report: LakeReport
    steps: list[Step]

    def document(self) -> dict[str, Any]:
        """`steps` beside the report's `tables` and `queries`."""
        return {
            "steps": [{"name": step.name, "seconds": round(step.seconds, 3)} for step in self.steps],
            **self.report.document(),
        }

    def blocks(self) -> Iterator[Block]:
        """The report and a table of times."""
        yield from self.report.blocks()
        total = Step("in all", sum(step.seconds for step in self.steps))
        yield Table("Time", ("step", "seconds"), [(s.name, f"{s.seconds:.1f}") for s in (*self.steps, total)])


def show_all(session: Session, *, yes: bool) -> Demo:
    """Start the local AWS, deploy the lake, load the samples, run it and report."""
    steps: list[Step] = []

    def timed(name: str, act: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        result = act()
        steps.append(Step(name, time.perf_counter() - started))
        session.output.note(f"{name}: {steps[-1].seconds:.1f} s")
        return result

    session = replace(session, profile=beside_others(session.profile))
    if session.profile.server is not None:
        timed("up", lambda: bring_up(session))
    elif session.profile.endpoint is not None:
        await_endpoint(session.profile.endpoint)
    timed("deploy", lambda: deploy_lake(session, yes=yes))
    timed("ingest", lambda: ingest_files(session, (session.project.samples,), None))
    timed("run", lambda: run_lake(session, "pending"))
    report = timed("report", lambda: make_report(session))
    return Demo(report, steps)


@command("demo", example="laguna demo --output json", asks_server=False)
@click.option("--yes", is_flag=True, help="Deploy without asking; only the profile 'aws' asks.")
def demo(session: Session, *, yes: bool) -> None:
    """Do all of it with the sample CSVs, and show the answers."""
    session.output.answer(show_all(session, yes=yes))
    if session.profile.server is not None:
        session.output.note("The local AWS stays up, for 'laguna query' and others; 'laguna down' stops it.")
