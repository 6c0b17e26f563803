"""A resource type in memory, and CloudFormation with nothing but it: the engine without any AWS."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local_aws.caller import Caller
from local_aws.cloudformation.service import CloudFormationService
from local_aws.cloudformation.types.base import (
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.identity.sessions import Sessions
from local_aws.settings import Settings

CALLER = Caller("000000000000", "us-east-1")


def refused(code: str, message: str = "no") -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(answer, "MakeThing")


@dataclass
class World:
    """The things that exist. `fail` holds `verb name` pairs that are refused, `on_call` sees every call."""

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    fail: set[str] = field(default_factory=set)
    on_call: Callable[[str], None] = lambda call: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, verb: str, name: str) -> None:
        with self.lock:
            self.calls.append(f"{verb} {name}")
        self.on_call(f"{verb} {name}")
        if f"{verb} {name}" in self.fail:
            raise refused("InternalServiceException", f"{name} refuses to {verb}")

    def get(self, name: str) -> None:
        if name not in self.things:
            raise refused("EntityNotFoundException")


class Thing(ResourceType):
    """`Name` and `Color` replace, `Size` and tags do not."""

    type_name = "Test::Lake::Thing"
    service, operation = "glue", ""
    name_property, tags_form, tags_param = "Name", "map", ""
    properties = table(
        {
            "Name": Property(kind="String", replaces=True),
            "Color": Property(kind="String", replaces=True),
            "Size": Property(kind="Integer"),
            "Note": Property(kind="Any"),
        }
    )
    attributes = frozenset(("Arn",))

    def __init__(self, world: World) -> None:
        self.world = world

    def exists(self, request: Request) -> bool:
        return found(lambda: self.world.get(request.name))

    def create(self, request: Request) -> Made:
        return self._put("create", request)

    def update(self, request: Request) -> Made:
        return self._put("update", request)

    def delete(self, request: Request) -> None:
        self.world.call("delete", request.physical_id)
        with missing_is_fine():
            self.world.get(request.physical_id)
            del self.world.things[request.physical_id]

    def _put(self, verb: str, request: Request) -> Made:
        name = request.physical_id
        self.world.call(verb, name)
        self.world.things[name] = {**request.properties, "Tags": request.tags}
        return Made(name, {"Arn": f"arn:{name}"})


class Stacks:
    """CloudFormation over a `World`, each operation waited for."""

    def __init__(self, state: Path, world: World) -> None:
        self.world = world
        settings = Settings(state=state, port=1)
        types = {Thing.type_name: Thing(world)}
        sessions = Sessions(state / "sessions.sqlite")
        self.service = CloudFormationService(settings, "us-east-1", types, sessions=sessions)
        self._numbers = itertools.count(1)

    def call(self, operation: str, **request: Any) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(self.service, operation)(request, CALLER)
        self.service.runner.wait()
        return answer

    def status(self, name: str = "lake") -> str:
        return str(self.stack(name)["StackStatus"])

    def stack(self, name: str = "lake") -> dict[str, Any]:
        [stack] = self.call("describe_stacks", StackName=name)["Stacks"]
        return dict(stack)

    def outputs(self, name: str = "lake") -> dict[str, str]:
        return {one["OutputKey"]: one["OutputValue"] for one in self.stack(name).get("Outputs", [])}

    def events(self, name: str = "lake") -> list[tuple[str, str, str]]:
        """Oldest first: logical id, status, reason."""
        found = self.call("describe_stack_events", StackName=name)["StackEvents"]
        return [
            (one["LogicalResourceId"], one["ResourceStatus"], one.get("ResourceStatusReason", ""))
            for one in reversed(found)
        ]

    def resources(self, name: str = "lake") -> dict[str, str]:
        """Status by logical id."""
        found = self.call("list_stack_resources", StackName=name)["StackResourceSummaries"]
        return {one["LogicalResourceId"]: one["ResourceStatus"] for one in found}


def thing(name: str | None = None, **more: Any) -> dict[str, Any]:
    """A resource of the template; keys in lower case are attributes such as `depends_on`."""
    properties = {key: value for key, value in more.items() if key[0].isupper()}
    attributes = {key.title().replace("_", ""): value for key, value in more.items() if key[0].islower()}
    return {
        "Type": Thing.type_name,
        "Properties": {**({"Name": name} if name else {}), **properties},
        **attributes,
    }
