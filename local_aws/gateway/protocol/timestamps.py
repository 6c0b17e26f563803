"""The three texts AWS gives a point in time (https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

Timestamp = str | int | float


def format_timestamp(moment: datetime, style: str) -> Timestamp:
    """Render `moment` as `iso8601` (milliseconds, Z), `rfc822`, or `unixTimestamp` (seconds, a number)."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    if style == "unixTimestamp":
        return round(moment.timestamp(), 3)
    if style == "rfc822":
        return format_datetime(moment, usegmt=True)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_timestamp(value: Any) -> datetime:
    """Read any of the three forms; clients do not always keep to the one the model names.

    Raises:
        ValueError: `value` is none of them.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_epoch(float(value))
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a timestamp")
    text = value.strip()
    try:
        return _from_epoch(float(text))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _from_epoch(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{seconds} is no time that can be told") from error
