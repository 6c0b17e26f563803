"""Classify Parquet and ORC by their footers, and Avro by its header: all three carry their schema."""

from __future__ import annotations

import io
import json
from io import BytesIO
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import orc

from local_aws.glue.crawlers.arrow_types import arrow_type
from local_aws.glue.crawlers.classified import Classified, Format
from local_aws.glue.crawlers.hive_types import (
    MOST_DEPTH,
    NULL,
    Array,
    Column,
    Map,
    Struct,
    Type,
    merge_all,
    struct_of,
)
from local_aws.glue.crawlers.sample import SAMPLE_BYTES

_DAMAGED = (
    pa.ArrowException,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)
_AVRO_MAGIC = b"Obj\x01"
_AVRO_SYNC_BYTES = 16
_AVRO = {
    "null": NULL,
    "boolean": "boolean",
    "int": "int",
    "long": "bigint",
    "float": "float",
    "double": "double",
    "bytes": "binary",
    "string": "string",
    "enum": "string",
    "fixed": "binary",
}
_AVRO_LOGICAL = {"date": "date", "timestamp-millis": "timestamp", "timestamp-micros": "timestamp"}


def classify_columnar(file: BinaryIO) -> Classified | None:
    """What a file is when it is Parquet, ORC or Avro; None for anything else and for a damaged one."""
    file.seek(0)
    magic = file.read(4)
    try:
        if magic == b"PAR1":
            return _parquet(file)
        if magic[:3] == b"ORC":
            return _orc(file)
        if magic == _AVRO_MAGIC:
            return _avro(file)
    except _DAMAGED:
        return None
    return None


def _parquet(file: BinaryIO) -> Classified:
    footer = pq.ParquetFile(file)
    rows = footer.metadata.num_rows
    return Classified(Format("parquet"), _columns(footer.schema_arrow), _size(file) / max(rows, 1))


def _orc(file: BinaryIO) -> Classified:
    footer = orc.ORCFile(file)
    return Classified(Format("orc"), _columns(footer.schema), _size(file) / max(footer.nrows, 1))


def _size(file: BinaryIO) -> int:
    return file.seek(0, io.SEEK_END)


def _columns(schema: pa.Schema) -> tuple[Column, ...]:
    return tuple(Column(field.name.lower(), arrow_type(field.type)) for field in schema)


def _avro(whole: BinaryIO) -> Classified:
    whole.seek(len(_AVRO_MAGIC))
    file = BytesIO(whole.read(SAMPLE_BYTES - len(_AVRO_MAGIC)))
    text = _avro_metadata(file)["avro.schema"].decode()
    file.seek(_AVRO_SYNC_BYTES, 1)
    # A file without records ends here; otherwise the first block says how many records and bytes it has.
    has_block = file.tell() < len(file.getbuffer())
    rows, size = (_avro_long(file), _avro_long(file)) if has_block else (0, 0)
    record = _avro_type(json.loads(text))
    if not isinstance(record, Struct):
        raise ValueError("an Avro file of Glue's holds records")
    columns = tuple(Column(name.lower(), kind) for name, kind in record.fields)
    return Classified(Format("avro", avro_schema=text), columns, size / max(rows, 1))


def _avro_metadata(file: BytesIO) -> dict[str, bytes]:
    metadata = {}
    while count := _avro_long(file):
        if count < 0:
            _avro_long(file)
        for _ in range(abs(count)):
            name = _avro_bytes(file).decode()
            metadata[name] = _avro_bytes(file)
    return metadata


def _avro_bytes(file: BytesIO) -> bytes:
    length = _avro_long(file)
    if length < 0:
        raise ValueError("a negative length")
    return file.read(length)


def _avro_long(file: BytesIO) -> int:
    """A zigzag-encoded number of at most ten bytes."""
    value = 0
    for shift in range(0, 70, 7):
        byte = file.read(1)
        if not byte:
            raise EOFError("the header is cut off")
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return (value >> 1) ^ -(value & 1)
    raise ValueError("not an Avro number")


def _avro_type(schema: Any, depth: int = 0) -> Type:
    if depth > MOST_DEPTH:
        return "string"
    deeper = depth + 1
    if isinstance(schema, str):
        return _AVRO[schema]
    if isinstance(schema, list):
        return merge_all(_avro_type(one, deeper) for one in schema)
    logical = schema.get("logicalType")
    if logical == "decimal":
        return f"decimal({schema['precision']},{schema.get('scale', 0)})"
    if logical in _AVRO_LOGICAL:
        return _AVRO_LOGICAL[logical]
    if schema["type"] == "record":
        fields = schema["fields"]
        return struct_of((field["name"], _avro_type(field["type"], deeper)) for field in fields)
    if schema["type"] == "array":
        return Array(_avro_type(schema["items"], deeper))
    if schema["type"] == "map":
        return Map("string", _avro_type(schema["values"], deeper))
    return _avro_type(schema["type"], deeper)
