"""Change sets: what an update would do, looked at before it is done; `aws cloudformation deploy` works by
them.

A change set is computed while CreateChangeSet waits, so it is never seen in progress.
Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
"""

from __future__ import annotations

import re
import time
import uuid
from functools import partial
from typing import Any

from local_aws.caller import Caller
from local_aws.cloudformation.api import answers
from local_aws.cloudformation.api.goal import goal_of
from local_aws.cloudformation.api.shown_changes import shown_change
from local_aws.cloudformation.api.stacks import (
    USER,
    begin_update,
    check_stack_name,
    new_stack,
    refuse_unless_updatable,
    would_change,
)
from local_aws.cloudformation.engine import operations
from local_aws.cloudformation.engine.context import Context
from local_aws.cloudformation.engine.goals import resolve_goal
from local_aws.cloudformation.engine.plan import plan
from local_aws.cloudformation.engine.records import ChangeSet, Goal, Stack
from local_aws.cloudformation.engine.runner import Runner
from local_aws.cloudformation.template.errors import invalid
from local_aws.errors import AwsError

NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)

# `aws cloudformation deploy` looks at the stack at once and then only after 30 seconds, so an answer that
# comes when most stacks are done saves half a minute.
_LINGER_SECONDS = 30


class ChangeSets:
    """The operations on change sets."""

    def __init__(self, context: Context, runner: Runner) -> None:
        self._context = context
        self._store = context.store
        self._runner = runner

    def create_change_set(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Compute the changes; without any the change set is FAILED and says so."""
        kind = request.get("ChangeSetType", "UPDATE")
        _check_name(request["ChangeSetName"])
        if kind not in ("CREATE", "UPDATE"):
            raise invalid(f"Laguna does not support change sets of type {kind}.")
        stack = self._store.find(request["StackName"])
        if stack is not None and stack.status == "DELETE_COMPLETE":
            stack = None
        if kind == "CREATE":
            _refuse_unless_creatable(stack, request)
        elif stack is None:
            raise invalid(f"Stack [{request['StackName']}] does not exist")
        elif stack.status != "REVIEW_IN_PROGRESS":
            refuse_unless_updatable(stack)
        goal = goal_of(self._context, request, stack.wanted if stack and kind == "UPDATE" else None)
        with self._store.transaction():
            target = stack or self._review(request["StackName"], Goal(""))
            if any(one.name == request["ChangeSetName"] for one in self._store.change_sets(target.id)):
                raise AwsError(
                    "AlreadyExistsException", f"ChangeSet {request['ChangeSetName']} already exists"
                )
            change_set = self._compute(request, target, goal, kind)
            self._store.put_change_set(change_set)
        return {"Id": change_set.id, "StackId": target.id}

    def _review(self, name: str, goal: Goal) -> Stack:
        check_stack_name(name)
        stack = new_stack(self._context, name, goal, "REVIEW_IN_PROGRESS")
        self._store.add(stack)
        return self._context.set_status(stack.id, stack.status, USER)

    def _compute(self, request: dict[str, Any], stack: Stack, goal: Goal, kind: str) -> ChangeSet:
        region, account = self._context.region, self._context.account_id
        name = request["ChangeSetName"]
        resolved = resolve_goal(self._context, goal, stack.id, stack.name)
        changes = plan(resolved, self._store.resources(stack.id), self._context.types, goal.tags)
        empty = kind == "UPDATE" and not changes and not would_change(self._context, stack, goal)
        return ChangeSet(
            id=f"arn:aws:cloudformation:{region}:{account}:changeSet/{name}/{uuid.uuid4()}",
            name=name,
            stack_id=stack.id,
            created=time.time(),
            kind=kind,
            goal=goal.to_json(),
            status="FAILED" if empty else "CREATE_COMPLETE",
            execution_status="UNAVAILABLE" if empty else "AVAILABLE",
            reason=NO_CHANGES if empty else None,
            description=request.get("Description"),
            changes=[shown_change(change) for change in changes],
            on_failure=request.get("OnStackFailure"),
            # Kept to be shown. AWS::CloudFormation::Stack is no type here, so there is nothing to include;
            # what would have to be imported fails the stack, as one that already exists.
            include_nested_stacks=request.get("IncludeNestedStacks", False),
            import_existing_resources=request.get("ImportExistingResources", False),
        )

    def describe_change_set(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """With its changes, a page at a time."""
        change_set = find_change_set(self._context, request["ChangeSetName"], request.get("StackName"))
        stack, goal = self._store.get(change_set.stack_id), Goal.from_json(change_set.goal)
        changes, more = answers.page(change_set.changes, request.get("NextToken"))
        return {
            **_summary(change_set, stack),
            "Parameters": answers.parameters_of(goal),
            "NotificationARNs": goal.notification_arns,
            "RollbackConfiguration": {},
            "Capabilities": goal.capabilities,
            "Tags": answers.tag_list(goal.tags),
            "Changes": changes,
            **answers.present(OnStackFailure=change_set.on_failure),
            **more,
        }

    def list_change_sets(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Those of a stack."""
        stack = self._store.find(request["StackName"])
        if stack is None:
            raise invalid(f"Stack [{request['StackName']}] does not exist")
        shown, more = answers.page(self._store.change_sets(stack.id), request.get("NextToken"))
        return {"Summaries": [_summary(one, stack) for one in shown], **more}

    def delete_change_set(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Forget it; nothing happens when there is no such change set, as long as the stack exists."""
        try:
            change_set = find_change_set(self._context, request["ChangeSetName"], request.get("StackName"))
        except AwsError as error:
            # `cdk deploy` counts on this: it deletes what an earlier deployment may have left behind.
            if error.code == "ChangeSetNotFound":
                return {}
            raise
        if change_set.execution_status == "EXECUTE_IN_PROGRESS":
            raise AwsError(
                "InvalidChangeSetStatus",
                f"ChangeSet [{change_set.id}] cannot be deleted in its current status of "
                f"[{change_set.status}]",
            )
        self._store.drop_change_set(change_set.id)
        return {}

    def execute_change_set(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Begin what it says; the stack's other change sets are out of date from then on and go."""
        token = request.get("ClientRequestToken")
        with self._store.transaction():
            change_set = find_change_set(self._context, request["ChangeSetName"], request.get("StackName"))
            if change_set.execution_status != "AVAILABLE":
                raise AwsError(
                    "InvalidChangeSetStatus",
                    f"ChangeSet [{change_set.id}] cannot be executed in its current status of "
                    f"[{change_set.status}]",
                )
            creating = change_set.kind == "CREATE"
            if creating:
                self._begin_create(change_set, request, token)
            else:
                begin_update(self._context, change_set.stack_id, Goal.from_json(change_set.goal), token)
            with self._store.change(change_set.stack_id) as stack:
                stack.change_set_id = change_set.id
            for other in self._store.change_sets(change_set.stack_id):
                if other.id != change_set.id:
                    self._store.drop_change_set(other.id)
            change_set.execution_status = "EXECUTE_IN_PROGRESS"
            self._store.put_change_set(change_set)
        roll_back = not request.get("DisableRollback") and change_set.on_failure != "DO_NOTHING"
        operation = operations.create if creating else partial(operations.update, roll_back=roll_back)
        self._runner.start(partial(_execute, operation, change_set.id), change_set.stack_id)
        self._runner.linger(change_set.stack_id, _LINGER_SECONDS)
        return {}

    def _begin_create(self, change_set: ChangeSet, request: dict[str, Any], token: str | None) -> None:
        stack = self._store.get(change_set.stack_id)
        if stack.status != "REVIEW_IN_PROGRESS":
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be created.")
        choice = "DO_NOTHING" if request.get("DisableRollback") else change_set.on_failure or "ROLLBACK"
        self._context.set_status(
            stack.id, "CREATE_IN_PROGRESS", USER, goal=change_set.goal, token=token, on_failure=choice
        )


def _execute(operation: Any, change_set_id: str, context: Context, stack_id: str) -> None:
    operation(context, stack_id)
    change_set = context.store.change_set(change_set_id)
    if change_set is not None:
        done = context.store.get(stack_id).status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        change_set.execution_status = "EXECUTE_COMPLETE" if done else "EXECUTE_FAILED"
        context.store.put_change_set(change_set)


def find_change_set(context: Context, name: str, stack_name: str | None) -> ChangeSet:
    """By id, or by name and stack.

    Raises:
        AwsError: ChangeSetNotFound, ValidationError.
    """
    if name.startswith("arn:"):
        found = context.store.change_set(name)
    else:
        if not stack_name:
            raise invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
        stack = context.store.find(stack_name)
        if stack is None:
            raise invalid(f"Stack [{stack_name}] does not exist")
        found = next((one for one in context.store.change_sets(stack.id) if one.name == name), None)
    if found is None:
        raise AwsError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
    return found


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]{0,127}", name):
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'changeSetName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )


def _refuse_unless_creatable(stack: Stack | None, request: dict[str, Any]) -> None:
    if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
        raise invalid(
            f"Stack [{stack.name}] already exists and cannot be created again with the changeSet "
            f"[{request['ChangeSetName']}]."
        )


def _summary(change_set: ChangeSet, stack: Stack) -> dict[str, Any]:
    return answers.present(
        ChangeSetId=change_set.id,
        ChangeSetName=change_set.name,
        StackId=stack.id,
        StackName=stack.name,
        Description=change_set.description,
        CreationTime=answers.moment(change_set.created),
        ExecutionStatus=change_set.execution_status,
        Status=change_set.status,
        StatusReason=change_set.reason,
        IncludeNestedStacks=change_set.include_nested_stacks,
        ImportExistingResources=change_set.import_existing_resources,
    )
