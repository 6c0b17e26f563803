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
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from local_athena.catalog.files import Content, DataFile
from local_athena.engine.stopping import checkpoint
from local_athena.errors import QueryFailed, not_supported
from local_athena.readers.decompression import duckdb_reads, plain_stream

BLANK = "\x01\x02\x03\x05"
"""How a copy writes a blank line."""
CHUNK = 1 << 20
DOUBLE_BREAKS = (b"\n\n", b"\n\r", b"\r\r")


def readable(files: list[DataFile], scratch: Path, encoding: str = "utf-8") -> list[DataFile]:
    """The files, each with the path of its cleaned copy where it needs one.

    Raises:
        QueryFailed: HIVE_CURSOR_ERROR, a compressed file cannot be read; NOT_SUPPORTED, an unknown encoding.
    """
    try:
        name = codecs.lookup(encoding).name
    except LookupError as error:
        raise not_supported(f"Unsupported serialization.encoding: {encoding}") from error
    return [_readable(file, scratch, name) for file in files]


def _readable(file: DataFile, scratch: Path, encoding: str) -> DataFile:
    content = file.content
    try:
        if encoding == "utf-8" and _is_plain(content):
            return file
        version = f"{content.uri} {content.etag} {encoding}"
        copy = scratch / f"text-{sha256(version.encode()).hexdigest()}"
        if not copy.exists():
            _clean(content, copy, encoding)
    except (OSError, ValueError, pa.ArrowException, EOFError) as error:
        raise QueryFailed("HIVE_CURSOR_ERROR", f"Failed to read file: {file.stored.uri}") from error
    return replace(file, path=str(copy))


def forget() -> None:
    """Look at every file anew."""
    _is_plain.cache_clear()


@lru_cache(maxsize=20000)
def _is_plain(content: Content) -> bool:
    """Whether the text is UTF-8 without blank lines, packed in no way or one that DuckDB knows."""
    if not duckdb_reads(content.uri):
        return False
    decoder, last = codecs.getincrementaldecoder("utf-8")(), b"\n"
    try:
        with content.open() as file, plain_stream(file, content.uri) as stream:
            while chunk := stream.read(CHUNK):
                checkpoint()
                joined = last + chunk
                if any(pair in joined for pair in DOUBLE_BREAKS):
                    return False
                decoder.decode(chunk)
                last = chunk[-1:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _clean(content: Content, copy: Path, encoding: str) -> None:
    made = copy.with_name(f"{copy.name}-{uuid.uuid4()}")
    try:
        with (
            content.open() as file,
            plain_stream(file, content.uri) as stream,
            io.TextIOWrapper(stream, encoding=encoding, errors="replace") as lines,
            made.open("w", encoding="utf-8", newline="\n") as out,
        ):
            for line in lines:
                checkpoint()
                out.write(BLANK + "\n" if line == "\n" else line)
        os.replace(made, copy)
    finally:
        made.unlink(missing_ok=True)
