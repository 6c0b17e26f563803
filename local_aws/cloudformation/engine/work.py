"""One resource at a time: create, update, replace, restore.

Before a resource with a name of its own is created the name is found free and then stored, so after a crash
whatever bears it is this stack's and may be deleted. The two CREATE_IN_PROGRESS events that AWS shows are
these two steps.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from local_aws.cloudformation.engine.context import Context, Failed, is_name_taken
from local_aws.cloudformation.engine.plan import difference, is_made
from local_aws.cloudformation.engine.records import KEPT, Resource, Stack
from local_aws.cloudformation.template import model
from local_aws.cloudformation.types.base import Made, Request, ResourceType
from local_aws.cloudformation.types.convert import convert

INITIATED = "Resource creation Initiated"


def bring_about(
    context: Context,
    stack: Stack,
    wanted: model.Resource,
    properties: Mapping[str, Any],
    needs: list[str],
    shown: str,
) -> None:
    """Make a resource what the template wants, whatever it was.

    Raises:
        Failed: it could not be; its record and an event say why.
        Interrupted: the server is going down.
    """
    existing = context.store.resources(stack.id).get(wanted.logical_id)
    update = stack.previous is not None
    if existing is None or not is_made(existing):
        fresh = Resource(
            wanted.logical_id,
            wanted.type,
            "",
            time.time(),
            added=update,
            previous=existing.previous if existing else None,
        )
        _create(context, stack, _with_goal(fresh, stack, wanted, properties, needs), shown)
        return
    kind = context.types[wanted.type]
    found = difference(kind, existing, wanted, properties, stack.wanted.tags)
    if not found.anything and needs == existing.needs:
        return
    before = existing.previous or {name: deepcopy(getattr(existing, name)) for name in KEPT}
    goal = _with_goal(replace(existing, previous=before), stack, wanted, properties, needs)
    if found.replaced_by:
        _replace(context, stack, existing, goal, shown)
    elif found.calls_for_update:
        _update(context, stack, goal, existing, shown)
    else:
        context.store.put_resource(stack.id, goal)


def _with_goal(
    resource: Resource, stack: Stack, wanted: model.Resource, properties: Mapping[str, Any], needs: list[str]
) -> Resource:
    return replace(
        resource,
        properties=dict(properties),
        stack_tags=dict(stack.wanted.tags),
        needs=needs,
        deletion_policy=wanted.deletion_policy,
        update_replace_policy=wanted.update_replace_policy,
        metadata=wanted.metadata,
    )


def request_for(context: Context, stack: Stack, resource: Resource, old: Request | None = None) -> Request:
    """What a type is given to work on.

    Raises:
        BadProperty: a property is wrong.
    """
    kind = context.types[resource.type]
    params, tags = convert(kind, resource.properties, resource.stack_tags)
    return Request(
        logical_id=resource.logical_id,
        stack_name=stack.name,
        stack_id=stack.id,
        region=context.region,
        account_id=context.account_id,
        client=context.client,
        physical_id=resource.physical_id or "",
        properties=resource.properties,
        params=params,
        tags=tags,
        attributes=resource.attributes,
        old=old,
    )


def _create(context: Context, stack: Stack, resource: Resource, shown: str, status: str = "CREATE") -> None:
    kind = context.types[resource.type]
    context.set_resource(stack, resource, f"{status}_IN_PROGRESS", shown=shown)
    try:
        request = kind.named(request_for(context, stack, resource))
        if kind.exists(request):
            name = request.name or resource.logical_id
            raise Failed(
                resource.logical_id,
                f"Resource of type '{resource.type}' with identifier '{name}' already exists.",
            )

        def claim(physical_id: str) -> None:
            resource.physical_id = physical_id
            context.set_resource(stack, resource, f"{status}_IN_PROGRESS", INITIATED, shown=shown)

        planned = kind.planned_id(request)
        if planned is not None:
            claim(planned)
        made = kind.create(replace(request, physical_id=planned or "", claim=claim))
        if resource.physical_id is None:
            claim(made.physical_id)
    except Exception as error:
        reason = error.reason if isinstance(error, Failed) else context.reason_of(error)
        if is_name_taken(error):
            # Not this stack's: nothing may ever delete it.
            resource.physical_id = None
        context.set_resource(stack, resource, f"{status}_FAILED", reason, shown=shown)
        raise Failed(resource.logical_id, reason) from error
    _finish(context, stack, resource, made, f"{status}_COMPLETE", shown)


def _finish(context: Context, stack: Stack, resource: Resource, made: Made, status: str, shown: str) -> None:
    resource.physical_id = made.physical_id
    resource.attributes = dict(made.attributes)
    context.set_resource(stack, resource, status, shown=shown)


def _update(context: Context, stack: Stack, goal: Resource, existing: Resource, shown: str) -> None:
    kind = context.types[goal.type]
    context.set_resource(stack, goal, "UPDATE_IN_PROGRESS", shown=shown)
    try:
        made = _call_update(context, stack, kind, existing, goal)
    except Exception as error:
        reason = context.reason_of(error)
        context.set_resource(stack, goal, "UPDATE_FAILED", reason, shown=shown)
        raise Failed(goal.logical_id, reason) from error
    _finish(context, stack, goal, made, "UPDATE_COMPLETE", shown)


def _call_update(context: Context, stack: Stack, kind: ResourceType, old: Resource, new: Resource) -> Made:
    return kind.update(request_for(context, stack, new, request_for(context, stack, old)))


def _replace(context: Context, stack: Stack, existing: Resource, goal: Resource, shown: str) -> None:
    taken = _identifier_taken(context, stack, existing, goal)
    if taken is not None:
        context.add_resource_event(stack, existing, "UPDATE_FAILED", taken, shown)
        raise Failed(goal.logical_id, taken)
    context.add_resource_event(
        stack,
        existing,
        "UPDATE_IN_PROGRESS",
        "Requested update requires the creation of a new physical resource; hence creating one.",
        shown,
    )
    if existing.previous is not None and existing.previous["physical_id"] != existing.physical_id:
        # Replaced before, by an update that failed without rolling back.
        context.store.add_leftover(stack.id, existing)
    _create(context, stack, replace(goal, physical_id=None, attributes={}), shown, "UPDATE")


def _identifier_taken(context: Context, stack: Stack, existing: Resource, goal: Resource) -> str | None:
    """Why a replacement cannot be made beside what it replaces: both would have one identifier."""
    kind = context.types[goal.type]
    try:
        planned = kind.planned_id(kind.named(request_for(context, stack, goal)))
    except Exception as error:
        return context.reason_of(error)
    if planned != existing.physical_id:
        return None
    if kind.name_property in goal.properties:
        return (
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
            f"Rename {goal.properties[kind.name_property]} and update the stack again."
        )
    return f"Resource of type '{goal.type}' with identifier '{planned}' already exists."


def restore(context: Context, stack: Stack, resource: Resource) -> None:
    """Bring a resource that an update has changed back to what it was.

    Raises:
        Failed: it could not be; the record still knows what it was, so it can be tried again.
    """
    assert resource.previous is not None
    before = replace(resource, **deepcopy(resource.previous), previous=None, added=False)
    replaced = resource.physical_id != before.physical_id
    touched = (resource.properties, resource.stack_tags) != (before.properties, before.stack_tags)
    if replaced:
        with context.store.transaction():
            if resource.physical_id is not None:
                context.store.add_leftover(stack.id, replace(resource, added=True))
            context.set_resource(stack, before, "UPDATE_COMPLETE")
        return
    if not touched:
        context.store.put_resource(stack.id, before)
        return
    resource.status = "UPDATE_IN_PROGRESS"
    context.add_resource_event(stack, resource, "UPDATE_IN_PROGRESS")
    try:
        made = _call_update(context, stack, context.types[resource.type], resource, before)
    except Exception as error:
        reason = context.reason_of(error)
        context.set_resource(stack, resource, "UPDATE_FAILED", reason)
        raise Failed(resource.logical_id, reason) from error
    _finish(context, stack, before, made, "UPDATE_COMPLETE", "")


def shown_properties(properties: Mapping[str, Any]) -> str:
    """A resource's properties as events show them."""
    return json.dumps(properties, ensure_ascii=False, separators=(",", ":")) if properties else ""
