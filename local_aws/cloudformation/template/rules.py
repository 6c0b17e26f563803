"""The Rules section: what must hold of a template's parameters before anything is created or updated.

A rule with a `RuleCondition` that is false is not looked at; every assertion of the others must be true.
Rules see parameters only, so they are decided before there is a plan. CDK puts one into every template, about
the version of its bootstrap stack. How AWS words a refusal is not documented; the words here are ours.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.cloudformation.template.errors import bad_format, bad_template, invalid
from local_aws.cloudformation.template.functions import CONDITION_FUNCTIONS, Function, text_of

# They look values up in EC2, Route 53 and the like, none of which are here.
_REFUSED = frozenset(("Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"))


@dataclass(frozen=True, slots=True)
class Assertion:
    """Something that must be true, and what is said when it is not."""

    condition: Any
    description: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the Rules section, not yet evaluated; without a condition it always counts."""

    name: str
    condition: Any
    assertions: tuple[Assertion, ...]

    @property
    def expressions(self) -> Iterator[Any]:
        """Everything in it that is evaluated."""
        yield from () if self.condition is None else (self.condition,)
        yield from (one.condition for one in self.assertions)


def read_rule(name: str, body: Any) -> Rule:
    """One entry of the Rules section, its shape and its functions checked.

    Raises:
        AwsError: ValidationError.
    """
    if not isinstance(body, dict):
        raise bad_format(f"[/Rules/{name}] Every Rules member must be an object.")
    unknown = sorted(set(body) - {"RuleCondition", "Assertions"})
    if unknown:
        raise bad_format(f"[/Rules/{name}] Encountered unsupported property {unknown[0]}")
    assertions = body.get("Assertions")
    if not isinstance(assertions, list) or not assertions:
        raise bad_format(f"[/Rules/{name}] Every Rules member must contain a list of Assertions.")
    rule = Rule(name, body.get("RuleCondition"), tuple(_read_assertion(name, one) for one in assertions))
    for expression in rule.expressions:
        _check_functions(name, expression)
    return rule


def parameters_used(rule: Rule) -> set[str]:
    """The names that its `Ref`s give."""
    return {name for expression in rule.expressions for name in _refs(expression)}


def check_rules(rules: Mapping[str, Rule], values: Mapping[str, Any]) -> None:
    """Refuse values of parameters for which an assertion does not hold.

    Args:
        values: what `Ref` answers, by name.

    Raises:
        AwsError: ValidationError, with the rule's name and the assertion's description.
    """
    for rule in rules.values():
        if rule.condition is not None and not _boolean(rule.name, rule.condition, values):
            continue
        for assertion in rule.assertions:
            if not _boolean(rule.name, assertion.condition, values):
                raise invalid(f"Rule {rule.name} failed: {assertion.description}")


def _read_assertion(name: str, body: Any) -> Assertion:
    if not isinstance(body, dict) or "Assert" not in body or set(body) - {"Assert", "AssertDescription"}:
        raise bad_format(
            f"[/Rules/{name}/Assertions] Every member must be an object with Assert and AssertDescription."
        )
    description = body.get("AssertDescription", "an assertion is false.")
    if not isinstance(description, str):
        raise bad_format(f"[/Rules/{name}/Assertions] Every AssertDescription must be a string.")
    return Assertion(body["Assert"], description)


def _check_functions(rule: str, value: Any) -> None:
    for item in value if isinstance(value, list) else ():
        _check_functions(rule, item)
    for key, item in value.items() if isinstance(value, dict) else ():
        if key in _REFUSED:
            raise invalid(f"{key} is not supported by Laguna.")
        if len(value) != 1 or (key != "Ref" and key not in _FUNCTIONS):
            raise bad_template(f"{key} cannot be used in the Rules block of the template")
        if key == "Ref" and not isinstance(item, str):
            raise bad_template("every Ref object must have a single String value.")
        _check_functions(rule, item)


def _refs(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else ():
        yield from _refs(item)
    for key, item in value.items() if isinstance(value, dict) else ():
        yield from (item,) if key == "Ref" else _refs(item)


def _boolean(rule: str, expression: Any, values: Mapping[str, Any]) -> bool:
    value = _evaluate(expression, values)
    if not isinstance(value, bool):
        raise bad_format(f"[/Rules/{rule}] A rule must be made of boolean operations.")
    return value


def _evaluate(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_evaluate(item, values) for item in value]
    if not isinstance(value, dict):
        return value
    [(key, argument)] = value.items()
    return values[argument] if key == "Ref" else _FUNCTIONS[key](_evaluate(argument, values))


def _texts(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or any(isinstance(item, list | dict) for item in value):
        raise bad_template(f"every {name} object requires a list of strings.")
    return [text_of(item) for item in value]


def _two(name: str, argument: Any) -> tuple[Any, Any]:
    if not isinstance(argument, list) or len(argument) != 2:
        raise bad_template(f"every {name} object requires two parameters.")
    return argument[0], argument[1]


def contains(argument: Any) -> bool:
    """`[[text, …], text]`: whether the text is in the list."""
    listed, wanted = _two("Fn::Contains", argument)
    return _texts("Fn::Contains", [wanted])[0] in _texts("Fn::Contains", listed)


def each_member_equals(argument: Any) -> bool:
    """`[[text, …], text]`: whether everything in the list is the text."""
    listed, wanted = _two("Fn::EachMemberEquals", argument)
    [text] = _texts("Fn::EachMemberEquals", [wanted])
    return all(item == text for item in _texts("Fn::EachMemberEquals", listed))


def each_member_in(argument: Any) -> bool:
    """`[[text, …], [text, …]]`: whether everything in the first list is in the second."""
    listed, allowed = _two("Fn::EachMemberIn", argument)
    return set(_texts("Fn::EachMemberIn", listed)) <= set(_texts("Fn::EachMemberIn", allowed))


_FUNCTIONS: dict[str, Function] = {
    **CONDITION_FUNCTIONS,
    "Fn::Contains": contains,
    "Fn::EachMemberEquals": each_member_equals,
    "Fn::EachMemberIn": each_member_in,
}
