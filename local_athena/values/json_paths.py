"""json_extract and its sisters: JSONPath as Trino reads it, without filters; text that is no JSON gives NULL.

A text is read only as far as the path leads, from left to right: what stands behind the place, or behind the
document, does not count, and of members with one name the first is found.
https://trino.io/docs/current/functions/json.html
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.values.binary import bad_argument
from local_athena.values.json_values import Members, Number, dumps, loads, well_formed

STEP = re.compile(r'\.([\w:]+)|\["((?:[^"\\]|\\["\\])*)"\]|\[(\w+)\]')
BLANKS = re.compile(r"[ \t\n\r]*")
MISSING = object()


def _no_constant(name: str) -> Any:
    raise ValueError(name)


DECODER = json.JSONDecoder(parse_float=Number, parse_constant=_no_constant, object_pairs_hook=Members)


@lru_cache(maxsize=512)
def steps(path: str) -> tuple[str, ...]:
    """The steps of a path, names or numbers.

    Raises:
        QueryFailed: it is none, or uses what is not supported.
    """
    made: list[str] = []
    at = 1
    while path.startswith("$") and at < len(path):
        found = STEP.match(path, at)
        if found is None:
            break
        quoted = found[2]
        made.append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else found[1] or found[3])
        at = found.end()
    if not path.startswith("$") or at < len(path):
        raise bad_argument(f"Invalid JSON path: '{path}'")
    return tuple(made)


def _blank(text: str, at: int) -> int:
    found = BLANKS.match(text, at)
    return found.end() if found else at


def _value(text: str, at: int) -> tuple[Any, int]:
    value, end = DECODER.raw_decode(text, _blank(text, at))
    return value, _blank(text, end)


def _at(text: str, path: str) -> Any:
    """The value at a path; MISSING where there is none, or no JSON before it."""
    way = steps(path)
    try:
        at = _blank(text, 0)
        for step in way:
            at = _inside(text, at, step)
            if at < 0:
                return MISSING
        value, end = DECODER.raw_decode(text, at)
    except (ValueError, RecursionError, IndexError):
        return MISSING
    apart = isinstance(value, str | list) or text[end : end + 1] in ("", " ", "\t", "\n", "\r")
    return value if apart or way else MISSING


def _inside(text: str, at: int, step: str) -> int:
    """Where a member or item begins; -1 for none."""
    if text.startswith("{", at):
        return _member(text, _blank(text, at + 1), step)
    if not text.startswith("[", at) or not step.isdecimal():
        return -1
    at = _blank(text, at + 1)
    for _ in range(int(step[:10])):
        if text[at] == "]":
            return -1
        _, at = _value(text, at)
        if text[at] != ",":
            return -1
        at = _blank(text, at + 1)
    return -1 if text[at] == "]" else at


def _member(text: str, at: int, name: str) -> int:
    while text[at] == '"':
        key, at = scanstring(text, at + 1, True)
        at = _blank(text, at)
        if text[at] != ":":
            return -1
        at = _blank(text, at + 1)
        if key == name:
            return at
        _, at = _value(text, at)
        if text[at] != ",":
            return -1
        at = _blank(text, at + 1)
    return -1


def extract(text: str, path: str) -> str | None:
    """json_extract: the keys stay as they came, which only json_parse orders."""
    value = _at(text, path)
    return None if value is MISSING else dumps(value, ordered=False)


def extract_scalar(text: str, path: str) -> str | None:
    """json_extract_scalar: None for objects, arrays and null."""
    value = _at(text, path)
    if value is MISSING or value is None or isinstance(value, list):
        return None
    return _scalar(value)


def _scalar(value: Any) -> str:
    """A text without quotes, a number as it was written."""
    if isinstance(value, str):
        return well_formed(value)
    return value.text if isinstance(value, Number) else dumps(value)


def size(text: str, path: str) -> int | None:
    """json_size: members of an object or array, 0 for a scalar."""
    value = _at(text, path)
    if value is MISSING:
        return None
    return len(value) if isinstance(value, list) else 0


def _array(text: str) -> list[Any] | None:
    value = _at(text, "$")
    return value if isinstance(value, list) and not isinstance(value, Members) else None


def array_length(text: str) -> int | None:
    """json_array_length."""
    value = _array(text)
    return None if value is None else len(value)


def array_get(text: str, index: int) -> str | None:
    """json_array_get; a negative index counts from the end. A text element comes without quotes."""
    if index >= 0:
        item = _at(text, f"$[{index}]")
        value = [] if item is MISSING or _is_object(text) else [item]
        index = 0
    else:
        value = _array(text) or []
    if not -len(value) <= index < len(value) or value[index] is None:
        return None
    item = value[index]
    return dumps(item, ordered=False) if isinstance(item, list) else _scalar(item)


def _is_object(text: str) -> bool:
    return text.startswith("{", _blank(text, 0))


def array_contains(text: str, wanted: Any) -> bool | None:
    """json_array_contains: of the very kind of the wanted value; what stands behind it is not read."""
    if isinstance(wanted, float) and not math.isfinite(wanted):
        return False
    at = _blank(text, 0)
    if not text.startswith("[", at):
        return None
    try:
        at = _blank(text, at + 1)
        while text[at] != "]":
            item, at = _value(text, at)
            if _kind(item) is _kind(wanted) and item == wanted:
                return True
            if text[at] == ",":
                at = _blank(text, at + 1)
                if text[at] == "]":
                    return None
            elif text[at] != "]":
                return None
    except (ValueError, RecursionError, IndexError):
        return None
    return False


def _kind(value: Any) -> type:
    """The kind of a JSON value: 1 is a whole number, 1.0 is not."""
    return float if isinstance(value, float) else type(value)


def is_scalar(text: str) -> bool:
    """is_json_scalar.

    Raises:
        QueryFailed: the text is no JSON.
    """
    try:
        return not isinstance(loads(text), dict | list)
    except QueryFailed as error:
        raise bad_argument(f"Invalid JSON value: {text}") from error
