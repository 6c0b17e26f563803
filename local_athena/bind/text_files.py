"""Text files that DuckDB's line reader can take as a SerDe would.

A SerDe reads any bytes: what is not UTF-8 becomes U+FFFD, as Java decodes it, and a blank line is a row.
DuckDB refuses such bytes and drops blank lines, so a file that has either is read from a cleaned copy in the
scratch folder, which is made once for each version of the file and goes when the engine starts anew.
"""

from __future__ import annotations

import codecs
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from local_athena.bind.files import Content, DataFile
from local_athena.errors import QueryFailed

BLANK = "\x01\x02\x03\x05"
"""How a copy writes a blank line."""
CHUNK = 1 << 20
DOUBLE_BREAKS = (b"\n\n", b"\n\r", b"\r\r")


def readable(files: list[DataFile], scratch: Path) -> list[DataFile]:
    """The files, each with the path of its cleaned copy where it needs one.

    Raises:
        QueryFailed: HIVE_BAD_DATA, a compressed file cannot be read.
    """
    return [_readable(file, scratch) for file in files]


def _readable(file: DataFile, scratch: Path) -> DataFile:
    content = file.content
    try:
        if _is_plain(content):
            return file
        version = f"{content.uri} {content.etag}"
        copy = scratch / f"text-{sha256(version.encode()).hexdigest()}"
        if not copy.exists():
            _clean(content, copy)
    except (OSError, pa.ArrowException) as error:
        raise QueryFailed("HIVE_CURSOR_ERROR", f"Failed to read file: {file.stored.uri}") from error
    return replace(file, path=str(copy))


@lru_cache(maxsize=20000)
def _is_plain(content: Content) -> bool:
    """Whether the text is UTF-8 without blank lines."""
    decoder, last = codecs.getincrementaldecoder("utf-8")(), b"\n"
    try:
        for chunk in _chunks(content):
            joined = last + chunk
            if any(pair in joined for pair in DOUBLE_BREAKS):
                return False
            decoder.decode(chunk)
            last = chunk[-1:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return not content.uri.endswith(".bz2")


def _chunks(content: Content) -> Iterator[bytes]:
    with _stream(content) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


@contextmanager
def _stream(content: Content) -> Iterator[Any]:
    """The text, decompressed as the name's ending says."""
    with content.open() as file, pa.input_stream(file, compression=_compression(content.uri)) as stream:
        yield stream


def _compression(uri: str) -> str | None:
    try:
        return str(pa.Codec.detect(uri).name)
    except (TypeError, ValueError):  # a name without a known ending
        return None


def _clean(content: Content, copy: Path) -> None:
    made = copy.with_name(f"{copy.name}-{uuid.uuid4()}")
    with (
        _stream(content) as stream,
        io.TextIOWrapper(stream, encoding="utf-8", errors="replace") as lines,
        made.open("w", encoding="utf-8", newline="\n") as file,
    ):
        file.writelines(BLANK + "\n" if line == "\n" else line for line in lines)
    os.replace(made, copy)
