"""Lines of JSON as rows, by key, as the OpenX and Hive JSON SerDes read them.

https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html: keys match ignoring case, a missing key
is NULL, a
line that is no JSON object fails the query unless `ignore.malformed.json` is set.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.functions.python import json_values, zones
from local_athena.types.trino import TrinoType


@cache
def reader(shape: TrinoType, ignore_malformed: bool) -> Callable[[str], Any]:
    """A line as a row of the type `shape`, whose field names are the keys."""

    def read(line: str) -> Any:
        try:
            value = json.loads(line, object_pairs_hook=_no_duplicates, parse_float=json_values.Number)
            if not isinstance(value, dict):
                raise ValueError("not an object")
            return _row(value, shape)
        except (ValueError, TypeError, ArithmeticError, QueryFailed) as error:
            if ignore_malformed:
                return {f"f{i}": None for i in range(len(shape.parts))}
            text = error.reason if isinstance(error, QueryFailed) else f"JSONException: {error}"
            raise QueryFailed("HIVE_CURSOR_ERROR", f"Row is not a valid JSON Object - {text}") from error

    read.__qualname__ = f"json_row_{shape}_{ignore_malformed}"
    return read


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key.lower() in made:
            raise ValueError(f'Duplicate key "{key.lower()}"')
        made[key.lower()] = value
    return made


def _row(value: dict[str, Any], shape: TrinoType) -> dict[str, Any]:
    return {
        f"f{i}": _typed(value.get((name or "").lower()), part)
        for i, (name, part) in enumerate(zip(shape.names, shape.parts, strict=True))
    }


def _typed(value: Any, type_: TrinoType) -> Any:
    if value is None:
        return None
    if type_.base == "row" and isinstance(value, dict):
        return _row(value, type_)
    if type_.base == "array" and isinstance(value, list):
        return [_typed(item, type_.element) for item in value]
    if type_.base == "map" and isinstance(value, dict):
        return {k: _typed(v, type_.value) for k, v in value.items()}
    if type_.base in ("varchar", "char"):
        return value if isinstance(value, str) else _text(value)
    return _scalar(value, type_)


def _text(value: Any) -> str:
    return (
        value.text
        if isinstance(value, json_values.Number)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    )


def _scalar(value: Any, type_: TrinoType) -> date | datetime | Decimal | Any:
    if type_.base == "date":
        return zones.parse_date(str(value)[:10])
    if type_.base == "timestamp":
        return zones.parse_timestamp(str(value).removesuffix("Z"))
    return json_values.typed(value, type_)
