"""Parquet, ORC and Avro tables. DuckDB reads Parquet; of an ORC or Avro file it reads a Parquet copy.

Parquet and Avro columns match by name, ORC's by place, unless the SerDe properties say otherwise
(https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from local_athena.catalog.files import DataFile
from local_athena.catalog.readings import FILENAME, Reading, free_name
from local_athena.catalog.tables import TableColumn
from local_athena.readers import footers
from local_athena.readers.assembly import assembled
from local_athena.readers.file_types import check_readable, value_sql
from local_athena.readers.footers import Footer
from local_athena.readers.orc_sizes import column_bytes
from local_athena.readers.parquet_copies import avro_to_parquet, orc_to_parquet, parquet_copies
from local_athena.sql.build import commas, ident, joined, null_of, sql, string
from local_athena.sql.context import Context
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Scan


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the three formats differ in: how columns match by default, who says otherwise, what errors say."""

    name: str
    by_index: bool
    index_property: str


PARQUET = _Kind("parquet", False, "parquet.column.index.access")
ORC = _Kind("orc", True, "orc.column.index.access")
AVRO = _Kind("avro", False, "avro.column.index.access")


def read_parquet(context: Context, scan: Scan, files: list[DataFile], scratch: Path) -> Reading:
    """A Parquet table's rows; billed are the column chunks of the row groups that conditions leave."""
    found = [footers.footer(file) for file in files]
    rows = _union(scan, files, found, PARQUET)
    tests = [t for t in scan.conjuncts if t.column not in {c.name for c in scan.table.partition_columns}]
    types = {c.name: c.type for c in scan.table.data_columns}
    scanned = sum(
        foot.bytes_read([c.name for c in columns.values() if c], tests, types)
        for foot, columns in ((f, _matched(scan, f, PARQUET)) for f in found)
    )
    return Reading(rows, scanned)


def read_orc(context: Context, scan: Scan, files: list[DataFile], scratch: Path) -> Reading:
    """An ORC table's rows; billed are the streams of the columns read."""
    copies = parquet_copies(files, scratch, "ORC", orc_to_parquet)
    found = [footers.footer(copy) for copy in copies]
    rows = _union(scan, copies, found, ORC)
    scanned = 0
    for file, foot in zip(files, found, strict=True):
        names = list(foot.columns)
        used = {names.index(c.name.lower()) for c in _matched(scan, foot, ORC).values() if c is not None}
        scanned += column_bytes(file.content, used)
    return Reading(rows, scanned)


def read_avro(context: Context, scan: Scan, files: list[DataFile], scratch: Path) -> Reading:
    """An Avro table's rows; billed are whole files."""
    copies = parquet_copies(files, scratch, "Avro", avro_to_parquet)
    rows = _union(scan, copies, [footers.footer(copy) for copy in copies], AVRO)
    return Reading(rows, sum(file.stored.size for file in files))


def _wanted(scan: Scan) -> list[TableColumn]:
    return [c for c in scan.table.data_columns if c.name in scan.used]


def _matched(scan: Scan, foot: Footer, kind: _Kind) -> dict[str, footers.FileColumn | None]:
    """The file's column of each column that the query reads."""
    serde = (scan.table.glue["StorageDescriptor"].get("SerdeInfo") or {}).get("Parameters") or {}
    given = {**serde, **(scan.table.glue.get("Parameters") or {})}.get(kind.index_property)
    by_index = kind.by_index if given is None else str(given).lower() == "true"
    if not by_index:
        return {c.name: foot.columns.get(c.name) for c in _wanted(scan)}
    inside = list(foot.columns.values())
    places = {c.name: i for i, c in enumerate(scan.table.data_columns)}
    return {c.name: inside[places[c.name]] if places[c.name] < len(inside) else None for c in _wanted(scan)}


def _union(scan: Scan, files: list[DataFile], found: list[Footer], kind: _Kind) -> Sql:
    """One SELECT for all files of the same columns, because DuckDB reads each of them in one way."""
    groups: dict[object, list[int]] = {}
    for i, foot in enumerate(found):
        # The type that a partition declares says what may become the table's.
        alone = i if FILENAME in foot.columns else None
        groups.setdefault((foot.shape, files[i].columns, alone), []).append(i)
    selects = []
    for indices in groups.values():
        matched = _matched(scan, found[indices[0]], kind)
        chosen = [files[i] for i in indices]
        for column in _wanted(scan):
            check_readable(column, matched[column.name], chosen[0], kind.name)
        selects.append(_select(scan, chosen, matched, found[indices[0]]))
    return joined(" UNION ALL ", selects)


def _select(
    scan: Scan, files: list[DataFile], matched: dict[str, footers.FileColumn | None], foot: Footer
) -> Sql:
    columns = {}
    for column in _wanted(scan):
        inside = matched[column.name]
        columns[column.name] = (
            null_of(column.type)
            if inside is None
            else value_sql(ident("d", inside.name), inside.type, column.type)
        )
    paths = commas(string(file.path) for file in files)
    filename = free_name(FILENAME, foot.columns)
    source = sql("read_parquet([{}], filename = true, hive_partitioning = false)", paths)
    if filename != FILENAME:
        source = sql(
            "(SELECT *, {} AS {} FROM read_parquet([{}], hive_partitioning = false))",
            string(files[0].path),
            ident(filename),
            paths,
        )
    return assembled(scan, files, source, columns, filename)
