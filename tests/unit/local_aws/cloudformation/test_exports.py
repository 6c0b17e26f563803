"""Exports: unique, imported by other stacks, and safe while they are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_aws.errors import AwsError
from tests.unit.local_aws.cloudformation.fakes import Stacks, thing


def exporter(value: Any, resource: str = "a") -> str:
    outputs = {"Out": {"Value": value, "Export": {"Name": {"Fn::Sub": "shared-name"}}}}
    return json.dumps({"Resources": {"A": thing(resource)}, "Outputs": outputs})


IMPORTER = json.dumps({"Resources": {"B": thing("b", Note={"Fn::ImportValue": "shared-name"})}})


@pytest.fixture
def two(stacks: Stacks) -> Stacks:
    stacks.call("create_stack", StackName="giver", TemplateBody=exporter("one"))
    stacks.call("create_stack", StackName="taker", TemplateBody=IMPORTER)
    return stacks


def test_an_import_is_the_exported_value(two: Stacks) -> None:
    assert two.world.things["b"]["Note"] == "one"
    [export] = two.call("list_exports")["Exports"]
    assert (export["Name"], export["Value"]) == ("shared-name", "one")
    assert two.call("list_imports", ExportName="shared-name")["Imports"] == ["taker"]


def test_an_export_in_use_cannot_be_deleted(two: Stacks) -> None:
    with pytest.raises(AwsError, match="Export shared-name cannot be deleted as it is in use by taker"):
        two.call("delete_stack", StackName="giver")
    assert two.status("giver") == "CREATE_COMPLETE"
    two.call("delete_stack", StackName="taker")
    two.call("delete_stack", StackName="giver")
    assert two.call("list_exports")["Exports"] == []


def test_an_export_in_use_cannot_change(two: Stacks) -> None:
    two.call("update_stack", StackName="giver", TemplateBody=exporter("two"))
    assert two.status("giver") == "UPDATE_ROLLBACK_COMPLETE"
    assert any(
        "Export shared-name cannot be updated as it is in use by taker" in reason
        for *_, reason in two.events("giver")
    )
    assert two.outputs("giver") == {"Out": "one"}


def test_an_export_name_is_unique(two: Stacks) -> None:
    two.call("create_stack", StackName="other", TemplateBody=exporter("x", "c"))
    assert two.status("other") == "ROLLBACK_COMPLETE"
    assert any(
        "Export with name shared-name is already exported by stack giver" in reason
        for *_, reason in two.events("other")
    )


def test_a_missing_export_fails_the_stack(stacks: Stacks) -> None:
    stacks.call("create_stack", StackName="taker", TemplateBody=IMPORTER)
    assert stacks.status("taker") == "ROLLBACK_COMPLETE"
    assert any("No export named shared-name found" in reason for *_, reason in stacks.events("taker"))
    assert stacks.world.calls == []
