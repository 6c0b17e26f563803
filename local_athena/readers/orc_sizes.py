"""How many bytes of an ORC file a query reads: the streams of its columns, told by the stripe footers.

The file's tail is protocol buffers (https://orc.apache.org/specification/ORCv1/); only the few fields that this
needs are read.
"""  # noqa: E501

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from functools import lru_cache

import cramjam
import pyarrow as pa

from local_athena.catalog.files import Content

POSTSCRIPT_FOOTER, POSTSCRIPT_COMPRESSION = 1, 2
FOOTER_STRIPES, FOOTER_TYPES = 3, 4
STRIPE_OFFSET, STRIPE_INDEX, STRIPE_DATA, STRIPE_FOOTER = 1, 2, 3, 4
STREAM_COLUMN, STREAM_LENGTH = 2, 3
TYPE_SUBTYPES = 2
Fields = dict[int, list[int | bytes]]


def column_bytes(content: Content, columns: Collection[int]) -> int:
    """The bytes of some top-level columns, counted from 0."""
    sizes = _sizes(content)
    return sum(sizes[column] for column in columns if column < len(sizes))


@lru_cache(maxsize=20000)
def _sizes(content: Content) -> tuple[int, ...]:
    """The bytes of each top-level column."""
    with content.open() as file:
        end = file.seek(0, 2)
        file.seek(end - 1)
        length = file.read(1)[0]
        file.seek(end - 1 - length)
        postscript = _fields(file.read(length))
        compression, size = (
            _number(postscript, POSTSCRIPT_COMPRESSION),
            _number(postscript, POSTSCRIPT_FOOTER),
        )
        file.seek(end - 1 - length - size)
        footer = _fields(_plain(file.read(size), compression))
        tops = _tops(footer)
        sizes = [0] * (max(tops.values(), default=-1) + 1)
        for stripe in map(_message, footer.get(FOOTER_STRIPES, ())):
            at = sum(_number(stripe, key) for key in (STRIPE_OFFSET, STRIPE_INDEX, STRIPE_DATA))
            file.seek(at)
            inside = _fields(_plain(file.read(_number(stripe, STRIPE_FOOTER)), compression))
            for stream in map(_message, inside.get(1, ())):
                top = tops.get(_number(stream, STREAM_COLUMN))
                if top is not None:
                    sizes[top] += _number(stream, STREAM_LENGTH)
    return tuple(sizes)


def _tops(footer: Fields) -> dict[int, int]:
    """The top-level column that each column of the tree belongs to; the root belongs to none."""
    children = [_children(_message(t)) for t in footer.get(FOOTER_TYPES, ())]
    tops: dict[int, int] = {}
    waiting = [(column, top) for top, column in enumerate(children[0])] if children else []
    while waiting:
        column, top = waiting.pop()
        tops[column] = top
        waiting += [(child, top) for child in children[column]]
    return tops


def _children(type_: Fields) -> list[int]:
    found: list[int] = []
    for value in type_.get(TYPE_SUBTYPES, ()):
        found += [value] if isinstance(value, int) else list(_varints(value))
    return found


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _message(value: int | bytes) -> Fields:
    assert isinstance(value, bytes)
    return _fields(value)


def _number(fields: Fields, key: int) -> int:
    value = fields.get(key, [0])[0]
    assert isinstance(value, int)
    return value


def _fields(data: bytes) -> Fields:
    """The fields of a message by number: varints as numbers, everything with a length as bytes."""
    made: Fields = {}
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(data, at)
            made.setdefault(tag >> 3, []).append(value)
        elif kind == 2:
            length, at = _varint(data, at)
            made.setdefault(tag >> 3, []).append(data[at : at + length])
            at += length
        else:
            at += 8 if kind == 1 else 4
    return made


def _plain(data: bytes, compression: int) -> bytes:
    """A compressed section: chunks, each with a header of three bytes that says its length and if it is packed."""  # noqa: E501
    if compression == 0:
        return data
    made, at = b"", 0
    while at + 3 <= len(data):
        header = int.from_bytes(data[at : at + 3], "little")
        chunk = data[at + 3 : at + 3 + (header >> 1)]
        made += chunk if header & 1 else _unpacked(chunk, compression)
        at += 3 + (header >> 1)
    return made


def _unpacked(chunk: bytes, compression: int) -> bytes:
    if compression == 1:
        return zlib.decompress(chunk, -15)
    if compression == 2:
        return bytes(cramjam.snappy.decompress_raw(chunk))
    if compression == 4:
        return bytes(cramjam.lz4.decompress_block(chunk, output_len=1 << 22))
    if compression == 5:
        return bytes(cramjam.zstd.decompress(chunk))
    raise pa.ArrowInvalid(f"Unknown ORC compression {compression}")
