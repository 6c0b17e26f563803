"""json_extract and its sisters: JSONPath as Trino reads it, without filters; text that is no JSON gives
NULL.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.values.binary import bad_argument
from local_athena.values.json_values import Number, dumps, loads

STEP = re.compile(
    r"""\.(?P<name>[^.\[\]"'\s]+)|\."(?P<dotted>(?:[^"\\]|\\.)*)"|\[\s*(?P<index>-?\d+)\s*\]|\["(?P<quoted>(?:[^"\\]|\\.)*)"\]|\['(?P<single>[^']*)'\]|\[(?P<bare>[^\]"'*?@()\s]+)\]"""
)
MISSING = object()


@lru_cache(maxsize=512)
def steps(path: str) -> tuple[str | int, ...]:
    """The steps of a path.

    Raises:
        QueryFailed: it is none, or uses what is not supported.
    """
    text = path[1:] if path.startswith("$") else ("." + path if path and path[0] not in ".[" else path)
    if not path or "*" in text or "?" in text or ".." in text:
        raise bad_argument(f"Invalid JSON path: '{path}'")
    made: list[str | int] = []
    at = 0
    while at < len(text):
        found = STEP.match(text, at)
        if found is None:
            raise bad_argument(f"Invalid JSON path: '{path}'")
        kind, value = found.lastgroup, found[found.lastgroup or 0]
        if kind == "index":
            made.append(int(value))
        elif kind in ("dotted", "quoted"):
            made.append(re.sub(r"\\(.)", r"\1", value))
        else:
            made.append(value)
        at = found.end()
    return tuple(made)


def _parsed(text: str) -> Any:
    try:
        return loads(text)
    except QueryFailed:
        return MISSING


def _at(text: str, path: str) -> Any:
    way = steps(path)
    value = _parsed(text)
    for step in way:
        if isinstance(value, dict):
            value = value.get(str(step), MISSING)
        elif (isinstance(value, list) and isinstance(step, int)) or (
            isinstance(value, list) and str(step).isdigit()
        ):
            index = int(step)
            value = value[index] if 0 <= index < len(value) else MISSING
        else:
            return MISSING
    return value


def extract(text: str, path: str) -> str | None:
    """json_extract: the keys stay as they came, which only json_parse orders."""
    value = _at(text, path)
    return None if value is MISSING else dumps(value, ordered=False)


def extract_scalar(text: str, path: str) -> str | None:
    """json_extract_scalar: None for objects, arrays and null."""
    value = _at(text, path)
    if value is MISSING or value is None or isinstance(value, dict | list):
        return None
    return value if isinstance(value, str) else value.text if isinstance(value, Number) else dumps(value)


def size(text: str, path: str) -> int | None:
    """json_size: members of an object or array, 0 for a scalar."""
    value = _at(text, path)
    if value is MISSING:
        return None
    return len(value) if isinstance(value, dict | list) else 0


def array_length(text: str) -> int | None:
    """json_array_length."""
    value = _parsed(text)
    return len(value) if isinstance(value, list) else None


def array_get(text: str, index: int) -> str | None:
    """json_array_get; a negative index counts from the end. A text element comes without quotes."""
    value = _parsed(text)
    if not isinstance(value, list) or not -len(value) <= index < len(value):
        return None
    item = value[index]
    return item if item is None or isinstance(item, str) else dumps(item)


def array_contains(text: str, wanted: Any) -> bool | None:
    """json_array_contains: of the very kind of the wanted value."""
    value = _parsed(text)
    if not isinstance(value, list):
        return None
    return any(_kind(item) is _kind(wanted) and item == wanted for item in value)


def _kind(value: Any) -> type:
    """The kind of a JSON value: 1 is a whole number, 1.0 is not."""
    return float if isinstance(value, float) else type(value)


def is_scalar(text: str) -> bool:
    """is_json_scalar.

    Raises:
        QueryFailed: the text is no JSON.
    """
    return not isinstance(loads(text), dict | list)
