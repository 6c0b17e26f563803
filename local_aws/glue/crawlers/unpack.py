"""Compressed files by what they begin with, opened as streams: gzip, bzip2, ZIP, LZ4 and Snappy.

A ZIP archive is one file, as Glue asks of it. See
https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html (November 2026). Nothing is unpacked further
than it is read, whatever it would unpack to.
"""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import cramjam

LZ4, SNAPPY = b"\x04\x22\x4d\x18", b"\xff\x06\x00\x00sNaPpY"
MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (LZ4, "lz4"),
    (SNAPPY, "snappy"),
)
DAMAGED = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
    zipfile.BadZipFile,
    cramjam.DecompressionError,
)
MOST_SNAPPY = 4 << 20
"""How much of a Snappy file is unpacked at most; a sample is a quarter of it."""
_MOST_LZ4 = 2 << 20
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
"""LZMA takes as much memory as the file says."""
_DIRECTORY_END, _DIRECTORY_END_BYTES = b"PK\x05\x06", 22
_LONGEST_COMMENT = 1 << 16
_MOST_DIRECTORY = 1 << 16


def compression_of(start: bytes) -> str:
    """The compression of a file that begins with these bytes, or `none`."""
    return next((name for magic, name in MAGIC if start.startswith(magic)), "none")


@contextmanager
def unpacked(file: BinaryIO, compression: str) -> Iterator[Any]:
    """The file's content, to be read from its start.

    Raises:
        one of `DAMAGED`: now or while it is read, it is not what its first bytes say.
    """
    with _OPENERS[compression](file) as stream:
        yield stream


def _zip(file: BinaryIO) -> Any:
    _refuse_large_directory(file)
    archive = zipfile.ZipFile(file)
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) != 1 or members[0].compress_type not in _ZIP_METHODS:
        raise ValueError("the archive does not hold a single file, packed as ZIP's mostly are")
    return archive.open(members[0])


def _refuse_large_directory(file: BinaryIO) -> None:
    """Refuse an archive of many files before Python reads the list of them all."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _LONGEST_COMMENT - _DIRECTORY_END_BYTES))
    tail = file.read()
    end = tail.rfind(_DIRECTORY_END)
    if end < 0 or int.from_bytes(tail[end + 12 : end + 16], "little") > _MOST_DIRECTORY:
        raise ValueError("the archive holds more than a single file")
    file.seek(0)


def _lz4(file: BinaryIO) -> Any:
    # Arrow takes 50 MB, which a server without a crawler keeps free.
    import pyarrow as pa

    # Arrow closes what it reads, so it gets a copy, of more than a sample when nothing in it can be packed.
    return pa.input_stream(io.BytesIO(file.read(_MOST_LZ4)), compression="lz4")


def _snappy(file: BinaryIO) -> Any:
    return io.BytesIO(b"".join(_snappy_chunks(file)))


def _snappy_chunks(file: BinaryIO) -> Iterator[bytes]:
    """The framed chunks, as far as a sample needs them; each is 64 KiB of data at most."""
    left = MOST_SNAPPY
    while left > 0 and (head := file.read(4)):
        size = int.from_bytes(head[1:], "little")
        chunk = file.read(size)
        if len(head) < 4 or len(chunk) < size:
            raise EOFError("the file ends before its data does")
        if head[0] == 0x00 and _snappy_size(chunk[4:]) <= left:
            plain = bytes(cramjam.snappy.decompress_raw(chunk[4:]))
        elif head[0] == 0x01:
            plain = chunk[4:]
        elif head[0] >= 0x80:
            continue
        else:
            raise ValueError("not a chunk of Snappy's")
        left -= len(plain)
        yield plain


def _snappy_size(chunk: bytes) -> int:
    """The size that a chunk says it unpacks to, which would be made room for at once."""
    size = 0
    for place, byte in enumerate(chunk[:5]):
        size |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return size
    raise ValueError("not a size")


_OPENERS: dict[str, Callable[[BinaryIO], Any]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file),
    "bzip2": bz2.BZ2File,
    "zip": _zip,
    "lz4": _lz4,
    "snappy": _snappy,
}
