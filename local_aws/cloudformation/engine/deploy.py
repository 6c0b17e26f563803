"""The middle of a create and of an update: every resource becomes what the goal says, then the outputs are
set.
"""

from __future__ import annotations

import threading
from typing import Any

from local_aws.cloudformation.engine.context import Context, Failed, FailedResources
from local_aws.cloudformation.engine.goals import resolve_dynamic, resolve_goal
from local_aws.cloudformation.engine.graph import in_order
from local_aws.cloudformation.engine.records import Resource, Stack
from local_aws.cloudformation.engine.work import bring_about, shown_properties
from local_aws.cloudformation.template.errors import bad_template, invalid
from local_aws.cloudformation.template.functions import text_of
from local_aws.cloudformation.template.resolve import Resolved
from local_aws.cloudformation.types.convert import convert
from local_aws.cloudformation.types.shapes import BadProperty


def bring_stack_to_goal(context: Context, stack_id: str) -> None:
    """Create and update resources in the order of their dependencies.

    What can be known to fail (an unsupported type or property) does so before anything is touched.

    Raises:
        FailedResources: naming those that failed; each has an event with its reason.
        AwsError: the goal itself cannot be resolved.
    """
    stack = context.store.get(stack_id)
    goal = stack.wanted
    resolved = resolve_goal(context, goal, stack.id, stack.name)
    masked = resolve_goal(context, goal, stack.id, stack.name, masked=True)
    _check_all(context, stack, resolved)
    lookups = _Lookups(context, stack)

    def work(name: str) -> None:
        wanted = resolved.resources[name]
        try:
            properties = resolve_dynamic(
                context, resolved.evaluate(dict(wanted.properties), lookups.ref, lookups.attribute)
            )
            shown = masked.evaluate(dict(wanted.properties), lookups.ref, lookups.attribute)
        except Exception as error:
            raise _failed(context, stack, name, wanted.type, context.reason_of(error)) from error
        needs = sorted(resolved.needs[name])
        bring_about(context, stack, wanted, properties, needs, shown_properties(shown))
        lookups.forget()

    failures = in_order({name: resolved.needs[name] for name in resolved.order}, work, context.pool)
    if failures:
        raise FailedResources(failures)


def _check_all(context: Context, stack: Stack, resolved: Resolved) -> None:
    """Check every type and property as far as their values are known."""
    failures = []
    for name in resolved.order:
        wanted = resolved.resources[name]
        kind = context.types.get(wanted.type)
        try:
            if kind is None:
                raise BadProperty(f"Unrecognized resource type: {wanted.type} is not supported by Laguna.")
            convert(kind, resolved.evaluate(dict(wanted.properties)), stack.wanted.tags)
        except Exception as error:
            failures.append(_failed(context, stack, name, wanted.type, context.reason_of(error)))
    if failures:
        raise FailedResources(failures)


def _failed(context: Context, stack: Stack, name: str, type_name: str, reason: str) -> Failed:
    """Note that a resource failed before anything was done for it."""
    existing = context.store.resources(stack.id).get(name)
    update = existing is not None and existing.physical_id is not None
    resource = existing or Resource(name, type_name, "", 0, added=stack.previous is not None)
    # An existing resource is untouched; its status tells of the attempt, its record is what it was.
    if update:
        context.add_resource_event(stack, resource, "UPDATE_FAILED", reason)
    else:
        context.set_resource(stack, resource, "CREATE_FAILED", reason)
    return Failed(name, reason)


class _Lookups:
    """What `Ref` and `Fn::GetAtt` answer for resources that exist by now."""

    def __init__(self, context: Context, stack: Stack) -> None:
        self._context = context
        self._stack = stack
        self._lock = threading.Lock()
        self._known: dict[str, Resource] | None = None

    def forget(self) -> None:
        """A resource has changed."""
        with self._lock:
            self._known = None

    def ref(self, name: str) -> Any:
        return self._resource(name).physical_id

    def attribute(self, name: str, attribute: str) -> Any:
        resource = self._resource(name)
        if attribute not in resource.attributes:
            raise bad_template(f"resource {name} does not support attribute type {attribute} in Fn::GetAtt")
        return resource.attributes[attribute]

    def _resource(self, name: str) -> Resource:
        with self._lock:
            if self._known is None:
                self._known = self._context.store.resources(self._stack.id)
            return self._known[name]


def set_outputs(context: Context, stack_id: str) -> None:
    """Evaluate the outputs, and take over the exports and imports.

    Raises:
        AwsError: ValidationError, when an export's name is taken, or one in use would change or go.
    """
    stack = context.store.get(stack_id)
    imports: set[str] = set()

    resolved = resolve_goal(context, stack.wanted, stack.id, stack.name, on_import=imports.add)
    lookups = _Lookups(context, stack)
    for resource in resolved.resources.values():
        resolved.evaluate(dict(resource.properties), lookups.ref, lookups.attribute)
    outputs = [_output(resolved, lookups, name) for name in resolved.outputs]
    exports = {one["ExportName"]: one["OutputValue"] for one in outputs if "ExportName" in one}
    with context.store.transaction():
        check_exports(context, stack, exports)
        context.store.set_exports(stack_id, exports, imports)
        with context.store.change(stack_id) as changed:
            changed.outputs = outputs
            changed.description = resolved.template.description


def _output(resolved: Resolved, lookups: _Lookups, name: str) -> dict[str, Any]:
    output = resolved.outputs[name]
    value = resolved.evaluate(output.value, lookups.ref, lookups.attribute)
    if isinstance(value, dict | list):
        raise bad_template(f"The value of output {name} must be a string.")
    entry = {"OutputKey": name, "OutputValue": text_of(value)}
    if output.description:
        entry["Description"] = output.description
    if output.export is not None:
        entry["ExportName"] = text_of(resolved.evaluate(output.export, lookups.ref, lookups.attribute))
    return entry


def check_exports(context: Context, stack: Stack, exports: dict[str, str]) -> None:
    """Refuse an export whose name another stack has, and the loss or change of one that another stack
    imports.
    """
    for export in context.store.exports():
        name, owner = export["Name"], export["ExportingStackId"]
        if owner != stack.id and name in exports:
            raise invalid(
                f"Export with name {name} is already exported by stack {context.store.get(owner).name}"
            )
        if owner != stack.id or exports.get(name) == export["Value"]:
            continue
        users = context.store.importers(name)
        if users:
            verb = "updated" if name in exports else "deleted"
            raise invalid(f"Export {name} cannot be {verb} as it is in use by {', '.join(users)}")
