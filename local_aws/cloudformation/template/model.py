"""A template as values with a checked shape; `read_template` is the way in.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html (2026-11)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from local_aws.cloudformation.template.errors import bad_format, invalid
from local_aws.cloudformation.template.parameters import Parameter, read_parameter
from local_aws.cloudformation.template.parse import parse_template
from local_aws.cloudformation.template.rules import Rule, read_rule

SECTIONS = frozenset(
    [
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Rules",
        "Mappings",
        "Conditions",
        "Transform",
        "Resources",
        "Outputs",
    ]
)
RESOURCE_FIELDS = frozenset(
    [
        "Type",
        "Properties",
        "DependsOn",
        "Condition",
        "DeletionPolicy",
        "UpdateReplacePolicy",
        "Metadata",
        "CreationPolicy",
        "UpdatePolicy",
        "Description",
    ]
)
# Auto Scaling, EC2, AppStream, ElastiCache, Lambda aliases and wait conditions only, none of which are here.
_REFUSED_RESOURCE_FIELDS = ("CreationPolicy", "UpdatePolicy")
_DELETION_POLICIES = ("Delete", "Retain", "RetainExceptOnCreate", "Snapshot")
_REPLACE_POLICIES = ("Delete", "Retain", "Snapshot")
_MOST_RESOURCES = 500


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of the Resources section, not yet evaluated."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...]
    condition: str | None
    deletion_policy: str
    update_replace_policy: str
    metadata: Any


@dataclass(frozen=True, slots=True)
class Output:
    """One entry of the Outputs section, not yet evaluated; `export` is the value of `Export.Name`."""

    name: str
    value: Any
    description: str | None
    condition: str | None
    export: Any


@dataclass(frozen=True, slots=True)
class Template:
    """The sections of a template."""

    description: str | None
    metadata: Any
    parameters: Mapping[str, Parameter]
    rules: Mapping[str, Rule]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    resources: Mapping[str, Resource]
    outputs: Mapping[str, Output]


@lru_cache(maxsize=64)
def read_template(text: str) -> Template:
    """The template in `text`, its shape checked but not its references (`check.py`).

    Raises:
        AwsError: ValidationError.
    """
    document = parse_template(text)
    _check_sections(document)
    resources = _section(document, "Resources")
    if not resources:
        raise bad_format("At least one Resources member must be defined.")
    if len(resources) > _MOST_RESOURCES:
        raise bad_format(
            f"Number of resources, {len(resources)}, is greater than maximum allowed, {_MOST_RESOURCES}"
        )
    for section in ("Resources", "Outputs", "Mappings", "Conditions", "Parameters", "Rules"):
        _refuse_nulls(document.get(section), f"/{section}")
    return Template(
        description=document.get("Description"),
        metadata=document.get("Metadata"),
        parameters={
            name: read_parameter(name, body) for name, body in _section(document, "Parameters").items()
        },
        rules={name: read_rule(name, body) for name, body in _section(document, "Rules").items()},
        mappings=_read_mappings(_section(document, "Mappings")),
        conditions=_section(document, "Conditions"),
        resources={name: _read_resource(name, body) for name, body in resources.items()},
        outputs={name: _read_output(name, body) for name, body in _section(document, "Outputs").items()},
    )


def _check_sections(document: dict[str, Any]) -> None:
    unknown = [name for name in document if name not in SECTIONS]
    if unknown:
        raise bad_format(f"Invalid template property or properties [{', '.join(unknown)}]")
    version = document.get("AWSTemplateFormatVersion", "2010-09-09")
    if not isinstance(version, str):
        raise bad_format("AWSTemplateFormatVersion must be a string.")
    if version != "2010-09-09":
        raise bad_format(f"Template version {version} is not supported; the only one is 2010-09-09.")
    description = document.get("Description")
    if description is not None and not isinstance(description, str):
        raise bad_format("Every Description member must be a string.")
    if description and len(description.encode()) > 1024:
        raise bad_format("Template Description is longer than 1024 bytes.")
    if document.get("Transform"):
        transforms = (
            document["Transform"] if isinstance(document["Transform"], list) else [document["Transform"]]
        )
        names = ", ".join(one if isinstance(one, str) else str(one.get("Name")) for one in transforms)
        raise invalid(f"Laguna does not run transforms: {names}.")


def _section(document: dict[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise bad_format(f"{name} must be an object.")
    return section


def _refuse_nulls(value: Any, path: str) -> None:
    if value is None and path.count("/") > 1:
        raise bad_format(f"[{path}] 'null' values are not allowed in templates")
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_nulls(item, f"{path}/{key}")
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _refuse_nulls(item, f"{path}/{position}")


def _read_mappings(section: dict[str, Any]) -> dict[str, Any]:
    for name, keys in section.items():
        if not isinstance(keys, dict) or not all(isinstance(values, dict) for values in keys.values()):
            raise bad_format(f"Every Mappings attribute must be an object of objects: {name}.")
    return section


def _read_resource(name: str, body: Any) -> Resource:
    if not re.fullmatch(r"[A-Za-z0-9]{1,255}", name):
        raise bad_format(f"Resource name {name} is non alphanumeric.")
    if not isinstance(body, dict):
        raise bad_format(f"[/Resources/{name}] Every Resources member must be an object.")
    unknown = sorted(set(body) - RESOURCE_FIELDS)
    if unknown:
        raise invalid(f"Invalid template resource property '{unknown[0]}'")
    refused = [field for field in _REFUSED_RESOURCE_FIELDS if field in body]
    if refused:
        raise invalid(f"Laguna does not support the attribute {refused[0]} of resource {name}.")
    kind = body.get("Type")
    if not isinstance(kind, str):
        raise bad_format(f"[/Resources/{name}] Every Resources object must contain a Type member.")
    properties = body.get("Properties", {})
    if not isinstance(properties, dict):
        raise bad_format(f"[/Resources/{name}/Properties] Properties must be an object.")
    depends_on = body.get("DependsOn", [])
    names = [depends_on] if isinstance(depends_on, str) else depends_on
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise bad_format(f"[/Resources/{name}/DependsOn] Every DependsOn value must be a string.")
    return Resource(
        logical_id=name,
        type=kind,
        properties=properties,
        depends_on=tuple(names),
        condition=_condition_of(body, f"/Resources/{name}"),
        deletion_policy=_policy(body, name, "DeletionPolicy", _DELETION_POLICIES),
        update_replace_policy=_policy(body, name, "UpdateReplacePolicy", _REPLACE_POLICIES),
        metadata=body.get("Metadata"),
    )


def _policy(body: dict[str, Any], name: str, field: str, allowed: tuple[str, ...]) -> str:
    policy = body.get(field, "Delete")
    if policy not in allowed:
        raise bad_format(f"Unrecognized {field} {policy} for resource {name}")
    if policy == "Snapshot":
        # EBS, RDS, Redshift, Neptune, ElastiCache and DocumentDB only.
        raise bad_format(f"{field} Snapshot is not supported for resource {name} of type {body['Type']}")
    return str(policy)


def _condition_of(body: dict[str, Any], path: str) -> str | None:
    condition = body.get("Condition")
    if condition is not None and not isinstance(condition, str):
        raise bad_format(f"[{path}/Condition] Every Condition member must be a string.")
    return condition


def _read_output(name: str, body: Any) -> Output:
    if not re.fullmatch(r"[A-Za-z0-9]{1,255}", name):
        raise bad_format(f"Output name {name} is non alphanumeric.")
    if not isinstance(body, dict):
        raise bad_format(f"[/Outputs/{name}] Every Outputs member must be an object.")
    unknown = sorted(set(body) - {"Value", "Description", "Condition", "Export"})
    if unknown:
        raise invalid(f"Invalid template output property '{unknown[0]}'")
    if "Value" not in body:
        raise bad_format(f"[/Outputs/{name}] Every Outputs member must contain a Value object")
    export = body.get("Export")
    if export is not None and (not isinstance(export, dict) or set(export) != {"Name"}):
        raise bad_format(f"[/Outputs/{name}/Export] Export must be an object with the member Name.")
    return Output(
        name,
        body["Value"],
        body.get("Description"),
        _condition_of(body, f"/Outputs/{name}"),
        export and export["Name"],
    )
