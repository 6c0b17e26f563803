"""Lines of JSON as rows, by key, as the OpenX and Hive JSON SerDes read them.

https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html: keys match ignoring case, a missing key
is NULL, a
line that is no JSON object fails the query unless `ignore.malformed.json` is set.
"""

from __future__ import annotations

import json
import math
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.types.coercion import NUMERIC
from local_athena.types.trino import INTEGERS, TrinoType
from local_athena.values import delimited, json_values
from local_athena.values.openx_json import lenient_object


@dataclass(frozen=True, slots=True)
class Options:
    """The SerDe's properties. `places` are the table's positions of the columns read, for rows that are arrays."""  # noqa: E501

    ignore_malformed: bool = False
    case_insensitive: bool = True
    dots_in_keys: bool = False
    timestamp_formats: str = ""
    places: tuple[int, ...] = ()
    openx: bool = False
    """Whether it is OpenX's SerDe, which takes more than JSON and other types than a column's."""


@cache
def reader(shape: TrinoType, options: Options) -> Callable[[str], Any]:
    """A line as a row of the type `shape`, whose field names are the keys."""
    keys = partial(_keyed, options)
    typed = _Typed(options)

    def read(line: str) -> Any:
        try:
            value = _loaded(line, keys, options.openx)
            if not isinstance(value, dict | list):
                raise ValueError("A JSONObject text must begin with '{'")
        except (ValueError, RecursionError) as error:
            if options.ignore_malformed:
                return {f"f{i}": None for i in range(len(shape.parts))}
            raise QueryFailed(
                "HIVE_CURSOR_ERROR", f"Row is not a valid JSON Object - JSONException: {error}"
            ) from error
        if isinstance(value, list):
            items = [value[at] if at < len(value) else None for at in options.places]
            return {f"f{i}": typed.of(v, p) for i, (v, p) in enumerate(zip(items, shape.parts, strict=False))}
        return typed.row(value, shape)

    return read


def _loaded(line: str, keys: Callable[[list[tuple[str, Any]]], dict[str, Any]], openx: bool) -> Any:
    try:
        return json.loads(line, object_pairs_hook=keys, parse_float=json_values.Number)
    except json.JSONDecodeError:
        if not openx:
            raise
        return lenient_object(line, keys)


def _keyed(options: Options, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        name = key.lower() if options.case_insensitive else key
        name = name.replace(".", "_") if options.dots_in_keys else name
        if name in made:
            raise ValueError(f'Duplicate key "{name}"')
        made[name] = value
    return made


@dataclass(frozen=True, slots=True)
class _Typed:
    """JSON's values as Trino's."""

    options: Options

    def row(self, value: dict[str, Any], shape: TrinoType) -> dict[str, Any]:
        lower = self.options.case_insensitive
        names = [((name or "").lower() if lower else name or "") for name in shape.names]
        return {
            f"f{i}": self.of(value.get(name), part)
            for i, (name, part) in enumerate(zip(names, shape.parts, strict=True))
        }

    def of(self, value: Any, type_: TrinoType) -> Any:
        if value is None:
            return None
        if type_.base == "row" and isinstance(value, dict):
            return self.row(value, type_)
        if type_.base == "row" and isinstance(value, list):
            items = [*value, *[None] * len(type_.parts)]
            return {f"f{i}": self.of(items[i], part) for i, part in enumerate(type_.parts)}
        if type_.base == "array" and (isinstance(value, list) or self.options.openx):
            return [self.of(item, type_.element) for item in (value if isinstance(value, list) else [value])]
        if type_.base == "map" and isinstance(value, dict):
            return {self._scalar(k, type_.element): self.of(v, type_.value) for k, v in value.items()}
        if type_.base in ("varchar", "char"):
            text = value if isinstance(value, str) else _text(value)
            return text[: type_.precision]
        return self._scalar(value, type_)

    def _scalar(self, value: Any, type_: TrinoType) -> Any:
        if type_.base == "boolean" and self.options.openx:
            return value is True or (isinstance(value, str) and value.lower() == "true")
        if type_.base == "boolean" and isinstance(value, int | float) and not isinstance(value, bool):
            raise _bad(_text(value), type_)
        if isinstance(value, bool) and type_.base in NUMERIC:
            raise _bad(_text(value), type_)
        if type_.base in INTEGERS and isinstance(value, json_values.Number) and math.isfinite(value):
            value = int(Decimal(value.text))
        text = value if isinstance(value, str) else _text(value)
        if text.strip() == "" and type_.base not in ("varchar", "char", "varbinary"):
            return None
        try:
            if type_.base in ("varchar", "char"):
                return text
            if type_.base == "varbinary":
                return b64decode(text, validate=True)
            if type_.base == "date":
                return date.fromisoformat(text[:10])
            if type_.base == "timestamp":
                if self.options.openx and EPOCH.fullmatch(text):
                    return _moment(text)
                return delimited.timestamp(text.removesuffix("Z"), self.options.timestamp_formats)
            return json_values.typed(value, type_)
        except (ValueError, TypeError, ArithmeticError, QueryFailed) as error:
            raise _bad(text, type_) from error


def _bad(text: str, type_: TrinoType) -> QueryFailed:
    return QueryFailed(
        "HIVE_BAD_DATA", f"Error parsing field value '{text}' for type {type_}: For input string: \"{text}\""
    )


EPOCH = re.compile(r"-?\d{1,18}(\.\d+)?")
MILLISECONDS_FROM = 13
"""Characters of a whole number that is milliseconds; fewer are seconds, as are those with a fraction."""


def _moment(text: str) -> datetime:
    in_milliseconds = "." not in text and len(text) >= MILLISECONDS_FROM
    milliseconds = int(text) if in_milliseconds else int(Decimal(text) * 1000)
    return datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)


def _text(value: Any) -> str:
    """JSON text with keys and numbers as they were written."""
    if isinstance(value, json_values.Number):
        return value.text
    if isinstance(value, dict):
        pairs = (f"{json.dumps(k, ensure_ascii=False)}:{_text(v)}" for k, v in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
