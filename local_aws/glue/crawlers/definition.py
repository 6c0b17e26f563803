"""A crawler as a crawl needs it, from the members the API keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local_aws.glue.crawlers.configuration import Configuration, parse_configuration
from local_aws.glue.crawlers.delta_target import DeltaTarget
from local_aws.glue.crawlers.dynamodb_target import DynamoDBTarget
from local_aws.glue.crawlers.events import EventQueue
from local_aws.glue.crawlers.iceberg_target import IcebergTarget
from local_aws.glue.crawlers.target import Target, parse_target


@dataclass(frozen=True, slots=True)
class CatalogTarget:
    """Tables that exist, to be brought up to date."""

    database: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What to crawl, and what to do with what is found."""

    name: str
    database: str
    prefix: str
    targets: tuple[Target, ...]
    catalog_targets: tuple[CatalogTarget, ...]
    iceberg_targets: tuple[IcebergTarget, ...]
    delta_targets: tuple[DeltaTarget, ...]
    dynamodb_targets: tuple[DynamoDBTarget, ...]
    queues: tuple[EventQueue, ...]
    """Of a crawler of event mode; none of another."""
    classifiers: tuple[str, ...]
    configuration: Configuration
    configuration_text: str
    policy: dict[str, str]
    """The SchemaChangePolicy, with both behaviours."""
    new_folders_only: bool

    @property
    def places(self) -> tuple[Target, ...]:
        """All paths of S3 at which its tables are."""
        iceberg = (one.target for one in self.iceberg_targets)
        return (*self.targets, *iceberg, *(one.target for one in self.delta_targets))

    @property
    def update_in_database(self) -> bool:
        """Whether the schema of a table that exists may be changed."""
        return self.policy["UpdateBehavior"] == "UPDATE_IN_DATABASE"

    @property
    def delete_behavior(self) -> str:
        """DEPRECATE_IN_DATABASE, DELETE_FROM_DATABASE or LOG."""
        return self.policy["DeleteBehavior"]


def definition_of(crawler: dict[str, Any]) -> Definition:
    """The definition behind a crawler's members, which `members.py` has checked.

    Raises:
        ValueError: a path, an exclusion or the configuration cannot be understood.
    """
    targets = crawler["Targets"]
    return Definition(
        name=crawler["Name"],
        database=crawler.get("DatabaseName", "").lower(),
        prefix=crawler.get("TablePrefix", ""),
        targets=tuple(
            parse_target(one.get("Path", ""), tuple(one.get("Exclusions") or ()), one.get("SampleSize"))
            for one in targets.get("S3Targets") or ()
        ),
        iceberg_targets=_iceberg_targets(targets),
        delta_targets=_delta_targets(targets),
        dynamodb_targets=tuple(
            DynamoDBTarget(one.get("Path", ""), one.get("scanAll") is not False)
            for one in targets.get("DynamoDBTargets") or ()
        ),
        queues=_queues(crawler),
        catalog_targets=tuple(
            CatalogTarget(one["DatabaseName"].lower(), tuple(name.lower() for name in one["Tables"]))
            for one in targets.get("CatalogTargets") or ()
        ),
        classifiers=tuple(crawler.get("Classifiers") or ()),
        configuration=parse_configuration(crawler.get("Configuration")),
        configuration_text=crawler.get("Configuration") or "",
        policy=crawler["SchemaChangePolicy"],
        new_folders_only=crawler["RecrawlPolicy"]["RecrawlBehavior"] == "CRAWL_NEW_FOLDERS_ONLY",
    )


def _iceberg_targets(targets: dict[str, Any]) -> tuple[IcebergTarget, ...]:
    return tuple(
        IcebergTarget(
            parse_target(path, tuple(one.get("Exclusions") or ())), one.get("MaximumTraversalDepth")
        )
        for one in targets.get("IcebergTargets") or ()
        for path in one.get("Paths") or ()
    )


def _delta_targets(targets: dict[str, Any]) -> tuple[DeltaTarget, ...]:
    made = []
    for one in targets.get("DeltaTargets") or ():
        native, manifest = bool(one.get("CreateNativeDeltaTable")), bool(one.get("WriteManifest"))
        if native and manifest:
            raise ValueError("WriteManifest and CreateNativeDeltaTable cannot both be true")
        made += [DeltaTarget(parse_target(path), native, manifest) for path in one.get("DeltaTables") or ()]
    return tuple(made)


def _queues(crawler: dict[str, Any]) -> tuple[EventQueue, ...]:
    if crawler["RecrawlPolicy"]["RecrawlBehavior"] != "CRAWL_EVENT_MODE":
        return ()
    targets = [one for kind in ("S3Targets", "CatalogTargets") for one in crawler["Targets"].get(kind) or ()]
    if not targets or not all(one.get("EventQueueArn") for one in targets):
        raise ValueError("CRAWL_EVENT_MODE needs S3 or catalog targets that all have an EventQueueArn")
    pairs = dict.fromkeys((one["EventQueueArn"], one.get("DlqEventQueueArn") or "") for one in targets)
    return tuple(EventQueue(arn, dead_letters) for arn, dead_letters in pairs)
