"""JSON text and Trino values: what CAST to and from json does, by type.

The json type is carried as canonical text: no blanks, keys in order.
https://trino.io/docs/current/functions/json.html#cast-to-json
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.types.trino import INTEGERS, TrinoType
from local_athena.values import stamps, texts


class Number(float):
    """A JSON number that keeps the text it was written in."""

    text: str

    def __new__(cls, text: str) -> Number:  # noqa: D102
        made = super().__new__(cls, text)
        made.text = text
        return made


def loads(text: str) -> Any:
    """JSON with numbers as written.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT.
    """
    try:
        return json.loads(text, parse_float=Number, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"Cannot convert value to JSON: '{text}'") from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def dumps(value: Any, *, ordered: bool = True) -> str:
    """JSON text: canonical, with its keys in order, or with the keys as they came."""
    if isinstance(value, Number):
        return _number_text(value)
    if isinstance(value, _Verbatim):
        return value.text
    if isinstance(value, Members):
        return "{" + ",".join(f"{_quoted(k)}:{dumps(v)}" for k, v in value) + "}"
    if isinstance(value, dict):
        members = sorted(value.items()) if ordered else value.items()
        return "{" + ",".join(f"{_quoted(k)}:{dumps(v, ordered=ordered)}" for k, v in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dumps(item, ordered=ordered) for item in value) + "]"
    if isinstance(value, str):
        return _quoted(value)
    return json.dumps(value)


def _number_text(value: Number) -> str:
    """A number as a double is written; what is too large for one is a text, as there."""
    shown = texts.java_number(value)
    return shown if math.isfinite(value) else f'"{shown}"'


FAR = re.compile("[\\U00010000-\\U0010ffff\\ud800-\\udfff]")


def _quoted(text: str) -> str:
    """A text in quotes; characters beyond 16 bits are written as two escapes, as Athena does."""
    return FAR.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    digits = found[0].encode("utf-16-be", "surrogatepass").hex().upper()
    return "".join(f"\\u{digits[i : i + 4]}" for i in range(0, len(digits), 4))


def well_formed(text: str) -> str:
    """A text with `?` for half of a character, which no text can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def json_parse(text: str) -> str:
    """json_parse(varchar)."""
    return dumps(loads(text))


@cache
def writer(type_: TrinoType) -> Callable[[Any], str]:
    """CAST(type AS json)."""

    def write(value: Any) -> str:
        return dumps(plain(value, type_))

    return write


def plain(value: Any, type_: TrinoType) -> Any:
    """A value as JSON's own kinds of value."""
    if value is None:
        return None
    if type_.base == "array":
        return [plain(v, type_.element) for v in value]
    if type_.base == "map":
        return {_key(k, type_.element): plain(v, type_.value) for k, v in dict(value).items()}
    if type_.base == "row":
        names = [name if name else "" for name in type_.names]
        parts = enumerate(zip(names, type_.parts, strict=True))
        return Members((n, plain(value[f"f{i}"], p)) for i, (n, p) in parts)
    if type_.base in ("real", "double"):
        finite = not (math.isnan(value) or math.isinf(value))
        return Number(texts.java_number(value, type_.base == "real")) if finite else texts.java_number(value)
    if type_.base == "json":
        return loads(value)
    if isinstance(value, Decimal):
        return _Verbatim(format(value, "f"))
    if isinstance(value, bool | int | str):
        return value
    if type_.base == "date":
        return value.isoformat()
    return stamps.writer(type_)(value)


class Members(list[tuple[str, Any]]):
    """The fields of a row: in their order, and all of them though their names be the same."""


class _Verbatim(int):
    """A decimal's digits, written as they are."""

    text: str

    def __new__(cls, text: str) -> _Verbatim:
        made = super().__new__(cls, 0)
        made.text = text
        return made


def _key(value: Any, type_: TrinoType) -> str:
    shown = plain(value, type_)
    if isinstance(shown, str):
        return shown
    return dumps(shown)


@cache
def reader(type_: TrinoType) -> Callable[[str], Any]:
    """CAST(json AS type)."""

    def read(text: str) -> Any:
        value = loads(text)
        try:
            return typed(value, type_)
        except (ValueError, TypeError, OverflowError, ArithmeticError, AttributeError) as error:
            raise QueryFailed("INVALID_CAST_ARGUMENT", _refusal(text, type_)) from error

    return read


