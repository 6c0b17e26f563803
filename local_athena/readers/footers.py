"""Parquet footers: which columns a file has, of what type, and how many compressed bytes a query reads of it.

Athena bills the column chunks that it reads, and skips row groups whose statistics rule them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from local_athena.catalog.conditions import RANGES, comparable
from local_athena.catalog.files import Content, DataFile
from local_athena.engine.stopping import checkpoint
from local_athena.errors import QueryFailed
from local_athena.sql.typed import PartitionTest
from local_athena.types.trino import TrinoType


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column as the file spells it, and its Arrow type."""

    name: str
    type: pa.DataType


@dataclass(frozen=True, slots=True)
class Footer:
    """What a file's footer tells. Columns by lower-case name, in the file's order."""

    columns: dict[str, FileColumn]
    metadata: pq.FileMetaData = field(compare=False)
    shape: object
    """Equal for files that can be read together."""
    sizes: dict[str, int] = field(compare=False)
    """Compressed bytes of each column, by lower-case name."""

    def bytes_read(
        self, names: Iterable[str], tests: Sequence[PartitionTest], types: dict[str, TrinoType]
    ) -> int:
        """Compressed bytes of some columns in the row groups that the tests leave."""
        wanted = {name.lower() for name in names}
        if not tests:
            return sum(self.sizes.get(name, 0) for name in wanted)
        total = 0
        for number in range(self.metadata.num_row_groups):
            group = self.metadata.row_group(number)
            chunks = [group.column(i) for i in range(group.num_columns)]
            if not _ruled_out(chunks, tests, types):
                total += sum(c.total_compressed_size for c in chunks if _top(c) in wanted)
        return total


def _top(chunk: Any) -> str:
    return str(chunk.path_in_schema).split(".")[0].lower()


def _ruled_out(chunks: list[Any], tests: Sequence[PartitionTest], types: dict[str, TrinoType]) -> bool:
    """Whether the statistics say that no row of a row group passes the tests."""
    for test in tests:
        type_ = types.get(test.column)
        chunk = next((c for c in chunks if str(c.path_in_schema).lower() == test.column), None)
        if type_ is None or chunk is None or not chunk.is_stats_set or not chunk.statistics.has_min_max:
            continue
        low, high = (_value(v, type_) for v in (chunk.statistics.min, chunk.statistics.max))
        operands = [comparable(v, type_) for v in test.values]
        if None in (low, high) or None in operands:
            continue
        try:
            if not RANGES[test.operator](low, high, *operands):
                return True
        except TypeError:
            continue
    return False


def _value(value: Any, type_: TrinoType) -> Any:
    """A statistic as `comparable` gives the type's values."""
    if isinstance(value, bytes):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def footer(file: DataFile) -> Footer:
    """A file's footer, remembered as long as the file is the same.

    Raises:
        QueryFailed: HIVE_BAD_DATA or HIVE_CANNOT_OPEN_SPLIT, it is not Parquet.
    """
    checkpoint()
    try:
        return _read(file.content)
    except (pa.ArrowException, OSError) as error:
        raise QueryFailed("HIVE_BAD_DATA", f"Not valid Parquet file: {file.stored.uri}") from error


def forget() -> None:
    """Read every footer anew."""
    _read.cache_clear()


@lru_cache(maxsize=20000)
def _read(content: Content) -> Footer:
    with content.open() as file:
        metadata = pq.read_metadata(file)
    schema = metadata.schema.to_arrow_schema()
    columns = {found.name.lower(): FileColumn(found.name, found.type) for found in schema}
    sizes: dict[str, int] = {}
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for chunk in map(group.column, range(group.num_columns)):
            sizes[_top(chunk)] = sizes.get(_top(chunk), 0) + chunk.total_compressed_size
    return Footer(columns, metadata, str(schema.remove_metadata()), sizes)
