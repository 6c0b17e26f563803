"""A crawler's `Configuration` JSON.

See https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html (November 2026). What is not
understood is refused: a crawler that ignores part of its configuration writes other tables than were asked
for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from local_aws.glue.crawlers.grouping import Grouping


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a crawler's configuration says."""

    grouping: Grouping = field(default_factory=Grouping)
    merge_new_columns: bool = False
    inherit_from_table: bool = False
    partition_index: bool = False


def parse_configuration(text: str | None) -> Configuration:
    """The configuration in the text of the API.

    Raises:
        ValueError: not JSON, not version 1, or a member or value that we do not have.
    """
    if not text:
        return Configuration()
    document = json.loads(text)
    if not isinstance(document, dict) or document.get("Version") not in (1, 1.0, "1.0"):
        raise ValueError("the configuration must be a JSON object with Version 1.0")
    _only(document, "Version", "Grouping", "CrawlerOutput", "CreatePartitionIndex")
    output = _member(document, "CrawlerOutput", "Tables", "Partitions")
    tables = _choice(_member(output, "Tables", "AddOrUpdateBehavior"), "MergeNewColumns")
    partitions = _choice(_member(output, "Partitions", "AddOrUpdateBehavior"), "InheritFromTable")
    return Configuration(
        _grouping(document), tables, partitions, document.get("CreatePartitionIndex", False) is True
    )


def _grouping(document: dict[str, Any]) -> Grouping:
    grouping = _member(document, "Grouping", "TableGroupingPolicy", "TableLevelConfiguration")
    policy = grouping.get("TableGroupingPolicy")
    if policy not in (None, "CombineCompatibleSchemas"):
        raise ValueError(f"TableGroupingPolicy '{policy}' is not CombineCompatibleSchemas")
    level = grouping.get("TableLevelConfiguration")
    if level is not None and (not isinstance(level, int) or isinstance(level, bool) or level < 1):
        raise ValueError(f"TableLevelConfiguration {level!r} is not a positive whole number")
    return Grouping(policy is not None, level)


def _member(document: dict[str, Any], name: str, *members: str) -> dict[str, Any]:
    member = document.get(name, {})
    if not isinstance(member, dict):
        raise ValueError(f"{name} is not an object")
    _only(member, *members)
    return member


def _only(document: dict[str, Any], *members: str) -> None:
    unknown = sorted(document.keys() - set(members))
    if unknown:
        raise ValueError(f"the configuration's member {unknown[0]} is not known")


def _choice(member: dict[str, Any], only: str) -> bool:
    behavior = member.get("AddOrUpdateBehavior")
    if behavior not in (None, only):
        raise ValueError(f"AddOrUpdateBehavior '{behavior}' is not {only}")
    return behavior == only
