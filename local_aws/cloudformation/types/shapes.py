"""Property values become API parameters by the API's own input shapes.

Most properties are an API parameter under the same name, so botocore's model of the create call already
says which names, types and members a property may have. CloudFormation writes every scalar as text if it
likes (`"10"`, `"true"`), and so do `Ref` and `Fn::Sub`: values are coerced to what the shape says.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from local_aws.cloudformation.template.evaluate import UNKNOWN
from local_aws.cloudformation.template.functions import text_of


class BadProperty(ValueError):
    """A property is missing, unknown or of the wrong type; its text is the reason that CloudFormation
    gives.
    """


@cache
def botocore_session() -> botocore.session.Session:
    """One session, whose loader keeps the service models it has read."""
    return botocore.session.Session()


@cache
def service_model(service: str) -> ServiceModel:
    """The model of the API named as in boto3."""
    return botocore_session().get_service_model(service)


def input_member(service: str, operation: str, member: str) -> Shape:
    """The shape of one input parameter of an operation."""
    shape: Shape = input_shape(service, operation).members[member]
    return shape


def input_shape(service: str, operation: str) -> StructureShape:
    """The shape of an operation's input."""
    shape = service_model(service).operation_model(operation).input_shape
    assert isinstance(shape, StructureShape)
    return shape


def to_api(value: Any, shape: Shape, path: str) -> Any:
    """`value` as a parameter of `shape`.

    Members of structures are found whatever the case of their first letter, since CloudFormation always
    writes it upper case.

    Raises:
        BadProperty: naming the property, as in `Encountered unsupported property Foo`.
    """
    if value is UNKNOWN:
        return value
    if isinstance(shape, StructureShape):
        return _structure(value, shape, path)
    if isinstance(shape, ListShape):
        if not isinstance(value, list):
            raise BadProperty(f"Value of property {path} must be of type List")
        return [to_api(item, shape.member, path) for item in value]
    if isinstance(shape, MapShape):
        if not isinstance(value, dict):
            raise BadProperty(f"Value of property {path} must be an object")
        return {key: to_api(item, shape.value, f"{path}.{key}") for key, item in value.items()}
    return scalar(value, _KINDS.get(shape.type_name, "String"), path)


def _structure(value: Any, shape: StructureShape, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadProperty(f"Value of property {path} must be an object")
    if getattr(shape, "is_document_type", False):
        return value
    members = {name[:1].upper() + name[1:]: name for name in shape.members}
    converted = {}
    for key, item in value.items():
        member = members.get(key) or (key if key in shape.members else None)
        if member is None:
            raise BadProperty(f"Encountered unsupported property {key}")
        converted[member] = to_api(item, shape.members[member], key)
    for member in shape.required_members:
        if member not in converted:
            raise BadProperty(f"Property {member[:1].upper() + member[1:]} cannot be empty.")
    return converted


def scalar(value: Any, kind: str, path: str) -> Any:
    """One of `String`, `Integer`, `Number`, `Boolean`, `List` (of texts), `Json` (a document as text),
    `Any`.
    """
    if value is UNKNOWN or kind == "Any":
        return value
    if kind == "List":
        if not isinstance(value, list):
            raise BadProperty(f"Value of property {path} must be of type List of String")
        return [scalar(item, "String", path) for item in value]
    if kind == "Json":
        return document(value, path)
    if isinstance(value, dict | list):
        raise BadProperty(f"Value of property {path} must be of type {kind}")
    try:
        return _SCALARS[kind](value)
    except ValueError as error:
        raise BadProperty(f"Value of property {path} must be of type {kind}") from error


def document(value: Any, path: str) -> Any:
    """A JSON document as the text that APIs take, for example a policy."""
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError as error:
            raise BadProperty(f"Value of property {path} must be an object") from error
        return value
    if not isinstance(value, dict | list):
        raise BadProperty(f"Value of property {path} must be an object")
    return UNKNOWN if _holds_unknown(value) else json.dumps(value, ensure_ascii=False)


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_unknown, value.values()))
    return any(map(_holds_unknown, value)) if isinstance(value, list) else value is UNKNOWN


def _integer(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError(value)
    return int(number)


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError(value)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _boolean(value: Any) -> bool:
    text = text_of(value).lower()
    if text not in ("true", "false"):
        raise ValueError(value)
    return text == "true"


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "String": text_of,
    "Integer": _integer,
    "Number": _number,
    "Boolean": _boolean,
}

_KINDS = {
    "integer": "Integer",
    "long": "Integer",
    "float": "Number",
    "double": "Number",
    "boolean": "Boolean",
}
