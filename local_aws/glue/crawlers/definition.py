"""A crawler as a crawl needs it, from the members the API keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local_aws.glue.crawlers.configuration import Configuration, parse_configuration
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
    classifiers: tuple[str, ...]
    configuration: Configuration
    configuration_text: str
    policy: dict[str, str]
    """The SchemaChangePolicy, with both behaviours."""
    new_folders_only: bool

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
