"""Files of a table as they are written, one class a format: batches in, a finished local file out.

Parquet, ORC and Avro keep the columns' types; JSON takes rows that are text already; text is LazySimpleSerDe's.
https://docs.aws.amazon.com/athena/latest/ug/compression-support-hive.html
"""  # noqa: E501

from __future__ import annotations

import bz2
import gzip
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import cramjam
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.orc as orc
import pyarrow.parquet as pq

from local_athena.engine.stopping import checkpoint
from local_athena.errors import not_supported
from local_athena.statements.output.avro_schema import avro_record, avro_schema
from local_athena.statements.output.file_values import NULL, hive_text
from local_athena.types.trino import TrinoType

PART_ROWS = 8192
HADOOP_BLOCK = 256 * 1024
ARROW_TEXTS = frozenset(("tinyint", "smallint", "integer", "bigint", "varchar", "char", "date"))
"""Types whose text Arrow writes as Hive does."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows are written: the format, its compression, the columns, a text file's separators."""

    format: str
    compression: str
    columns: tuple[tuple[str, TrinoType], ...]
    separators: tuple[str, ...] = tuple(map(chr, range(1, 9)))
    null: str = NULL

    def with_delimiter(self, delimiter: str) -> Layout:
        """The same with another character between fields."""
        return replace(self, separators=(delimiter, *self.separators[1:]))


def _parts(batch: pa.Table) -> Iterator[pa.Table]:
    """A batch's rows, some at a time: as Python's values they are large, and a stop waits for each part."""
    for start in range(0, batch.num_rows, PART_ROWS):
        checkpoint()
        yield batch.slice(start, PART_ROWS)


class Sink(ABC):
    """An open file that takes batches of its columns."""

    def __init__(self, path: Path, layout: Layout, schema: pa.Schema) -> None:
        self.layout = layout
        self.schema = schema
        with ExitStack() as opening:
            self.closing = opening
            self.file = opening.enter_context(path.open("wb"))
            self.start()
            self.closing = opening.pop_all()

    def start(self) -> None:  # noqa: B027 - a text file has nothing to begin with
        """Open the format's own writer on `self.file`."""

    @abstractmethod
    def write(self, batch: pa.Table) -> None:
        """Append rows."""

    def close(self) -> None:
        """Finish the file."""
        self.closing.close()


class ParquetSink(Sink):
    """A row group for each batch given.

    Timestamps are INT96, as Athena writes them: readers take them for nanoseconds, and pandas users' types depend on it.
    """  # noqa: E501

    def start(self) -> None:  # noqa: D102
        codec = PARQUET_CODECS[self.layout.compression]
        level = 6 if codec == "gzip" else None
        self.writer = pq.ParquetWriter(
            self.file, self.schema, compression=codec, compression_level=level,
            use_deprecated_int96_timestamps=True,
        )  # fmt: skip
        self.closing.callback(self.writer.close)

    def write(self, batch: pa.Table) -> None:  # noqa: D102
        self.writer.write_table(batch)


class OrcSink(Sink):
    """Stripes of rows."""

    def start(self) -> None:  # noqa: D102
        codec = ORC_CODECS[self.layout.compression]
        self.writer = orc.ORCWriter(self.file, compression=codec, file_version="0.12")
        self.closing.callback(self.writer.close)
        self.writer.write(self.schema.empty_table())

    def write(self, batch: pa.Table) -> None:  # noqa: D102
        self.writer.write(batch)


class AvroSink(Sink):
    """An object container file."""

    def start(self) -> None:  # noqa: D102
        # Of all formats only this one needs fastavro.
        from fastavro.write import Writer

        self.writer = Writer(
            self.file, avro_schema(self.layout.columns), AVRO_CODECS[self.layout.compression]
        )
        self.closing.callback(self.writer.flush)

    def write(self, batch: pa.Table) -> None:  # noqa: D102
        for part in _parts(batch):
            for row in part.to_pylist():
                self.writer.write(avro_record(row, self.layout.columns))


class LineSink(Sink):
    """Text, compressed as the layout says."""

    def start(self) -> None:  # noqa: D102
        self.out = TEXT_CODECS[self.layout.compression][1](self.file)
        if self.out is not self.file:
            self.closing.callback(self.out.close)

    def write(self, batch: pa.Table) -> None:
        """Rows of one column, which is the line."""
        self.out.write(("\n".join(batch.column(0).to_pylist()) + "\n").encode())


