"""Sessions that services of ours take of a role, such as a Glue job of the job's role.

A role that IAM does not have gives none: jobs and machines with a made-up role have always run here, and go
on as the account itself until permissions are evaluated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from local_aws.caller import Principal
from local_aws.identity.sessions import Sessions

Ask = Callable[[str, str], dict[str, Any] | None]
"""`ask("role", name_or_arn)` of moto's IAM, from any thread."""


class RoleSessions:
    """Of one account."""

    def __init__(self, account_id: str, sessions: Sessions, ask: Ask) -> None:
        self._account_id = account_id
        self._sessions = sessions
        self._ask = ask

    def variables(self, role: str, name: str, lifetime: timedelta) -> dict[str, str]:
        """The environment in which AWS's SDKs act as a role's session; empty when there is no such role."""
        found = self._ask("role", role)
        if found is None:
            return {}
        session = self._sessions.give(role_session(self._account_id, found, name), lifetime)
        return {
            "AWS_ACCESS_KEY_ID": session.access_key_id,
            "AWS_SECRET_ACCESS_KEY": session.secret,
            "AWS_SESSION_TOKEN": session.token,
        }


def role_session(account_id: str, role: dict[str, Any], name: str) -> Principal:
    """A session called `name` of a role, which is what moto's IAM says of it."""
    arn = f"arn:aws:sts::{account_id}:assumed-role/{role['name']}/{name}"
    return Principal("session", account_id, arn, f"{role['id']}:{name}")
