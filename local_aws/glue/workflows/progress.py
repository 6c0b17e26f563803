"""How far a workflow run is: which triggers are to fire, and what its statistics are.

Pure. Each trigger fires at most once in a run, so a workflow that runs in a circle ends.
https://docs.aws.amazon.com/glue/latest/dg/workflows_overview.html (November 2026).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from local_aws.glue.triggers.definitions import BEGINNING
from local_aws.glue.workflows.graph import conditions, node_of
from local_aws.glue.workflows.store import Action

Document = dict[str, Any]

COUNTED = {
    "SUCCEEDED": "SucceededActions",
    "FAILED": "FailedActions",
    "TIMEOUT": "TimeoutActions",
    "STOPPED": "StoppedActions",
    "CANCELLED": "StoppedActions",
    "ERROR": "ErroredActions",
    "EXPIRED": "ErroredActions",
    "WAITING": "WaitingActions",
}
"""States of job runs and crawls, and the statistic that counts them; all others are RunningActions."""


def starting(triggers: Iterable[Document]) -> list[Document]:
    """The triggers that begin a workflow: one, on AWS."""
    return [trigger for trigger in triggers if trigger["Type"] in BEGINNING]


def ready(triggers: Iterable[Document], fired: Collection[str], actions: list[Action]) -> list[Document]:
    """The active conditional triggers that have not fired and whose predicate is true."""
    return [
        trigger
        for trigger in triggers
        if trigger["Type"] == "CONDITIONAL"
        and trigger["State"] == "ACTIVATED"
        and trigger["Name"] not in fired
        and _is_true(trigger, actions)
    ]


def fulfilling(trigger: Document, actions: list[Action]) -> list[Action]:
    """The actions whose ends a trigger waits for."""
    return [
        action
        for condition in conditions(trigger)
        for action in actions
        if action.node == node_of(condition) and action.state == wanted_state(condition)
    ]


def wanted_state(condition: Document) -> str:
    """The state of a job run or crawl that a condition waits for."""
    return str(condition.get("CrawlState") or condition.get("State"))


def statistics(triggers: Iterable[Document], states: Iterable[str]) -> Document:
    """`WorkflowRunStatistics`, of the states of what was started. What was not started is in the total."""
    counted = Counter(COUNTED.get(state, "RunningActions") for state in states)
    names = (
        "TimeoutActions", "FailedActions", "StoppedActions", "SucceededActions", "RunningActions",
        "ErroredActions", "WaitingActions",
    )  # fmt: skip
    total = sum(len(trigger["Actions"]) for trigger in triggers)
    return {"TotalActions": total, **{name: counted[name] for name in names}}


def _is_true(trigger: Document, actions: list[Action]) -> bool:
    met = [
        any(
            action.node == node_of(condition) and action.state == wanted_state(condition)
            for action in actions
        )
        for condition in conditions(trigger)
    ]
    return any(met) if trigger["Predicate"]["Logical"] == "ANY" else all(met)
