"""What a value of a template refers to, without evaluating it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local_aws.cloudformation.template.errors import bad_template
from local_aws.cloudformation.template.substitution import names_in, parts_of

PSEUDO_PARAMETERS = frozenset(
    f"AWS::{name}"
    for name in (
        "AccountId",
        "NotificationARNs",
        "NoValue",
        "Partition",
        "Region",
        "StackId",
        "StackName",
        "URLSuffix",
    )
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A `Ref` (attribute None) or an `Fn::GetAtt` to a logical id."""

    name: str
    attribute: str | None = None


def references(value: Any) -> Iterator[Reference]:
    """Every reference in `value`, pseudo parameters left out."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        if len(value) == 1:
            [(key, argument)] = value.items()
            found = _OF_FUNCTION.get(key)
            if found is not None:
                yield from (one for one in found(argument) if one.name not in PSEUDO_PARAMETERS)
                return
        for item in value.values():
            yield from references(item)


def conditions_used(value: Any) -> Iterator[str]:
    """The names of the conditions in `Fn::If` and `{Condition: name}` anywhere in `value`."""
    if isinstance(value, list):
        for item in value:
            yield from conditions_used(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Fn::If" and isinstance(item, list) and item and isinstance(item[0], str):
                yield item[0]
            elif key == "Condition" and len(value) == 1 and isinstance(item, str):
                yield item
            yield from conditions_used(item)


def get_att_parts(argument: Any) -> tuple[str, Any]:
    """The logical id and the attribute (text, or a function that gives it) of an `Fn::GetAtt`."""
    if isinstance(argument, str) and "." in argument:
        name, attribute = argument.split(".", 1)
        return name, attribute
    if isinstance(argument, list) and len(argument) >= 2 and all(isinstance(part, str) for part in argument):
        return argument[0], ".".join(argument[1:])
    match argument:
        case [str() as name, dict() as function]:
            return name, function
    raise bad_template(
        "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource "
        "attribute"
    )


def _of_ref(argument: Any) -> Iterator[Reference]:
    if not isinstance(argument, str) or not argument:
        raise bad_template("every Ref object must have a single String value.")
    yield Reference(argument)


def _of_get_att(argument: Any) -> Iterator[Reference]:
    name, attribute = get_att_parts(argument)
    if isinstance(attribute, str):
        yield Reference(name, attribute)
        return
    yield Reference(name, "")
    yield from references(attribute)


def _of_sub(argument: Any) -> Iterator[Reference]:
    text, variables = parts_of(argument)
    yield from references(list(variables.values()))
    for name in names_in(text):
        if name not in variables:
            logical_id, _, attribute = name.partition(".")
            yield Reference(logical_id, attribute or None)


_OF_FUNCTION = {"Ref": _of_ref, "Fn::GetAtt": _of_get_att, "Fn::Sub": _of_sub}
