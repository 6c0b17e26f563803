"""What a template refers to exists, and can be made in some order; known before anything is made.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local_aws.cloudformation.template.errors import bad_format, bad_template, invalid
from local_aws.cloudformation.template.model import Template
from local_aws.cloudformation.template.references import conditions_used, references
from local_aws.cloudformation.template.rules import parameters_used

_FUNCTIONS_OF_CONDITIONS = frozenset(
    f"Fn::{name}"
    for name in ["And", "Equals", "FindInMap", "If", "Join", "Not", "Or", "Select", "Split", "Sub"]
)


def check_template(template: Template, attributes: Mapping[str, frozenset[str] | None]) -> None:
    """Refuse references to nothing, attributes that a type does not have, and cycles.

    Args:
        attributes: what `Fn::GetAtt` may name, by resource type; None or no entry: not known, anything
        passes.
    """
    _check_conditions(template)
    _check_rules(template)
    _check_names(template)
    _check_conditions_used(template)
    _check_attributes(template, attributes)
    creation_order(dependencies(template))


def dependencies(template: Template) -> dict[str, frozenset[str]]:
    """For each resource the resources that must be there first, by DependsOn or by reference."""
    return {
        name: frozenset(
            {*resource.depends_on, *(one.name for one in references(dict(resource.properties)))}
            & template.resources.keys()
        )
        for name, resource in template.resources.items()
    }


def creation_order(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """Every resource after those it needs; among equals in the template's order.

    Raises:
        AwsError: ValidationError, `Circular dependency between resources: […]`.
    """
    waiting = {name: set(needed) for name, needed in needs.items()}
    order: list[str] = []
    while waiting:
        ready = [name for name, needed in waiting.items() if not needed & waiting.keys()]
        if not ready:
            raise invalid(f"Circular dependency between resources: [{', '.join(_in_cycles(waiting))}]")
        order += ready
        for name in ready:
            del waiting[name]
    return order


def _in_cycles(waiting: dict[str, set[str]]) -> list[str]:
    """Those that take part in a cycle, without what only waits for one."""
    left = dict(waiting)
    while True:
        needed = set().union(*left.values()) if left else set()
        kept = {name: needs for name, needs in left.items() if name in needed}
        if len(kept) == len(left):
            return sorted(left)
        left = kept


def _check_conditions(template: Template) -> None:
    for name, body in template.conditions.items():
        if not isinstance(body, dict) or len(body) != 1:
            raise bad_format(
                f"Conditions can only be boolean operations on parameters and other conditions: {name}"
            )
        _check_condition_functions(body)
        missing = sorted({one.name for one in references(body)} - template.parameters.keys())
        if missing:
            raise bad_format(
                f"Unresolved dependencies [{', '.join(missing)}]. Cannot reference resources in the "
                "Conditions block of the template"
            )
        for used in conditions_used(body):
            if used not in template.conditions:
                raise bad_format(
                    f"Unresolved condition dependency {used} in the Conditions block of the template"
                )
    needs = {name: set(conditions_used(body)) for name, body in template.conditions.items()}
    try:
        creation_order(needs)
    except Exception as error:
        raise bad_format("Circular dependencies exist in the Conditions block of the template") from error


def _check_rules(template: Template) -> None:
    used = {name for rule in template.rules.values() for name in parameters_used(rule)}
    missing = sorted(used - template.parameters.keys())
    if missing:
        raise bad_format(f"Unresolved dependencies [{', '.join(missing)}] in the Rules block of the template")


def _check_condition_functions(body: Any) -> None:
    if isinstance(body, list):
        for item in body:
            _check_condition_functions(item)
    elif isinstance(body, dict):
        for key, item in body.items():
            if key not in _FUNCTIONS_OF_CONDITIONS and key.startswith("Fn::"):
                raise bad_template(f"{key} cannot be used in the Conditions block of the template")
            _check_condition_functions(item)


def _check_names(template: Template) -> None:
    known = template.parameters.keys() | template.resources.keys()
    both = sorted(template.parameters.keys() & template.resources.keys())
    if both:
        raise bad_format(f"Parameters and Resources must not share names: {', '.join(both)}")
    missing = set()
    for resource in template.resources.values():
        missing |= {one.name for one in references(dict(resource.properties))} - known
        missing |= set(resource.depends_on) - template.resources.keys()
    if missing:
        raise bad_format(
            f"Unresolved resource dependencies [{', '.join(sorted(missing))}] in the Resources block of "
            "the template"
        )
    outputs = [[output.value, output.export] for output in template.outputs.values()]
    missing = {one.name for one in references(outputs)} - known
    if missing:
        raise bad_format(
            f"Unresolved resource dependencies [{', '.join(sorted(missing))}] in the Outputs block of "
            "the template"
        )


def _check_conditions_used(template: Template) -> None:
    for block, entries in (
        ("Resources", template.resources.values()),
        ("Outputs", template.outputs.values()),
    ):
        for entry in entries:
            value = dict(entry.properties) if hasattr(entry, "properties") else [entry.value, entry.export]
            used = [*([entry.condition] if entry.condition else []), *_if_conditions(value)]
            for name in used:
                if name not in template.conditions:
                    raise bad_format(
                        f"Unresolved condition dependency {name} in the {block} block of the template"
                    )


def _if_conditions(value: Any) -> Iterable[str]:
    # `{Condition: text}` is left to evaluation: a property may be called that.
    if isinstance(value, list):
        for item in value:
            yield from _if_conditions(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Fn::If" and isinstance(item, list) and item and isinstance(item[0], str):
                yield item[0]
            yield from _if_conditions(item)


def _check_attributes(template: Template, attributes: Mapping[str, frozenset[str] | None]) -> None:
    values = [dict(resource.properties) for resource in template.resources.values()]
    values += [{"value": output.value, "export": output.export} for output in template.outputs.values()]
    for reference in references(values):
        if reference.attribute is None:
            continue
        if reference.name not in template.resources:
            raise bad_template(f"instance of Fn::GetAtt references undefined resource {reference.name}")
        allowed = attributes.get(template.resources[reference.name].type)
        if allowed is not None and reference.attribute and reference.attribute not in allowed:
            raise bad_template(
                f"resource {reference.name} does not support attribute type {reference.attribute} in "
                "Fn::GetAtt"
            )
