"""A resource's evaluated properties, checked against its type's table, as parameters of its create call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.model import MapShape

from local_aws.cloudformation.template.evaluate import UNKNOWN
from local_aws.cloudformation.template.functions import text_of
from local_aws.cloudformation.types.base import ResourceType
from local_aws.cloudformation.types.shapes import BadProperty, input_member, scalar, to_api


def convert(
    kind: ResourceType, properties: Mapping[str, Any], tags: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Check `properties` against the type's table: the parameters for its create call, and all of the
    resource's tags.

    Raises:
        BadProperty: the first thing that is wrong.
    """
    for name in properties:
        if name not in kind.properties and not (name == "Tags" and kind.tags_form):
            raise BadProperty(f"Encountered unsupported property {name}")
    for name, one in kind.properties.items():
        if one.required and name not in properties:
            raise BadProperty(f"Property {name} cannot be empty.")
    params = {}
    for name, one in kind.properties.items():
        if name not in properties:
            continue
        if one.kind:
            value = scalar(properties[name], one.kind, name)
        else:
            value = to_api(
                properties[name], input_member(kind.service, kind.operation, one.param or name), name
            )
        if one.kind in ("", "Json") or one.param:
            params[one.param or name] = value
    kind.check(properties)
    own = read_tags(properties["Tags"], kind.tags_form) if "Tags" in properties and kind.tags_form else {}
    merged = {**tags, **own} if kind.tags_form else {}
    if merged and kind.operation and kind.tags_param:
        params[kind.tags_param] = tags_for(kind.service, kind.operation, kind.tags_param, merged)
    return params, merged


def read_tags(value: Any, form: str) -> dict[str, str]:
    """The property `Tags`, a list of pairs or a map, as a dict."""
    if value is UNKNOWN:
        return {}
    if form == "map":
        if not isinstance(value, dict):
            raise BadProperty("Value of property Tags must be an object")
        return {key: scalar(item, "String", "Tags") for key, item in value.items()}
    if not isinstance(value, list):
        raise BadProperty("Value of property Tags must be of type List")
    tags = {}
    for pair in value:
        if not isinstance(pair, dict) or set(pair) != {"Key", "Value"}:
            raise BadProperty("Every member of property Tags must have a Key and a Value")
        tags[text_of(pair["Key"])] = scalar(pair["Value"], "String", "Tags")
    return tags


def tags_for(service: str, operation: str, member: str, tags: Mapping[str, str]) -> Any:
    """Tags in the form that an operation's parameter takes: a map, or a list of `Key`/`key` and
    `Value`/`value`.
    """
    shape = input_member(service, operation, member)
    if isinstance(shape, MapShape):
        return dict(tags)
    upper = "Key" in shape.member.members  # type: ignore[attr-defined]
    key, value = ("Key", "Value") if upper else ("key", "value")
    return [{key: name, value: text} for name, text in tags.items()]
