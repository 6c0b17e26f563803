"""AWS::Glue::Crawler.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-crawler.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.template.evaluate import UNKNOWN
from local_aws.cloudformation.types.base import (
    PLAIN,
    REPLACES,
    REQUIRED,
    Made,
    Property,
    Request,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.glue import GlueType, without
from local_aws.cloudformation.types.shapes import BadProperty

# UpdateCrawler leaves alone what it is not given, so a property that is gone must be emptied.
_EMPTY: dict[str, Any] = {
    "Classifiers": [],
    "Configuration": "",
    "Description": "",
    "Schedule": "",
    "TablePrefix": "",
}


class Crawler(GlueType):
    """A crawler; its schedule is an object here and text in the API."""

    type_name = "AWS::Glue::Crawler"
    operation = "CreateCrawler"
    arn_kind = "crawler"
    name_property, tags_form = "Name", "map"
    properties = table(
        {
            "Classifiers": PLAIN,
            "Configuration": PLAIN,
            "CrawlerSecurityConfiguration": PLAIN,
            "DatabaseName": PLAIN,
            "Description": PLAIN,
            "LakeFormationConfiguration": PLAIN,
            "Name": REPLACES,
            "RecrawlPolicy": PLAIN,
            "Role": REQUIRED,
            "Schedule": Property(kind="Any"),
            "SchemaChangePolicy": PLAIN,
            "TablePrefix": PLAIN,
            "Targets": REQUIRED,
        }
    )

    def check(self, properties: Mapping[str, Any]) -> None:
        schedule = properties.get("Schedule", {})
        if schedule is not UNKNOWN and (
            not isinstance(schedule, dict) or set(schedule) - {"ScheduleExpression"}
        ):
            raise BadProperty(
                "Value of property Schedule must be an object with the member ScheduleExpression"
            )

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_crawler, Name=request.name)

    def create(self, request: Request) -> Made:
        request.client("glue").create_crawler(**request.params, **_schedule(request))
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        wanted = {**without(request.params, "Tags"), **_schedule(request)}
        gone = {
            name: _EMPTY[name] for name in _EMPTY if name in request.old.properties and name not in wanted
        }
        request.client("glue").update_crawler(**{**gone, **wanted, "Name": request.physical_id})
        self.set_tags(request)
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_crawler(Name=request.physical_id)


def _schedule(request: Request) -> dict[str, str]:
    expression = request.properties.get("Schedule", {}).get("ScheduleExpression")
    return {"Schedule": expression} if expression else {}
