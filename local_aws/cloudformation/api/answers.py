"""Stored stacks, resources and events as the API shows them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from local_aws.cloudformation.engine.goals import MASK
from local_aws.cloudformation.engine.records import Goal, Resource, Stack
from local_aws.cloudformation.template.errors import invalid
from local_aws.cloudformation.template.model import read_template

Item = TypeVar("Item")
PAGE = 100
NOT_CHECKED = {"StackDriftStatus": "NOT_CHECKED"}


def moment(seconds: float) -> datetime:
    """A stored time."""
    return datetime.fromtimestamp(seconds, UTC)


def present(**fields: Any) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def page(items: Sequence[Item], token: str | None, size: int = PAGE) -> tuple[list[Item], dict[str, str]]:
    """One page of a list, and the `NextToken` of the next one when there is more.

    Raises:
        AwsError: ValidationError, for a token that is not one.
    """
    if token is not None and not token.isdigit():
        raise invalid("The specified next token is invalid.")
    start = int(token or 0)
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return list(items[start : start + size]), more


def parameters_of(goal: Goal) -> list[dict[str, Any]]:
    """`Parameters`, NoEcho values masked."""
    declared = read_template(goal.template).parameters
    return [
        present(
            ParameterKey=name,
            ParameterValue=MASK if declared[name].no_echo else value,
            ResolvedValue=goal.ssm.get(name),
        )
        for name, value in goal.parameters.items()
    ]


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """`[{Key, Value}]`."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def stack_answer(stack: Stack) -> dict[str, Any]:
    """A `Stack` as DescribeStacks shows it."""
    goal = stack.wanted
    return present(
        StackId=stack.id,
        StackName=stack.name,
        ChangeSetId=stack.change_set_id,
        Description=stack.description,
        Parameters=parameters_of(goal) if goal.template else [],
        CreationTime=moment(stack.created),
        LastUpdatedTime=moment(stack.updated) if stack.updated else None,
        DeletionTime=moment(stack.deleted) if stack.deleted else None,
        RollbackConfiguration={},
        StackStatus=stack.status,
        StackStatusReason=stack.reason,
        DisableRollback=stack.on_failure == "DO_NOTHING",
        NotificationARNs=goal.notification_arns,
        TimeoutInMinutes=stack.timeout_minutes,
        Capabilities=goal.capabilities,
        Outputs=stack.outputs or None,
        RoleARN=goal.role_arn,
        Tags=tag_list(goal.tags),
        EnableTerminationProtection=stack.termination_protection,
        DriftInformation=NOT_CHECKED,
    )


def stack_summary(stack: Stack) -> dict[str, Any]:
    """A `StackSummary` as ListStacks shows it."""
    full = stack_answer(stack)
    names = (
        "StackId",
        "StackName",
        "CreationTime",
        "LastUpdatedTime",
        "DeletionTime",
        "StackStatus",
        "StackStatusReason",
    )
    return {
        **{name: full[name] for name in names if name in full},
        "DriftInformation": NOT_CHECKED,
    } | present(TemplateDescription=stack.description)


def resource_answer(stack: Stack, resource: Resource) -> dict[str, Any]:
    """A `StackResource` as DescribeStackResources shows it."""
    return {
        "StackName": stack.name,
        "StackId": stack.id,
        "Timestamp": moment(resource.changed),
        **_resource_fields(resource),
    }


def resource_summary(resource: Resource) -> dict[str, Any]:
    """A `StackResourceSummary` as ListStackResources shows it."""
    return {"LastUpdatedTimestamp": moment(resource.changed), **_resource_fields(resource)}


def resource_detail(stack: Stack, resource: Resource) -> dict[str, Any]:
    """A `StackResourceDetail` as DescribeStackResource shows it."""
    metadata = json.dumps(resource.metadata) if resource.metadata is not None else None
    return {
        "StackName": stack.name,
        "StackId": stack.id,
        "LastUpdatedTimestamp": moment(resource.changed),
        **_resource_fields(resource),
        **present(Metadata=metadata),
    }


def _resource_fields(resource: Resource) -> dict[str, Any]:
    return present(
        LogicalResourceId=resource.logical_id,
        PhysicalResourceId=resource.physical_id,
        ResourceType=resource.type,
        ResourceStatus=resource.status,
        ResourceStatusReason=resource.reason,
        DriftInformation={"StackResourceDriftStatus": "NOT_CHECKED"},
    )
