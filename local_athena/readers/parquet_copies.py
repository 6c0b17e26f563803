"""Parquet copies of ORC and Avro files, made once for each version of a file, in the scratch folder.

DuckDB reads neither. A copy is written batch by batch, so its size does not matter, and serves every later query
until the engine starts anew.
"""  # noqa: E501

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq

from local_athena.catalog.files import DataFile
from local_athena.engine.stopping import checkpoint
from local_athena.errors import QueryFailed

ROWS = 50000
Convert = Callable[[BinaryIO, Path], None]


def parquet_copies(files: list[DataFile], scratch: Path, format_: str, convert: Convert) -> list[DataFile]:
    """The files as Parquet.

    Raises:
        QueryFailed: HIVE_BAD_DATA, one is not of its format.
    """
    return [_copy(file, scratch, format_, convert) for file in files]


def _copy(file: DataFile, scratch: Path, format_: str, convert: Convert) -> DataFile:
    version = f"{format_} {file.stored.uri} {file.stored.etag}"
    copy = scratch / f"copy-{sha256(version.encode()).hexdigest()}.parquet"
    if not copy.exists():
        made = copy.with_name(f"{copy.name}-{uuid.uuid4()}")
        try:
            with file.open() as source:
                convert(source, made)
            os.replace(made, copy)
        except (pa.ArrowException, OSError, ValueError, EOFError, KeyError, TypeError) as error:
            text = f"Malformed {format_} file. {_first_line(error)} [{file.stored.uri}]"
            raise QueryFailed("HIVE_BAD_DATA", text) from error
        finally:
            made.unlink(missing_ok=True)
    return replace(file, path=str(copy), open=partial(_opened, copy))


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def orc_to_parquet(source: BinaryIO, target: Path) -> None:
    """Stripe by stripe."""
    reader = orc.ORCFile(pa.PythonFile(source, "r"))
    with pq.ParquetWriter(target, reader.schema, compression="snappy") as writer:
        for number in range(reader.nstripes):
            checkpoint()
            writer.write_batch(reader.read_stripe(number))


def avro_to_parquet(source: BinaryIO, target: Path) -> None:
    """Records in batches, with the types of the file's own schema."""
    # Of all formats only this one needs fastavro.
    import fastavro

    reader = fastavro.reader(source)
    assert isinstance(reader.writer_schema, dict)
    schema = pa.schema(_record(reader.writer_schema, {}))
    with pq.ParquetWriter(target, schema, compression="snappy") as writer:
        while batch := list(islice(reader, ROWS)):
            checkpoint()
            writer.write_table(pa.Table.from_pylist(batch, schema))


Names = dict[str, pa.DataType]


def _record(schema: dict[str, Any], names: Names) -> Iterator[pa.Field]:
    for field in schema["fields"]:
        yield pa.field(field["name"], _arrow(field["type"], names))


def _arrow(schema: Any, names: Names) -> pa.DataType:
    if isinstance(schema, list):
        inner = [one for one in schema if one != "null"]
        if len(inner) != 1:
            raise ValueError("Unions of several types are not supported")
        return _arrow(inner[0], names)
    if isinstance(schema, str):
        return names[schema] if schema in names else SIMPLE[schema]
    kind = schema["type"]
    if isinstance(kind, dict | list):
        return _arrow(kind, names)
    logical = schema.get("logicalType")
    if logical == "decimal":
        return pa.decimal128(schema["precision"], schema.get("scale", 0))
    if logical in LOGICAL:
        return LOGICAL[logical]
    return _complex(kind, schema, names)


def _complex(kind: str, schema: dict[str, Any], names: Names) -> pa.DataType:
    if kind == "array":
        return pa.list_(_arrow(schema["items"], names))
    if kind == "map":
        return pa.map_(pa.string(), _arrow(schema["values"], names))
    made = SIMPLE.get(kind)
    if kind == "record":
        made = pa.struct(list(_record(schema, names)))
    elif kind == "enum":
        made = pa.string()
    elif kind == "fixed":
        made = pa.binary()
    if made is None:
        raise ValueError(f"Unknown type {kind}")
    if "name" in schema:
        names[schema["name"]] = made
    return made


SIMPLE: Names = {
    "null": pa.string(),
    "boolean": pa.bool_(),
    "int": pa.int32(),
    "long": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "bytes": pa.binary(),
    "string": pa.string(),
}
LOGICAL: Names = {
    "date": pa.date32(),
    "timestamp-millis": pa.timestamp("us", "UTC"),
    "timestamp-micros": pa.timestamp("us", "UTC"),
    "local-timestamp-millis": pa.timestamp("us"),
    "local-timestamp-micros": pa.timestamp("us"),
    "uuid": pa.string(),
}
