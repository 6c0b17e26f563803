"""The values of a template's parameters: what was given, or was there before, or the default, each checked.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html (2026-11)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.cloudformation.template.errors import bad_format, invalid
from local_aws.cloudformation.template.functions import text_of

_LISTS = re.compile(r"CommaDelimitedList|List<.+>|AWS::SSM::Parameter::Value<(List<.+>|CommaDelimitedList)>")
_KNOWN = re.compile(
    r"String|Number|CommaDelimitedList|List<(Number|String)>|AWS::SSM::Parameter::Name"
    r"|(List<)?AWS::[A-Za-z0-9]+::[A-Za-z0-9:]+>?"
    r"|AWS::SSM::Parameter::Value<(String|CommaDelimitedList|List<String>|(List<)?AWS::[A-Za-z0-9:]+>?)>"
)
_SSM_VALUE = "AWS::SSM::Parameter::Value<"

_FIELDS = frozenset(
    [
        "Type",
        "Default",
        "AllowedValues",
        "AllowedPattern",
        "MinLength",
        "MaxLength",
        "MinValue",
        "MaxValue",
        "ConstraintDescription",
        "NoEcho",
        "Description",
    ]
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One entry of the Parameters section."""

    name: str
    type: str
    default: str | None
    no_echo: bool
    description: str | None
    constraints: Mapping[str, Any]

    @property
    def allowed_values(self) -> list[str] | None:
        """`AllowedValues` as text."""
        values = self.constraints.get("AllowedValues")
        return None if values is None else [text_of(value) for value in values]

    @property
    def is_list(self) -> bool:
        """Whether `Ref` answers a list."""
        return _LISTS.fullmatch(self.type) is not None

    @property
    def is_ssm_value(self) -> bool:
        """Whether what is given is the name of an SSM parameter, which holds the value."""
        return self.type.startswith(_SSM_VALUE)


def read_parameter(name: str, body: Any) -> Parameter:
    """One entry of the Parameters section, its shape checked."""
    if not re.fullmatch(r"[A-Za-z0-9]{1,255}", name):
        raise bad_format(f"Parameter name {name} is non alphanumeric.")
    if not isinstance(body, dict):
        raise bad_format(f"Every Parameters member must be an object: {name}.")
    if "Type" not in body:
        raise bad_format("Every Parameters object must contain a Type member.")
    unknown = sorted(set(body) - _FIELDS)
    if unknown:
        raise bad_format(f"Invalid template parameter property '{unknown[0]}'")
    kind = body["Type"]
    if not isinstance(kind, str) or not _KNOWN.fullmatch(kind):
        raise bad_format(f"Unrecognized parameter type: {kind}")
    default = body.get("Default")
    if isinstance(default, dict | list):
        raise bad_format(f"Every Default member must be a string: {name}.")
    return Parameter(
        name=name,
        type=kind,
        default=None if default is None else text_of(default),
        no_echo=text_of(body.get("NoEcho", False)).lower() == "true",
        description=body.get("Description"),
        constraints={
            key: body[key] for key in body if key not in ("Type", "Default", "NoEcho", "Description")
        },
    )


def choose_values(
    declared: Mapping[str, Parameter], given: list[dict[str, Any]], previous: Mapping[str, str]
) -> dict[str, str]:
    """The text of every declared parameter, checked against its constraints.

    Args:
        given: the request's `Parameters`, `[{ParameterKey, ParameterValue | UsePreviousValue}]`.
        previous: the values of the stack that is updated.
    """
    unknown = sorted({entry["ParameterKey"] for entry in given} - set(declared))
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    values = {
        name: parameter.default for name, parameter in declared.items() if parameter.default is not None
    }
    for entry in given:
        name = entry["ParameterKey"]
        if entry.get("UsePreviousValue"):
            if "ParameterValue" in entry:
                raise invalid(
                    f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true "
                    "and non empty value for a parameter"
                )
            if name not in previous:
                raise invalid(
                    f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true "
                    "for a parameter key not in the previous template"
                )
            values[name] = previous[name]
        elif "ParameterValue" in entry:
            values[name] = entry["ParameterValue"]
    missing = [name for name in declared if name not in values]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    for name, value in values.items():
        _check(declared[name], value)
    return {name: values[name] for name in declared}


def value_of(parameter: Parameter, text: str) -> Any:
    """What `Ref` answers: the text, or the list of its comma-separated parts."""
    return [part.strip() for part in text.split(",")] if parameter.is_list else text


def _check(parameter: Parameter, text: str) -> None:
    numbers = parameter.type in ("Number", "List<Number>")
    items = [part.strip() for part in text.split(",")] if parameter.is_list else [text]
    for item in items:
        if numbers and not _is_number(item):
            raise invalid(f"Parameter '{parameter.name}' must be a number")
        for constraint, limit in parameter.constraints.items():
            check = _CHECKS.get(constraint)
            if check is not None and not check(item, limit):
                raise invalid(_refusal(parameter, constraint, limit))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*", text) is not None


_CHECKS: dict[str, Callable[[str, Any], bool]] = {
    "AllowedValues": lambda text, allowed: text in map(text_of, allowed),
    "AllowedPattern": lambda text, pattern: re.fullmatch(pattern, text) is not None,
    "MinLength": lambda text, limit: len(text) >= int(limit),
    "MaxLength": lambda text, limit: len(text) <= int(limit),
    "MinValue": lambda text, limit: float(text) >= float(limit),
    "MaxValue": lambda text, limit: float(text) <= float(limit),
}

_WORDS = {
    "AllowedValues": "must be one of AllowedValues",
    "AllowedPattern": "must match pattern {limit}",
    "MinLength": "must contain at least {limit} characters",
    "MaxLength": "must contain at most {limit} characters",
    "MinValue": "must be a number not less than {limit}",
    "MaxValue": "must be a number not greater than {limit}",
}


def _refusal(parameter: Parameter, constraint: str, limit: Any) -> str:
    described = parameter.constraints.get("ConstraintDescription")
    if described:
        return f"Parameter '{parameter.name}' failed to satisfy constraint: {described}"
    return f"Parameter '{parameter.name}' {_WORDS[constraint].format(limit=limit)}"