def _refusal(text: str, type_: TrinoType) -> str:
    shown = text if len(text) <= 100 else text[:100] + "..."
    if type_.parts:
        return f"Cannot cast to {type_}. {shown}"
    name = str(type_).upper() if type_.base == "decimal" else type_.base
    return f"Cannot cast '{shown}' to {name}"


def typed(value: Any, type_: TrinoType) -> Any:
    """JSON's value as a value of a Trino type; raises ValueError and its like when it is none."""
    if type_.base == "json":
        return dumps(value)
    if value is None:
        return None
    if type_.base == "array":
        _expect(isinstance(value, list))
        return [typed(v, type_.element) for v in value]
    if type_.base == "map":
        _expect(isinstance(value, dict))
        made = {typed(k, type_.element): typed(v, type_.value) for k, v in value.items()}
        _expect(len(made) == len(value))  # keys that differ as text may be one key
        return made
    if type_.base == "row":
        return _row(value, type_)
    _expect(not isinstance(value, dict | list))
    return _scalar(value, type_)


def _expect(condition: bool) -> None:
    if not condition:
        raise ValueError("another kind of JSON value is needed")


def _row(value: Any, type_: TrinoType) -> dict[str, Any]:
    if isinstance(value, list):
        _expect(len(value) == len(type_.parts))
        return {f"f{i}": typed(v, p) for i, (v, p) in enumerate(zip(value, type_.parts, strict=True))}
    _expect(isinstance(value, dict))
    _expect(all(type_.names))  # only an array has values for fields without names
    lowered = {k.lower(): v for k, v in value.items()}
    places = {str(name).lower(): i for i, name in enumerate(type_.names)}  # of equal names the last
    _expect(sum(key.lower() in places for key in value) == len(places.keys() & lowered.keys()))
    given = {i: lowered.get(name) for name, i in places.items()}
    return {f"f{i}": typed(given.get(i), part) for i, part in enumerate(type_.parts)}


def _scalar(value: Any, type_: TrinoType) -> Any:
    if type_.base == "varchar":
        text = value if isinstance(value, str) else _text(value)
        _expect(len(text) <= type_.precision)
        return text
    if type_.base == "boolean":
        return _boolean(value)
    if isinstance(value, bool):
        value = int(value)
    if type_.base in INTEGERS:
        return _whole(value, type_)
    if type_.base in ("real", "double"):
        return texts.parse_double(value) if isinstance(value, str) else float(value)
    if type_.base == "decimal":
        text = value.text if isinstance(value, Number) else str(value)
        return texts.fit(Decimal(text), type_, "JSON", text)
    return _refuse()


def _text(value: Any) -> str:
    """A scalar as text: what is written with a point or an exponent is a double."""
    return texts.double_as_varchar(value) if isinstance(value, Number) else dumps(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, str):
        _expect(value.lower() in ("true", "false"))
        return value.lower() == "true"
    _expect(isinstance(value, float) or -(2**63) <= value < 2**63)
    return bool(value)


def _whole(value: Any, type_: TrinoType) -> int:
    if isinstance(value, str):
        _expect(re.fullmatch(r"[+-]?[0-9]+", value) is not None)
    number = (
        int(Decimal(value).to_integral_value("ROUND_HALF_UP")) if isinstance(value, Number) else int(value)
    )
    bits = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}[type_.base]
    _expect(-(2 ** (bits - 1)) <= number < 2 ** (bits - 1))
    return number


def _refuse() -> Any:
    raise ValueError("no such cast")


SCALARS = frozenset((*INTEGERS, "boolean", "real", "double", "decimal", "varchar"))
"""What casts to and from json, and may be a key of an object."""


def can_be_json(type_: TrinoType) -> bool:
    """Whether Trino casts a type to json."""
    if type_.base == "map":
        return type_.element.base in (*SCALARS, "unknown") and can_be_json(type_.value)
    if type_.parts:
        return all(map(can_be_json, type_.parts))
    return type_.base in SCALARS or type_.base in ("json", "timestamp", "date", "unknown")


def can_come_from_json(type_: TrinoType) -> bool:
    """Whether Trino casts json to a type."""
    if type_.base == "map":
        return type_.element.base in SCALARS and can_come_from_json(type_.value)
    if type_.parts:
        return all(map(can_come_from_json, type_.parts))
    return type_.base in SCALARS or type_.base == "json"
