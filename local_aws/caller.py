"""Who sent a request, as far as its signature tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """What every operation is told beside its input."""

    account_id: str
    region: str
    access_key_id: str | None = None
    """None for an anonymous request."""
    request_id: str = ""
