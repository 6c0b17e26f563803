from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from laguna.deployment.stack import Stack
from laguna.errors import NotDeployed, StackFailed

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
        self,
        existing: str | None,
        then: tuple[str, ...],
        events: list[dict[str, str]],
        refuse: str = "",
        plan: str = "",
    ) -> None:
        self.status, self.then, self.planned, self.refuse = existing, list(then), events, refuse
        self.plan = plan
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
        self.calls.append(operation)
        self.request = request
        self.events = [*reversed(self.planned), *self.events]
        return {"StackId": ID}

    def create_change_set(self, **request: Any) -> dict[str, Any]:
        if self.refuse:
            raise ClientError(
                {"Error": {"Code": "ValidationError", "Message": self.refuse}}, "CreateChangeSet"
            )
        self.request = request
        return {"Id": "set", "StackId": ID}

    def execute_change_set(self, ChangeSetName: str) -> dict[str, Any]:  # noqa: N803
        return self._begin(f"execute {self.request['ChangeSetType']}", self.request)

    def delete_change_set(self, ChangeSetName: str) -> None:  # noqa: N803
        self.calls.append("delete change set")

    def delete_stack(self, **request: Any) -> dict[str, Any]:
        return self._begin("delete", request)

    def update_termination_protection(self, **request: Any) -> None:
        self.calls.append("protect")

    def get_paginator(self, operation: str) -> Pages:
        if operation == "describe_stack_events":
            return Pages(lambda: {"StackEvents": self.events})
        assert operation == "describe_change_set"
        change = {"Action": "Add", "LogicalResourceId": "Bucket", "ResourceType": "AWS::S3::Bucket"}
        failed = {"Status": "FAILED", "StatusReason": self.plan}
        done = {"Status": "CREATE_COMPLETE", "Changes": [{"ResourceChange": change}]}
        return Pages(lambda: failed if self.plan else done)


class Pages:
    def __init__(self, page: Callable[[], dict[str, Any]]) -> None:
        self.page = page

    def paginate(self, **request: str) -> list[dict[str, Any]]:
        return [self.page()]


class Told:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def tell(self, line: str) -> None:
        self.lines.append(line)

    def now(self, text: str) -> None: ...


def stack(client: CloudFormation) -> Stack:
    return Stack(client, "lake", poll_seconds=0)


def apply(client: CloudFormation, template: str, parameters: dict[str, str], told: Told) -> str:
    """Propose and execute, as `laguna deploy` does."""
    proposal = stack(client).propose(template, parameters, {"lake": "x"}, told)
    if proposal is None:
        return "unchanged"
    stack(client).execute(proposal, told)
    return "created" if proposal.creates else "updated"


def test_a_new_stack_is_created_and_its_events_are_told() -> None:
    client = CloudFormation(
        None,
        ("CREATE_IN_PROGRESS", "CREATE_COMPLETE"),
        [event(1, "CREATE_IN_PROGRESS"), event(2, "CREATE_COMPLETE"), event(3, "CREATE_COMPLETE", "lake")],
    )
    told = Told()
    assert apply(client, "Resources: {}", {"Environment": "dev"}, told) == "created"
    assert told.lines == ["  CREATE_COMPLETE  AWS::S3::Bucket Bucket"]
    assert client.request["Parameters"] == [{"ParameterKey": "Environment", "ParameterValue": "dev"}]
    assert client.request["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert client.request["Tags"] == [{"Key": "lake", "Value": "x"}]


def test_an_update_tells_only_its_own_events() -> None:
    client = CloudFormation("CREATE_COMPLETE", ("UPDATE_COMPLETE",), [event(1, "UPDATE_COMPLETE")])
    told = Told()
    assert apply(client, "Resources: {}", {}, told) == "updated"
    assert told.lines == ["  UPDATE_COMPLETE  AWS::S3::Bucket Bucket"]


def test_an_update_without_changes_is_unchanged() -> None:
    client = CloudFormation(
        "CREATE_COMPLETE", (), [], plan="The submitted information didn't contain changes."
    )
    assert apply(client, "Resources: {}", {}, Told()) == "unchanged"
    assert client.calls == ["delete change set"]


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
        apply(client, "Resources: {}", {}, Told())


def test_what_a_failed_creation_left_is_removed_first() -> None:
    client = CloudFormation("ROLLBACK_COMPLETE", ("DELETE_COMPLETE", "CREATE_COMPLETE"), [])
    assert apply(client, "Resources: {}", {}, Told()) == "created"
    assert client.calls == ["delete", "execute CREATE"]


def test_a_template_that_is_refused_gives_the_message() -> None:
    client = CloudFormation(None, (), [], refuse="Template format error: unsupported structure.")
    with pytest.raises(StackFailed, match="Template format error: unsupported structure"):
        apply(client, "x", {}, Told())


def test_a_template_that_is_too_large_is_refused_before_it_is_sent() -> None:
    with pytest.raises(StackFailed, match="51,200"):
        apply(CloudFormation(None, (), []), "#" * 60_000, {}, Told())


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


def test_a_plan_that_fails_gives_its_reason() -> None:
    client = CloudFormation("CREATE_COMPLETE", (), [], plan="Unresolved dependency")
    with pytest.raises(StackFailed, match="could not plan the stack 'lake': Unresolved dependency"):
        apply(client, "Resources: {}", {}, Told())


def test_a_first_plan_that_is_discarded_leaves_no_stack() -> None:
    client = CloudFormation(None, (), [])
    proposal = stack(client).propose("Resources: {}", {}, {}, Told())
    assert proposal is not None
    assert [change.logical_id for change in proposal.changes] == ["Bucket"]
    stack(client).discard(proposal)
    assert client.calls == ["delete change set", "delete"]


def test_a_plan_for_a_stack_that_is_discarded_leaves_the_stack() -> None:
    client = CloudFormation("CREATE_COMPLETE", (), [])
    proposal = stack(client).propose("Resources: {}", {}, {}, Told())
    assert proposal is not None
    stack(client).discard(proposal)
    assert client.calls == ["delete change set"]


def test_a_bucket_name_that_is_taken_says_where_to_choose_another() -> None:
    taken = [event(1, "CREATE_FAILED", "Bucket", "datalake-x already exists")]
    with pytest.raises(StackFailed, match=r"choose another bucket_name in laguna\.toml"):
        apply(CloudFormation(None, ("ROLLBACK_COMPLETE",), taken), "Resources: {}", {}, Told())


def test_a_creation_that_failed_is_no_lake_and_deploying_again_is_the_way_out() -> None:
    with pytest.raises(NotDeployed, match="ended ROLLBACK_COMPLETE and left nothing; run 'laguna deploy'"):
        stack(CloudFormation("ROLLBACK_COMPLETE", (), [])).outputs()
