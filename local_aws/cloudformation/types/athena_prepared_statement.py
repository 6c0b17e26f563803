"""AWS::Athena::PreparedStatement.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-preparedstatement.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from typing import Any

from local_aws.cloudformation.types.base import (
    PLAIN,
    REQUIRED,
    REQUIRED_REPLACES,
    Made,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)


class PreparedStatement(ResourceType):
    """A statement of a workgroup."""

    type_name = "AWS::Athena::PreparedStatement"
    service, operation = "athena", "CreatePreparedStatement"
    name_property = "StatementName"
    properties = table(
        {
            "Description": PLAIN,
            "QueryStatement": REQUIRED,
            "StatementName": REQUIRED_REPLACES,
            "WorkGroup": REQUIRED_REPLACES,
        }
    )

    def exists(self, request: Request) -> bool:
        return found(request.client("athena").get_prepared_statement, **_key(request))

    def create(self, request: Request) -> Made:
        request.client("athena").create_prepared_statement(**request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        request.client("athena").update_prepared_statement(**request.params)
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("athena").delete_prepared_statement(**_key(request))


def _key(request: Request) -> dict[str, Any]:
    return {name: request.params[name] for name in ("StatementName", "WorkGroup")}
