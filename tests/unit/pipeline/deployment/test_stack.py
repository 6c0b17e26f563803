from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from pipeline.deployment.stack import Stack
from pipeline.errors import NotDeployed, StackFailed

ID = "arn:stack/1"


def event(number: int, status: str, resource: str = "Bucket", reason: str = "") -> dict[str, str]:
    return {
        "EventId": str(number),
        "StackId": ID,
        "LogicalResourceId": resource,
        "PhysicalResourceId": ID if resource == "lake" else resource,
        "ResourceType": "AWS::S3::Bucket",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


class CloudFormation:
    """Plays one operation: each look at the stack moves on by one status, with all its events there."""

    def __init__(
        self, existing: str | None, then: tuple[str, ...], events: list[dict[str, str]], refuse: str = ""
    ) -> None:
        self.status, self.then, self.planned, self.refuse = existing, list(then), events, refuse
        self.events = [event(0, "CREATE_COMPLETE", "Old")] if existing else []
        self.calls: list[str] = []
        self.request: dict[str, Any] = {}

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if self.calls and self.then:
            self.status = self.then.pop(0)
        if self.status is None:
            raise ClientError(
                {
                    "Error": {
                        "Code": "ValidationError",
                        "Message": f"Stack with id {StackName} does not exist",
                    }
                },
                "DescribeStacks",
            )
        outputs = [{"OutputKey": "LakeBucket", "OutputValue": "datalake-x"}]
        return {"Stacks": [{"StackId": ID, "StackStatus": self.status, "Outputs": outputs}]}

    def _begin(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if self.refuse:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": self.refuse}}, operation)
        self.calls.append(operation)
        self.request = request
        self.events = [*reversed(self.planned), *self.events]
        return {"StackId": ID}

    def create_stack(self, **request: Any) -> dict[str, Any]:
        return self._begin("create", request)

    def update_stack(self, **request: Any) -> dict[str, Any]:
        return self._begin("update", request)

    def delete_stack(self, **request: Any) -> dict[str, Any]:
        return self._begin("delete", request)

    def get_paginator(self, operation: str) -> CloudFormation:
        assert operation == "describe_stack_events"
        return self

    def paginate(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        return [{"StackEvents": self.events}]


class Told:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def tell(self, line: str) -> None:
        self.lines.append(line)

    def now(self, text: str) -> None: ...


def stack(client: CloudFormation) -> Stack:
    return Stack(client, "lake", poll_seconds=0)


def test_a_new_stack_is_created_and_its_events_are_told() -> None:
    client = CloudFormation(
        None,
        ("CREATE_IN_PROGRESS", "CREATE_COMPLETE"),
        [event(1, "CREATE_IN_PROGRESS"), event(2, "CREATE_COMPLETE"), event(3, "CREATE_COMPLETE", "lake")],
    )
    told = Told()
    assert stack(client).apply("Resources: {}", {"Environment": "dev"}, told) == "created"
    assert told.lines == ["  CREATE_COMPLETE  AWS::S3::Bucket Bucket"]
    assert client.request["Parameters"] == [{"ParameterKey": "Environment", "ParameterValue": "dev"}]
    assert client.request["Capabilities"] == ["CAPABILITY_NAMED_IAM"]


def test_an_update_tells_only_its_own_events() -> None:
    client = CloudFormation("CREATE_COMPLETE", ("UPDATE_COMPLETE",), [event(1, "UPDATE_COMPLETE")])
    told = Told()
    assert stack(client).apply("Resources: {}", {}, told) == "updated"
    assert told.lines == ["  UPDATE_COMPLETE  AWS::S3::Bucket Bucket"]


def test_an_update_without_changes_is_unchanged() -> None:
    client = CloudFormation("CREATE_COMPLETE", (), [], refuse="No updates are to be performed.")
    assert stack(client).apply("Resources: {}", {}, Told()) == "unchanged"


def test_a_failed_stack_names_the_first_resource_and_its_reason() -> None:
    client = CloudFormation(
        None,
        ("ROLLBACK_COMPLETE",),
        [
            event(1, "CREATE_FAILED", "Role", "Resource creation cancelled"),
            event(2, "CREATE_FAILED", "Bucket", "datalake-x already exists"),
            event(3, "ROLLBACK_IN_PROGRESS", "lake", "The following resource(s) failed to create: [Bucket]"),
        ],
    )
    with pytest.raises(
        StackFailed, match=r"ended ROLLBACK_COMPLETE: Bucket \(AWS::S3::Bucket\): datalake-x already exists"
    ):
        stack(client).apply("Resources: {}", {}, Told())


def test_what_a_failed_creation_left_is_removed_first() -> None:
    client = CloudFormation("ROLLBACK_COMPLETE", ("DELETE_COMPLETE", "CREATE_COMPLETE"), [])
    assert stack(client).apply("Resources: {}", {}, Told()) == "created"
    assert client.calls == ["delete", "create"]


def test_a_template_that_is_refused_gives_the_message() -> None:
    client = CloudFormation(None, (), [], refuse="Template format error: unsupported structure.")
    with pytest.raises(StackFailed, match="Template format error: unsupported structure"):
        stack(client).apply("x", {}, Told())


def test_a_template_that_is_too_large_is_refused_before_it_is_sent() -> None:
    with pytest.raises(StackFailed, match="51,200"):
        stack(CloudFormation(None, (), [])).apply("#" * 60_000, {}, Told())


def test_outputs_of_a_stack_that_is_not_there_say_how_to_deploy() -> None:
    with pytest.raises(NotDeployed, match="run 'laguna deploy'"):
        stack(CloudFormation(None, (), [])).outputs()


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "CREATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])
def test_outputs_of_a_stack_that_is_not_usable_are_refused(status: str) -> None:
    with pytest.raises(NotDeployed, match=status):
        stack(CloudFormation(status, (), [])).outputs()


def test_a_stack_that_was_rolled_back_after_an_update_is_usable() -> None:
    assert stack(CloudFormation("UPDATE_ROLLBACK_COMPLETE", (), [])).outputs() == {"LakeBucket": "datalake-x"}


def test_deleting_no_stack_is_no_error() -> None:
    client = CloudFormation(None, (), [])
    stack(client).delete(Told())
    assert client.calls == []
