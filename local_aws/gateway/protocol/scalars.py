"""Scalars as text: in headers, query strings, form fields and XML."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.model import Shape

from local_aws.errors import AwsError
from local_aws.gateway.protocol.timestamps import format_timestamp, parse_timestamp

BOOLEANS = {"true": True, "false": False}
READERS: dict[str, Callable[[str], Any]] = {
    "boolean": lambda text: BOOLEANS[text.strip().lower()],
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "blob": lambda text: base64.b64decode(text, validate=True),
    "timestamp": parse_timestamp,
}


def read_scalar(shape: Shape, text: str, name: str) -> Any:
    """The value of `shape` that `text` spells.

    Raises:
        AwsError: MalformedInput, naming the member, when `text` spells no such value.
    """
    reader = READERS.get(shape.type_name)
    if reader is None:
        return text
    try:
        return reader(text)
    except (ValueError, KeyError, binascii.Error) as error:
        raise AwsError("MalformedInput", f"'{text}' is not a valid {shape.type_name} for {name}") from error


def write_scalar(shape: Shape, value: Any, timestamp_style: str) -> str:
    """The text of `value` in `timestamp_style` unless the shape names its own."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(format_timestamp(value, shape.serialization.get("timestampFormat", timestamp_style)))
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value)
