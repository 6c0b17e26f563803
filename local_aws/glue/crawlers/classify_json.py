"""Classify JSON: objects one after another, or one array, which Glue shows as a single column `array`.

A sample may end within a document. Of the first document, which may be the whole file, what is there until
then is looked at; a later one is left out.
"""

from __future__ import annotations

import json
import re
from typing import Any

from local_aws.glue.crawlers.classified import Classified, Format
from local_aws.glue.crawlers.hive_types import Array, Column, Struct, json_type, merge_all
from local_aws.glue.crawlers.json_path import Step, select
from local_aws.glue.crawlers.sample import Sample

_DECODER = json.JSONDecoder()
_MOST_DOCUMENTS = 5000
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
_CLOSING = {"{": "}", "[": "]"}


def classify_json(sample: Sample) -> Classified | None:
    """What a file is when it is JSON."""
    text = (sample.text() or "").strip()
    if not text.startswith(("{", "[")):
        return None
    documents, read = documents_of(text, complete=sample.complete)
    if not documents:
        return None
    columns = json_columns(documents)
    if columns is None:
        return None
    form = Format("json", sample.compression, sample.encoding)
    return Classified(form, columns, len(text[:read].encode()) / len(documents))


def classify_json_path(sample: Sample, steps: tuple[Step, ...], path: str) -> Classified | None:
    """What a file is when it is JSON with something at a custom classifier's path."""
    text = (sample.text() or "").strip()
    if not text.startswith(("{", "[")):
        return None
    documents, read = documents_of(text, complete=sample.complete)
    values = [value for document in documents for value in select(document, steps)]
    columns = json_columns(values) if values else None
    if columns is None:
        return None
    form = Format("json", sample.compression, sample.encoding, properties=(("jsonPath", path),))
    return Classified(form, columns, len(text[:read].encode()) / len(values))


def json_columns(documents: list[Any]) -> tuple[Column, ...] | None:
    """The columns of the documents together; None when they are neither all objects nor all arrays."""
    kind = merge_all(map(json_type, documents))
    if isinstance(kind, Array):
        return (Column("array", kind),)
    if isinstance(kind, Struct):
        return tuple(Column(name.lower(), one, name) for name, one in kind.fields)
    return None


def documents_of(text: str, *, complete: bool) -> tuple[list[Any], int]:
    """The documents, and where in the text the last one ends."""
    documents: list[Any] = []
    position = 0
    while position < len(text) and len(documents) < _MOST_DOCUMENTS:
        try:
            document, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            # Anything but the end of a sample is not JSON.
            if complete:
                return [], 0
            return (documents, position) if documents else (_beginning(text), len(text))
        documents.append(document)
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
    return documents, position


def _beginning(text: str) -> list[Any]:
    """The document that a text begins, without the value that its end cuts; nothing when it is none."""
    opened: list[str] = []
    end, depth = 0, 0
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in _CLOSING:
            opened.append(mark)
        elif mark in ("]", "}"):
            if not opened or _CLOSING[opened.pop()] != mark:
                return []
            end, depth = token.end(), len(opened)
        elif mark == ",":
            end, depth = token.start(), len(opened)
    # What was opened before the last whole value is open at the end, as nothing was closed since.
    closing = "".join(_CLOSING[mark] for mark in reversed(opened[:depth]))
    try:
        return [_DECODER.decode(text[:end] + closing)] if depth else []
    except (ValueError, RecursionError):
        return []
