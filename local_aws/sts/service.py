"""STS: sessions of roles, users and federated users, and who a caller is.

Sessions are ours and not moto's, since the gateway holds every signature against them, and they outlive a
restart. Trust policies are not evaluated yet; a role must exist and its longest session counts.

https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html (checked 2026-11)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from local_aws.caller import Caller, Principal
from local_aws.errors import AwsError
from local_aws.identity.key_ids import form_of
from local_aws.identity.role_sessions import role_session
from local_aws.identity.sessions import Session, Sessions
from local_aws.sts.web_identity import refuse

Ask = Callable[[str, str], Awaitable[dict[str, Any] | None]]

HOUR = 3600
LONGEST = 129_600
LONGEST_OF_ROOT = 3600


class StsService:
    """Of one account; `ask("role", arn)` is moto's IAM."""

    def __init__(self, account_id: str, sessions: Sessions, ask: Ask) -> None:
        self._account_id = account_id
        self._sessions = sessions
        self._ask = ask
        self._form = form_of(account_id)

    def get_caller_identity(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Who signed the request."""
        who = caller.who
        return {"UserId": who.user_id, "Account": who.account_id, "Arn": who.arn}

    async def assume_role(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """A session of a role."""
        arn, name = request["RoleArn"], request["RoleSessionName"]
        role = await self._ask("role", arn) if arn.startswith("arn:") else None
        if role is None:
            message = (
                f"User: {caller.who.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
            )
            raise AwsError("AccessDenied", message, 403)
        seconds = request.get("DurationSeconds") or HOUR
        if seconds > role["most_seconds"]:
            raise AwsError(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            )
        assumed = role_session(self._account_id, role, name)
        session = self._sessions.give(assumed, timedelta(seconds=seconds))
        user = {"AssumedRoleId": assumed.user_id, "Arn": assumed.arn}
        source = {"SourceIdentity": request["SourceIdentity"]} if request.get("SourceIdentity") else {}
        return {"Credentials": _shown(session), "AssumedRoleUser": user, **source}

    async def assume_role_with_web_identity(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Refused: no token of somebody else's can be verified here."""
        refuse(request["WebIdentityToken"])

    def get_session_token(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """A session of the user that asks."""
        who = caller.who
        if self._is_session(caller):
            raise AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
        longest = LONGEST_OF_ROOT if who.kind == "root" else LONGEST
        asked = request.get("DurationSeconds") or 12 * HOUR
        return {"Credentials": _shown(self._sessions.give(who, timedelta(seconds=min(asked, longest))))}

    def get_federation_token(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """A session of a user who is not IAM's."""
        if self._is_session(caller):
            raise AwsError("AccessDenied", "Cannot call GetFederationToken with session credentials", 403)
        name = request["Name"]
        arn, user_id = self._arn(f"federated-user/{name}"), f"{self._account_id}:{name}"
        longest = LONGEST_OF_ROOT if caller.who.kind == "root" else LONGEST
        lifetime = timedelta(seconds=min(request.get("DurationSeconds") or 12 * HOUR, longest))
        session = self._sessions.give(Principal("session", self._account_id, arn, user_id), lifetime)
        return {"Credentials": _shown(session), "FederatedUser": {"FederatedUserId": user_id, "Arn": arn}}

    def get_access_key_info(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The account that a key is of."""
        key = request["AccessKeyId"]
        if self._form.fullmatch(key) is None and key != caller.access_key_id:
            raise AwsError("ValidationError", f"Invalid AccessKeyId: {key}")
        return {"Account": self._account_id}

    def _is_session(self, caller: Caller) -> bool:
        # A user's session has the user's ARN; its key tells.
        key = caller.access_key_id or ""
        return caller.who.kind == "session" or (
            key.startswith("ASIA") and self._form.fullmatch(key) is not None
        )

    def _arn(self, resource: str) -> str:
        return f"arn:aws:sts::{self._account_id}:{resource}"


def _shown(session: Session) -> dict[str, Any]:
    return {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret,
        "SessionToken": session.token,
        "Expiration": session.ends,
    }