class TextSink(LineSink):
    """Fields between separators."""

    def write(self, batch: pa.Table) -> None:  # noqa: D102
        null, between = self.layout.null, self.layout.separators[0]
        for part in _parts(batch):
            cells = []
            for column, (_, type_) in zip(part.columns, self.layout.columns, strict=True):
                cells.append(self._texts(column, type_, null))
            self.out.write("".join(between.join(row) + "\n" for row in zip(*cells, strict=True)).encode())

    def _texts(self, column: pa.ChunkedArray, type_: TrinoType, null: str) -> list[str]:
        if type_.base in ARROW_TEXTS:
            made: list[str] = pc.fill_null(pc.cast(column, pa.string()), null).to_pylist()
            return made
        text = hive_text(type_, self.layout.separators, 1, null)
        return [null if value is None else text(value) for value in column.to_pylist()]


class HadoopBlocks:
    """Blocks as Hadoop's codecs write them: the plain size, then the size of the packed chunk and the chunk."""  # noqa: E501

    def __init__(self, file: BinaryIO, pack: Callable[[bytes], Any]) -> None:
        self._file, self._pack, self._kept = file, pack, b""

    def write(self, data: bytes) -> None:
        """Take bytes."""
        self._kept += data
        while len(self._kept) >= HADOOP_BLOCK:
            self._block(self._kept[:HADOOP_BLOCK])
            self._kept = self._kept[HADOOP_BLOCK:]

    def _block(self, data: bytes) -> None:
        packed = bytes(self._pack(data))
        self._file.write(len(data).to_bytes(4, "big") + len(packed).to_bytes(4, "big") + packed)

    def close(self) -> None:
        """Write what is left."""
        if self._kept:
            self._block(self._kept)


class Deflating:
    """A zlib stream, Hadoop's DefaultCodec."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._packer = file, zlib.compressobj()

    def write(self, data: bytes) -> None:
        """Take bytes."""
        self._file.write(self._packer.compress(data))

    def close(self) -> None:
        """Write what is left."""
        self._file.write(self._packer.flush())


def _lz4(data: bytes) -> Any:
    return cramjam.lz4.compress_block(data, store_size=False)


TEXT_CODECS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "NONE": ("", lambda file: file),
    "GZIP": (".gz", lambda file: gzip.GzipFile("", "wb", 6, file, 0)),
    "BZIP2": (".bz2", lambda file: bz2.BZ2File(file, "wb")),
    "ZSTD": (".zst", lambda file: pa.CompressedOutputStream(pa.PythonFile(file, "w"), "zstd")),
    "DEFLATE": (".deflate", Deflating),
    "SNAPPY": (".snappy", lambda file: HadoopBlocks(file, cramjam.snappy.compress_raw)),
    "LZ4": (".lz4", lambda file: HadoopBlocks(file, _lz4)),
}
"""A text file's ending and the stream that compresses it."""
PARQUET_CODECS = {"GZIP": "gzip", "SNAPPY": "snappy", "ZSTD": "zstd", "LZ4": "lz4", "NONE": "none"}
ORC_CODECS = {"ZLIB": "zlib", "SNAPPY": "snappy", "ZSTD": "zstd", "LZ4": "lz4", "NONE": "uncompressed"}
AVRO_CODECS = {"GZIP": "deflate", "DEFLATE": "deflate", "SNAPPY": "snappy", "BZIP2": "bzip2", "NONE": "null"}

FORMATS: dict[str, tuple[type[Sink], dict[str, Any], str]] = {
    "PARQUET": (ParquetSink, PARQUET_CODECS, "GZIP"),
    "ORC": (OrcSink, ORC_CODECS, "ZLIB"),
    "AVRO": (AvroSink, AVRO_CODECS, "GZIP"),
    "JSON": (LineSink, TEXT_CODECS, "GZIP"),
    "TEXTFILE": (TextSink, TEXT_CODECS, "GZIP"),
}
"""Each format's sink, its compressions, and the one that Athena takes when none is asked."""


def compression_of(format_: str, asked: str | None) -> str:
    """The compression of a format.

    Raises:
        QueryFailed: the format or its compression is not one.
    """
    if format_ not in FORMATS:
        raise not_supported(f"Format {format_} is not supported for writing")
    _, known, default = FORMATS[format_]
    name = {"UNCOMPRESSED": "NONE"}.get((asked or default).upper(), (asked or default).upper())
    if name not in known:
        raise not_supported(
            f"Compression {name} is not supported for format {format_}; use one of {', '.join(known)}"
        )
    return name


def open_sink(path: Path, layout: Layout, schema: pa.Schema) -> Sink:
    """A new file."""
    return FORMATS[layout.format][0](path, layout, schema)


def ending(layout: Layout) -> str:
    """The ending of a file's name: text needs one to be read again, the others say it inside."""
    return TEXT_CODECS[layout.compression][0] if layout.format in ("JSON", "TEXTFILE") else ""
