"""`laguna deploy`: the lake's code to S3 and its template to CloudFormation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.cli.output import Block, Table
from pipeline.cli.session import Session, command


@dataclass(frozen=True, slots=True)
class Deployed:
    """What deploying did."""

    stack: str
    outcome: str
    code_version: str
    uploaded: list[str]
    outputs: dict[str, str]

    def document(self) -> dict[str, Any]:
        """The stack, what was done to it, the code's version, the keys uploaded and the outputs."""
        return {
            "stack": self.stack,
            "outcome": self.outcome,
            "code_version": self.code_version,
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


def deploy_lake(session: Session) -> Deployed:
    """Create or update the stack and upload the code that it names."""
    from pipeline.deployment.code import package_code
    from pipeline.deployment.stack import Stack
    from pipeline.deployment.upload import upload_code

    profile, project = session.profile, session.project
    code = package_code(project.package)
    template = project.template.read_text(encoding="utf-8")
    stack = Stack(profile.client("cloudformation"), profile.stack_name, poll_seconds=profile.poll_seconds)
    s3 = profile.client("s3")
    uploaded = []
    with session.output.progress(f"Deploying {stack.name}") as progress:
        state = stack.state()
        if state is not None and state.usable:
            # Before the jobs are pointed at it, so that a job started in between finds its script.
            uploaded += upload_code(s3, state.outputs["LakeBucket"], code)
        outcome = stack.apply(template, profile.stack_parameters(code.version), progress)
        outputs = stack.outputs()
        uploaded += upload_code(s3, outputs["LakeBucket"], code)
    return Deployed(stack.name, outcome, code.version, uploaded, outputs)


@command("deploy", example="laguna deploy")
def deploy(session: Session) -> None:
    """Create or update the lake's stack and upload its code."""
    session.output.answer(deploy_lake(session))
