"""Records of DynamoDB's export, whose values are wrapped in their type: `{"name": {"S": "Ana"}}`."""

from __future__ import annotations

from typing import Any

PLAIN = frozenset({"S", "N", "B", "BOOL", "SS", "NS", "BS"})
NESTED = frozenset({"M", "L", "NULL"})
Record = dict[str, Any]


def unnested(record: Record) -> Record:
    """The record without the wrapping, and with maps flattened to `map.key`; lists of structs stay."""
    flat: Record = {}
    for name, value in _item(record).items():
        _flatten(flat, name, value)
    return flat


def simplified(record: Record) -> Record:
    """The record without the wrapping, maps being structs."""
    return {name: _simple(value) for name, value in _item(record).items()}


def _item(record: Record) -> Record:
    item = record.get("Item")
    if set(record) == {"Item"} and isinstance(item, dict) and _wrapped(item) is None:
        return item
    return record


def _wrapped(value: Any) -> str | None:
    """The type that wraps a value; None when the value is not wrapped."""
    if isinstance(value, dict) and len(value) == 1:
        name = next(iter(value))
        if name in PLAIN or name in NESTED:
            return str(name)
    return None


def _flatten(flat: Record, name: str, value: Any) -> None:
    kind = _wrapped(value)
    if kind == "M" and isinstance(value["M"], dict):
        for inner, one in value["M"].items():
            _flatten(flat, f"{name}.{inner}", one)
    else:
        flat[name] = _simple(value) if kind != "L" else _list(value["L"])


def _simple(value: Any) -> Any:
    kind = _wrapped(value)
    if kind == "NULL":
        return None
    if kind == "M" and isinstance(value["M"], dict):
        return {name: _simple(one) for name, one in value["M"].items()}
    if kind == "L":
        return _list(value["L"])
    return value[kind] if kind in PLAIN else value


def _list(values: Any) -> Any:
    """A list's elements without their wrapping, unless they are maps or differ in type."""
    if not isinstance(values, list):
        return values
    kinds = {_wrapped(one) for one in values}
    if len(kinds) == 1 and kinds <= PLAIN:
        return [_simple(one) for one in values]
    return values
