"""Bucket policies: whether one is well formed, and whether it is public.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

import json
from typing import Any

from local_aws.errors import AwsError

_MAX_BYTES = 20 * 1024
_STATEMENT_KEYS = frozenset(
    {"Sid", "Effect", "Condition"}
    | {"Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"}
)


def check_policy(text: str, bucket: str) -> dict[str, Any]:
    """The policy as a document; raises `MalformedPolicy`."""
    if len(text.encode()) > _MAX_BYTES:
        raise _malformed("Normalized policy document exceeds the maximum allowed size of 20480 bytes.")
    try:
        policy = json.loads(text)
    except ValueError:
        policy = None
    if not isinstance(policy, dict):
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    if policy.get("Version", "2008-10-17") not in ("2008-10-17", "2012-10-17"):
        raise _malformed("The policy must contain a valid version string")
    statements = statements_of(policy)
    if not statements:
        raise _malformed("Missing required field Statement")
    for statement in statements:
        _check_statement(statement, bucket)
    return policy


def statements_of(policy: dict[str, Any]) -> list[Any]:
    """The statements; a single one need not be in a list."""
    statements = policy.get("Statement") or []
    return statements if isinstance(statements, list) else [statements]


def is_public(policy: dict[str, Any]) -> bool:
    """Whether some statement allows everyone, unconditionally."""
    return any(
        statement["Effect"] == "Allow"
        and not statement.get("Condition")
        and _is_everyone(statement.get("Principal"))
        for statement in statements_of(policy)
    )


def _is_everyone(principal: Any) -> bool:
    if isinstance(principal, dict):
        return any("*" in _listed(value) for value in principal.values())
    return bool(principal == "*")


def _check_statement(statement: Any, bucket: str) -> None:
    if not isinstance(statement, dict):
        raise _malformed("Statement is of wrong data type")
    unknown = sorted(statement.keys() - _STATEMENT_KEYS)
    if unknown:
        raise _malformed(f"Unknown field {unknown[0]}")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed(f"Invalid effect: {statement.get('Effect')}")
    for field in ("Principal", "Action", "Resource"):
        if field not in statement and f"Not{field}" not in statement:
            raise _malformed(f"Missing required field {field}")
    actions = _listed(statement.get("Action", statement.get("NotAction")))
    if any(action != "*" and not str(action).lower().startswith("s3:") for action in actions):
        raise _malformed("Policy has invalid action")
    arn = f"arn:aws:s3:::{bucket}"
    for resource in _listed(statement.get("Resource", statement.get("NotResource"))):
        is_ours = resource in ("*", arn) or str(resource).startswith((f"{arn}/", f"{arn}*"))
        if not is_ours:
            raise _malformed("Policy has invalid resource")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _malformed(message: str) -> AwsError:
    return AwsError("MalformedPolicy", message)
