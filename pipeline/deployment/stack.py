"""The lake's CloudFormation stack: create it, update it, delete it, and read its outputs.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (checked 2026-11-21)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from pipeline.deployment.events import Watch, failure_of
from pipeline.errors import NotDeployed, StackFailed
from pipeline.progress import Progress

TEMPLATE_LIMIT = 51_200
"""Bytes that `TemplateBody` takes."""

# These can only be deleted: a creation that failed leaves a stack without resources.
_EMPTY = frozenset({"ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"})


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack as `DescribeStacks` shows it."""

    id: str
    status: str
    outputs: dict[str, str]
    parameters: dict[str, str]

    @property
    def usable(self) -> bool:
        """Whether its resources are there as the outputs say."""
        return self.status.endswith("_COMPLETE") and self.status not in _EMPTY


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
            {item["ParameterKey"]: item["ParameterValue"] for item in found.get("Parameters", [])},
        )

    def outputs(self) -> dict[str, str]:
        """The outputs of a deployed lake.

        Raises:
            NotDeployed: there is no such stack, or it is not usable.
        """
        state = self.state()
        if state is None:
            raise NotDeployed(
                f"The lake is not deployed: there is no stack '{self.name}'; run 'laguna deploy'."
            )
        if not state.usable:
            raise NotDeployed(
                f"The stack '{self.name}' is {state.status}; wait until it is done, or run 'laguna deploy'."
            )
        return state.outputs

    def apply(self, template: str, parameters: dict[str, str], progress: Progress) -> str:
        """Create the stack, or update it.

        Returns:
            `created`, `updated`, or `unchanged` when there was nothing to change.

        Raises:
            StackFailed: CloudFormation refused the template, or a resource failed and it rolled back.
        """
        if len(template.encode()) > TEMPLATE_LIMIT:
            raise StackFailed(
                f"The template is larger than the {TEMPLATE_LIMIT:,} bytes CloudFormation takes."
            )
        state = self.state()
        if state is not None and state.status in _EMPTY:
            progress.tell(f"Removing what is left of the attempt that ended {state.status}")
            self.delete(progress)
            state = None
        request = {
            "StackName": self.name,
            "TemplateBody": template,
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }
        if state is None:
            answer = self._ask("create_stack", request)
            self._follow(answer["StackId"], frozenset(), "CREATE_COMPLETE", progress)
            return "created"
        return self._update(state, request, progress)

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

    def _update(self, state: StackState, request: dict[str, Any], progress: Progress) -> str:
        seen = self._watch(state.id, frozenset(), progress).known()
        try:
            self._ask("update_stack", request)
        except StackFailed as error:
            if "No updates are to be performed" in str(error):
                return "unchanged"
            raise
        self._follow(state.id, seen, "UPDATE_COMPLETE", progress)
        return "updated"

    def _ask(self, operation: str, request: dict[str, Any]) -> Any:
        try:
            return getattr(self._client, operation)(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] not in (
                "ValidationError",
                "InsufficientCapabilitiesException",
            ):
                raise
            said = error.response["Error"]["Message"]
            raise StackFailed(f"CloudFormation refused the stack '{self.name}': {said}") from error

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
                + "; correct the template or what it names, then run 'laguna deploy' again."
            )
