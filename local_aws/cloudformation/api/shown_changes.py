"""Planned changes as DescribeChangeSet shows them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html (2026-11)
"""

from __future__ import annotations

from typing import Any

from local_aws.cloudformation.api.answers import present
from local_aws.cloudformation.engine.plan import MODIFY, REMOVE, Change


def shown_change(change: Change) -> dict[str, Any]:
    """A `Change` as DescribeChangeSet shows it."""
    shown: dict[str, Any] = {
        "Action": change.action,
        "LogicalResourceId": change.logical_id,
        "ResourceType": change.type,
        "Scope": [],
        "Details": [],
    }
    if change.physical_id is not None:
        shown["PhysicalResourceId"] = change.physical_id
    if change.action == REMOVE:
        shown["PolicyAction"] = "Retain" if change.retained else "Delete"
    if change.action == MODIFY:
        shown |= {"Replacement": change.replacement, "Scope": _scope(change), "Details": _details(change)}
    return {"Type": "Resource", "ResourceChange": shown}


def _scope(change: Change) -> list[str]:
    difference = change.difference
    parts = {
        "Properties": bool(difference.properties - {"Tags"}),
        "Tags": difference.tags or "Tags" in difference.properties,
        "Metadata": difference.metadata,
        "DeletionPolicy": difference.policies,
    }
    return [name for name, is_in in parts.items() if is_in]


def _details(change: Change) -> list[dict[str, Any]]:
    return [
        {
            "Target": {
                "Attribute": "Tags" if name == "Tags" else "Properties",
                "RequiresRecreation": _recreation(change, name),
                **({} if name == "Tags" else {"Name": name}),
            },
            "Evaluation": "Dynamic" if name in change.unknown else "Static",
            "ChangeSource": _source(change.causes.get(name)),
            **present(CausingEntity=change.causes.get(name)),
        }
        for name in sorted(change.difference.properties)
    ]


def _recreation(change: Change, name: str) -> str:
    if name not in change.difference.replaced_by:
        return "Never"
    return "Conditionally" if name in change.unknown else "Always"


def _source(cause: str | None) -> str:
    if cause is None:
        return "DirectModification"
    return "ResourceAttribute" if "." in cause else "ResourceReference"
