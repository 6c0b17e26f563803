"""What the server asks moto's process beside requests: whose a key is, and which role an ARN names.

It is asked of moto's data itself. No API of AWS's tells a secret.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Answer = dict[str, Any] | None


def answer_to(question: str, about: str, account_id: str) -> Answer:
    """The answer to `question`, one of `QUESTIONS`, or None when there is no such thing."""
    from moto.iam.models import iam_backends

    return QUESTIONS[question](iam_backends[account_id]["aws"], about)


def _access_key(iam: Any, access_key_id: str) -> Answer:
    for user in iam.users.values():
        for key in user.access_keys:
            if key.access_key_id == access_key_id:
                return {
                    "secret": key.secret_access_key,
                    "active": key.status == "Active",
                    "arn": user.arn,
                    "user_id": user.id,
                }
    return None


def _role(iam: Any, name: str) -> Answer:
    for role in iam.roles.values():
        if name in (role.arn, role.name):
            return {"id": role.id, "name": role.name, "most_seconds": int(role.max_session_duration or 3600)}
    return None


QUESTIONS: dict[str, Callable[[Any, str], Answer]] = {"access-key": _access_key, "role": _role}
