"""Pages of Step Functions' list operations: a token is where the next page begins."""

from __future__ import annotations

import base64
from typing import Any

from local_aws.errors import AwsError

DEFAULT_PAGE = 100


def page_of(request: dict[str, Any]) -> tuple[int, int]:
    """Offset and length of the page; AWS takes 0 for the default length.

    Raises:
        AwsError: InvalidToken.
    """
    limit = request.get("maxResults") or DEFAULT_PAGE
    token = request.get("nextToken")
    if token is None:
        return 0, limit
    try:
        return int(base64.urlsafe_b64decode(token)), limit
    except ValueError as error:
        raise AwsError("InvalidToken", f"Invalid Token: '{token}'") from error


def next_token(offset: int, more: bool) -> dict[str, Any]:
    """The answer's token member, when there is more."""
    return {"nextToken": base64.urlsafe_b64encode(str(offset).encode()).decode()} if more else {}
