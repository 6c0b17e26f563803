"""AWS dicts as JSON text and back, with the datetimes and bytes that JSON lacks.

A datetime is `{"$time": seconds}` and bytes are `{"$bytes": [base64]}`. A user's own map cannot be taken for
one, since every free map of the Glue API has strings as values.
"""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime
from typing import Any

_TIME, _BYTES = "$time", "$bytes"


def dumps(document: Any) -> str:
    """Compact JSON text of an AWS dict."""
    return json.dumps(document, default=_mark, ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Any:
    """The dict that `dumps` was given."""
    # The hook is called for each object, which would double the time a page of partitions takes.
    marked = f'"{_TIME}"' in text or f'"{_BYTES}"' in text
    return json.loads(text, object_hook=_unmark if marked else None)


def now() -> float:
    """The time, in seconds since 1970, as Glue shows it: whole seconds."""
    return float(int(time.time()))


def instant(seconds: float) -> datetime:
    """Seconds since 1970 as boto3 shows a time."""
    return datetime.fromtimestamp(seconds, UTC)


def _mark(value: Any) -> Any:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return {_TIME: aware.timestamp()}
    if isinstance(value, bytes):
        return {_BYTES: [base64.b64encode(value).decode()]}
    raise TypeError(f"{type(value).__name__} has no form in the catalog")


def _unmark(document: dict[str, Any]) -> Any:
    seconds = document.get(_TIME)
    if isinstance(seconds, float):
        return instant(seconds)
    encoded = document.get(_BYTES)
    if isinstance(encoded, list):
        return base64.b64decode(encoded[0])
    return document
