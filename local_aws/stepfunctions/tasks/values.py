"""An API's answer as a task's output: JSON, with times in the form the integration gives them.

Optimised integrations (`glue:startJobRun.sync`) give epoch milliseconds, AWS SDK ones ISO 8601 texts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.response import StreamingBody

TimeForm = Callable[[datetime], Any]


def milliseconds(time: datetime) -> int:
    """Milliseconds since the epoch."""
    return round(time.timestamp() * 1000)


def iso_8601(time: datetime) -> str:
    """UTC as Java prints an Instant: `2026-01-31T10:00:00Z`, with milliseconds if there are any."""
    utc = time.astimezone(UTC)
    form = "milliseconds" if utc.microsecond else "seconds"
    return utc.replace(tzinfo=None).isoformat(timespec=form) + "Z"


def as_output(value: Any, time_form: TimeForm) -> Any:
    """`value` with nothing in it but JSON."""
    if isinstance(value, dict):
        return {name: as_output(member, time_form) for name, member in value.items()}
    if isinstance(value, list):
        return [as_output(member, time_form) for member in value]
    if isinstance(value, datetime):
        return time_form(value)
    if isinstance(value, StreamingBody):
        return value.read().decode(errors="replace")
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value
