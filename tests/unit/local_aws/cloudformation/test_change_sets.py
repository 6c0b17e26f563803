"""Change sets: what they say, and what executing them does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_aws.errors import AwsError
from tests.unit.local_aws.cloudformation.fakes import Stacks, thing


def body(resources: dict[str, Any], **sections: Any) -> str:
    return json.dumps({"Resources": resources, **sections})


def create_set(
    stacks: Stacks, resources: dict[str, Any], kind: str = "UPDATE", **more: Any
) -> dict[str, Any]:
    name = more.pop("ChangeSetName", "changes")
    text = body(resources, **{key: more.pop(key) for key in ("Outputs",) if key in more})
    stacks.call(
        "create_change_set",
        StackName="lake",
        ChangeSetName=name,
        ChangeSetType=kind,
        TemplateBody=text,
        **more,
    )
    described: dict[str, Any] = stacks.call("describe_change_set", StackName="lake", ChangeSetName=name)
    return described


def changes_of(described: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    changes = [change["ResourceChange"] for change in described["Changes"]]
    return {one["LogicalResourceId"]: (one["Action"], one.get("Replacement")) for one in changes}


def test_a_create_change_set_waits_in_review_until_it_is_executed(stacks: Stacks) -> None:
    described = create_set(stacks, {"A": thing("a")}, "CREATE")
    assert (described["Status"], described["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert changes_of(described) == {"A": ("Add", None)}
    assert stacks.status() == "REVIEW_IN_PROGRESS"
    assert stacks.world.things == {}
    stacks.call("execute_change_set", ChangeSetName=described["ChangeSetId"])
    assert stacks.status() == "CREATE_COMPLETE"
    assert set(stacks.world.things) == {"a"}
    again = stacks.call("describe_change_set", ChangeSetName=described["ChangeSetId"])
    assert again["ExecutionStatus"] == "EXECUTE_COMPLETE"


def test_an_update_change_set_tells_additions_updates_replacements_and_removals(stacks: Stacks) -> None:
    old = {
        "Updated": thing("u", Size=1),
        "Replaced": thing(Color="red"),
        "Follower": thing(Color={"Ref": "Replaced"}),
        "Removed": thing("r"),
        "Same": thing("s"),
    }
    stacks.call("create_stack", StackName="lake", TemplateBody=body(old))
    before = dict(stacks.world.things)
    new = {
        "Updated": thing("u", Size=2),
        "Replaced": thing(Color="blue"),
        "Follower": thing(Color={"Ref": "Replaced"}),
        "Added": thing("a"),
        "Same": thing("s"),
    }
    described = create_set(stacks, new)
    assert changes_of(described) == {
        "Updated": ("Modify", "False"),
        "Replaced": ("Modify", "True"),
        "Follower": ("Modify", "Conditional"),
        "Added": ("Add", None),
        "Removed": ("Remove", None),
    }
    [follower] = [
        c["ResourceChange"]
        for c in described["Changes"]
        if c["ResourceChange"]["LogicalResourceId"] == "Follower"
    ]
    assert follower["Details"] == [
        {
            "Target": {"Attribute": "Properties", "Name": "Color", "RequiresRecreation": "Conditionally"},
            "Evaluation": "Dynamic",
            "ChangeSource": "ResourceReference",
            "CausingEntity": "Replaced",
        }
    ]
    assert stacks.world.things == before
    stacks.call("execute_change_set", StackName="lake", ChangeSetName="changes")
    assert stacks.status() == "UPDATE_COMPLETE"


def test_a_change_set_without_changes_fails_with_the_words_that_deploy_looks_for(stacks: Stacks) -> None:
    stacks.call("create_stack", StackName="lake", TemplateBody=body({"A": thing("a")}))
    described = create_set(stacks, {"A": thing("a")})
    assert described["Status"] == "FAILED"
    assert described["StatusReason"] == (
        "The submitted information didn't contain changes. Submit different information to create a "
        "change set."
    )
    with pytest.raises(AwsError) as error:
        stacks.call("execute_change_set", StackName="lake", ChangeSetName="changes")
    assert error.value.code == "InvalidChangeSetStatus"


def test_a_change_of_outputs_alone_is_a_change(stacks: Stacks) -> None:
    stacks.call("create_stack", StackName="lake", TemplateBody=body({"A": thing("a")}))
    described = create_set(stacks, {"A": thing("a")}, Outputs={"Name": {"Value": {"Ref": "A"}}})
    assert described["Status"] == "CREATE_COMPLETE"
    assert described["Changes"] == []
    stacks.call("execute_change_set", StackName="lake", ChangeSetName="changes")
    assert stacks.outputs() == {"Name": "a"}


def test_executing_one_change_set_drops_the_others(stacks: Stacks) -> None:
    stacks.call("create_stack", StackName="lake", TemplateBody=body({"A": thing("a", Size=1)}))
    create_set(stacks, {"A": thing("a", Size=2)}, ChangeSetName="two")
    create_set(stacks, {"A": thing("a", Size=3)}, ChangeSetName="three")
    stacks.call("execute_change_set", StackName="lake", ChangeSetName="two")
    assert [
        one["ChangeSetName"] for one in stacks.call("list_change_sets", StackName="lake")["Summaries"]
    ] == ["two"]


REFUSED = [
    (
        "CREATE",
        "lake",
        "Stack [lake] already exists and cannot be created again with the changeSet [changes].",
    ),
    ("UPDATE", "nope", "Stack [nope] does not exist"),
    ("IMPORT", "lake", "Laguna does not support change sets of type IMPORT."),
]


@pytest.mark.parametrize(("kind", "name", "message"), REFUSED, ids=[kind for kind, *_ in REFUSED])
def test_a_change_set_that_does_not_fit_its_stack_is_refused(
    stacks: Stacks, kind: str, name: str, message: str
) -> None:
    stacks.call("create_stack", StackName="lake", TemplateBody=body({"A": thing("a")}))
    with pytest.raises(AwsError) as error:
        stacks.call(
            "create_change_set",
            StackName=name,
            ChangeSetName="changes",
            ChangeSetType=kind,
            TemplateBody=body({"A": thing("a", Size=1)}),
        )
    assert error.value.message == message


def test_a_stack_in_review_can_be_deleted(stacks: Stacks) -> None:
    create_set(stacks, {"A": thing("a")}, "CREATE")
    stacks.call("delete_stack", StackName="lake")
    assert stacks.call("describe_stacks")["Stacks"] == []


def test_an_unknown_change_set_is_not_found(stacks: Stacks) -> None:
    stacks.call("create_stack", StackName="lake", TemplateBody=body({"A": thing("a")}))
    with pytest.raises(AwsError) as error:
        stacks.call("describe_change_set", StackName="lake", ChangeSetName="nope")
    assert error.value.code == "ChangeSetNotFound"


def test_deleting_a_change_set_that_is_not_there_succeeds_when_the_stack_is(stacks: Stacks) -> None:
    stacks.call("create_stack", StackName="lake", TemplateBody=json.dumps({"Resources": {"A": thing("a")}}))
    assert stacks.call("delete_change_set", StackName="lake", ChangeSetName="nope") == {}
    with pytest.raises(AwsError, match=r"Stack \[other\] does not exist"):
        stacks.call("delete_change_set", StackName="other", ChangeSetName="nope")
