"""Delete one resource: of the stack, or one that a replacement has put aside."""

from __future__ import annotations

from local_aws.cloudformation.engine.context import Context, Failed
from local_aws.cloudformation.engine.records import Resource, Stack
from local_aws.cloudformation.engine.work import request_for


def delete(context: Context, stack: Stack, resource: Resource, *, forget: bool = False) -> None:
    """Delete a resource, or only its record when nothing was made.

    Raises:
        Failed: the API refused.
    """
    if resource.physical_id is None or resource.type not in context.types:
        context.set_resource(stack, resource, "DELETE_COMPLETE", forget=forget)
        return
    context.set_resource(stack, resource, "DELETE_IN_PROGRESS")
    try:
        context.types[resource.type].delete(request_for(context, stack, resource))
    except Exception as error:
        reason = context.reason_of(error)
        context.set_resource(stack, resource, "DELETE_FAILED", reason)
        raise Failed(resource.logical_id, reason) from error
    context.set_resource(stack, resource, "DELETE_COMPLETE", forget=forget)


def delete_leftover(context: Context, stack: Stack, number: int, resource: Resource) -> None:
    """Delete what a replacement put aside; when the API refuses it is left behind, as AWS does, and an
    event tells.
    """
    if resource.update_replace_policy == "Retain" and not resource.added:
        context.add_resource_event(stack, resource, "DELETE_SKIPPED")
    else:
        context.add_resource_event(stack, resource, "DELETE_IN_PROGRESS")
        try:
            context.types[resource.type].delete(request_for(context, stack, resource))
            context.add_resource_event(stack, resource, "DELETE_COMPLETE")
        except Exception as error:
            context.add_resource_event(stack, resource, "DELETE_FAILED", context.reason_of(error))
    context.store.drop_leftover(number)
