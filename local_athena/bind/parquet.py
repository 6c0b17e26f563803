"""Parquet footers: which columns a file has, of what type, and how many compressed bytes each takes.

Athena bills the column chunks that a query reads, and refuses a file whose column cannot be the table's
type with HIVE_BAD_DATA.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
import pyarrow.parquet as pq

from local_athena.bind.files import Content, DataFile
from local_athena.bind.tables import TableColumn
from local_athena.errors import QueryFailed
from local_athena.types.duckdb import carrier
from local_athena.types.trino import INTEGERS, TrinoType


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column as the file spells it, its Arrow type and Parquet's physical type."""

    name: str
    type: pa.DataType
    compressed: int


@dataclass(frozen=True, slots=True)
class Footer:
    """What a file's footer tells. Columns by lower-case name."""

    columns: dict[str, FileColumn]
    rows: int

    def bytes_of(self, names: Iterable[str]) -> int:
        """Compressed bytes of some columns."""
        return sum(self.columns[name].compressed for name in names if name in self.columns)


def footer(file: DataFile) -> Footer:
    """A file's footer, remembered as long as the file is the same.

    Raises:
        QueryFailed: HIVE_BAD_DATA, it is not Parquet.
    """
    try:
        return _read(file.content)
    except (pa.ArrowInvalid, OSError) as error:
        raise QueryFailed("HIVE_BAD_DATA", f"Not valid Parquet file: {file.stored.uri}") from error


@lru_cache(maxsize=20000)
def _read(content: Content) -> Footer:
    with content.open() as file:
        meta = pq.read_metadata(file)
    totals: dict[str, int] = {}
    for group in range(meta.num_row_groups):
        for column in range(meta.num_columns):
            chunk = meta.row_group(group).column(column)
            top = chunk.path_in_schema.split(".")[0].lower()
            totals[top] = totals.get(top, 0) + chunk.total_compressed_size
    schema = meta.schema.to_arrow_schema()
    columns = {f.name.lower(): FileColumn(f.name, f.type, totals.get(f.name.lower(), 0)) for f in schema}
    return Footer(columns, meta.num_rows)


def check(wanted: list[TableColumn], files: list[DataFile], footers: list[Footer]) -> None:
    """Refuse a file with a column that cannot be the table's type.

    Raises:
        QueryFailed: HIVE_BAD_DATA.
    """
    for file, foot in zip(files, footers, strict=True):
        for column in wanted:
            found = foot.columns.get(column.name)
            if found is not None and not _readable(found.type, column.type):
                raise QueryFailed(
                    "HIVE_BAD_DATA",
                    f"Field {found.name}'s type {_physical(found.type)} in parquet file {file.stored.uri} "
                    f"is incompatible with type {column.type} defined in table schema",
                )


def _physical(type_: pa.DataType) -> str:
    names = ((pa.types.is_string, "BINARY"), (pa.types.is_large_string, "BINARY"), (pa.types.is_binary, "BINARY"),  # noqa: E501
             (pa.types.is_int64, "INT64"), (pa.types.is_timestamp, "INT96"), (pa.types.is_floating, "DOUBLE"),
             (pa.types.is_boolean, "BOOLEAN"), (pa.types.is_decimal, "FIXED_LEN_BYTE_ARRAY"))  # fmt: skip
    return next((name for test, name in names if test(type_)), "INT32")


def _readable(found: pa.DataType, wanted: TrinoType) -> bool:
    base = wanted.base
    if base in ("varchar", "char", "varbinary"):
        return bool(pa.types.is_string(found) or pa.types.is_large_string(found) or pa.types.is_binary(found))
    if base in INTEGERS:
        return bool(pa.types.is_integer(found))
    if base in ("real", "double"):
        return bool(pa.types.is_floating(found))
    if base == "decimal":
        return bool(pa.types.is_decimal(found) or pa.types.is_integer(found))
    tests = {
        "boolean": pa.types.is_boolean,
        "date": pa.types.is_date,
        "timestamp": pa.types.is_timestamp,
        "array": pa.types.is_list,
        "map": pa.types.is_map,
        "row": pa.types.is_struct,
    }
    return base in tests and bool(tests[base](found))


def value(sql: str, type_: TrinoType) -> str:
    """A file's column as its Trino type's carrier; rows become positional."""
    if type_.base in ("row", "array", "map"):
        return _nested(sql, type_, 0)
    return f"CAST({sql} AS {carrier(type_)})"


def _nested(sql: str, type_: TrinoType, depth: int) -> str:
    if type_.base == "row":
        items = ", ".join(
            f"f{i} := {_nested(f'struct_extract({sql}, {_text(name)})', part, depth)}"
            for i, (name, part) in enumerate(zip(type_.names, type_.parts, strict=True))
        )
        return f"CASE WHEN {sql} IS NULL THEN NULL ELSE struct_pack({items}) END"
    name = f"p{depth}"
    if type_.base == "array":
        return f"list_transform({sql}, lambda {name}: {_nested(name, type_.element, depth + 1)})"
    if type_.base == "map":
        key, item = (
            _nested(f"{name}.{side}", part, depth + 1)
            for side, part in zip(("key", "value"), type_.parts, strict=True)
        )
        entry = f"struct_pack(key := {key}, value := {item})"
        return f"map_from_entries(list_transform(map_entries({sql}), lambda {name}: {entry}))"
    return f"CAST({sql} AS {carrier(type_)})"


def _text(name: str | None) -> str:
    return "'" + (name or "").replace("'", "''") + "'"
