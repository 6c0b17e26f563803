"""Athena's texts as Python values, by the type that the column has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("tinyint", "smallint", "integer", "bigint"), int),
    **dict.fromkeys(("float", "double"), float),
    "boolean": lambda text: text == "true",
    "decimal": Decimal,
    "varbinary": bytes.fromhex,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timestamp": datetime.fromisoformat,
}


def value(type_name: str, text: str | None) -> Any:
    """A cell; what Python has no value for (a container, an interval, a finer time) stays Athena's text."""
    if text is None:
        return None
    try:
        return READERS.get(type_name, str)(text)
    except ValueError:
        return text
