"""Compressed text, opened by the ending of the object's name as Hadoop's codecs do.

https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

import cramjam
import pyarrow as pa

LZ4_FRAME, SNAPPY_FRAME = b"\x04\x22\x4d\x18", b"\xff\x06\x00\x00sNaPpY"
DUCKDB_READS = (".gz", ".zst")
CHUNK = 1 << 20
Unpack = Callable[[bytes, int], Any]


def duckdb_reads(uri: str) -> bool:
    """Whether DuckDB opens the file as it is: plain, or packed in a way that it knows by the name's ending."""  # noqa: E501
    return ending(uri) is None or uri.lower().endswith(DUCKDB_READS)


def ending(uri: str) -> str | None:
    """The ending of a packed file, None for a plain one."""
    return next((one for one in STREAMS if uri.lower().endswith(one)), None)


@contextmanager
def plain_stream(file: BinaryIO, uri: str) -> Iterator[Any]:
    """The file's text, to be read by bytes.

    Raises:
        OSError, pa.ArrowException, ValueError: now or while it is read, it is not what its name says.
    """
    found = ending(uri)
    with ExitStack() as stack:
        yield file if found is None else stack.enter_context(STREAMS[found](file))


def _arrow(codec: str) -> Callable[[BinaryIO], Any]:
    return lambda file: pa.input_stream(file, compression=codec)


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from what is left."""
        while not self._left:
            found = next(self._chunks, None)
            if found is None:
                return 0
            self._left = found
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def _chunked(chunks: Iterator[bytes]) -> Any:
    return io.BufferedReader(_Chunks(chunks), CHUNK)


def _deflate(file: BinaryIO) -> Any:
    return _chunked(_inflated(file))


def _inflated(file: BinaryIO) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        while data := file.read(CHUNK):
            yield unpacker.decompress(data)
        yield unpacker.flush()
    except zlib.error as error:
        raise OSError(str(error)) from error
    if not unpacker.eof:
        raise OSError("the file ends before its data does")


def _lz4(file: BinaryIO) -> Any:
    if _starts(file, LZ4_FRAME):
        return pa.input_stream(file, compression="lz4")
    return _chunked(_blocks(file, lambda data, size: cramjam.lz4.decompress_block(data, output_len=size)))


def _snappy(file: BinaryIO) -> Any:
    if _starts(file, SNAPPY_FRAME):
        return io.BytesIO(bytes(cramjam.snappy.decompress(file.read())))
    return _chunked(_blocks(file, lambda data, size: cramjam.snappy.decompress_raw(data)))


def _starts(file: BinaryIO, mark: bytes) -> bool:
    found = file.read(len(mark))
    file.seek(0)
    return found == mark


def _blocks(file: BinaryIO, unpack: Unpack) -> Iterator[bytes]:
    """Hadoop's blocks: the plain size, then chunks, each with its packed size, until that much is plain."""
    while head := file.read(4):
        left = int.from_bytes(head, "big")
        while left > 0:
            size = int.from_bytes(_exactly(file, 4), "big")
            try:
                plain = bytes(unpack(_exactly(file, size), left))
            except cramjam.DecompressionError as error:
                raise OSError(str(error)) from error
            yield plain
            left -= len(plain)
            if not plain:
                raise OSError("a block holds less than it says")


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise OSError("the file ends before its data does")
    return data


STREAMS: dict[str, Callable[[BinaryIO], Any]] = {
    ".gz": _arrow("gzip"),
    ".bz2": _arrow("bz2"),
    ".zst": _arrow("zstd"),
    ".deflate": _deflate,
    ".lz4": _lz4,
    ".snappy": _snappy,
}
"""How each ending is opened."""
