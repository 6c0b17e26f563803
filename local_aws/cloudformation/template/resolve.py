"""A template with its parameters and conditions decided: what a stack should consist of.

Only what depends on other resources is left to be evaluated, when they exist (deploying) or with `UNKNOWN`
in their place (planning).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from local_aws.cloudformation.template.check import creation_order, dependencies
from local_aws.cloudformation.template.errors import bad_format, invalid
from local_aws.cloudformation.template.evaluate import UNKNOWN, Scope, evaluate
from local_aws.cloudformation.template.model import Output, Resource, Template
from local_aws.cloudformation.template.parameters import value_of


@dataclass(frozen=True, slots=True)
class StackFacts:
    """What the pseudo parameters answer."""

    stack_id: str
    stack_name: str
    region: str
    account_id: str
    notification_arns: tuple[str, ...] = ()

    def pseudo_parameters(self) -> dict[str, Any]:
        """By name, without `AWS::NoValue`."""
        china = self.region.startswith("cn-")
        gov = self.region.startswith("us-gov-")
        return {
            "AWS::AccountId": self.account_id,
            "AWS::NotificationARNs": list(self.notification_arns),
            "AWS::Partition": "aws-cn" if china else "aws-us-gov" if gov else "aws",
            "AWS::Region": self.region,
            "AWS::StackId": self.stack_id,
            "AWS::StackName": self.stack_name,
            "AWS::URLSuffix": "amazonaws.com.cn" if china else "amazonaws.com",
        }


@dataclass(frozen=True)
class Resolved:
    """The resources and outputs whose conditions hold, and the scope in which they are evaluated."""

    template: Template
    scope: Scope

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """Those whose condition holds, by logical id."""
        return {name: one for name, one in self.template.resources.items() if self._holds(one.condition)}

    @cached_property
    def outputs(self) -> dict[str, Output]:
        """Those whose condition holds, by name."""
        return {name: one for name, one in self.template.outputs.items() if self._holds(one.condition)}

    @cached_property
    def needs(self) -> dict[str, frozenset[str]]:
        """For each resource those of this stack that must exist first."""
        here = self.resources.keys()
        return {name: needed & here for name, needed in dependencies(self.template).items() if name in here}

    @cached_property
    def order(self) -> list[str]:
        """The logical ids, each after those it needs."""
        return creation_order(self.needs)

    def evaluate(
        self,
        value: Any,
        ref: Callable[[str], Any] | None = None,
        attribute: Callable[[str, str], Any] | None = None,
    ) -> Any:
        """`value` with `ref` and `attribute` answering for resources; without them these are `UNKNOWN`."""
        scope = replace(self.scope, ref=ref or self.scope.ref, attribute=attribute or self.scope.attribute)
        return evaluate(value, scope)

    def _holds(self, condition: str | None) -> bool:
        return condition is None or self.scope.conditions[condition]


def resolve(
    template: Template, parameters: Mapping[str, str], facts: StackFacts, export: Callable[[str], Any]
) -> Resolved:
    """Decide the conditions of `template` for the given texts of its parameters (SSM values already looked
    up).

    Raises:
        AwsError: ValidationError, when a condition cannot be evaluated or an output needs a resource that
        is not made.
    """
    values = {name: value_of(template.parameters[name], text) for name, text in parameters.items()}
    scope = Scope(
        parameters={**facts.pseudo_parameters(), **values},
        mappings=template.mappings,
        conditions=_Conditions(template, values, facts),
        ref=lambda name: UNKNOWN,
        attribute=lambda name, attribute: UNKNOWN,
        export=export,
    )
    decided = {name: scope.conditions[name] for name in template.conditions}
    resolved = Resolved(template, replace(scope, conditions=decided))
    _check_conditional(resolved)
    return resolved


class _Conditions(dict[str, bool]):
    """Conditions, each evaluated when first asked for, as they may use one another in any order."""

    def __init__(self, template: Template, values: dict[str, Any], facts: StackFacts) -> None:
        super().__init__()
        self._template = template
        self._scope = Scope(
            parameters={**facts.pseudo_parameters(), **values},
            mappings=template.mappings,
            conditions=self,
            ref=lambda name: UNKNOWN,
            attribute=lambda name, attribute: UNKNOWN,
            export=lambda name: UNKNOWN,
        )

    def __contains__(self, name: object) -> bool:
        return name in self._template.conditions

    def __missing__(self, name: str) -> bool:
        value = evaluate(self._template.conditions[name], self._scope)
        if not isinstance(value, bool):
            raise invalid(f"Template format error: Condition {name} must be a boolean operation.")
        self[name] = value
        return value


def _check_conditional(resolved: Resolved) -> None:
    """Refuse what refers to a resource whose condition is false."""
    absent = resolved.template.resources.keys() - resolved.resources.keys()
    blocks = {
        "Resources": [dict(resource.properties) for resource in resolved.resources.values()],
        "Outputs": [[output.value, output.export] for output in resolved.outputs.values()],
    }
    for block, values in blocks.items():
        missing: set[str] = set()

        def note(name: str, attribute: str = "", missing: set[str] = missing) -> Any:
            if name in absent:
                missing.add(name)
            return UNKNOWN

        evaluate(values, replace(resolved.scope, ref=note, attribute=note, export=lambda name: UNKNOWN))
        if missing:
            raise bad_format(
                f"Unresolved resource dependencies [{', '.join(sorted(missing))}] in the {block} block "
                "of the template"
            )
