"""What a dry run answers instead of AWS: to writes, and to reads of what they would have made.

Every answer is the one of a call that succeeds. A test runs each command twice, dry and in earnest, and
compares the writes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Refused:
    """An error answer."""

    code: str
    message: str


Answer = dict[str, Any] | Refused


@dataclass(slots=True)
class World:
    """What the writes so far would have changed."""

    buckets: tuple[str, ...]
    clients: dict[str, Any]
    looking: bool = False
    """While the rehearsal itself reads, which is no call of the command."""
    proposed: dict[str, Any] = field(default_factory=dict)
    """The request of CreateChangeSet."""
    stack: str = ""
    """`created`, `updated` or `deleted`; empty as long as the stack is as AWS says."""


def _create_change_set(world: World, request: dict[str, Any]) -> Answer:
    world.proposed = request
    return {"Id": request["ChangeSetName"], "StackId": request["StackName"]}


def _execute_change_set(world: World, request: dict[str, Any]) -> Answer:
    world.stack = "created" if world.proposed["ChangeSetType"] == "CREATE" else "updated"
    return {}


def _delete_stack(world: World, request: dict[str, Any]) -> Answer:
    world.stack = "deleted"
    return {}


def _start_execution(world: World, request: dict[str, Any]) -> Answer:
    return {"executionArn": request["stateMachineArn"], "startDate": datetime.now(UTC)}


def _nothing(world: World, request: dict[str, Any]) -> Answer:
    return {}


def _etag(world: World, request: dict[str, Any]) -> Answer:
    return {"ETag": '"held-back"'}


WRITES: dict[str, Callable[[World, dict[str, Any]], Answer | None]] = {
    "CreateChangeSet": _create_change_set,
    "ExecuteChangeSet": _execute_change_set,
    "DeleteChangeSet": _nothing,
    "DeleteStack": _delete_stack,
    "UpdateTerminationProtection": _nothing,
    "PutObject": _etag,
    "CreateMultipartUpload": lambda world, request: {"UploadId": "held-back"},
    "UploadPart": _etag,
    "CompleteMultipartUpload": _etag,
    "AbortMultipartUpload": _nothing,
    "DeleteObjects": _nothing,
    "DeleteBucket": _nothing,
    "StartExecution": _start_execution,
}


def _describe_change_set(world: World, request: dict[str, Any]) -> Answer | None:
    if _is_deployed(world):
        return {"Status": "FAILED", "StatusReason": "No updates are to be performed."}
    return {"Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE", "Changes": []}


def _is_deployed(world: World) -> bool:
    """Whether the stack has this template, these parameters and these tags already."""
    proposed = world.proposed
    if proposed["ChangeSetType"] == "CREATE":
        return False
    client, name = world.clients["cloudformation"], proposed["StackName"]
    world.looking = True
    try:
        template = client.get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
        stack = client.describe_stacks(StackName=name)["Stacks"][0]
    finally:
        world.looking = False
    given = {item["ParameterKey"]: item["ParameterValue"] for item in stack.get("Parameters", [])}
    wanted = {item["ParameterKey"]: item["ParameterValue"] for item in proposed["Parameters"]}
    return (
        template == proposed["TemplateBody"]
        and {**given, **wanted} == given
        and _tags(stack.get("Tags", [])) == _tags(proposed["Tags"])
    )


def _tags(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _describe_stacks(world: World, request: dict[str, Any]) -> Answer | None:
    if not world.stack:
        return None
    name = request["StackName"]
    if world.stack == "deleted":
        return Refused("ValidationError", f"Stack with id {name} does not exist")
    outputs = zip(("SourceBucket", "LakeBucket"), world.buckets, strict=True)
    return {
        "Stacks": [
            {
                "StackId": name,
                "StackName": name,
                "CreationTime": datetime.now(UTC),
                "StackStatus": "CREATE_COMPLETE" if world.stack == "created" else "UPDATE_COMPLETE",
                "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs],
            }
        ]
    }


def _describe_stack_events(world: World, request: dict[str, Any]) -> Answer | None:
    """A stack that was not made has no events; those of one that is there are read."""
    return {"StackEvents": []} if world.proposed or world.stack else None


def _describe_execution(world: World, request: dict[str, Any]) -> Answer | None:
    now = datetime.now(UTC)
    return {
        "executionArn": request["executionArn"],
        "stateMachineArn": request["executionArn"],
        "status": "SUCCEEDED",
        "startDate": now,
        "stopDate": now,
    }


READS: dict[str, Callable[[World, dict[str, Any]], Answer | None]] = {
    "DescribeChangeSet": _describe_change_set,
    "DescribeStacks": _describe_stacks,
    "DescribeStackEvents": _describe_stack_events,
    "DescribeExecution": _describe_execution,
    "GetExecutionHistory": lambda world, request: {"events": []},
}
"""Reads that may be of something that a held-back write would have made; None sends the request."""
