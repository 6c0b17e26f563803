"""Classify JSON: objects one after another, or one array, which Glue shows as a single column `array`."""

from __future__ import annotations

import json
from functools import reduce
from typing import Any

from local_aws.glue.crawlers.classified import Classified, Format
from local_aws.glue.crawlers.hive_types import Array, Column, Struct, json_type, merge
from local_aws.glue.crawlers.sample import Sample

_DECODER = json.JSONDecoder()
_MOST_DOCUMENTS = 5000


def classify_json(sample: Sample) -> Classified | None:
    """What a file is when it is JSON; a sample may end within a document, a file may not."""
    text = (sample.text() or "").strip()
    if not text.startswith(("{", "[")):
        return None
    documents, read = _documents(text, complete=sample.complete)
    if not documents:
        return None
    kind = reduce(merge, map(json_type, documents))
    if isinstance(kind, Array):
        columns: tuple[Column, ...] = (Column("array", kind),)
    elif isinstance(kind, Struct):
        columns = tuple(Column(name, one) for name, one in kind.fields)
    else:
        return None
    return Classified(Format("json", sample.compression), columns, len(text[:read].encode()) / len(documents))


def _documents(text: str, *, complete: bool) -> tuple[list[Any], int]:
    """The documents, and where in the text the last one ends."""
    documents: list[Any] = []
    position = 0
    while position < len(text) and len(documents) < _MOST_DOCUMENTS:
        try:
            document, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            # The end of a sample cuts a document; anything else is not JSON.
            return ([], 0) if complete else (documents, position)
        documents.append(document)
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
    return documents, position
