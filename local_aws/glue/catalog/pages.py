"""Pages of a listing: a limit, and a token that says where the next page begins.

A token is opaque to clients and holds the sort key of the last item that was given out, so what is created
or deleted between two pages neither repeats nor hides the rest.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from local_aws.glue.catalog.errors import invalid

Item = TypeVar("Item")
Key = str | int


def after(request: dict[str, Any], kind: type[Key]) -> Any:
    """The key behind the request's `NextToken`, or None when there is none.

    Raises:
        AwsError: InvalidInputException, the token is not one of ours for a listing with keys of `kind`.
    """
    token = request.get("NextToken")
    if not token:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(token.encode("ascii")))
    except (ValueError, binascii.Error, UnicodeError) as error:
        raise invalid("Invalid NextToken.") from error
    if type(key) is not kind:
        raise invalid("Invalid NextToken.")
    return key


def token_of(key: Key) -> str:
    """The token of the page that begins after `key`."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode("ascii")


def limit_of(request: dict[str, Any], most: int) -> int:
    """How many items this page may hold: `MaxResults`, or `most` without it."""
    wanted: int = request.get("MaxResults") or most
    return min(wanted, most)


def page(
    found: Sequence[Item], limit: int, key: Callable[[Item], Key]
) -> tuple[Sequence[Item], dict[str, str]]:
    """The first `limit` of `found`, which was asked for one more, and `{"NextToken": …}` or `{}`."""
    if len(found) <= limit:
        return found, {}
    given = found[:limit]
    return given, {"NextToken": token_of(key(given[-1]))}


def named_page(
    names: Sequence[str], request: dict[str, Any], most: int
) -> tuple[Sequence[str], dict[str, str]]:
    """One page of a list of names, in their order."""
    start = after(request, str)
    limit = limit_of(request, most)
    rest = sorted(name for name in names if start is None or name > start)
    return page(rest[: limit + 1], limit, lambda name: name)
