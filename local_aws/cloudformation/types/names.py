"""The physical names that CloudFormation gives to resources without one: `<stack>-<logical id>-<random>`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html (2026-11)
"""

from __future__ import annotations

import secrets
import string

_RANDOM_LENGTH = 12


def generated_name(stack_name: str, logical_id: str, limit: int, *, lower: bool = False) -> str:
    """A new name of at most `limit` characters; the stack's name and the logical id are cut to share what
    is left.
    """
    alphabet = string.ascii_uppercase + string.digits
    suffix = "".join(secrets.choice(alphabet) for _ in range(_RANDOM_LENGTH))
    room = limit - _RANDOM_LENGTH - 2
    logical = logical_id[: max(room // 2, room - len(stack_name))]
    stack = stack_name[: room - len(logical)]
    name = f"{stack}-{logical}-{suffix}"
    return name.lower() if lower else name
