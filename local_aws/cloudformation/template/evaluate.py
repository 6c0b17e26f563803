"""The value of any part of a template, in a scope that says what parameters, conditions and resources are.

The same evaluation serves a plan and a deployment: while planning, what a resource that does not exist yet
will answer is `UNKNOWN`, and every function of something unknown is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from local_aws.cloudformation.template.errors import bad_template, invalid
from local_aws.cloudformation.template.functions import CONDITION_FUNCTIONS, FUNCTIONS, REFUSED, text_of
from local_aws.cloudformation.template.references import get_att_parts
from local_aws.cloudformation.template.substitution import parts_of, substitute


class _Mark:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


UNKNOWN: Final = _Mark("UNKNOWN")
"""A value that only a deployment will tell."""
NO_VALUE: Final = _Mark("NO_VALUE")
"""`AWS::NoValue`: the property or list item that has it is left out."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that a function may look up.

    `ref` and `attribute` answer for resources, and may answer `UNKNOWN`; `export` gives the value of an
    export or raises.
    """

    parameters: Mapping[str, Any]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, bool]
    ref: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    export: Callable[[str], Any]


def evaluate(value: Any, scope: Scope) -> Any:
    """`value` with every function replaced by its result; `NO_VALUE` itself when that is the whole of it.

    Raises:
        AwsError: ValidationError, `Template error: …`, for a function that cannot be evaluated.
    """
    if isinstance(value, list):
        return [item for item in (evaluate(item, scope) for item in value) if item is not NO_VALUE]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(key, argument)] = value.items()
        if key in _LOOKUPS:
            return _LOOKUPS[key](argument, scope)
        function = FUNCTIONS.get(key) or CONDITION_FUNCTIONS.get(key)
        if function is not None:
            evaluated = evaluate(argument, scope)
            return UNKNOWN if has_unknown(evaluated) else function(evaluated)
        if key in REFUSED:
            raise invalid(f"{REFUSED[key]} is not supported by Laguna.")
        if key.startswith("Fn::"):
            raise bad_template(f"{key} is not a function of CloudFormation.")
    evaluated = {key: evaluate(item, scope) for key, item in value.items()}
    return {key: item for key, item in evaluated.items() if item is not NO_VALUE}


def has_unknown(value: Any) -> bool:
    """Whether `UNKNOWN` is `value` or anywhere in it."""
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(has_unknown, value))
    return value is UNKNOWN


def _ref(name: Any, scope: Scope) -> Any:
    if name == "AWS::NoValue":
        return NO_VALUE
    if not isinstance(name, str):
        raise bad_template("every Ref object must have a single String value.")
    return scope.parameters[name] if name in scope.parameters else scope.ref(name)


def _get_att(argument: Any, scope: Scope) -> Any:
    name, attribute = get_att_parts(argument)
    evaluated = evaluate(attribute, scope)
    return UNKNOWN if evaluated is UNKNOWN else scope.attribute(name, text_of(evaluated))


def _sub(argument: Any, scope: Scope) -> Any:
    text, variables = parts_of(argument)
    known = {name: evaluate(value, scope) for name, value in variables.items()}
    unknown = False

    def value_of(name: str) -> str:
        nonlocal unknown
        if name in known:
            value = known[name]
        elif "." in name and name not in scope.parameters:
            value = scope.attribute(*name.split(".", 1))
        else:
            value = _ref(name, scope)
        if value is UNKNOWN:
            unknown = True
            return ""
        if value is NO_VALUE or isinstance(value, dict | list):
            raise bad_template(f"Fn::Sub: the value of '{name}' is not a string.")
        return text_of(value)

    substituted = substitute(text, value_of)
    return UNKNOWN if unknown else substituted


def _if(argument: Any, scope: Scope) -> Any:
    match argument:
        case [str() as name, when_true, when_false]:
            return evaluate(when_true if _condition(name, scope) else when_false, scope)
    raise bad_template("Fn::If requires a list argument with three elements")


def _condition(name: Any, scope: Scope) -> Any:
    if not isinstance(name, str):
        # A property that happens to be called Condition, as in an IAM policy's statement.
        evaluated = evaluate(name, scope)
        return {"Condition": evaluated}
    if name not in scope.conditions:
        raise invalid(
            f"Template format error: Unresolved condition dependency {name} in the Conditions block of "
            "the template"
        )
    return scope.conditions[name]


def _find_in_map(argument: Any, scope: Scope) -> Any:
    if not isinstance(argument, list) or len(argument) != 3:
        raise bad_template(
            "every Fn::FindInMap object requires three parameters, the map name, map key and the "
            "attribute for return value"
        )
    keys = [evaluate(part, scope) for part in argument]
    if has_unknown(keys):
        return UNKNOWN
    found: Any = scope.mappings
    for key in keys:
        if not isinstance(found, dict) or text_of(key) not in found:
            raise bad_template(f"Unable to get mapping for {'::'.join(map(text_of, keys))}")
        found = found[text_of(key)]
    return found


def _import_value(argument: Any, scope: Scope) -> Any:
    name = evaluate(argument, scope)
    if name is UNKNOWN:
        return UNKNOWN
    if not isinstance(name, str):
        raise bad_template(
            "the attribute in Fn::ImportValue must be a string or a function that returns a string"
        )
    return scope.export(name)


_LOOKUPS: dict[str, Callable[[Any, Scope], Any]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::If": _if,
    "Condition": _condition,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
}
