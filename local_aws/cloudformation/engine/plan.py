"""What reaching a goal would change in a stack: pure, from what is stored and what the template says.

The same comparison decides `No updates are to be performed.`, fills change sets, and chooses between
keeping, updating and replacing a resource during an update.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html (2026-11)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_aws.cloudformation.engine.records import Resource
from local_aws.cloudformation.template import model
from local_aws.cloudformation.template.errors import invalid
from local_aws.cloudformation.template.evaluate import UNKNOWN, has_unknown
from local_aws.cloudformation.template.references import references
from local_aws.cloudformation.template.resolve import Resolved
from local_aws.cloudformation.types.base import ResourceType, same

ADD, MODIFY, REMOVE = "Add", "Modify", "Remove"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a resource's wanted properties differ from its stored ones."""

    properties: frozenset[str] = frozenset()
    replaced_by: frozenset[str] = frozenset()
    tags: bool = False
    metadata: bool = False
    policies: bool = False

    @property
    def anything(self) -> bool:
        """Whether the stack would know of a change at all."""
        return bool(self.properties or self.tags or self.metadata or self.policies)

    @property
    def calls_for_update(self) -> bool:
        """Whether the resource itself changes, not only what the stack knows of it."""
        return bool(self.properties or self.tags)


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that an update would touch."""

    action: str
    logical_id: str
    type: str
    physical_id: str | None = None
    difference: Difference = Difference()
    unknown: frozenset[str] = field(default=frozenset())
    """The changed properties whose new value only the update will tell."""
    retained: bool = False
    causes: Mapping[str, str | None] = field(default_factory=dict)
    """For an unknown property the reference that makes it so."""

    @property
    def replacement(self) -> str:
        """`True`, `False` or `Conditional`, as DescribeChangeSet says."""
        if not self.difference.replaced_by:
            return "False"
        return "Conditional" if self.difference.replaced_by <= self.unknown else "True"


def plan(
    resolved: Resolved,
    existing: Mapping[str, Resource],
    types: Mapping[str, ResourceType],
    stack_tags: Mapping[str, str],
) -> list[Change]:
    """The changes that turn `existing` into `resolved`, in the order of the template's dependencies,
    removals last.

    Raises:
        AwsError: ValidationError, when a logical id keeps its name but not its type.
    """
    _refuse_other_types(resolved, existing)
    unsettled: dict[str, bool] = {}
    changes = []
    for name in resolved.order:
        change = _change_of(resolved, resolved.resources[name], existing, types, stack_tags, unsettled)
        if change is not None:
            changes.append(change)
            unsettled[name] = change.action == ADD or change.replacement != "False"
    for name, resource in reversed(list(existing.items())):
        if name not in resolved.resources:
            kept = resource.deletion_policy in ("Retain", "RetainExceptOnCreate")
            changes.append(Change(REMOVE, name, resource.type, resource.physical_id, retained=kept))
    return changes


def difference(
    kind: ResourceType | None,
    resource: Resource,
    wanted: model.Resource,
    properties: Mapping[str, Any],
    tags: Mapping[str, str],
) -> Difference:
    """Compare a stored resource with what the template wants of it."""
    names = resource.properties.keys() | properties.keys()
    changed = frozenset(
        name for name in names if not same(resource.properties.get(name), properties.get(name))
    )
    replaced_by = kind.replaced_by(resource.properties, properties) if kind and changed else set()
    return Difference(
        properties=changed,
        replaced_by=frozenset(replaced_by),
        tags=bool(kind and kind.tags_form and dict(tags) != resource.stack_tags),
        metadata=wanted.metadata != resource.metadata,
        policies=(wanted.deletion_policy, wanted.update_replace_policy)
        != (resource.deletion_policy, resource.update_replace_policy),
    )


def _refuse_other_types(resolved: Resolved, existing: Mapping[str, Resource]) -> None:
    other = [
        name
        for name, wanted in resolved.resources.items()
        if name in existing and existing[name].type != wanted.type
    ]
    if other:
        raise invalid(
            "Update of resource type is not permitted. The new template modifies resource type of the "
            "following resources: "
            f"[{', '.join(other)}]"
        )


def _change_of(
    resolved: Resolved,
    wanted: model.Resource,
    existing: Mapping[str, Resource],
    types: Mapping[str, ResourceType],
    stack_tags: Mapping[str, str],
    unsettled: Mapping[str, bool],
) -> Change | None:
    resource = existing.get(wanted.logical_id)
    if resource is None or not is_made(resource):
        return Change(ADD, wanted.logical_id, wanted.type)

    def ref(name: str) -> Any:
        return UNKNOWN if unsettled.get(name) or name not in existing else existing[name].physical_id

    def attribute(name: str, attribute: str) -> Any:
        return (
            UNKNOWN
            if name in unsettled or name not in existing
            else existing[name].attributes.get(attribute, UNKNOWN)
        )

    properties = resolved.evaluate(dict(wanted.properties), ref, attribute)
    found = difference(types.get(wanted.type), resource, wanted, properties, stack_tags)
    if not found.anything:
        return None
    unknown = frozenset(name for name in found.properties if has_unknown(properties.get(name)))
    causes = {name: _cause(wanted.properties.get(name), unsettled) for name in unknown}
    return Change(MODIFY, wanted.logical_id, wanted.type, resource.physical_id, found, unknown, causes=causes)


def is_made(resource: Resource) -> bool:
    """Whether there is something behind the record."""
    return resource.physical_id is not None and resource.status not in ("CREATE_FAILED", "DELETE_COMPLETE")


def _cause(value: Any, unsettled: Mapping[str, bool]) -> str | None:
    for reference in references(value):
        if reference.name in unsettled:
            return (
                reference.name if reference.attribute is None else f"{reference.name}.{reference.attribute}"
            )
    return None
