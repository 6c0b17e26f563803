"""A stop in the middle of an operation, and what the next start makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.unit.local_aws.cloudformation.fakes import Stacks, World, thing


def stopped_at(world: World, call: str, *, done: bool = False) -> None:
    """From that call on the server is gone; with `done` the call still took effect."""

    def stop(current: str) -> None:
        if current != call and call not in world.calls:
            return
        verb, name = current.split()
        if current == call and done and verb == "create":
            world.things[name] = {}
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    world.on_call = stop


def restarted(state: Path, world: World) -> Stacks:
    world.on_call = lambda call: None
    again = Stacks(state, world)
    again.service.runner.wait()
    return again


def body(resources: dict[str, Any]) -> str:
    return json.dumps({"Resources": resources})


@pytest.mark.parametrize("done", [False, True], ids=["not made yet", "made already"])
def test_an_interrupted_create_is_rolled_back_whole(tmp_path: Path, done: bool) -> None:
    world = World()
    first = Stacks(tmp_path, world)
    stopped_at(world, "create b", done=done)
    resources = {"A": thing("a"), "B": thing("b", depends_on="A")}
    first.call("create_stack", StackName="lake", TemplateBody=body(resources))
    assert first.status() == "CREATE_IN_PROGRESS"
    again = restarted(tmp_path, world)
    assert again.status() == "ROLLBACK_COMPLETE"
    assert world.things == {}
    assert any("Laguna stopped" in reason for *_, reason in again.events())
    again.call("delete_stack", StackName="lake")
    assert again.call("describe_stacks")["Stacks"] == []


def test_what_existed_before_an_interrupted_create_survives_it(tmp_path: Path) -> None:
    world = World(things={"b": {"Owner": "somebody"}})
    first = Stacks(tmp_path, world)
    stopped_at(world, "create a")
    first.call(
        "create_stack",
        StackName="lake",
        TemplateBody=body({"A": thing("a"), "B": thing("b", depends_on="A")}),
    )
    restarted(tmp_path, world)
    assert world.things == {"b": {"Owner": "somebody"}}


@pytest.mark.parametrize("call", ["update a", "update b", "create c"])
def test_an_interrupted_update_is_rolled_back_whole(tmp_path: Path, call: str) -> None:
    world = World()
    first = Stacks(tmp_path, world)
    old = {"A": thing("a", Size=1), "B": thing("b", Size=1, depends_on="A")}
    first.call("create_stack", StackName="lake", TemplateBody=body(old))
    before = dict(world.things)
    stopped_at(world, call, done=True)
    new = {
        "A": thing("a", Size=2),
        "B": thing("b", Size=2, depends_on="A"),
        "C": thing("c", depends_on="B"),
    }
    first.call("update_stack", StackName="lake", TemplateBody=body(new))
    assert first.status() == "UPDATE_IN_PROGRESS"
    again = restarted(tmp_path, world)
    assert again.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert world.things == before
    again.call("update_stack", StackName="lake", TemplateBody=body(new))
    assert again.status() == "UPDATE_COMPLETE"


def test_an_interrupted_cleanup_is_finished(tmp_path: Path) -> None:
    world = World()
    first = Stacks(tmp_path, world)
    first.call(
        "create_stack",
        StackName="lake",
        TemplateBody=body({"A": thing("a"), "B": thing("b"), "R": thing(Color="red")}),
    )
    stopped_at(world, "delete b")
    first.call(
        "update_stack", StackName="lake", TemplateBody=body({"A": thing("a"), "R": thing(Color="blue")})
    )
    assert first.status() == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
    again = restarted(tmp_path, world)
    assert again.status() == "UPDATE_COMPLETE"
    assert sorted(one.get("Color", "") for one in world.things.values()) == ["", "blue"]


def test_an_interrupted_delete_is_finished(tmp_path: Path) -> None:
    world = World()
    first = Stacks(tmp_path, world)
    first.call(
        "create_stack",
        StackName="lake",
        TemplateBody=body({"A": thing("a"), "B": thing("b", depends_on="A")}),
    )
    stopped_at(world, "delete a")
    first.call("delete_stack", StackName="lake")
    assert first.status() == "DELETE_IN_PROGRESS"
    again = restarted(tmp_path, world)
    assert world.things == {}
    assert again.call("describe_stacks")["Stacks"] == []


def test_a_stack_at_rest_is_left_alone(tmp_path: Path) -> None:
    world = World()
    first = Stacks(tmp_path, world)
    first.call("create_stack", StackName="lake", TemplateBody=body({"A": thing("a")}))
    calls = list(world.calls)
    again = restarted(tmp_path, world)
    assert again.status() == "CREATE_COMPLETE"
    assert world.calls == calls
