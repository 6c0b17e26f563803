"""A lake deployed on the local AWS of a test, by the very calls of `laguna deploy`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from laguna.errors import SettingsInvalid
from laguna.testing.running import Laguna

if TYPE_CHECKING:
    from laguna.cli.session import Session
    from laguna.operations.athena import Value

STACK = "lake"


@dataclass(frozen=True, slots=True)
class Lake:
    """A deployed stack."""

    laguna: Laguna
    stack: str
    outputs: dict[str, str]
    session: Session | None = None
    """What the commands are given; None for a template without a `laguna.toml`."""

    def ingest(self, *paths: Path, load_date: date | None = None) -> None:
        """Upload files, or folders of them, as `laguna ingest` does."""
        from laguna.cli.commands.ingest import ingest_files

        ingest_files(self._described(), paths, load_date)

    def run(self, load_date: str = "pending") -> None:
        """Run the state machine to its end, as `laguna run` does.

        Raises:
            ExecutionFailed: a state failed; the text says which and why.
        """
        from laguna.cli.commands.run import run_lake

        run_lake(self._described(), load_date)

    def query(self, sql: str) -> list[tuple[Value, ...]]:
        """The rows of a query on the lake's database, decimals and dates as Athena's text.

        Raises:
            QueryFailed: Athena refused it, or it failed.
        """
        from laguna.cli.lake import athena_of

        return athena_of(self._described().profile, self.outputs).run(sql).rows

    def _described(self) -> Session:
        if self.session is None:
            raise SettingsInvalid(
                "This lake is a template alone (laguna_template); describe the lake in laguna.toml to "
                "ingest, run and query."
            )
        return self.session

    def __getitem__(self, output: str) -> str:
        """The value of one of the stack's outputs."""
        try:
            return self.outputs[output]
        except KeyError:
            known = ", ".join(self.outputs) or "none"
            raise KeyError(f"the stack '{self.stack}' has no output '{output}'; it has: {known}") from None


def deploy_template(laguna: Laguna, template: Path, parameters: dict[str, str]) -> Lake:
    """Create a stack of a template, with named IAM resources allowed.

    Raises:
        LagunaError: the template cannot be read, or a resource failed; the text says which and why.
    """
    from laguna.deployment.stack import Stack

    stack = Stack(laguna.client("cloudformation"), STACK, poll_seconds=0.05)
    quiet = _Quiet()
    proposal = stack.propose(template.read_text(encoding="utf-8"), parameters, {}, quiet)
    if proposal is not None:
        stack.execute(proposal, quiet)
    return Lake(laguna, STACK, stack.outputs())


def deploy_project(laguna: Laguna, folder: Path) -> Lake:
    """Deploy the lake that `laguna.toml` describes, with its code, as `laguna deploy` does.

    Without one in `folder` or above it, it is the lake that comes with Laguna.

    Raises:
        LagunaError: it could not be deployed; the text says why.
    """
    from laguna.cli.commands.deploy import deploy_lake
    from laguna.cli.output import Output
    from laguna.cli.session import Session
    from laguna.profiles.profile import load_profile
    from laguna.project import find_project, own_project

    found = find_project(folder)
    project = found if found.is_described else own_project()
    profile = load_profile("local", project, port=laguna.settings.port, state=laguna.state)
    session = Session(project, profile, Output("text"))
    deployed = deploy_lake(session, yes=True)
    return Lake(laguna, deployed.stack, deployed.outputs, session)


class _Quiet:
    """Progress that nobody watches."""

    def tell(self, line: str) -> None:
        """Show nothing."""

    def now(self, text: str) -> None:
        """Show nothing."""
