"""Stack operations: create, update, delete and what follows a failure.

Each is a sequence of steps that is read from what is stored and may be begun again at any point, so an
operation that a crash cut short is finished by calling it (or its rollback) once more. The statuses and
their reasons are those of
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (2026-11).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from local_aws.cloudformation.engine.context import Context, Failed, FailedResources
from local_aws.cloudformation.engine.deploy import bring_stack_to_goal, set_outputs
from local_aws.cloudformation.engine.goals import resolve_goal
from local_aws.cloudformation.engine.graph import in_order, reversed_needs
from local_aws.cloudformation.engine.plan import is_made
from local_aws.cloudformation.engine.records import Resource, Stack
from local_aws.cloudformation.engine.removal import delete, delete_leftover
from local_aws.cloudformation.engine.work import restore
from local_aws.errors import AwsError


def create(context: Context, stack_id: str) -> None:
    """From CREATE_IN_PROGRESS to CREATE_COMPLETE, or what `OnFailure` says."""
    try:
        bring_stack_to_goal(context, stack_id)
        set_outputs(context, stack_id)
    except (AwsError, FailedResources) as error:
        after_failed_create(context, stack_id, reason_text(error, "create"))
        return
    context.set_status(stack_id, "CREATE_COMPLETE")


def after_failed_create(context: Context, stack_id: str, reason: str) -> None:
    """Keep, undo or remove what a failed creation has made."""
    choice = context.store.get(stack_id).on_failure
    if choice == "DO_NOTHING":
        context.set_status(stack_id, "CREATE_FAILED", reason)
    elif choice == "DELETE":
        context.set_status(stack_id, "DELETE_IN_PROGRESS", f"{reason} Delete requested by user.")
        remove(context, stack_id)
    else:
        context.set_status(stack_id, "ROLLBACK_IN_PROGRESS", f"{reason} Rollback requested by user.")
        roll_back_create(context, stack_id)


def roll_back_create(context: Context, stack_id: str) -> None:
    """From ROLLBACK_IN_PROGRESS to ROLLBACK_COMPLETE or ROLLBACK_FAILED."""
    context.store.set_exports(stack_id, {}, set())
    failures = _delete_resources(context, stack_id, keep=("Retain",))
    _end(context, stack_id, failures, "ROLLBACK", outputs=[])


def remove(context: Context, stack_id: str) -> None:
    """From DELETE_IN_PROGRESS to DELETE_COMPLETE or DELETE_FAILED."""
    with context.store.transaction():
        _put_replaced_aside(context, stack_id)
    _clean_up(context, stack_id, removed=False)
    failures = _delete_resources(context, stack_id, keep=("Retain", "RetainExceptOnCreate"))
    if failures:
        context.set_status(stack_id, "DELETE_FAILED", reason_text(FailedResources(failures), "delete"))
        return
    with context.store.transaction():
        context.store.set_exports(stack_id, {}, set())
        context.set_status(stack_id, "DELETE_COMPLETE", deleted=time.time(), outputs=[])


def update(context: Context, stack_id: str, *, roll_back: bool = True) -> None:
    """From UPDATE_IN_PROGRESS to UPDATE_COMPLETE, UPDATE_ROLLBACK_COMPLETE or, without rolling back,
    UPDATE_FAILED.
    """
    try:
        bring_stack_to_goal(context, stack_id)
        set_outputs(context, stack_id)
    except (AwsError, FailedResources) as error:
        reason = reason_text(error, "update")
        if not roll_back:
            context.set_status(stack_id, "UPDATE_FAILED", reason)
            return
        context.set_status(stack_id, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
        roll_back_update(context, stack_id)
        return
    _settle(context, stack_id)
    finish_update(context, stack_id)


def _settle(context: Context, stack_id: str) -> None:
    """The goal is reached: what was replaced is put aside, and there is no way back any more."""
    with context.store.transaction():
        _put_replaced_aside(context, stack_id)
        context.set_status(stack_id, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", previous=None)


def _put_replaced_aside(context: Context, stack_id: str) -> None:
    """What resources were before the update is no longer needed; where that is another physical resource it
    is to go.
    """
    for resource in context.store.resources(stack_id).values():
        previous = resource.previous
        if previous is not None and previous["physical_id"] not in (None, resource.physical_id):
            context.store.add_leftover(stack_id, _former(resource, previous))
        resource.previous, resource.added = None, False
        context.store.put_resource(stack_id, resource)


def _former(resource: Resource, previous: dict[str, object]) -> Resource:
    former = Resource(resource.logical_id, resource.type, resource.status, resource.changed)
    for name, value in previous.items():
        setattr(former, name, value)
    former.update_replace_policy = resource.update_replace_policy
    return former


def finish_update(context: Context, stack_id: str) -> None:
    """From UPDATE_COMPLETE_CLEANUP_IN_PROGRESS to UPDATE_COMPLETE."""
    _clean_up(context, stack_id, removed=True)
    context.set_status(stack_id, "UPDATE_COMPLETE")


def roll_back_update(context: Context, stack_id: str) -> None:
    """From UPDATE_ROLLBACK_IN_PROGRESS to UPDATE_ROLLBACK_COMPLETE or UPDATE_ROLLBACK_FAILED."""
    with context.store.change(stack_id) as stack:
        # Restored resources take their tags and names from the goal that they had.
        stack.goal = stack.previous or stack.goal
    failures = []
    for resource in reversed(context.store.resources(stack_id).values()):
        if resource.previous is not None and not resource.added:
            try:
                restore(context, stack, resource)
            except Failed as failure:
                failures.append(failure)
    if failures:
        context.set_status(
            stack_id, "UPDATE_ROLLBACK_FAILED", reason_text(FailedResources(failures), "update")
        )
        return
    try:
        set_outputs(context, stack_id)
    except AwsError as error:
        context.set_status(stack_id, "UPDATE_ROLLBACK_FAILED", error.message)
        return
    context.set_status(stack_id, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    finish_update_rollback(context, stack_id)


def finish_update_rollback(context: Context, stack_id: str) -> None:
    """From UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS to UPDATE_ROLLBACK_COMPLETE."""
    stack = context.store.get(stack_id)
    for resource in reversed(context.store.resources(stack_id).values()):
        if resource.added:
            _delete_or_leave(context, stack, resource, keep=("Retain",))
    _clean_up(context, stack_id, removed=False)
    context.set_status(stack_id, "UPDATE_ROLLBACK_COMPLETE", previous=None)


def _clean_up(context: Context, stack_id: str, *, removed: bool) -> None:
    """Delete what was put aside and, with `removed`, what the template no longer has, the youngest first."""
    stack = context.store.get(stack_id)
    if removed:
        wanted = _wanted_names(context, stack)
        for resource in reversed(context.store.resources(stack_id).values()):
            if resource.logical_id not in wanted:
                _delete_or_leave(context, stack, resource, keep=("Retain", "RetainExceptOnCreate"))
    for number, resource in context.store.leftovers(stack_id):
        delete_leftover(context, stack, number, resource)


def _wanted_names(context: Context, stack: Stack) -> set[str]:
    return set(resolve_goal(context, stack.wanted, stack.id, stack.name).resources)


def _delete_or_leave(context: Context, stack: Stack, resource: Resource, keep: Iterable[str]) -> None:
    """Delete a resource that the stack has given up; when that fails it is no longer the stack's all the
    same, as on AWS.
    """
    if resource.deletion_policy in keep and is_made(resource):
        context.set_resource(stack, resource, "DELETE_SKIPPED", forget=True)
        return
    try:
        delete(context, stack, resource, forget=True)
    except Failed:
        context.store.drop_resource(stack.id, resource.logical_id)


def _delete_resources(context: Context, stack_id: str, keep: Iterable[str]) -> list[Failed]:
    """Delete every resource, each after those that need it; go on after a failure with what is independent
    of it.
    """
    stack = context.store.get(stack_id)
    resources = {
        name: one
        for name, one in context.store.resources(stack_id).items()
        if one.status not in ("DELETE_COMPLETE", "DELETE_SKIPPED")
    }

    def work(name: str) -> None:
        resource = resources[name]
        if name in stack.retain or (resource.deletion_policy in keep and is_made(resource)):
            context.set_resource(stack, resource, "DELETE_SKIPPED")
        else:
            delete(context, stack, resource)

    return in_order(
        reversed_needs({name: one.needs for name, one in resources.items()}), work, context.pool, go_on=True
    )


def _end(context: Context, stack_id: str, failures: list[Failed], prefix: str, **fields: Any) -> None:
    if failures:
        context.set_status(
            stack_id, f"{prefix}_FAILED", reason_text(FailedResources(failures), "delete"), **fields
        )
    else:
        context.set_status(stack_id, f"{prefix}_COMPLETE", **fields)


def reason_text(error: Exception, verb: str) -> str:
    """A stack's StackStatusReason."""
    if isinstance(error, AwsError):
        return f"{error.message}."
    return f"The following resource(s) failed to {verb}: [{error}]."
