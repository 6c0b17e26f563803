"""Ids of access keys: after the prefix comes the account, as on AWS, so that a key shows who gave it out.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html (checked 2026-11)
"""

from __future__ import annotations

import base64
import re
import secrets

_OFFSET = 0x80_0000_0000
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LENGTH = 20


def new_key_id(prefix: str, account_id: str) -> str:
    """A new id, such as `ASIAQAAAAAAAB7KX2M4C`."""
    start = prefix + _account_part(account_id)
    # The first of the free characters tells odd accounts from even ones, which share the part before it.
    half = _ALPHABET[16:] if int(account_id) % 2 else _ALPHABET[:16]
    free = [secrets.choice(half), *(secrets.choice(_ALPHABET) for _ in range(_LENGTH - len(start) - 1))]
    return start + "".join(free)


def form_of(account_id: str) -> re.Pattern[str]:
    """What ids of an account's users and sessions look like."""
    return re.compile(rf"(?:AKIA|ASIA){_account_part(account_id)}[A-Z0-9]{{8}}")


def _account_part(account_id: str) -> str:
    return base64.b32encode((int(account_id) // 2 + _OFFSET).to_bytes(5, "big")).decode()
