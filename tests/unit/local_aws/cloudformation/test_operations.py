"""Stacks over a world in memory: what exists afterwards, and what the events tell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_aws.errors import AwsError
from tests.unit.local_aws.cloudformation.fakes import Stacks, thing


def template(resources: dict[str, Any], **sections: Any) -> str:
    return json.dumps({"Resources": resources, **sections})


def create(stacks: Stacks, resources: dict[str, Any], name: str = "lake", **more: Any) -> None:
    sections = {key: more.pop(key) for key in ("Outputs", "Parameters", "Conditions") if key in more}
    stacks.call("create_stack", StackName=name, TemplateBody=template(resources, **sections), **more)


def update(stacks: Stacks, resources: dict[str, Any], name: str = "lake", **more: Any) -> None:
    sections = {key: more.pop(key) for key in ("Outputs",) if key in more}
    stacks.call("update_stack", StackName=name, TemplateBody=template(resources, **sections), **more)


def refusal(stacks: Stacks, operation: str, **request: Any) -> tuple[str, str]:
    with pytest.raises(AwsError) as error:
        stacks.call(operation, **request)
    return error.value.code, error.value.message


def test_a_created_stack_has_its_resources_outputs_and_events(stacks: Stacks) -> None:
    create(
        stacks,
        {"B": thing("b", Note={"Fn::GetAtt": ["A", "Arn"]}), "A": thing("a", Size="3")},
        Outputs={"Arn": {"Value": {"Fn::GetAtt": ["B", "Arn"]}, "Description": "of b"}},
    )
    assert stacks.status() == "CREATE_COMPLETE"
    assert stacks.world.things["b"]["Note"] == "arn:a"
    assert stacks.outputs() == {"Arn": "arn:b"}
    assert stacks.events() == [
        ("lake", "CREATE_IN_PROGRESS", "User Initiated"),
        ("A", "CREATE_IN_PROGRESS", ""),
        ("A", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("A", "CREATE_COMPLETE", ""),
        ("B", "CREATE_IN_PROGRESS", ""),
        ("B", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("B", "CREATE_COMPLETE", ""),
        ("lake", "CREATE_COMPLETE", ""),
    ]


def test_a_nameless_resource_is_named_after_stack_and_logical_id(stacks: Stacks) -> None:
    create(stacks, {"Bucket": thing()})
    [name] = stacks.world.things
    assert name.startswith("lake-Bucket-")
    assert len(name) == len("lake-Bucket-") + 12


def test_a_failed_create_is_rolled_back_and_says_why(stacks: Stacks) -> None:
    stacks.world.fail = {"create b"}
    create(stacks, {"A": thing("a"), "B": thing("b", depends_on="A"), "C": thing("c", depends_on="B")})
    assert stacks.status() == "ROLLBACK_COMPLETE"
    assert stacks.world.things == {}
    [reason] = [
        reason for name, status, reason in stacks.events() if (name, status) == ("B", "CREATE_FAILED")
    ]
    assert "b refuses to create" in reason
    rollback = (
        "lake",
        "ROLLBACK_IN_PROGRESS",
        "The following resource(s) failed to create: [B]. Rollback requested by user.",
    )
    assert rollback in stacks.events()
    assert "create c" not in stacks.world.calls


def test_an_unsupported_type_or_property_fails_before_anything_is_made(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a"), "B": {"Type": "AWS::EC2::Instance"}, "C": thing("c", Nope=1)})
    assert stacks.status() == "ROLLBACK_COMPLETE"
    assert stacks.world.calls == []
    reasons = {name: reason for name, status, reason in stacks.events() if status == "CREATE_FAILED"}
    assert "AWS::EC2::Instance" in reasons["B"]
    assert reasons["C"] == "Encountered unsupported property Nope"


def test_on_failure_decides_what_is_left(stacks: Stacks) -> None:
    stacks.world.fail = {"create b"}
    resources = {"A": thing("a"), "B": thing("b", depends_on="A")}
    create(stacks, resources, "kept", OnFailure="DO_NOTHING")
    assert stacks.status("kept") == "CREATE_FAILED"
    assert set(stacks.world.things) == {"a"}
    stacks.call("delete_stack", StackName="kept")
    assert stacks.world.things == {}
    create(stacks, resources, "gone", OnFailure="DELETE")
    assert refusal(stacks, "describe_stacks", StackName="gone") == (
        "ValidationError",
        "Stack with id gone does not exist",
    )


def test_what_exists_already_is_neither_taken_over_nor_deleted(stacks: Stacks) -> None:
    stacks.world.things["a"] = {"Owner": "somebody"}
    create(stacks, {"A": thing("a")})
    assert stacks.status() == "ROLLBACK_COMPLETE"
    assert stacks.world.things == {"a": {"Owner": "somebody"}}
    stacks.call("delete_stack", StackName="lake")
    assert stacks.world.things == {"a": {"Owner": "somebody"}}


def test_an_update_changes_adds_and_removes(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a", Size=1), "Old": thing("old")})
    update(stacks, {"A": thing("a", Size=2), "New": thing("new")})
    assert stacks.status() == "UPDATE_COMPLETE"
    assert {name: one.get("Size") for name, one in stacks.world.things.items()} == {"a": 2, "new": None}
    assert stacks.resources() == {"A": "UPDATE_COMPLETE", "New": "CREATE_COMPLETE"}
    statuses = [status for name, status, _ in stacks.events() if name == "lake"]
    assert statuses[-3:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]
    assert stacks.world.calls[-1] == "delete old"


def test_an_update_without_changes_is_refused(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a", Size=1)})
    body = template({"A": thing("a", Size="1")})
    assert refusal(stacks, "update_stack", StackName="lake", TemplateBody=body) == (
        "ValidationError",
        "No updates are to be performed.",
    )
    assert stacks.status() == "CREATE_COMPLETE"


def test_a_replacement_makes_the_new_one_first_and_those_that_use_it_follow(stacks: Stacks) -> None:
    create(stacks, {"A": thing(Color="red"), "B": thing("b", Note={"Ref": "A"})})
    [old] = [name for name in stacks.world.things if name != "b"]
    update(stacks, {"A": thing(Color="blue"), "B": thing("b", Note={"Ref": "A"})})
    [new] = [name for name in stacks.world.things if name != "b"]
    assert new != old
    assert stacks.world.things["b"]["Note"] == new
    assert stacks.world.calls[-3:] == [f"create {new}", "update b", f"delete {old}"]


def test_a_custom_named_resource_cannot_be_replaced_under_its_name(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a", Color="red")})
    update(stacks, {"A": thing("a", Color="blue")})
    assert stacks.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.world.things["a"]["Color"] == "red"
    assert any("Rename a and update the stack again." in reason for *_, reason in stacks.events())


def test_a_failed_update_brings_everything_back(stacks: Stacks) -> None:
    create(
        stacks,
        {"A": thing("a", Size=1), "R": thing(Color="red"), "Z": thing("z", Size=1, depends_on=["A", "R"])},
    )
    before = dict(stacks.world.things)
    stacks.world.fail = {"update z"}
    changed = {
        "A": thing("a", Size=2),
        "R": thing(Color="blue"),
        "New": thing("new"),
        "Z": thing("z", Size=2, depends_on=["A", "R", "New"]),
    }
    stacks.world.on_call = lambda call: (
        stacks.world.fail.clear() if stacks.world.calls.count("update z") > 1 else None
    )
    update(stacks, changed)
    assert stacks.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.world.things == before
    statuses = [status for name, status, _ in stacks.events() if name == "lake"]
    assert statuses[-3:] == [
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    update(stacks, changed)
    assert stacks.status() == "UPDATE_COMPLETE"


def test_a_rollback_that_fails_can_be_continued(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a", Size=1), "B": thing("b", depends_on="A")})
    stacks.world.fail = {"update a"}
    update(stacks, {"A": thing("a", Size=2), "B": thing("b")})
    assert stacks.status() == "UPDATE_ROLLBACK_FAILED"
    stacks.world.fail = set()
    stacks.call("continue_update_rollback", StackName="lake")
    assert stacks.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.world.things["a"]["Size"] == 1


def test_without_rollback_a_failed_update_stays_and_can_be_updated_or_rolled_back(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a", Size=1), "B": thing("b", Size=1, depends_on="A")})
    stacks.world.fail = {"update b"}
    changed = {"A": thing("a", Size=2), "B": thing("b", Size=2, depends_on="A")}
    update(stacks, changed, DisableRollback=True)
    assert stacks.status() == "UPDATE_FAILED"
    assert stacks.world.things["a"]["Size"] == 2
    stacks.world.fail = set()
    stacks.call("rollback_stack", StackName="lake")
    assert stacks.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert [stacks.world.things[name]["Size"] for name in ("a", "b")] == [1, 1]


def test_deleting_a_stack_that_failed_half_replaced_takes_both_halves(stacks: Stacks) -> None:
    create(stacks, {"A": thing(Color="red"), "B": thing("b", Size=1, depends_on="A")})
    stacks.world.fail = {"update b"}
    changed = {"A": thing(Color="blue"), "B": thing("b", Size=2, depends_on="A")}
    update(stacks, changed, DisableRollback=True)
    assert len(stacks.world.things) == 3
    stacks.call("delete_stack", StackName="lake")
    assert stacks.world.things == {}


def test_delete_goes_backwards_and_is_idempotent(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a"), "B": thing("b", Note={"Ref": "A"})})
    stack_id = stacks.stack()["StackId"]
    stacks.call("delete_stack", StackName="lake")
    assert stacks.world.calls[-2:] == ["delete b", "delete a"]
    assert stacks.status(stack_id) == "DELETE_COMPLETE"
    assert stacks.call("delete_stack", StackName="lake") == {}
    assert stacks.call("delete_stack", StackName=stack_id) == {}
    assert [one["StackStatus"] for one in stacks.call("list_stacks")["StackSummaries"]] == ["DELETE_COMPLETE"]


def test_a_failed_delete_says_why_and_can_retain(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a"), "B": thing("b")})
    stacks.world.fail = {"delete a"}
    stacks.call("delete_stack", StackName="lake")
    stack = stacks.stack()
    assert stack["StackStatus"] == "DELETE_FAILED"
    assert stack["StackStatusReason"] == "The following resource(s) failed to delete: [A]."
    assert set(stacks.world.things) == {"a"}
    stacks.call("delete_stack", StackName="lake", RetainResources=["A"])
    assert stacks.status(stack["StackId"]) == "DELETE_COMPLETE"
    assert set(stacks.world.things) == {"a"}


def test_deletion_policies_keep_resources(stacks: Stacks) -> None:
    create(
        stacks,
        {"A": thing("a", deletion_policy="Retain"), "B": thing("b", deletion_policy="RetainExceptOnCreate")},
    )
    stacks.call("delete_stack", StackName="lake")
    assert set(stacks.world.things) == {"a", "b"}
    stacks.world.things.clear()
    stacks.world.fail = {"create c"}
    create(
        stacks,
        {
            "A": thing("a", deletion_policy="Retain"),
            "B": thing("b", deletion_policy="RetainExceptOnCreate"),
            "C": thing("c", depends_on=["A", "B"]),
        },
    )
    assert set(stacks.world.things) == {"a"}


def test_update_replace_policy_keeps_what_was_replaced(stacks: Stacks) -> None:
    create(stacks, {"A": thing(Color="red", update_replace_policy="Retain")})
    update(stacks, {"A": thing(Color="blue", update_replace_policy="Retain")})
    assert sorted(one["Color"] for one in stacks.world.things.values()) == ["blue", "red"]


def test_termination_protection_refuses_the_delete(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a")}, EnableTerminationProtection=True)
    assert refusal(stacks, "delete_stack", StackName="lake") == (
        "ValidationError",
        "Stack [lake] cannot be deleted while TerminationProtection is enabled",
    )
    stacks.call("update_termination_protection", StackName="lake", EnableTerminationProtection=False)
    stacks.call("delete_stack", StackName="lake")
    assert stacks.world.things == {}


def test_a_name_is_taken_until_its_stack_is_deleted(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a")})
    body = template({"B": thing("b")})
    assert refusal(stacks, "create_stack", StackName="lake", TemplateBody=body) == (
        "AlreadyExistsException",
        "Stack [lake] already exists",
    )
    stacks.call("delete_stack", StackName="lake")
    create(stacks, {"B": thing("b")})
    assert stacks.status() == "CREATE_COMPLETE"


def test_stack_tags_reach_resources_and_the_resources_own_win(stacks: Stacks) -> None:
    tags = [{"Key": "team", "Value": "data"}, {"Key": "stage", "Value": "dev"}]
    create(stacks, {"A": thing("a", Tags={"stage": "own"})}, Tags=tags)
    assert stacks.world.things["a"]["Tags"] == {"team": "data", "stage": "own"}
    update(stacks, {"A": thing("a", Tags={"stage": "own"})}, Tags=[])
    assert stacks.world.things["a"]["Tags"] == {"stage": "own"}


def test_no_echo_values_are_masked_wherever_they_are_shown(stacks: Stacks) -> None:
    stacks.call(
        "create_stack",
        StackName="lake",
        TemplateBody=template(
            {"A": thing("a", Note={"Ref": "Secret"})},
            Parameters={"Secret": {"Type": "String", "NoEcho": True}},
        ),
        Parameters=[{"ParameterKey": "Secret", "ParameterValue": "hunter2"}],
    )
    assert stacks.world.things["a"]["Note"] == "hunter2"
    shown = json.dumps([stacks.stack(), stacks.call("describe_stack_events", StackName="lake")], default=str)
    assert "hunter2" not in shown
    assert "****" in shown


def test_conditions_leave_resources_and_outputs_out(stacks: Stacks) -> None:
    body = template(
        {"A": thing("a"), "B": thing("b", condition="IsProd")},
        Parameters={"Env": {"Type": "String", "Default": "dev"}},
        Conditions={"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
        Outputs={"B": {"Value": {"Ref": "B"}, "Condition": "IsProd"}},
    )
    stacks.call("create_stack", StackName="lake", TemplateBody=body)
    assert set(stacks.world.things) == {"a"}
    prod = [{"ParameterKey": "Env", "ParameterValue": "prod"}]
    stacks.call("update_stack", StackName="lake", UsePreviousTemplate=True, Parameters=prod)
    assert set(stacks.world.things) == {"a", "b"}
    assert stacks.outputs() == {"B": "b"}
    dev = [{"ParameterKey": "Env", "ParameterValue": "dev"}]
    stacks.call("update_stack", StackName="lake", UsePreviousTemplate=True, Parameters=dev)
    assert set(stacks.world.things) == {"a"}


def test_a_type_cannot_change_under_a_logical_id(stacks: Stacks) -> None:
    create(stacks, {"A": thing("a")})
    body = template({"A": {"Type": "AWS::SNS::Topic"}})
    code, message = refusal(stacks, "update_stack", StackName="lake", TemplateBody=body)
    assert code == "ValidationError"
    assert message.startswith("Update of resource type is not permitted.")
    assert message.endswith("[A]")


def test_a_defect_in_a_type_leaves_the_stack_at_rest_and_deletable(stacks: Stacks) -> None:
    def broken(call: str) -> None:
        if call == "create a":
            raise ZeroDivisionError

    stacks.world.on_call = broken
    create(stacks, {"A": thing("a")})
    stack = stacks.stack()
    assert stack["StackStatus"] == "CREATE_FAILED"
    assert "Internal Failure" in stack["StackStatusReason"]
    stacks.call("delete_stack", StackName="lake")
    assert stacks.status(stack["StackId"]) == "DELETE_COMPLETE"
