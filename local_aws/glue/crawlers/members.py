"""Check the members of CreateCrawler and UpdateCrawler, and fill in Glue's defaults.

A target or behaviour that we do not have is refused here, when the crawler is made, and not when it runs.
"""

from __future__ import annotations

from typing import Any

from local_aws.errors import AwsError, not_implemented
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.crawlers.definition import definition_of

MEMBERS = (
    "Name",
    "Role",
    "DatabaseName",
    "Description",
    "Targets",
    "Classifiers",
    "TablePrefix",
    "SchemaChangePolicy",
    "RecrawlPolicy",
    "LineageConfiguration",
    "LakeFormationConfiguration",
    "Configuration",
    "CrawlerSecurityConfiguration",
)
_SUPPORTED_TARGETS = ("S3Targets", "CatalogTargets", "IcebergTargets", "DeltaTargets", "DynamoDBTargets")
_ONLY_LOG = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
_DEFAULT_POLICY = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"}


def checked_members(request: dict[str, Any], operation: str) -> dict[str, Any]:
    """The members of a crawler that a request makes, with defaults.

    Raises:
        AwsError: InvalidInputException; NotImplemented for a kind of target or recrawl that we do not have.
    """
    crawler = {name: request[name] for name in MEMBERS if request.get(name) is not None}
    _check_targets(crawler, operation)
    recrawl = {"RecrawlBehavior": "CRAWL_EVERYTHING", **crawler.get("RecrawlPolicy", {})}
    crawler["RecrawlPolicy"] = recrawl
    crawler["SchemaChangePolicy"] = _policy(crawler)
    crawler.setdefault("Classifiers", [])
    crawler.setdefault("LineageConfiguration", {"CrawlerLineageSettings": "DISABLE"})
    crawler.setdefault("LakeFormationConfiguration", {"UseLakeFormationCredentials": False, "AccountId": ""})
    try:
        definition_of(crawler)
    except ValueError as error:
        raise invalid(f"{error}") from error
    return crawler


def _check_targets(crawler: dict[str, Any], operation: str) -> None:
    targets = {kind: given for kind, given in crawler.get("Targets", {}).items() if given}
    unsupported = sorted(targets.keys() - set(_SUPPORTED_TARGETS))
    if unsupported:
        supported = ", ".join(_SUPPORTED_TARGETS)
        raise not_implemented("glue", operation, f"{unsupported[0]} are not supported, only {supported}.")
    if not targets:
        raise invalid("A crawler must have at least one target.")
    if targets.keys() - {"CatalogTargets"} and not crawler.get("DatabaseName"):
        raise invalid("DatabaseName must be given for targets other than catalog targets.")
    if "CatalogTargets" in targets and len(targets) > 1:
        raise invalid("A crawler with catalog targets cannot have other targets.")
    for kind, given in targets.items():
        if any(target.get("ConnectionName") for target in given):
            raise not_implemented("glue", operation, f"A ConnectionName of {kind} is not supported.")
    if not all(target.get("Path") for target in targets.get("DynamoDBTargets", [])):
        raise invalid("A DynamoDB target needs the name of a table as its Path.")


def _policy(crawler: dict[str, Any]) -> dict[str, str]:
    given = crawler.get("SchemaChangePolicy")
    if crawler["RecrawlPolicy"]["RecrawlBehavior"] == "CRAWL_NEW_FOLDERS_ONLY":
        if {**_DEFAULT_POLICY, **(given or {})} != _ONLY_LOG:
            raise _only_log("Crawl new folders only")
        return _ONLY_LOG
    policy = {**_DEFAULT_POLICY, **(given or {})}
    if crawler["Targets"].get("CatalogTargets") and policy["DeleteBehavior"] != "LOG":
        raise invalid("The SchemaChangePolicy for catalog targets can have only LOG DeleteBehavior value.")
    return policy


def _only_log(what: str) -> AwsError:
    return invalid(
        f"The SchemaChangePolicy for '{what}' Amazon S3 target can have only LOG DeleteBehavior value"
        " and LOG UpdateBehavior value."
    )
