"""Pages of a list that is small enough to be held."""

from __future__ import annotations

import base64
from typing import Any

from local_athena.errors import invalid_request

MOST = 50
"""Items of a page of any list; GetQueryResults has more rows."""


def page_size(request: dict[str, Any], most: int = MOST) -> int:
    """MaxResults of a request; 0, as none, is the most there can be.

    Raises:
        AthenaApiError: INVALID_INPUT, it is more than that, or less than one.
    """
    asked = request.get("MaxResults") or most
    if asked > most:
        raise invalid_request("INVALID_INPUT", f"MaxResults is more than maximum allowed length {most}")
    if asked < 1:
        raise invalid_request("INVALID_INPUT", "MaxResults is less than minimum allowed length 1")
    return int(asked)


def page(member: str, items: list[Any], request: dict[str, Any], most: int = MOST) -> dict[str, Any]:
    """`{member: items, NextToken}` for MaxResults and NextToken of a request."""
    token, limit = request.get("NextToken"), page_size(request, most)
    try:
        start = int(base64.urlsafe_b64decode(token)) if token else 0
    except ValueError as error:
        raise invalid_request("INVALID_INPUT", f"Malformed nextToken {token}") from error
    answer: dict[str, Any] = {member: items[start : start + limit]}
    if start + limit < len(items):
        answer["NextToken"] = base64.urlsafe_b64encode(str(start + limit).encode()).decode()
    return answer
