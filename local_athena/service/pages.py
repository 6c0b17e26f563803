"""Pages of a list that is small enough to be held."""

from __future__ import annotations

import base64
from typing import Any

from local_athena.errors import invalid_request


def page(member: str, items: list[Any], request: dict[str, Any], default: int = 50) -> dict[str, Any]:
    """`{member: items, NextToken}` for MaxResults and NextToken of a request."""
    token, limit = request.get("NextToken"), request.get("MaxResults") or default
    try:
        start = int(base64.urlsafe_b64decode(token)) if token else 0
    except ValueError as error:
        raise invalid_request("INVALID_INPUT", f"Malformed nextToken {token}") from error
    answer: dict[str, Any] = {member: items[start : start + limit]}
    if start + limit < len(items):
        answer["NextToken"] = base64.urlsafe_b64encode(str(start + limit).encode()).decode()
    return answer
