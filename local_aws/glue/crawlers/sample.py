"""The beginning of a file, decompressed: what text classifiers look at.

Glue reads the start of each object; so do we, so that a crawl's time depends on the number of files and
not on their size. A file that unpacks to any size is read no further than that.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from local_aws.glue.crawlers.unpack import DAMAGED, compression_of, unpacked

SAMPLE_BYTES = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", ""),
    # Before UTF-16, whose mark it begins with.
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
"""Byte-order marks, Python's codec, and what a SerDe has to be told."""
_BINARY = bytes(set(range(32)) - {1, 9, 10, 12, 13, 26, 27})
"""Control characters that no text holds; ctrl-A is Hive's own delimiter."""


@dataclass(frozen=True)
class Sample:
    """The first bytes of a file; `complete` when they are all of it."""

    data: bytes
    compression: str
    """`none`, `gzip`, `bzip2`, `zip`, `lz4` or `snappy`."""
    complete: bool

    @property
    def encoding(self) -> str:
        """`UTF-16` or `UTF-32` when a byte-order mark says so, else nothing."""
        return next((name for mark, _, name in _MARKS if self.data.startswith(mark)), "")

    def text(self) -> str | None:
        """The bytes as text: by their byte-order mark, else UTF-8, else Latin-1; None for binary data."""
        return self._text

    @cached_property
    def _text(self) -> str | None:
        codec = next((codec for mark, codec, _ in _MARKS if self.data.startswith(mark)), "utf-8")
        if codec in ("utf-16", "utf-32"):
            return self._wide(codec)
        if len(self.data.translate(None, _BINARY)) < len(self.data):
            return None
        # A sample may end within a character.
        whole = self.data if self.complete else self.data[: self.data.rfind(b"\n") + 1] or self.data
        try:
            return codecs.getincrementaldecoder(codec)().decode(whole, final=self.complete)
        except UnicodeDecodeError:
            return whole.decode("latin-1")

    def _wide(self, codec: str) -> str | None:
        try:
            text = codecs.getincrementaldecoder(codec)().decode(self.data, final=self.complete)
        except UnicodeDecodeError:
            return None
        if any(chr(code) in text for code in _BINARY):
            return None
        return text if self.complete else text[: text.rfind("\n") + 1] or text


def read_sample(file: BinaryIO) -> Sample | None:
    """The beginning of a file; None when it claims a compression that it does not have."""
    file.seek(0)
    data = file.read(SAMPLE_BYTES)
    complete = not file.read(1)
    compression = compression_of(data)
    if compression == "none":
        return Sample(data, "none", complete)
    try:
        file.seek(0)
        with unpacked(file, compression) as packed:
            data = packed.read(SAMPLE_BYTES)
            return Sample(data, compression, not packed.read(1))
    except DAMAGED:
        return None
