"""What the catalog shows, turned back into what it takes, and compared."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

TABLE_INPUT = (
    "Name",
    "Description",
    "Owner",
    "LastAccessTime",
    "LastAnalyzedTime",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
)
PARTITION_INPUT = ("Values", "LastAccessTime", "StorageDescriptor", "Parameters", "LastAnalyzedTime")
UPDATED_BY, DEPRECATED = "UPDATED_BY_CRAWLER", "DEPRECATED_BY_CRAWLER"


def input_of(shown: dict[str, Any], members: Sequence[str]) -> dict[str, Any]:
    """The `TableInput` or `PartitionInput` that would make what is shown."""
    return {name: shown[name] for name in members if name in shown}


def parameters(shown: dict[str, Any]) -> dict[str, str]:
    """The Parameters of a table, a partition or a StorageDescriptor; empty without any."""
    return shown.get("Parameters") or {}


def location(shown: dict[str, Any]) -> str:
    """The location of a table or a partition; empty for a view."""
    return (shown.get("StorageDescriptor") or {}).get("Location") or ""


def columns(shown: dict[str, Any]) -> list[dict[str, str]]:
    """The columns of a table or a partition."""
    return (shown.get("StorageDescriptor") or {}).get("Columns") or []


def stamped(given: dict[str, Any], crawl_id: str) -> dict[str, Any]:
    """An input that says which crawl wrote it."""
    mark = {"CRAWL_RUN_ID": crawl_id}
    written = {**given, "Parameters": {**parameters(given), **mark}}
    if descriptor := given.get("StorageDescriptor"):
        shown = {**parameters(descriptor), **mark}
        written["StorageDescriptor"] = {**descriptor, "Parameters": shown}
    return written


def deprecated(given: dict[str, Any]) -> dict[str, Any]:
    """An input, marked as gone at the present time in milliseconds."""
    return {**given, "Parameters": {**parameters(given), DEPRECATED: str(int(time.time() * 1000))}}
