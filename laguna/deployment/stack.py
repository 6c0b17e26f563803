"""The lake's CloudFormation stack: create it, update it, delete it, and read its outputs.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (checked 2026-11-21)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from laguna.deployment.events import Watch, failure_of, remedy_of
from laguna.deployment.proposal import Proposal, await_proposal
from laguna.errors import NotDeployed, StackFailed
from laguna.progress import Progress

TEMPLATE_LIMIT = 51_200
"""Bytes that `TemplateBody` takes."""

# These can only be deleted: a creation that failed leaves a stack without resources.
EMPTY = frozenset({"ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"})


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack as `DescribeStacks` shows it."""

    id: str
    status: str
    outputs: dict[str, str]
    protected: bool
    """Whether it can be deleted only after somebody has switched its protection off."""

    @property
    def usable(self) -> bool:
        """Whether its resources are there as the outputs say."""
        return self.status.endswith("_COMPLETE") and self.status not in EMPTY


class Stack:
    """One stack by name; `cloudformation` is a boto3 client."""

    def __init__(self, cloudformation: Any, name: str, *, poll_seconds: float) -> None:
        self._client = cloudformation
        self.name = name
        self._poll_seconds = poll_seconds

    def state(self, stack: str | None = None) -> StackState | None:
        """The stack as it is now, or None when there is none."""
        try:
            found = self._client.describe_stacks(StackName=stack or self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return None
            raise
        return StackState(
            found["StackId"],
            found["StackStatus"],
            {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])},
            found.get("EnableTerminationProtection", False),
        )

    def outputs(self) -> dict[str, str]:
        """The outputs of a deployed lake.

        Raises:
            NotDeployed: there is no such stack, or it is not usable.
        """
        return self.usable_state().outputs

    def usable_state(self) -> StackState:
        """The state of a deployed lake.

        Raises:
            NotDeployed: there is no such stack, or it is not usable.
        """
        state = self.state()
        if state is None:
            raise NotDeployed(
                f"The lake is not deployed: there is no stack '{self.name}'; run 'laguna deploy'."
            )
        if state.status in EMPTY:
            raise NotDeployed(
                f"The lake is not deployed: the creation of the stack '{self.name}' ended {state.status} and "
                "left nothing; run 'laguna deploy', which removes the remains and tries again."
            )
        if not state.usable:
            raise NotDeployed(
                f"The stack '{self.name}' is {state.status}; wait until it is done, or run 'laguna deploy'."
            )
        return state

    def declared(self, template: str) -> set[str]:
        """The names of a template's parameters.

        Raises:
            StackFailed: CloudFormation refused the template.
        """
        _refuse_large(template)
        try:
            found = self._client.get_template_summary(TemplateBody=template)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            said = error.response["Error"]["Message"]
            raise StackFailed(f"CloudFormation refused the template: {said}") from error
        return {parameter["ParameterKey"] for parameter in found["Parameters"]}

    def propose(
        self, template: str, parameters: dict[str, str], tags: dict[str, str], progress: Progress
    ) -> Proposal | None:
        """Compute what creating or updating the stack would change; nothing is changed yet.

        What is left of a creation that failed holds no resource and can only be deleted, so it is.

        Returns:
            What `execute` or `discard` takes, or None when there is nothing to change.

        Raises:
            StackFailed: CloudFormation refused the template or the stack.
        """
        _refuse_large(template)
        state = self.state()
        if state is not None and state.status in EMPTY:
            progress.tell(f"Removing what is left of the attempt that ended {state.status}")
            self.delete(progress)
            state = None
        request = {
            "StackName": self.name,
            "ChangeSetName": f"laguna-{datetime.now(UTC):%Y%m%d-%H%M%S}",
            "ChangeSetType": "CREATE" if state is None else "UPDATE",
            "TemplateBody": template,
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
            "Tags": [{"Key": k, "Value": v} for k, v in tags.items()],
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }
        answer = self._create_change_set(request)
        creates = state is None
        proposal = await_proposal(
            self._client, self.name, answer, creates=creates, poll_seconds=self._poll_seconds
        )
        if proposal is None:
            self._client.delete_change_set(ChangeSetName=answer["Id"])
        return proposal

    def execute(self, proposal: Proposal, progress: Progress) -> None:
        """Do what was proposed, and wait until it is done.

        Raises:
            StackFailed: a resource failed, and CloudFormation rolled back.
        """
        # A new stack's first event was its review.
        seen = self._watch(proposal.stack_id, frozenset(), progress).known()
        self._client.execute_change_set(ChangeSetName=proposal.id)
        wanted = "CREATE_COMPLETE" if proposal.creates else "UPDATE_COMPLETE"
        self._follow(proposal.stack_id, seen, wanted, progress)

    def discard(self, proposal: Proposal) -> None:
        """Forget what was proposed, and the stack without resources that a first proposal makes."""
        self._client.delete_change_set(ChangeSetName=proposal.id)
        if proposal.creates:
            self._client.delete_stack(StackName=proposal.stack_id)

    def protect(self) -> None:
        """Have CloudFormation refuse to delete the stack."""
        self._client.update_termination_protection(StackName=self.name, EnableTerminationProtection=True)

    def delete(self, progress: Progress) -> None:
        """Delete the stack and wait until it is gone; no stack is no error.

        Raises:
            StackFailed: a resource could not be deleted.
        """
        state = self.state()
        if state is None:
            return
        seen = self._watch(state.id, frozenset(), progress).known()
        self._client.delete_stack(StackName=state.id)
        self._follow(state.id, seen, "DELETE_COMPLETE", progress)

    def _create_change_set(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = self._client.create_change_set(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] not in (
                "ValidationError",
                "InsufficientCapabilitiesException",
            ):
                raise
            said = error.response["Error"]["Message"]
            raise StackFailed(f"CloudFormation refused the stack '{self.name}': {said}") from error
        return answer

    def _watch(self, stack_id: str, seen: frozenset[str], progress: Progress) -> Watch:
        return Watch(self._client, stack_id, seen, progress)

    def _follow(self, stack_id: str, seen: frozenset[str], wanted: str, progress: Progress) -> None:
        """Tell the stack's events until it rests; raise unless it rests at `wanted`."""
        watch = self._watch(stack_id, seen, progress)
        status = watch.until_rest(self.state, self._poll_seconds)
        if status != wanted:
            reason = failure_of(watch.events)
            raise StackFailed(
                f"The stack '{self.name}' ended {status}"
                + (f": {reason}" if reason else "")
                + f"; {remedy_of(watch.events)}, then run 'laguna deploy' again."
            )


def _refuse_large(template: str) -> None:
    if len(template.encode()) > TEMPLATE_LIMIT:
        raise StackFailed(f"The template is larger than the {TEMPLATE_LIMIT:,} bytes CloudFormation takes.")
