"""Files of one scan that are read in several ways: each partition by its own SerDe, delimiters and columns.

A text is read as the type that its partition declares and then becomes the table's. https://docs.aws.amazon.com/athena/latest/ug/updates-and-partitions.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from local_athena.catalog.files import DataFile
from local_athena.catalog.input_formats import TEXT_SERDES
from local_athena.catalog.readings import Reading
from local_athena.catalog.tables import TableColumn
from local_athena.sql.build import commas, ident, joined, sql
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Scan, Typed
from local_athena.types.hive import from_hive

Read = Callable[[Scan, list[DataFile]], Reading]


def read_by_partition(context: Context, scan: Scan, files: list[DataFile], read: Read) -> Reading:
    """What `read` makes of each group of files that are read alike, together."""
    groups: dict[object, list[DataFile]] = {}
    seen: dict[str, int] = {}
    for file in files:
        # A file that two partitions name is read twice, and its rows must not be told by its name alone.
        seen[file.path] = seen.get(file.path, 0) + 1
        groups.setdefault((_way(scan, file), seen[file.path]), []).append(file)
    readings = [_read(context, scan, group, read) for group in groups.values()]
    if len(readings) == 1:
        return readings[0]
    return Reading(joined(" UNION ALL ", (r.sql for r in readings)), sum(r.scanned for r in readings))


def _way(scan: Scan, file: DataFile) -> str:
    """Equal for files that are read alike."""
    serde = _serde(scan, file)
    declared = file.columns if _is_text(serde) else ()
    return json.dumps([serde, declared], sort_keys=True)


def _serde(scan: Scan, file: DataFile) -> dict[str, object]:
    own = scan.table.glue["StorageDescriptor"].get("SerdeInfo") or {}
    chosen = file.serde if file.serde.get("SerializationLibrary") else own
    return {k: chosen.get(k) for k in ("SerializationLibrary", "Parameters") if chosen.get(k)}


def _is_text(serde: dict[str, object]) -> bool:
    return str(serde.get("SerializationLibrary") or "").rpartition(".")[2] in TEXT_SERDES


def _read(context: Context, scan: Scan, files: list[DataFile], read: Read) -> Reading:
    serde = _serde(scan, files[0])
    table = scan.table
    glue = {**table.glue, "StorageDescriptor": {**table.glue["StorageDescriptor"], "SerdeInfo": serde}}
    by_name = str(serde.get("SerializationLibrary")).endswith("JsonSerDe")
    columns = _declared(scan, files[0], by_name) if _is_text(serde) else table.data_columns
    made = read(replace(scan, table=replace(table, glue=glue, data_columns=columns)), files)
    changed = {
        old.name: (old, new) for old, new in zip(columns, table.data_columns, strict=True) if old != new
    }
    if not changed.keys() & scan.used:
        return made
    items = [_item(context, name, changed) for name in sorted(scan.used)]
    return Reading(sql("SELECT {} FROM ({}) AS d", commas(items), made.sql), made.scanned)


def _item(context: Context, name: str, changed: dict[str, tuple[TableColumn, TableColumn]]) -> Sql:
    held = ident("d", name)
    if name not in changed:
        return held
    old, new = changed[name]
    return sql("{} AS {}", cast(context, Typed(held, old.type), new.type), ident(name))


def _declared(scan: Scan, file: DataFile, by_name: bool) -> tuple[TableColumn, ...]:
    """The table's columns, each with the plain type that the file's partition declares for it."""
    names = {name: i for i, (name, _) in enumerate(file.columns)}
    made = []
    for i, column in enumerate(scan.table.data_columns):
        at = names.get(column.name, len(names)) if by_name else i
        type_ = from_hive(file.columns[at][1]) if at < len(file.columns) else column.type
        # A text that is to be a number, and the parts of a container, are read as the table says.
        plain = not type_.parts and type_.base not in ("varchar", "char")
        made.append(replace(column, type=type_) if plain else column)
    return tuple(made)
