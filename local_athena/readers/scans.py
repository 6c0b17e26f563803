"""How DuckDB reads the files of a scan: one reader for each SerDe, each giving typed columns.

https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from local_athena.catalog.files import DataFile
from local_athena.catalog.input_formats import check_input_format
from local_athena.catalog.readings import Reading
from local_athena.errors import QueryFailed
from local_athena.readers import columnar, text_readers
from local_athena.readers.assembly import empty
from local_athena.readers.partitions import read_by_partition
from local_athena.sql.context import Context
from local_athena.sql.typed import Scan

Reader = Callable[[Context, Scan, list[DataFile], Path], Reading]

READERS: dict[str, Reader] = {
    "ParquetHiveSerDe": columnar.read_parquet,
    "OrcSerde": columnar.read_orc,
    "AvroSerDe": columnar.read_avro,
    "LazySimpleSerDe": text_readers.read_lazy_simple,
    "OpenCSVSerde": text_readers.read_open_csv,
    "JsonSerDe": text_readers.read_json,
    "OpenXJsonSerDe": text_readers.read_json,
    "RegexSerDe": text_readers.read_regex,
}
"""By the last part of the SerDe's class name."""
ABSENT = {
    "GrokSerDe": "Grok",
    "IonHiveSerDe": "Amazon Ion",
    "CloudTrailSerde": "CloudTrail",
    "HiveJsonSerDe": "the CloudTrail JSON",
}


def read_scan(context: Context, scan: Scan, files: list[DataFile], scratch: Path) -> Reading:
    """The SQL that gives the scan's used columns; `scratch` is where files may be copied.

    Raises:
        QueryFailed: its SerDe is not supported, or the files do not fit the table.
    """
    check_input_format(scan.table.glue.get("StorageDescriptor") or {})
    if not files:
        _reader(scan)
        return empty(scan)

    def read(part: Scan, group: list[DataFile]) -> Reading:
        return _reader(part)(context, part, group, scratch)

    return read_by_partition(context, scan, files, read)


def _reader(scan: Scan) -> Reader:
    descriptor = scan.table.glue.get("StorageDescriptor") or {}
    serde = str((descriptor.get("SerdeInfo") or {}).get("SerializationLibrary") or "")
    name = serde.rpartition(".")[2]
    reader = READERS.get(name)
    if reader is None:
        why = f"the {ABSENT[name]} SerDe is not supported here" if name in ABSENT else "no such SerDe"
        raise QueryFailed("HIVE_UNSUPPORTED_FORMAT", f"Unable to read SerDe: {serde or 'none'} ({why})")
    return reader


__all__ = ["READERS", "Reading", "read_scan"]
