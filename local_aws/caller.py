"""Who asks: the account itself, one of its IAM users, a session of STS, or nobody.

The gateway finds it out before a handler runs, and every call that a handler makes in this process is made as
the same principal (`acting`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

PrincipalKind = Literal["root", "user", "session", "anonymous"]


@dataclass(frozen=True, slots=True)
class Principal:
    """`arn` and `user_id` are what GetCallerIdentity says; both are empty of nobody."""

    kind: PrincipalKind
    account_id: str
    arn: str
    user_id: str

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody signed."""
        return self.kind == "anonymous"


def root_of(account_id: str) -> Principal:
    """The account's own user."""
    return Principal("root", account_id, f"arn:aws:iam::{account_id}:root", account_id)


def nobody(account_id: str) -> Principal:
    """Who did not sign; `account_id` is the account that is asked."""
    return Principal("anonymous", account_id, "", "")


@dataclass(frozen=True, slots=True)
class Caller:
    """What every operation is told beside its input."""

    account_id: str
    region: str
    access_key_id: str | None = None
    """None for an anonymous request, and for a call of ours."""
    request_id: str = ""
    principal: Principal | None = None
    """None for a call of ours, which is the account's own unless it is made for somebody."""

    @property
    def who(self) -> Principal:
        """The principal that asks."""
        return self.principal or root_of(self.account_id)


_ACTING: ContextVar[Principal | None] = ContextVar("acting", default=None)


def acting() -> Principal | None:
    """For whom this thread works; None when it works for the account itself."""
    return _ACTING.get()


@contextmanager
def act_as(principal: Principal | None) -> Iterator[None]:
    """Work for `principal` until the block ends."""
    token = _ACTING.set(principal)
    try:
        yield
    finally:
        _ACTING.reset(token)
