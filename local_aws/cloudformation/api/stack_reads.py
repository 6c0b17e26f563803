"""The operations that show stacks, their resources, events and exports.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html (2026-11)
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.cloudformation.api import answers
from local_aws.cloudformation.engine.context import Context
from local_aws.cloudformation.engine.records import Stack
from local_aws.cloudformation.template.errors import invalid


class StackReads:
    """The operations that show stacks."""

    def __init__(self, context: Context) -> None:
        self._store = context.store

    def describe_stacks(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """One stack, or all active ones."""
        if request.get("StackName"):
            return {"Stacks": [answers.stack_answer(self._stack(request["StackName"]))]}
        stacks, more = answers.page(self._store.stacks(active=True), request.get("NextToken"))
        return {"Stacks": [answers.stack_answer(stack) for stack in stacks], **more}

    def get_stack_policy(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """No stack has one."""
        self._stack(request["StackName"], "Stack [{}] does not exist")
        return {}

    def list_stacks(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Deleted ones too, unless the filter leaves them out."""
        wanted = request.get("StackStatusFilter")
        stacks = [stack for stack in self._store.stacks() if not wanted or stack.status in wanted]
        shown, more = answers.page(stacks, request.get("NextToken"))
        return {"StackSummaries": [answers.stack_summary(stack) for stack in shown], **more}

    def describe_stack_events(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Newest first; pages stay stable while events are added."""
        stack = self._stack(request["StackName"], "Stack [{}] does not exist")
        token = request.get("NextToken")
        if token is not None and not token.isdigit():
            raise invalid("The specified next token is invalid.")
        found = self._store.events(stack.id, int(token) if token else None, answers.PAGE + 1)
        shown = [
            {**event, "Timestamp": answers.moment(event["Timestamp"])} for _, event in found[: answers.PAGE]
        ]
        more = {"NextToken": str(found[answers.PAGE - 1][0])} if len(found) > answers.PAGE else {}
        return {"StackEvents": shown, **more}

    def describe_stack_resources(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """By stack, or the stack that has a physical id; at most 100."""
        logical_id, physical_id = request.get("LogicalResourceId"), request.get("PhysicalResourceId")
        if request.get("StackName"):
            stack = self._stack(request["StackName"])
        elif physical_id:
            stack = self._owner(physical_id)
        else:
            raise invalid("Either StackName or PhysicalResourceId must be specified.")
        found = [
            answers.resource_answer(stack, one)
            for one in self._store.resources(stack.id).values()
            if logical_id in (None, one.logical_id)
        ]
        return {"StackResources": found[: answers.PAGE]}

    def describe_stack_resource(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """One resource."""
        stack = self._stack(request["StackName"], "Stack '{}' does not exist")
        resource = self._store.resources(stack.id).get(request["LogicalResourceId"])
        if resource is None:
            raise invalid(f"Resource {request['LogicalResourceId']} does not exist for stack {stack.name}")
        return {"StackResourceDetail": answers.resource_detail(stack, resource)}

    def list_stack_resources(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """All resources of a stack, by logical id."""
        stack = self._stack(request["StackName"])
        resources = sorted(self._store.resources(stack.id).values(), key=lambda one: one.logical_id)
        shown, more = answers.page(resources, request.get("NextToken"))
        return {"StackResourceSummaries": [answers.resource_summary(one) for one in shown], **more}

    def list_exports(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """By name."""
        shown, more = answers.page(self._store.exports(), request.get("NextToken"))
        return {"Exports": shown, **more}

    def list_imports(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The names of the stacks that import an export."""
        name = request["ExportName"]
        users = self._store.importers(name)
        if not users:
            raise invalid(f"Export '{name}' is not imported by any stack.")
        shown, more = answers.page(users, request.get("NextToken"))
        return {"Imports": shown, **more}

    def _stack(self, name: str, message: str = "Stack with id {} does not exist") -> Stack:
        stack = self._store.find(name)
        if stack is None:
            raise invalid(message.format(name))
        return stack

    def _owner(self, physical_id: str) -> Stack:
        for stack in self._store.stacks(active=True):
            if any(one.physical_id == physical_id for one in self._store.resources(stack.id).values()):
                return stack
        raise invalid(f"Stack for {physical_id} does not exist")
