"""CreateStack, UpdateStack, DeleteStack and what reads stacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html (2026-11)
"""

from __future__ import annotations

import re
import time
import uuid
from functools import partial
from typing import Any

from local_aws.caller import Caller
from local_aws.cloudformation.api.goal import goal_of
from local_aws.cloudformation.engine import operations
from local_aws.cloudformation.engine.context import Context
from local_aws.cloudformation.engine.deploy import check_exports
from local_aws.cloudformation.engine.goals import resolve_goal
from local_aws.cloudformation.engine.plan import plan
from local_aws.cloudformation.engine.records import Goal, Stack
from local_aws.cloudformation.engine.runner import Runner
from local_aws.cloudformation.template.errors import invalid
from local_aws.errors import AwsError

UPDATABLE = frozenset(
    ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED", "CREATE_FAILED")
)
USER = "User Initiated"


class Stacks:
    """The operations that change stacks."""

    def __init__(self, context: Context, runner: Runner) -> None:
        self._context = context
        self._store = context.store
        self._runner = runner

    def create_stack(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Check everything, answer with the id, create in the background."""
        check_stack_name(request["StackName"])
        goal = goal_of(self._context, request, None)
        on_failure = chosen_on_failure(request)
        stack = new_stack(self._context, request["StackName"], goal, "CREATE_IN_PROGRESS")
        stack.on_failure = on_failure
        stack.timeout_minutes = request.get("TimeoutInMinutes")
        stack.termination_protection = request.get("EnableTerminationProtection", False)
        stack.token = request.get("ClientRequestToken")
        with self._store.transaction():
            if self._store.find(stack.name) is not None:
                raise AwsError("AlreadyExistsException", f"Stack [{stack.name}] already exists")
            self._store.add(stack)
            self._context.set_status(stack.id, stack.status, USER)
        self._runner.start(operations.create, stack.id)
        return {"StackId": stack.id}

    def update_stack(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Check everything, answer with the id, update in the background."""
        stack = self._existing(request["StackName"])
        refuse_unless_updatable(stack)
        goal = goal_of(self._context, request, stack.wanted)
        if not would_change(self._context, stack, goal):
            raise invalid("No updates are to be performed.")
        begin_update(self._context, stack.id, goal, request.get("ClientRequestToken"))
        self._runner.start(partial(operations.update, roll_back=not request.get("DisableRollback")), stack.id)
        return {"StackId": stack.id}

    def delete_stack(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Delete in the background; nothing happens when there is no such stack."""
        stack = self._store.find(request["StackName"])
        if stack is None or stack.status == "DELETE_COMPLETE":
            return {}
        retain = request.get("RetainResources", [])
        with self._store.change(stack.id) as changed:
            self._refuse_delete(changed, retain)
            if changed.status == "DELETE_IN_PROGRESS":
                return {}
            changed.retain = retain
            changed.token = request.get("ClientRequestToken")
        for change_set in self._store.change_sets(stack.id):
            self._store.drop_change_set(change_set.id)
        self._context.set_status(stack.id, "DELETE_IN_PROGRESS", USER)
        self._runner.start(operations.remove, stack.id)
        return {}

    def _refuse_delete(self, stack: Stack, retain: list[str]) -> None:
        if stack.termination_protection:
            raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        if stack.status.endswith("_IN_PROGRESS") and stack.status not in (
            "REVIEW_IN_PROGRESS",
            "DELETE_IN_PROGRESS",
        ):
            # AWS would cancel a running creation; ours is over in seconds.
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be deleted.")
        if retain and stack.status != "DELETE_FAILED":
            raise invalid(
                f"Invalid operation on stack [{stack.id}]. The stack must be in a DELETE_FAILED state to "
                "retain resources."
            )
        unknown = sorted(set(retain) - self._store.resources(stack.id).keys())
        if unknown:
            raise invalid(f"The resources [{', '.join(unknown)}] do not exist in stack {stack.name}")
        check_exports(self._context, stack, {})

    def continue_update_rollback(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Try a failed rollback again."""
        stack = self._existing(request["StackName"])
        if request.get("ResourcesToSkip"):
            raise invalid("Laguna does not support ResourcesToSkip.")
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not continue its rollback.")
        self._context.set_status(stack.id, "UPDATE_ROLLBACK_IN_PROGRESS", USER)
        self._runner.start(operations.roll_back_update, stack.id)
        return {}

    def rollback_stack(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Undo a create or an update that failed with rollback disabled."""
        stack = self._existing(request["StackName"])
        ways = {
            "CREATE_FAILED": ("ROLLBACK_IN_PROGRESS", operations.roll_back_create),
            "UPDATE_FAILED": ("UPDATE_ROLLBACK_IN_PROGRESS", operations.roll_back_update),
        }
        if stack.status not in ways:
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be rolled back.")
        status, operation = ways[stack.status]
        self._context.set_status(stack.id, status, USER)
        self._runner.start(operation, stack.id)
        return {"StackId": stack.id}

    def update_termination_protection(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Switch it on or off."""
        stack = self._existing(request["StackName"])
        with self._store.change(stack.id) as changed:
            changed.termination_protection = request["EnableTerminationProtection"]
        return {"StackId": stack.id}

    def _existing(self, name: str) -> Stack:
        stack = self._store.find(name)
        if stack is None or stack.status == "DELETE_COMPLETE":
            raise invalid(f"Stack [{name}] does not exist")
        return stack


def check_stack_name(name: str) -> None:
    """Refuse what is not a name."""
    if not re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]*", name):
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    if len(name) > 128:
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            "Member must have length less than or equal to 128"
        )


def chosen_on_failure(request: dict[str, Any]) -> str:
    """`OnFailure`, which `DisableRollback` may say too, but not both."""
    if "OnFailure" in request and "DisableRollback" in request:
        raise invalid("You can specify either DisableRollback or OnFailure, but not both.")
    return str(request.get("OnFailure", "DO_NOTHING" if request.get("DisableRollback") else "ROLLBACK"))


def new_stack(context: Context, name: str, goal: Goal, status: str) -> Stack:
    """A stack with a fresh id, not yet stored."""
    stack_id = f"arn:aws:cloudformation:{context.region}:{context.account_id}:stack/{name}/{uuid.uuid4()}"
    return Stack(stack_id, name, status, time.time(), goal.to_json())


def refuse_unless_updatable(stack: Stack) -> None:
    """Refuse an update of a stack that is busy or has nothing to return to."""
    if stack.status not in UPDATABLE:
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def would_change(context: Context, stack: Stack, goal: Goal) -> bool:
    """Whether an update to `goal` has anything to do: resources, or outputs."""
    resolved = resolve_goal(context, goal, stack.id, stack.name)
    before = resolve_goal(context, stack.wanted, stack.id, stack.name)
    changes = plan(resolved, context.store.resources(stack.id), context.types, goal.tags)
    if changes or goal.tags != stack.wanted.tags or stack.status in ("UPDATE_FAILED", "CREATE_FAILED"):
        return True
    return _outputs(resolved) != _outputs(before)


def _outputs(resolved: Any) -> list[Any]:
    known = [(name, one.description) for name, one in resolved.outputs.items()]
    values = [
        repr(resolved.evaluate([one.value, one.export], _name, _name_and_attribute))
        for one in resolved.outputs.values()
    ]
    return [known, values]


def _name(name: str) -> str:
    return f"<{name}>"


def _name_and_attribute(name: str, attribute: str) -> str:
    return f"<{name}.{attribute}>"


def begin_update(context: Context, stack_id: str, goal: Goal, token: str | None) -> None:
    """Bring a stack to UPDATE_IN_PROGRESS unless something else was faster."""
    with context.store.transaction():
        stack = context.store.get(stack_id)
        refuse_unless_updatable(stack)
        previous = stack.previous or stack.goal
        context.set_status(
            stack_id,
            "UPDATE_IN_PROGRESS",
            USER,
            previous=previous,
            goal=goal.to_json(),
            updated=time.time(),
            token=token,
        )
