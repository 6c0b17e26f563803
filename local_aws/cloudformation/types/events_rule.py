"""AWS::Events::Rule.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.types.base import (
    PLAIN,
    REPLACES,
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.shapes import BadProperty, input_member, to_api
from local_aws.cloudformation.types.tagging import pairs, retag


class Rule(ResourceType):
    """A rule and its targets; PutRule is an upsert."""

    type_name = "AWS::Events::Rule"
    service, operation = "events", "PutRule"
    name_property, name_limit, tags_form = "Name", 64, "list"
    properties = table(
        {
            "Description": PLAIN,
            "EventBusName": REPLACES,
            "EventPattern": Property(kind="Json"),
            "Name": REPLACES,
            "RoleArn": PLAIN,
            "ScheduleExpression": PLAIN,
            "State": PLAIN,
            "Targets": Property(kind="Any"),
        }
    )
    attributes = frozenset(("Arn",))

    def check(self, properties: Mapping[str, Any]) -> None:
        if "EventPattern" not in properties and "ScheduleExpression" not in properties:
            raise BadProperty("Parameter(s) EventPattern or ScheduleExpression must be specified.")
        _targets(properties)

    def exists(self, request: Request) -> bool:
        return found(request.client("events").describe_rule, **_bus(request), Name=request.name)

    def create(self, request: Request) -> Made:
        arn = request.client("events").put_rule(**request.params)["RuleArn"]
        self._put_targets(request)
        return Made(request.physical_id, {"Arn": arn})

    def update(self, request: Request) -> Made:
        assert request.old is not None
        events, name = request.client("events"), request.physical_id
        params = {key: value for key, value in request.params.items() if key != "Tags"}
        arn = events.put_rule(**{**params, "Name": name})["RuleArn"]
        wanted = {target["Id"] for target in _targets(request.properties)}
        gone = [target["Id"] for target in _targets(request.old.properties) if target["Id"] not in wanted]
        if gone:
            events.remove_targets(Rule=name, Ids=gone, **_bus(request))
        self._put_targets(request)
        retag(
            request.old.tags,
            request.tags,
            lambda tags: events.tag_resource(ResourceARN=arn, Tags=pairs(tags)),
            lambda keys: events.untag_resource(ResourceARN=arn, TagKeys=keys),
        )
        return Made(name, {"Arn": arn})

    def delete(self, request: Request) -> None:
        events, name = request.client("events"), request.physical_id
        with missing_is_fine():
            ids = [target["Id"] for target in _targets(request.properties)]
            if ids:
                events.remove_targets(Rule=name, Ids=ids, **_bus(request))
        with missing_is_fine():
            events.delete_rule(Name=name, **_bus(request))

    def _put_targets(self, request: Request) -> None:
        targets = _targets(request.properties)
        if not targets:
            return
        answer = request.client("events").put_targets(
            Rule=request.physical_id, Targets=targets, **_bus(request)
        )
        if answer["FailedEntryCount"]:
            # PutTargets answers 200 for targets that it refused.
            raise BadProperty(f"Targets were refused: {json.dumps(answer['FailedEntries'])}")


def _targets(properties: Mapping[str, Any]) -> Any:
    return to_api(properties.get("Targets", []), input_member("events", "PutTargets", "Targets"), "Targets")


def _bus(request: Request) -> dict[str, Any]:
    return {name: request.params[name] for name in ("EventBusName",) if name in request.params}
