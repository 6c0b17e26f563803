"""Hive types as the crawler infers them: built from values, merged, and written as text.

Merging finds the narrowest type that holds both: whole numbers widen, whole and floating numbers meet in
`double`, structs join their fields, and what has nothing in common is `string`. Names of members keep the
data's case, as Glue shows them, and two that differ in case only are one member: Hive knows no two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Array:
    """`array<element>`."""

    element: Type


@dataclass(frozen=True, slots=True)
class Map:
    """`map<key,value>`."""

    key: Type
    value: Type


@dataclass(frozen=True, slots=True)
class Struct:
    """`struct<name:type,…>`, fields in the order they were met."""

    fields: tuple[tuple[str, Type], ...]


Type = str | Array | Map | Struct
NULL: Type = "null"
"""The type of a column of which no value was seen; written as `string`."""

MOST_DEPTH = 100
"""Values nested deeper than this are text: a file may nest until any reader of its type gives up."""
MOST_MEMBERS = 5000
"""A struct with more is a map that somebody wrote as an object, and is text."""
LONGEST = 131_072
"""Characters of a type that the catalog takes; a longer one is text."""
_SMALL = 100
_WIDTH = {"tinyint": 0, "smallint": 1, "int": 2, "bigint": 3, "float": 4, "double": 5}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is found in a file."""

    name: str
    """In lower case, as the catalog has it."""
    type: Type
    spelled: str = ""
    """The name as the data writes it, where that matters to a reader."""


def render(kind: Type) -> str:
    """The type as the catalog writes it."""
    if isinstance(kind, Array):
        return f"array<{render(kind.element)}>"
    if isinstance(kind, Map):
        return f"map<{render(kind.key)},{render(kind.value)}>"
    if isinstance(kind, Struct):
        return "struct<" + ",".join(f"{name}:{render(one)}" for name, one in kind.fields) + ">"
    return "string" if kind == NULL else kind


def merge(left: Type, right: Type) -> Type:
    """The narrowest type that holds values of both."""
    if left == right or right == NULL:
        return left
    if left == NULL:
        return right
    if isinstance(left, Array) and isinstance(right, Array):
        return Array(merge(left.element, right.element))
    if isinstance(left, Map) and isinstance(right, Map):
        return Map(merge(left.key, right.key), merge(left.value, right.value))
    if isinstance(left, Struct) and isinstance(right, Struct):
        return _merge_structs(left, right)
    if isinstance(left, str) and isinstance(right, str) and {left, right} <= _WIDTH.keys():
        wider = max(left, right, key=_WIDTH.__getitem__)
        return "double" if wider == "float" else wider
    return "string"


def _merge_structs(left: Struct, right: Struct) -> Type:
    joined = struct_of([*left.fields, *right.fields])
    return joined if len(joined.fields) <= MOST_MEMBERS else "string"


def merge_all(types: Iterable[Type], merging: Callable[[Type, Type], Type] = merge) -> Type:
    """The narrowest type of many: by halves, as large structs are slow to build one by one."""
    kinds = list(dict.fromkeys(types))
    while len(kinds) > 1:
        pairs = zip(kinds[::2], kinds[1::2], strict=False)
        kinds = [merging(*pair) for pair in pairs] + kinds[len(kinds) & ~1 :]
    return kinds[0] if kinds else NULL


def struct_of(members: Iterable[tuple[str, Type]]) -> Struct:
    """A struct of members in their order, each under the first spelling of its name."""
    fields: dict[str, Type] = {}
    spelled: dict[str, str] = {}
    for given, kind in members:
        # JSON can write half a character, and no text of ours can hold it.
        name = given if given.isascii() else given.encode(errors="replace").decode()
        known = spelled.setdefault(name.lower(), name)
        fields[known] = merge(fields.get(known, NULL), kind)
    return Struct(tuple(fields.items()))


@lru_cache(maxsize=1024)
def _small_struct(members: tuple[tuple[str, Type], ...]) -> Struct:
    """A struct that most objects of a file have again."""
    return struct_of(members)


def json_type(value: Any, depth: int = 0) -> Type:
    """The type of a value parsed from JSON."""
    if depth > MOST_DEPTH or isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        if len(value) > MOST_MEMBERS and depth:
            return "string"
        members = tuple([(name, json_type(one, depth + 1)) for name, one in value.items()])
        return struct_of(members) if len(members) > _SMALL else _small_struct(members)
    if isinstance(value, list):
        return Array(merge_all(json_type(one, depth + 1) for one in value))
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "int" if -(2**31) <= value < 2**31 else "bigint" if -(2**63) <= value < 2**63 else "double"
    if isinstance(value, float):
        return "double"
    return NULL if value is None else "string"
