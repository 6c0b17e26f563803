"""The keys that this AWS gave out: their secrets, whose they are, and whether they still hold.

Keys of IAM users are in moto's IAM, sessions in a database of ours. Which keys were given out here shows in
their form, as on AWS: after `AKIA` or `ASIA` comes the account
(https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html). So a key that was deleted is
not mistaken for a stranger's, and a stranger's (`test`) costs no question.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local_aws.caller import Principal
from local_aws.identity.key_ids import form_of
from local_aws.identity.sessions import Sessions

_LONGEST_MEMORY = 1000

Ask = Callable[[str, str], Awaitable[dict[str, Any] | None]]
"""`ask("access-key", id)` of moto's IAM."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A key that was given out. `token` is empty of a user's."""

    secret: str
    principal: Principal
    token: str = ""
    active: bool = True
    ends: datetime | None = None

    def has_ended(self, now: datetime) -> bool:
        """Whether it is a session's that is over."""
        return self.ends is not None and now >= self.ends


class AccessKeys:
    """Of one account. `ask` is moto's; what it said of users' keys is remembered until `forget`."""

    def __init__(self, account_id: str, sessions: Sessions, ask: Ask) -> None:
        self._account_id = account_id
        self._sessions = sessions
        self._ask = ask
        self._form = form_of(account_id)
        self._known: dict[str, AccessKey | None] = {}

    def is_ours(self, access_key_id: str) -> bool:
        """Whether this AWS gave the key out at some time."""
        return self._form.fullmatch(access_key_id) is not None

    async def find(self, access_key_id: str) -> AccessKey | None:
        """The key, when it was given out and not deleted since."""
        if access_key_id.startswith("ASIA"):
            session = self._sessions.find(access_key_id)
            if session is None:
                return None
            return AccessKey(session.secret, session.principal, session.token, ends=session.ends)
        # What is answered after `forget` may be from before it, and goes where nobody looks.
        known = self._known
        if access_key_id not in known:
            answer = await self._ask("access-key", access_key_id)
            if len(known) >= _LONGEST_MEMORY:
                known.clear()
            known[access_key_id] = None if answer is None else _of_user(answer, self._account_id)
        return known[access_key_id]

    def forget(self) -> None:
        """IAM has changed, or was put back to what it was."""
        self._known = {}


def _of_user(answer: dict[str, Any], account_id: str) -> AccessKey:
    principal = Principal("user", account_id, answer["arn"], answer["user_id"])
    return AccessKey(answer["secret"], principal, active=answer["active"])
