"""AWS::Budgets::Budget.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local_aws.cloudformation.types.base import (
    REPLACES,
    REQUIRED,
    Made,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.names import generated_name


class Budget(ResourceType):
    """A budget of the account, and whom it tells; its name is inside the property `Budget`."""

    type_name = "AWS::Budgets::Budget"
    service, operation = "budgets", "CreateBudget"
    name_limit = 100
    properties = table({"Budget": REQUIRED, "NotificationsWithSubscribers": REPLACES})

    def named(self, request: Request) -> Request:
        given = request.params["Budget"].get("BudgetName")
        name = given or generated_name(request.stack_name, request.logical_id, self.name_limit)
        budget = {**request.params["Budget"], "BudgetName": name}
        return replace(request, name=name, params={**request.params, "Budget": budget})

    def replaced_by(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
        renamed = old["Budget"].get("BudgetName") != new["Budget"].get("BudgetName")
        return super().replaced_by(old, new) | ({"Budget"} if renamed else set())

    def exists(self, request: Request) -> bool:
        client = request.client("budgets")
        return found(client.describe_budget, AccountId=request.account_id, BudgetName=request.name)

    def create(self, request: Request) -> Made:
        request.client("budgets").create_budget(AccountId=request.account_id, **request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        # AWS has UpdateBudget; moto, which keeps budgets here, has not.
        self.delete(request)
        budget = {**request.params["Budget"], "BudgetName": request.physical_id}
        request.client("budgets").create_budget(
            AccountId=request.account_id, **{**request.params, "Budget": budget}
        )
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("budgets").delete_budget(
                AccountId=request.account_id, BudgetName=request.physical_id
            )
