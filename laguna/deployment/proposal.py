"""What a deployment would change, looked at before it is done: a CloudFormation change set.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html (checked 2026-11-21)
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from laguna.errors import StackFailed

NO_CHANGES = ("The submitted information didn't contain changes", "No updates are to be performed")
"""How the reason of a change set begins that failed because there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one resource; `replacement` is `True`, `False` or `Conditional`, empty if it is new."""

    action: str
    logical_id: str
    type: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change set that can be executed."""

    id: str
    stack_id: str
    creates: bool
    changes: list[Change]


def await_proposal(
    cloudformation: Any, stack: str, answer: dict[str, Any], *, creates: bool, poll_seconds: float
) -> Proposal | None:
    """Wait until CloudFormation has computed a change set.

    Args:
        cloudformation: a boto3 client.
        stack: the stack's name, for messages.
        answer: that of CreateChangeSet.
        creates: whether the stack does not exist yet.
        poll_seconds: between two looks.

    Returns:
        The change set, or None when there is nothing to change.

    Raises:
        StackFailed: it could not be computed.
    """
    while True:
        pages = list(
            cloudformation.get_paginator("describe_change_set").paginate(
                ChangeSetName=answer["Id"], StackName=answer["StackId"]
            )
        )
        status, reason = pages[0]["Status"], pages[0].get("StatusReason", "")
        if status == "CREATE_COMPLETE":
            changes = [_change(change) for page in pages for change in page.get("Changes", [])]
            return Proposal(answer["Id"], answer["StackId"], creates, changes)
        if status == "FAILED":
            if reason.startswith(NO_CHANGES):
                return None
            raise StackFailed(f"CloudFormation could not plan the stack '{stack}': {reason}")
        time.sleep(poll_seconds)


def _change(change: dict[str, Any]) -> Change:
    resource = change["ResourceChange"]
    return Change(
        resource["Action"],
        resource["LogicalResourceId"],
        resource["ResourceType"],
        resource.get("Replacement", ""),
    )
