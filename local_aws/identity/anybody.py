"""What a resource's policy lets anybody do: a statement for everyone allows it and none denies it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from typing import Any

from local_aws.identity.conditions import Context, holds
from local_aws.identity.wildcards import matches


def anybody_may(policy: dict[str, Any], action: str, resource: str, context: Context) -> bool:
    """Whether `policy` allows `action` (`s3:GetObject`) on `resource` (an ARN) to who did not sign."""
    statements = policy.get("Statement") or []
    allowed = False
    for statement in statements if isinstance(statements, list) else [statements]:
        if not _is_about(statement, action, resource):
            continue
        decided = holds(statement.get("Condition"), context)
        if statement.get("Effect") == "Deny" and decided is not False:
            return False
        allowed |= statement.get("Effect") == "Allow" and decided is True
    return allowed


def _is_about(statement: dict[str, Any], action: str, resource: str) -> bool:
    return (
        _names_anybody(statement)
        and _has(statement, "Action", action)
        and _has(statement, "Resource", resource)
    )


def _names_anybody(statement: dict[str, Any]) -> bool:
    if "NotPrincipal" in statement:
        # "Everyone but these": nobody is not one of these. It is only of use to deny.
        return statement.get("Effect") == "Deny"
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return "*" in _listed(named)


def _has(statement: dict[str, Any], field: str, value: str) -> bool:
    negative = f"Not{field}"
    patterns = _listed(statement.get(negative if negative in statement else field))
    lower = field == "Action"
    found = any(
        matches(str(pattern).lower() if lower else str(pattern), value.lower() if lower else value)
        for pattern in patterns
    )
    return found != (negative in statement)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
