"""A lake deployed on the local AWS of a test: the project's own template, or Laguna's.

The only place of this package that uses `pipeline`, which deploys with the very calls of `laguna deploy`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from laguna.testing.running import Laguna

STACK = "lake"


@dataclass(frozen=True, slots=True)
class Lake:
    """A deployed stack."""

    laguna: Laguna
    stack: str
    outputs: dict[str, str]

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


def deploy_own_lake(laguna: Laguna) -> Lake:
    """Deploy the lake that comes with Laguna, with its code, as `laguna deploy` does.

    Raises:
        LagunaError: it could not be deployed; the text says why.
    """
    from laguna.cli.commands.deploy import deploy_lake
    from laguna.cli.output import Output
    from laguna.cli.session import Session
    from laguna.profiles.profile import load_profile
    from laguna.project import own_project

    project = own_project()
    profile = load_profile("local", project, port=laguna.settings.port, state=laguna.state)
    deployed = deploy_lake(Session(project, profile, Output("text")), yes=True)
    return Lake(laguna, deployed.stack, deployed.outputs)


class _Quiet:
    """Progress that nobody watches."""

    def tell(self, line: str) -> None:
        """Show nothing."""

    def now(self, text: str) -> None:
        """Show nothing."""
