"""Follow a stack's events while CloudFormation works, and find the one that made it fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from laguna.progress import Progress

if TYPE_CHECKING:
    from laguna.deployment.stack import StackState

# What CloudFormation says of resources that it gave up because of another one.
_CONSEQUENCES = (
    "Resource creation cancelled",
    "Resource update cancelled",
    "The following resource(s) failed",
)


class Watch:
    """The events of one stack that came after those in `seen`; the client is boto3's."""

    def __init__(self, cloudformation: Any, stack_id: str, seen: frozenset[str], progress: Progress) -> None:
        self._client = cloudformation
        self._stack_id = stack_id
        self._seen = set(seen)
        self._progress = progress
        self.events: list[dict[str, Any]] = []

    def known(self) -> frozenset[str]:
        """The ids of all events there are now."""
        return frozenset(event["EventId"] for event in self._newest_first())

    def until_rest(self, state_of: Callable[[str], StackState | None], poll_seconds: float) -> str:
        """Tell events as they come until the stack is no longer in progress; returns its status then."""
        while True:
            state = state_of(self._stack_id)
            self._tell_new()
            if state is None:
                return "DELETE_COMPLETE"
            if not state.status.endswith("_IN_PROGRESS"):
                return state.status
            time.sleep(poll_seconds)

    def _tell_new(self) -> None:
        new = [event for event in self._newest_first() if event["EventId"] not in self._seen]
        for event in reversed(new):
            self._seen.add(event["EventId"])
            self.events.append(event)
            status, resource = event["ResourceStatus"], event["LogicalResourceId"]
            if status.endswith("_IN_PROGRESS"):
                self._progress.now(f"{resource} {status}")
            elif event["PhysicalResourceId"] != self._stack_id:
                self._progress.tell(f"  {status:<16} {event['ResourceType']} {resource}")

    def _newest_first(self) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("describe_stack_events").paginate(StackName=self._stack_id)
        return [event for page in pages for event in page["StackEvents"]]


def failure_of(events: list[dict[str, Any]]) -> str:
    """The first cause among events in order of time: `Resource (type): reason`, or nothing."""
    event = _first_cause(events)
    if event is None:
        return ""
    return f"{event['LogicalResourceId']} ({event['ResourceType']}): {event['ResourceStatusReason']}"


def remedy_of(events: list[dict[str, Any]]) -> str:
    """What to do about that cause."""
    event = _first_cause(events)
    is_bucket = event is not None and event["ResourceType"] == "AWS::S3::Bucket"
    if is_bucket and "already exists" in failure_of(events):
        return "choose another bucket_name in laguna.toml, as bucket names are unique in all of AWS"
    return "correct the template or what it names"


def _first_cause(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    for event in events:
        reason = event.get("ResourceStatusReason", "")
        if event["ResourceStatus"].endswith("_FAILED") and not reason.startswith(_CONSEQUENCES):
            return {**event, "ResourceStatusReason": reason}
    return None
