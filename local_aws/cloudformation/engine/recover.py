"""What becomes of the operations that a stop of the server cut short.

Whatever was in progress goes the safe way on: creations and updates are rolled back, rollbacks, deletions
and cleanups are finished. Nothing is resumed forwards, because nobody knows any more whether the client
still wants it.
"""

from __future__ import annotations

from collections.abc import Callable

from local_aws.cloudformation.engine import operations
from local_aws.cloudformation.engine.context import Context

INTERRUPTED = "Laguna stopped while this was in progress."


def interrupted(context: Context) -> dict[str, Callable[[Context, str], None]]:
    """By stack id, how to finish each stack that is in progress though nothing works on it."""
    return {
        stack.id: RESUME[stack.status]
        for stack in context.store.stacks(active=True)
        if stack.status in RESUME
    }


def _undo_create(context: Context, stack_id: str) -> None:
    _close_steps(context, stack_id)
    operations.after_failed_create(context, stack_id, INTERRUPTED)


def _undo_update(context: Context, stack_id: str) -> None:
    _close_steps(context, stack_id)
    context.set_status(stack_id, "UPDATE_ROLLBACK_IN_PROGRESS", INTERRUPTED)
    operations.roll_back_update(context, stack_id)


def _close_steps(context: Context, stack_id: str) -> None:
    """Steps that were under way may have happened or not; their records say what to delete or to restore in
    either case.
    """
    stack = context.store.get(stack_id)
    for resource in context.store.resources(stack_id).values():
        if resource.status.endswith("_IN_PROGRESS"):
            context.set_resource(
                stack, resource, resource.status.replace("_IN_PROGRESS", "_FAILED"), INTERRUPTED
            )


RESUME: dict[str, Callable[[Context, str], None]] = {
    "CREATE_IN_PROGRESS": _undo_create,
    "ROLLBACK_IN_PROGRESS": operations.roll_back_create,
    "DELETE_IN_PROGRESS": operations.remove,
    "UPDATE_IN_PROGRESS": _undo_update,
    "UPDATE_ROLLBACK_IN_PROGRESS": operations.roll_back_update,
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": operations.finish_update,
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": operations.finish_update_rollback,
}

BROKEN = {
    "CREATE_IN_PROGRESS": "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS": "ROLLBACK_FAILED",
    "DELETE_IN_PROGRESS": "DELETE_FAILED",
    "UPDATE_IN_PROGRESS": "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS": "UPDATE_ROLLBACK_FAILED",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": "UPDATE_ROLLBACK_COMPLETE",
}
"""Where a defect of ours leaves a stack: at rest, so that it can be deleted."""
