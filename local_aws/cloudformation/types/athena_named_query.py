"""AWS::Athena::NamedQuery.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-namedquery.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from botocore.exceptions import ClientError

from local_aws.cloudformation.types.base import (
    REPLACES,
    REQUIRED_REPLACES,
    Made,
    Request,
    ResourceType,
    table,
)


class NamedQuery(ResourceType):
    """Its physical id is the id that Athena chooses; names need not be unique. Every change is a
    replacement.
    """

    type_name = "AWS::Athena::NamedQuery"
    service, operation = "athena", "CreateNamedQuery"
    name_property, name_limit = "Name", 128
    properties = table(
        {
            "Database": REQUIRED_REPLACES,
            "Description": REPLACES,
            "Name": REPLACES,
            "QueryString": REQUIRED_REPLACES,
            "WorkGroup": REPLACES,
        }
    )
    attributes = frozenset(("NamedQueryId",))

    def planned_id(self, request: Request) -> None:
        return None

    def exists(self, request: Request) -> bool:
        return False

    def create(self, request: Request) -> Made:
        query_id = request.client("athena").create_named_query(**request.params)["NamedQueryId"]
        return Made(query_id, {"NamedQueryId": query_id})

    def delete(self, request: Request) -> None:
        try:
            request.client("athena").delete_named_query(NamedQueryId=request.physical_id)
        except ClientError as error:
            # Athena has no code of its own for a query that is not there.
            if "does not exist" not in str(error) and "not found" not in str(error).lower():
                raise
