"""The beginning of a file, decompressed: what text classifiers look at.

Glue reads the start of each object; so do we, so that a crawl's time depends on the number of files and
not on their size.
"""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, cast

SAMPLE_BYTES = 1 << 20
_OPENERS: dict[bytes, tuple[str, Callable[[BinaryIO], BinaryIO]]] = {
    b"\x1f\x8b": ("gzip", lambda file: cast(BinaryIO, gzip.GzipFile(fileobj=file))),
    b"BZ": ("bzip2", lambda file: cast(BinaryIO, bz2.BZ2File(file))),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """The first bytes of a file; `complete` when they are all of it."""

    data: bytes
    compression: str
    """`none`, `gzip` or `bzip2`."""
    complete: bool

    def text(self) -> str | None:
        """The bytes as text: UTF-8, with or without a byte-order mark, else Latin-1; None for binary data."""
        if any(byte in self.data for byte in _BINARY):
            return None
        # A sample may end within a character.
        whole = self.data if self.complete else self.data[: self.data.rfind(b"\n") + 1] or self.data
        try:
            return whole.decode("utf-8-sig")
        except UnicodeDecodeError:
            return whole.decode("latin-1")


_BINARY = tuple(set(range(32)) - {1, 9, 10, 12, 13, 26, 27})
"""Control characters that no text holds; ctrl-A is Hive's own delimiter."""


def read_sample(file: BinaryIO) -> Sample | None:
    """The beginning of a file; None when it claims a compression that it does not have."""
    file.seek(0)
    data = file.read(SAMPLE_BYTES)
    complete = not file.read(1)
    if data[:2] not in _OPENERS:
        return Sample(data, "none", complete)
    compression, opener = _OPENERS[data[:2]]
    try:
        file.seek(0)
        with opener(file) as packed:
            data = packed.read(SAMPLE_BYTES)
            return Sample(data, compression, not packed.read(1))
    except (OSError, EOFError, ValueError):
        return None
