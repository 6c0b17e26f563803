"""JSON bodies of the JSON and REST-JSON protocols, in and out.

For each shape a converter is made once. A shape without timestamps and blobs needs none on the way out, so
that a large answer costs what `json.dumps` costs. Type errors have the words measured on Athena.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from local_aws.errors import AwsError
from local_aws.gateway.protocol.timestamps import format_timestamp, parse_timestamp

Converter = Callable[[Any], Any]

TYPE_WORDS = {
    "string": "a String",
    "integer": "an Integer",
    "long": "a Long",
    "float": "a Float",
    "double": "a Double",
    "boolean": "a Boolean",
    "timestamp": "a Timestamp",
    "blob": "a Blob",
}
JSON_WORDS = {str: "STRING_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE"}


def parse_json_body(body: bytes, shape: Shape | None) -> dict[str, Any]:
    """Read a request body by its shape; unknown members are ignored, as AWS ignores them.

    Raises:
        AwsError: SerializationException.
    """
    if not body.strip():
        return {}
    try:
        # Decoded here: what json decodes itself may hold halves of characters, which nothing can write again.
        document = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
        if b"\\u" in body:
            json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise AwsError("SerializationException", "") from error
    if not isinstance(document, dict):
        raise AwsError("SerializationException", "Start of list found where not expected.")
    if shape is None:
        return {}
    parsed: dict[str, Any] = parse_json(shape, document)
    return parsed


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is not JSON")


def parse_json(shape: Shape, value: Any) -> Any:
    """Convert a decoded JSON value to what boto3 would have been given."""
    if isinstance(shape, StructureShape):
        return _parse_structure(shape, value)
    if isinstance(shape, ListShape):
        if not isinstance(value, list):
            raise AwsError("SerializationException", "Expected list or null")
        return [parse_json(shape.member, item) for item in value if item is not None]
    if isinstance(shape, MapShape):
        _refuse_list(value)
        if not isinstance(value, dict):
            raise AwsError("SerializationException", "Expected map or null")
        return {key: parse_json(shape.value, item) for key, item in value.items() if item is not None}
    return _parse_scalar(shape.type_name, value)


def _parse_structure(shape: StructureShape, value: Any) -> Any:
    if shape.metadata.get("document"):
        return value
    _refuse_list(value)
    if not isinstance(value, dict):
        raise AwsError("SerializationException", f"{_json_word(value)} can not be converted to a structure")
    parsed = {}
    for name, member in shape.members.items():
        item = value.get(member.serialization.get("name", name))
        if item is not None:
            parsed[name] = parse_json(member, item)
    return parsed


def _parse_scalar(kind: str, value: Any) -> Any:
    if isinstance(value, dict):
        raise AwsError("SerializationException", "Start of structure or map found where not expected.")
    _refuse_list(value)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and _is_finite(value)
    if kind in ("integer", "long") and is_number:
        return int(value)
    if kind in ("float", "double") and is_number:
        return float(value)
    if (kind == "boolean" and isinstance(value, bool)) or (kind == "string" and isinstance(value, str)):
        return value
    try:
        if kind == "timestamp" and (is_number or isinstance(value, str)):
            return parse_timestamp(value)
        if kind == "blob" and isinstance(value, str):
            return base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        pass
    raise AwsError(
        "SerializationException", f"{_json_word(value)} can not be converted to {TYPE_WORDS[kind]}"
    )


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False  # an integer beyond all floats


def _refuse_list(value: Any) -> None:
    if isinstance(value, list):
        raise AwsError("SerializationException", "Start of list found where not expected.")


def _json_word(value: Any) -> str:
    if isinstance(value, bool):
        return f"{str(value).upper()}_VALUE"
    return JSON_WORDS.get(type(value), "VALUE")


def render_json_body(shape: Shape | None, answer: dict[str, Any]) -> bytes:
    """The response body: the members of `shape` that `answer` has and that are not None."""
    if not isinstance(shape, StructureShape):
        return b"{}"
    document = {}
    for name, member in shape.members.items():
        value = answer.get(name)
        if value is not None and "location" not in member.serialization:
            document[member.serialization.get("name", name)] = render_json(member, value)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def render_json(shape: Shape, value: Any) -> Any:
    """Convert what a handler answered to what `json.dumps` takes."""
    converter = _converter_of(shape)
    return value if converter is None else converter(value)


@cache
def _converter_of(shape: Shape) -> Converter | None:
    return _converter(shape, frozenset())


def _converter(shape: Shape, above: frozenset[str]) -> Converter | None:
    """None when the value can be dumped as it is. `above` are the shapes this one is inside of."""
    if shape.name in above:
        return lambda value: render_json(shape, value)
    if isinstance(shape, (StructureShape, ListShape, MapShape)):
        return _compound_converter(shape, above | {shape.name})
    return _scalar_converter(shape)


def _scalar_converter(shape: Shape) -> Converter | None:
    style = shape.serialization.get("timestampFormat", "unixTimestamp")
    if shape.type_name == "timestamp":
        return lambda value: format_timestamp(value, style) if isinstance(value, datetime) else value
    if shape.type_name == "blob":
        return lambda value: base64.b64encode(value).decode()
    return None


def _compound_converter(shape: Shape, above: frozenset[str]) -> Converter | None:
    if isinstance(shape, ListShape):
        item = _converter(shape.member, above)
        return None if item is None else lambda value: [item(each) for each in value]
    if isinstance(shape, MapShape):
        entry = _converter(shape.value, above)
        return None if entry is None else lambda value: {key: entry(each) for key, each in value.items()}
    assert isinstance(shape, StructureShape)
    renamed = {name: member.serialization.get("name", name) for name, member in shape.members.items()}
    changing = {name: _converter(member, above) for name, member in shape.members.items()}
    changing = {name: converter for name, converter in changing.items() if converter is not None}
    if not changing and all(name == wire for name, wire in renamed.items()):
        return None

    def convert(value: dict[str, Any]) -> dict[str, Any]:
        converted = {}
        for name, item in value.items():
            if item is not None and name in renamed:
                converter = changing.get(name)
                converted[renamed[name]] = item if converter is None else converter(item)
        return converted

    return convert
