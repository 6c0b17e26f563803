"""What a resumed workflow run starts, and what it takes from the run before.

Pure. The nodes that are asked for run again, and so does everything downstream of them; all else is copied. A
node that is downstream of another one that is asked for runs in its turn.
https://docs.aws.amazon.com/glue/latest/dg/resuming-workflow.html (November 2026).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local_aws.glue.catalog.errors import invalid
from local_aws.glue.workflows.graph import Node, downstream, node_id, nodes
from local_aws.glue.workflows.store import Action

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resuming:
    """A resumed run at its start."""

    node_ids: tuple[str, ...]
    """The nodes that are restarted at once."""
    fired: frozenset[str]
    """The triggers that do not fire in it."""
    copied: tuple[Action, ...]
    restarted: tuple[Action, ...]


def plan_of_resuming(
    workflow: str, triggers: list[Document], actions: list[Action], node_ids: list[str]
) -> Resuming:
    """How to resume a run that had `triggers` and `actions` from some nodes.

    Raises:
        AwsError: InvalidInputException, a node is not one that the run had started.
    """
    ids = {node_id(workflow, *node): node for node in nodes(triggers)}
    tried = {action.node for action in actions}
    for wanted in node_ids:
        if ids.get(wanted) not in tried:
            raise invalid(f"Node {wanted} is not a job or crawler that the workflow run has started.")
    if not node_ids:
        raise invalid("At least one node is needed to resume a workflow run from.")
    chosen = {ids[wanted] for wanted in node_ids}
    first = {node for node in chosen if not _is_after_another(node, chosen, triggers)}
    waiting, later = downstream(triggers, first)
    again = {action.node: action for action in actions if action.node in first}
    return Resuming(
        tuple(dict.fromkeys(wanted for wanted in node_ids if ids[wanted] in first)),
        frozenset({trigger["Name"] for trigger in triggers} - waiting),
        tuple(action for action in actions if action.node not in first | later),
        tuple(again.values()),
    )


def _is_after_another(node: Node, chosen: set[Node], triggers: list[Document]) -> bool:
    others = {other for other in chosen - {node} if other not in downstream(triggers, [node])[1]}
    return node in downstream(triggers, others)[1]
