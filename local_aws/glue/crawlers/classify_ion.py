"""Classify Amazon Ion in its text form: structs one after another, JSON's being Ion too but known before.

What is read is the types: annotations, comments and the values of strings are passed over. Binary Ion is not
known. https://amazon-ion.github.io/ion-docs/docs/spec.html (November 2026).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from local_aws.glue.crawlers.classified import Classified, Format
from local_aws.glue.crawlers.hive_types import (
    MOST_DEPTH,
    NULL,
    Array,
    Column,
    Struct,
    Type,
    merge_all,
    struct_of,
)
from local_aws.glue.crawlers.sample import Sample

MOST_VALUES = 5000
_TOKEN = re.compile(
    r"(?P<blank>(?:\s+|//[^\n]*|/\*.*?\*/)+)"
    r"|(?P<long>'''(?:[^'\\]|\\.|'(?!''))*''')"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\")|(?P<quoted>'(?:[^'\\\n]|\\.)*')"
    r"|(?P<blob>\{\{[^{}]*\}\})"
    r"|(?P<time>\d{4}(?:T|-\d\d(?:T|-\d\d(?:T(?:[\d:.]+(?:Z|[+-]\d\d:\d\d))?)?)))"
    r"|(?P<number>[+-]?(?:inf\b|0[xXbB][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eEdD][+-]?\d+)?))"
    r"|(?P<null>null(?:\.\w+)?\b)|(?P<boolean>true\b|false\b)|(?P<symbol>[A-Za-z_$][\w$]*)"
    r"|(?P<mark>::|[{}\[\](),:])|(?P<operator>[!#%&*+\-./;<=>?@^`|~]+)",
    re.DOTALL,
)
_START = re.compile(r"\s*(?:\{|\$ion_1_0\b|[A-Za-z_$'][\w$']*\s*::|//|/\*)")
_NAMES = ("symbol", "quoted", "string", "long")
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_SCALARS: dict[str, Type] = {
    "string": "string",
    "long": "string",
    "quoted": "string",
    "symbol": "string",
    "operator": "string",
    "blob": "binary",
    "time": "timestamp",
    "boolean": "boolean",
    "null": NULL,
}


class _NotIon(Exception):
    """The text is something else; `at_end` when it only ends too soon."""

    def __init__(self, *, at_end: bool) -> None:
        self.at_end = at_end


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0

    def peek(self) -> tuple[str, str]:
        """The next token's kind and text, without passing it; empty at the end."""
        while self.at < len(self.text):
            found = _TOKEN.match(self.text, self.at)
            if found is None or found.lastgroup is None:
                raise _NotIon(at_end=self.text[self.at] in "\"'{/")
            if found.lastgroup != "blank":
                return found.lastgroup, found.group()
            self.at = found.end()
        return "", ""

    def take(self) -> tuple[str, str]:
        kind, text = self.peek()
        if not kind:
            raise _NotIon(at_end=True)
        self.at += len(text)
        return kind, text

    def value(self, depth: int = 0) -> Type:
        kind, text = self.take()
        while kind in _NAMES and self.peek() == ("mark", "::"):
            self.take()
            kind, text = self.take()
        if kind == "number":
            return _number(text)
        if kind == "long":
            while self.peek()[0] == "long":
                self.take()
        if kind in _SCALARS:
            return _SCALARS[kind]
        if text not in _CLOSING or depth > MOST_DEPTH:
            raise _NotIon(at_end=False)
        return self._struct(depth) if text == "{" else self._list(_CLOSING[text], depth)

    def _struct(self, depth: int) -> Type:
        members: list[tuple[str, Type]] = []
        while self.peek() != ("mark", "}"):
            kind, name = self.take()
            if kind not in _NAMES or self.take() != ("mark", ":"):
                raise _NotIon(at_end=False)
            bare = name if kind == "symbol" else name.strip("'\"")
            members.append((bare, self.value(depth + 1)))
            self._comma("}")
        self.take()
        return struct_of(members)

    def _list(self, closing: str, depth: int) -> Type:
        elements: list[Type] = []
        while self.peek() != ("mark", closing):
            elements.append(self.value(depth + 1))
            if closing == "]":
                self._comma("]")
        self.take()
        return Array(merge_all(elements))

    def _comma(self, closing: str) -> None:
        if self.peek() == ("mark", closing):
            return
        if self.take() != ("mark", ","):
            raise _NotIon(at_end=False)


def classify_ion(sample: Sample) -> Classified | None:
    """What a file is when it is structs in Ion's text form."""
    text = sample.text()
    if not text or not _START.match(text):
        return None
    reader, read = _Reader(text), 0
    values: list[Type] = []
    try:
        while reader.peek()[0] and len(values) < MOST_VALUES:
            marker = reader.peek() == ("symbol", "$ion_1_0")
            value = reader.value()
            if not marker:
                values.append(value)
            read = reader.at
    except _NotIon as found:
        if sample.complete or not found.at_end:
            return None
    row = merge_all(values)
    if not isinstance(row, Struct):
        return None
    columns = tuple(Column(name.lower(), kind, name) for name, kind in row.fields)
    form = Format("ion", sample.compression)
    return Classified(form, columns, len(text[:read].encode()) / len(values))


def _number(text: str) -> Type:
    if re.fullmatch(r"[+-]?\d[\d_]*", text):
        digits = text.replace("_", "")
        value = int(digits) if len(digits) < 40 else 2**64
        return "int" if -(2**31) <= value < 2**31 else "bigint" if abs(value) < 2**63 else "decimal(38,0)"
    if text[:2].lower() in ("0x", "0b"):
        return "bigint"
    return "double" if "e" in text.lower() or "inf" in text else "decimal(38,18)"
