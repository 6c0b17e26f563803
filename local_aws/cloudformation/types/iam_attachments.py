"""To whom a policy belongs: the lists `Roles`, `Users` and `Groups` of a policy resource, and what changes
between two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from local_aws.cloudformation.types.base import MISSING

KINDS = {"Roles": "role", "Users": "user", "Groups": "group"}


def members(properties: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Each principal as the word in IAM's call names and its name."""
    return {(kind, name) for key, kind in KINDS.items() for name in properties.get(key, [])}


def for_each(
    iam: Any, verb: str, principals: set[tuple[str, str]], *, forgiving: bool = False, **params: Any
) -> None:
    """Call `<verb>_<kind>_policy` for each principal; `forgiving` passes over those that are gone."""
    for kind, name in sorted(principals):
        call: Callable[..., Any] = getattr(iam, f"{verb}_{kind}_policy")
        try:
            call(**{f"{kind.capitalize()}Name": name}, **params)
        except ClientError as error:
            if not forgiving or error.response["Error"]["Code"] not in MISSING:
                raise
