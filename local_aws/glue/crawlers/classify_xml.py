"""Classify XML: rows are the elements of one tag, columns their attributes and children.

Attributes are `_name` and the text of an element that has more is `_VALUE`, as Glue's XML reader calls them;
an element that occurs several times in a row is an array. Without a custom classifier the row is the root's
child that occurs most often, or the root itself when none occurs twice. An empty row without a closing tag is
none, as https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html (November 2026) says.

A document that declares entities is refused before one is expanded, however deep they go.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from local_aws.glue.crawlers.classified import Classified, Format
from local_aws.glue.crawlers.classify_csv import cell_type
from local_aws.glue.crawlers.hive_types import (
    MOST_DEPTH,
    NULL,
    Array,
    Column,
    Struct,
    Type,
    merge,
    merge_all,
    struct_of,
)
from local_aws.glue.crawlers.sample import Sample

MOST_ROWS = 5000
_TAG = re.compile(r"[^\W\d][\w.:-]*")
_START = re.compile(r"\s*<(?:\?xml|!--|!DOCTYPE|[A-Za-z_])")


@dataclass(frozen=True, slots=True)
class XmlOptions:
    """A custom XML classifier."""

    classification: str = "xml"
    row_tag: str = ""


class _Refused(Exception):
    """The document is not looked at any further."""


@dataclass(slots=True)
class _Element:
    tag: str
    start: int
    members: dict[str, list[Type]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)

    def type(self) -> Type:
        """The type of the element as a member of another."""
        text = "".join(self.text).strip()
        if not self.members:
            return _cell(text)
        fields = [(name, _member(types)) for name, types in self.members.items()]
        return struct_of([*fields, ("_VALUE", _cell(text))] if text else fields)


@dataclass(slots=True)
class _Reader:
    """Takes a parser's events; `rows` are the types of the rows that are whole."""

    row_tag: str
    data: bytes
    parser: Any = None
    open: list[_Element] = field(default_factory=list)
    rows: list[Type] = field(default_factory=list)
    children: Counter[str] = field(default_factory=Counter)
    """The root's children."""
    root: str = ""
    in_row: int = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.open) > MOST_DEPTH:
            raise _Refused
        if not self.open:
            self.root = tag
        elif len(self.open) == 1:
            self.children[tag] += 1
        self.in_row += tag == self.row_tag
        element = _Element(tag, self.parser.CurrentByteIndex)
        if self.in_row:
            element.members = {f"_{name}": [_cell(value)] for name, value in attributes.items()}
        self.open.append(element)

    def end(self, tag: str) -> None:
        element = self.open.pop()
        if tag == self.row_tag:
            self.in_row -= 1
            if not self.in_row:
                self._add_row(element)
        if self.in_row and self.open:
            self.open[-1].members.setdefault(tag, []).append(element.type())

    def text(self, text: str) -> None:
        if self.in_row:
            self.open[-1].text.append(text)

    def refuse(self, *_: Any) -> int:
        raise _Refused

    def _add_row(self, element: _Element) -> None:
        at = self.parser.CurrentByteIndex
        if self.data[at : at + 2 + len(element.tag)] != f"</{element.tag}".encode():
            return
        self.rows.append(element.type())
        if len(self.rows) >= MOST_ROWS:
            raise _Refused


def classify_xml(sample: Sample, options: XmlOptions | None = None) -> Classified | None:
    """What a file is when it is XML with rows."""
    text = sample.text()
    if not text or not _START.match(text):
        return None
    row_tag = options.row_tag if options and options.row_tag else _row_tag(text, sample)
    read = _read(text, row_tag, sample) if row_tag else None
    rows: list[Type] = [one for one in read.rows if isinstance(one, Struct)] if read else []
    row = merge_all(rows, _merged)
    if not isinstance(row, Struct):
        return None
    columns = tuple(Column(name.lower(), kind) for name, kind in row.fields)
    form = Format(
        options.classification if options else "xml",
        sample.compression,
        reader="xml",
        properties=(("rowTag", row_tag),),
    )
    return Classified(form, columns, len(text.encode()) / len(rows))


def _merged(left: Type, right: Type) -> Type:
    """The type of both: what repeats anywhere is an array, what has attributes anywhere a struct."""
    if isinstance(left, Array) or isinstance(right, Array):
        return Array(_merged(*(one.element if isinstance(one, Array) else one for one in (left, right))))
    if isinstance(left, Struct) and isinstance(right, Struct):
        fields = dict(left.fields)
        for name, kind in right.fields:
            fields[name] = _merged(fields.get(name, NULL), kind)
        return struct_of(fields.items())
    if isinstance(left, Struct) or isinstance(right, Struct):
        members, text = (left, right) if isinstance(left, Struct) else (right, left)
        return members if text == NULL else _merged(members, Struct((("_VALUE", text),)))
    return merge(left, right)


def is_tag(text: str) -> bool:
    """Whether a text may be the name of a row's tag."""
    return _TAG.fullmatch(text) is not None


def _row_tag(text: str, sample: Sample) -> str:
    read = _read(text, "", sample)
    if read is None:
        return ""
    often = read.children.most_common(1)
    return often[0][0] if often and often[0][1] > 1 else read.root


def _read(text: str, row_tag: str, sample: Sample) -> _Reader | None:
    """What a parser finds, or None when it is not XML; a sample may end anywhere, a file may not."""
    data = text.encode()
    reader = _Reader(row_tag, data)
    parser = reader.parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = parser.ExternalEntityRefHandler = reader.refuse
    try:
        parser.Parse(data, sample.complete)
    except expat.ExpatError:
        return None
    except _Refused:
        # Enough rows are no reason to doubt the others.
        return reader if len(reader.rows) >= MOST_ROWS else None
    return reader if reader.root else None


def _member(types: list[Type]) -> Type:
    return types[0] if len(types) == 1 else Array(merge_all(types, _merged))


def _cell(text: str) -> Type:
    """The type of a text, whole numbers as JSON's: `int` when it fits."""
    kind = cell_type(text)
    return "int" if kind == "bigint" and -(2**31) <= int(text) < 2**31 else kind
