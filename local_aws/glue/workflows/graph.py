"""A workflow as a graph: triggers, jobs and crawlers are nodes; what starts or waits for what are edges.

Pure: triggers go in as `GetTrigger` shows them. A job or crawler is one node however many triggers start it.
Ids of nodes follow from names, so that those of one run can be given to ResumeWorkflowRun.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-workflow.html (November 2026).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Document = dict[str, Any]


class Node(NamedTuple):
    """A job or crawler of a workflow."""

    kind: str
    """`JOB` or `CRAWLER`."""
    name: str


Details = Mapping[Node, list[Document]]
"""The job runs or crawls of nodes."""


def node_of(part: Document) -> Node:
    """The node that an action starts, or that a condition is on."""
    if part.get("CrawlerName"):
        return Node("CRAWLER", part["CrawlerName"])
    return Node("JOB", part["JobName"])


def node_id(workflow: str, kind: str, name: str) -> str:
    """The `UniqueId` of a trigger, job or crawler."""
    return "wnode_" + hashlib.sha256(f"{workflow}\0{kind}\0{name}".encode()).hexdigest()


def conditions(trigger: Document) -> list[Document]:
    """What a trigger waits for; nothing when it starts the workflow."""
    found: list[Document] = (trigger.get("Predicate") or {}).get("Conditions") or []
    return found


def nodes(triggers: Iterable[Document]) -> list[Node]:
    """The jobs and crawlers that triggers start or wait for, each once."""
    found = [node_of(part) for trigger in triggers for part in (*conditions(trigger), *trigger["Actions"])]
    return list(dict.fromkeys(found))


def graph(workflow: str, triggers: list[Document], details: Details) -> Document:
    """The `WorkflowGraph` of a workflow, or of a run whose job runs and crawls `details` has."""
    shown: list[Document] = [
        {
            "Type": "TRIGGER",
            "Name": trigger["Name"],
            "UniqueId": node_id(workflow, "TRIGGER", trigger["Name"]),
            "TriggerDetails": {"Trigger": trigger},
        }
        for trigger in triggers
    ]
    for node in nodes(triggers):
        runs = details.get(node, [])
        inner = (
            {"JobDetails": {"JobRuns": runs}} if node.kind == "JOB" else {"CrawlerDetails": {"Crawls": runs}}
        )
        unique = node_id(workflow, node.kind, node.name)
        shown.append({"Type": node.kind, "Name": node.name, "UniqueId": unique, **inner})
    return {"Nodes": shown, "Edges": _edges(workflow, triggers)}


def downstream(triggers: list[Document], begin: Iterable[Node]) -> tuple[set[str], set[Node]]:
    """The names of triggers that wait for `begin`, directly or not, and the nodes that these start."""
    waiting: set[str] = set()
    started: set[Node] = set()
    frontier = set(begin)
    while frontier:
        next_ones = [
            trigger
            for trigger in triggers
            if trigger["Name"] not in waiting and frontier & {node_of(part) for part in conditions(trigger)}
        ]
        waiting |= {trigger["Name"] for trigger in next_ones}
        frontier = {node_of(action) for trigger in next_ones for action in trigger["Actions"]} - started
        started |= frontier
    return waiting, started


def _edges(workflow: str, triggers: list[Document]) -> list[Document]:
    pairs: list[tuple[str, str]] = []
    for trigger in triggers:
        own = node_id(workflow, "TRIGGER", trigger["Name"])
        pairs += [(node_id(workflow, *node_of(part)), own) for part in conditions(trigger)]
        pairs += [(own, node_id(workflow, *node_of(action))) for action in trigger["Actions"]]
    return [{"SourceId": source, "DestinationId": end} for source, end in dict.fromkeys(pairs)]
