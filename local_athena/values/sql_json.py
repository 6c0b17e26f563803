"""What json_exists, json_query, json_value, json_object and json_array compute, on whole values.

A path function answers a pair: what happened ("value", "none", "error" or a kind of item) and a text.
https://trino.io/docs/current/functions/json.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.values.sql_json_path import EMPTY, PathError, find

Answer = tuple[str, str | None]
KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"), (int, "bigint"), (float, "double"), (Decimal, "decimal"), (str, "varchar"),
    (datetime, "timestamp"), (date, "date"), (time, "time"),
)  # fmt: skip


def _found(text: str, path: str, names: str, values: tuple[Any, ...]) -> list[Any]:
    """The items at `path`; `names` lists the passed values, one that is JSON text with a `:json` behind."""
    try:
        named = {}
        for name, value in zip(names.split(",") if names else (), values, strict=True):
            plain, _, form = name.rpartition(":") if name.endswith(":json") else (name, "", "")
            named[plain] = value if not form else EMPTY if value is None else json.loads(value)
        return find(path, json.loads(text) if text.strip() else None, named)
    except ValueError as error:
        raise PathError("conversion to JSON failed") from error


def exists(text: str | None, path: str, names: str, *values: Any) -> Answer | None:
    """json_exists before ON ERROR."""
    if text is None:
        return None
    try:
        return ("value", "true" if _found(text, path, names, values) else "false")
    except PathError as error:
        return ("error", str(error))


def value(text: str | None, path: str, names: str, *values: Any) -> Answer | None:
    """json_value before RETURNING: the kind of its one scalar and the scalar's text."""
    if text is None:
        return None
    try:
        found = _found(text, path, names, values)
    except PathError as error:
        return ("error", str(error))
    if not found:
        return ("none", None)
    if len(found) > 1 or isinstance(found[0], list | dict):
        return ("error", "JSON path found multiple items or a non-scalar item")
    item = found[0]
    if item is None:
        return None
    kind = next(name for type_, name in KINDS if isinstance(item, type_))
    return (kind, _scalar_text(item))


def _scalar_text(item: Any) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    return repr(item) if isinstance(item, float) else str(item)


def query(text: str | None, path: str, names: str, wrapper: str, omit: bool, *values: Any) -> Answer | None:
    """json_query before RETURNING."""
    if text is None:
        return None
    try:
        found = _found(text, path, names, values)
    except PathError as error:
        return ("error", str(error))
    if not found:
        return ("none", None)
    wraps = wrapper == "unconditional" or (
        wrapper == "conditional" and not (len(found) == 1 and isinstance(found[0], list | dict))
    )
    if len(found) > 1 and not wraps:
        return ("error", "JSON path found multiple items")
    item = found if wraps else found[0]
    if omit and isinstance(item, str):
        return ("value", item)
    try:
        return ("value", _text(item))
    except TypeError:
        return ("error", "JSON path found a date or time")


def _text(item: Any) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"), default=_number)


def _number(item: Any) -> Any:
    if isinstance(item, Decimal):
        return int(item) if item == int(item) and "." not in str(item) else float(item)
    raise TypeError(type(item))


@cache
def array_of(absent: bool) -> Callable[..., str]:
    """json_array from JSON texts."""

    def build(*texts: str | None) -> str:
        return "[" + ",".join("null" if t is None else t for t in texts if not (absent and t is None)) + "]"

    return build


@cache
def object_of(absent: bool, unique: bool) -> Callable[..., str]:
    """json_object from keys and JSON texts by turns."""

    def build(*pairs: str | None) -> str:
        members: list[str] = []
        seen: set[str] = set()
        for key, text in zip(pairs[::2], pairs[1::2], strict=True):
            if key is None:
                raise QueryFailed("INVALID_FUNCTION_ARGUMENT", "null value passed for JSON object key")
            if text is None and absent:
                continue
            if key in seen and unique:
                raise QueryFailed(
                    "INVALID_FUNCTION_ARGUMENT", f"duplicate key passed to JSON_OBJECT function: {key}"
                )
            seen.add(key)
            members.append(f"{_text(key)}:{'null' if text is None else text}")
        return "{" + ",".join(members) + "}"

    return build


def checked(text: str) -> str:
    """JSON text of FORMAT JSON, without blanks.

    Raises:
        QueryFailed: JSON_INPUT_CONVERSION_ERROR.
    """
    try:
        return _text(json.loads(text))
    except ValueError as error:
        raise QueryFailed("JSON_INPUT_CONVERSION_ERROR", "conversion to JSON failed: ") from error
