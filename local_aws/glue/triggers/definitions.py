"""What a trigger must be.

Pure: a request goes in, the trigger as `GetTrigger` shows it comes out. Triggers of type EVENT hear of events
by EventBridge, which is not there, and are refused by name.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-trigger.html
"""

from __future__ import annotations

from typing import Any

from local_aws.errors import AwsError
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.triggers.schedule import parse_schedule

Document = dict[str, Any]

JOB_STATES = ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT")
CRAWL_STATES = ("SUCCEEDED", "FAILED", "CANCELLED")
"""The states that a trigger can listen for."""
NEEDED = {"SCHEDULED": "Schedule", "CONDITIONAL": "Predicate"}
"""The member that a trigger of a type must have; others must not have it."""
BEGINNING = ("ON_DEMAND", "SCHEDULED", "EVENT")
"""The types of which a workflow has one trigger, which starts its runs."""
KEPT = (
    "Name", "WorkflowName", "Type", "State", "Description", "Schedule", "Actions", "Predicate",
    "EventBatchingCondition",
)  # fmt: skip


def trigger_definition(request: Document) -> Document:
    """The trigger that a CreateTrigger describes, not active yet.

    Raises:
        AwsError: InvalidInputException; NotImplemented for what is not there.
    """
    kind = request["Type"]
    if kind == "EVENT":
        raise not_there("triggers of type EVENT: it has no EventBridge to tell them of events")
    for owner, member in NEEDED.items():
        if kind == owner and not request.get(member):
            raise invalid(f"A trigger of type {kind} needs a {member}.")
        if kind != owner and request.get(member):
            raise invalid(f"A trigger of type {kind} cannot have a {member}.")
    if kind == "ON_DEMAND" and request.get("StartOnCreation"):
        raise invalid("StartOnCreation is not supported for ON_DEMAND triggers.")
    if kind == "SCHEDULED":
        parse_schedule(request["Schedule"])
    _check_actions(request.get("Actions") or [])
    trigger = {member: request[member] for member in KEPT if request.get(member) is not None}
    if kind == "CONDITIONAL":
        trigger["Predicate"] = _predicate(request["Predicate"])
    return trigger | {"State": "CREATED"}


def not_there(what: str) -> AwsError:
    """The error for what Laguna's triggers lack."""
    return AwsError("NotImplemented", f"Laguna does not implement {what}.", 501)


def _check_actions(actions: list[Document]) -> None:
    if not actions:
        raise invalid("A trigger needs at least one action.")
    for action in actions:
        if bool(action.get("JobName")) == bool(action.get("CrawlerName")):
            raise invalid("An action names either a job or a crawler.")


def _predicate(predicate: Document) -> Document:
    conditions = predicate.get("Conditions") or []
    if not conditions:
        raise invalid("A predicate needs at least one condition.")
    if len(conditions) > 1 and not predicate.get("Logical"):
        raise invalid("A predicate with several conditions needs a Logical of AND or ANY.")
    for condition in conditions:
        _check_condition(condition)
    filled = [{"LogicalOperator": "EQUALS", **condition} for condition in conditions]
    return {"Logical": "AND", **predicate, "Conditions": filled}


def _check_condition(condition: Document) -> None:
    of_job = bool(condition.get("JobName") or condition.get("State"))
    of_crawler = bool(condition.get("CrawlerName") or condition.get("CrawlState"))
    if of_job == of_crawler:
        raise invalid("A condition is on either a job or a crawler.")
    if of_job and not (condition.get("JobName") and condition.get("State") in JOB_STATES):
        raise invalid(f"A condition needs a JobName and a State of {', '.join(JOB_STATES)}.")
    if of_crawler and not (condition.get("CrawlerName") and condition.get("CrawlState") in CRAWL_STATES):
        raise invalid(f"A condition needs a CrawlerName and a CrawlState of {', '.join(CRAWL_STATES)}.")
