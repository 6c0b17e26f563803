"""`laguna deploy`: the lake's code to S3 and its template to CloudFormation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from laguna.cli.consent import ask, require_someone
from laguna.cli.output import Block, Table
from laguna.cli.session import Session, command

if TYPE_CHECKING:
    from laguna.deployment.proposal import Change, Proposal
    from laguna.deployment.stack import Stack, StackState
    from laguna.progress import Progress


@dataclass(frozen=True, slots=True)
class Deployed:
    """What deploying did."""

    stack: str
    outcome: str
    """`created`, `updated` or `unchanged`."""
    code_version: str
    changes: list[Change]
    uploaded: list[str]
    outputs: dict[str, str]

    def document(self) -> dict[str, Any]:
        """The stack, what was done to it, the code's version, the keys uploaded and the outputs."""
        return {
            "stack": self.stack,
            "outcome": self.outcome,
            "code_version": self.code_version,
            "changes": [
                {
                    "action": change.action,
                    "logical_id": change.logical_id,
                    "type": change.type,
                    "replacement": change.replacement,
                }
                for change in self.changes
            ],
            "uploaded": self.uploaded,
            "outputs": self.outputs,
        }

    def blocks(self) -> Iterator[Block]:
        """One line and the outputs."""
        if self.outcome == "unchanged":
            yield f"There is nothing to change: the stack {self.stack} is as the template says."
        else:
            yield f"The stack {self.stack} was {self.outcome}; code version {self.code_version}."
        yield Table("", ("output", "value"), list(self.outputs.items()))


def deploy_lake(session: Session, *, yes: bool = False) -> Deployed:
    """Create or update the stack and upload the code that it names; the profile says whether to ask.

    Raises:
        ConsentMissing: the profile asks, and nobody can be asked.
        click.Abort: the answer was no; nothing was changed.
    """
    from laguna.deployment.bucket_names import refuse_taken_names
    from laguna.deployment.code import NONE, package_code
    from laguna.deployment.stack import EMPTY, Stack
    from laguna.deployment.upload import upload_code

    profile, project = session.profile, session.project
    yes = yes or not profile.asks
    require_someone("Deploying", yes=yes)
    package = project.lake.code
    code = package_code(project.folder / package) if package else NONE
    template = project.template_text()
    stack = Stack(profile.client("cloudformation"), profile.stack_name, poll_seconds=profile.poll_seconds)
    s3 = profile.client("s3")
    with session.output.progress(f"Planning {stack.name}") as progress:
        state = stack.state()
        if state is None or state.status in EMPTY:
            refuse_taken_names(s3, profile.buckets)
        declared = stack.declared(template)
        given = profile.stack_parameters(code.version)
        # Those that the lake's profile names must be the template's; those that we know may be.
        parameters = {
            name: text for name, text in given.items() if name in declared or name in profile.parameters
        }
        proposal = stack.propose(template, parameters, profile.stack_tags(), progress)
    _agree(session, stack, proposal, yes=yes)
    uploaded: list[str] = []
    with session.output.progress(f"Deploying {stack.name}") as progress:
        if proposal is not None and state is not None and state.usable:
            # Before the jobs are pointed at it, so that a job started in between finds its script.
            uploaded += upload_code(s3, state.outputs["LakeBucket"], code)
        outputs = _apply(stack, proposal, progress, protected=profile.protected).outputs
        uploaded += upload_code(s3, outputs["LakeBucket"], code)
    outcome = "unchanged" if proposal is None else "created" if proposal.creates else "updated"
    changes = proposal.changes if proposal else []
    return Deployed(stack.name, outcome, code.version, changes, uploaded, outputs)


def _agree(session: Session, stack: Stack, proposal: Proposal | None, *, yes: bool) -> None:
    """Show what would change, and forget it again unless the answer is yes."""
    if proposal is None:
        return
    if session.profile.asks or not proposal.creates:
        session.output.show([_table(stack.name, proposal.changes)], stderr=True)
    try:
        ask(f"{'Create' if proposal.creates else 'Update'} the stack {stack.name}?", yes=yes)
    except click.Abort:
        stack.discard(proposal)
        raise


def _apply(stack: Stack, proposal: Proposal | None, progress: Progress, *, protected: bool) -> StackState:
    if proposal is not None:
        stack.execute(proposal, progress)
    state = stack.usable_state()
    if protected and not state.protected:
        stack.protect()
    return state


def _table(stack: str, changes: list[Change]) -> Table:
    rows: list[tuple[Any, ...]] = [
        (change.action, change.logical_id, change.type, change.replacement) for change in changes
    ]
    return Table(f"Changes of {stack}", ("action", "logical id", "type", "replacement"), rows)


@command("deploy", example="laguna deploy", dry_run=True)
@click.option("--yes", is_flag=True, help="Do not ask; only the profile 'aws' does.")
def deploy(session: Session, *, yes: bool) -> None:
    """Create or update the lake's stack and upload its code."""
    session.output.answer(deploy_lake(session, yes=yes))
