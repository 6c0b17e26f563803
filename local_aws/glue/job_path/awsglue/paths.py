"""Paths into records: `a.b` is field `b` of struct `a`, and back-quotes keep a literal dot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import StructType

Path = tuple[str, ...]


def parse_path(text: str) -> Path:
    """The names in a path: `` a.`b.c` `` is `("a", "b.c")`."""
    return tuple(quoted or plain for quoted, plain in re.findall(r"`([^`]+)`|([^.`]+)", text))


def find_path(schema: StructType, path: Path, *, case_sensitive: bool = True) -> Path | None:
    """`path` in the schema's own spelling; None when the schema has no such field."""
    found: list[str] = []
    for name in path:
        names = schema.names if isinstance(schema, StructType) else []
        matches = [one for one in names if one == name]
        if not matches and not case_sensitive:
            matches = [one for one in names if one.lower() == name.lower()]
        if not matches:
            return None
        found.append(matches[0])
        schema = schema[matches[0]].dataType
    return tuple(found)


def column_at(path: Path) -> Column:
    """The column at `path`."""
    column = F.col(f"`{path[0]}`")
    for name in path[1:]:
        column = column.getField(name)
    return column


def nested(fields: Iterable[tuple[Path, Column]]) -> list[Column]:
    """Columns that put each value at its path, making structs of paths that begin alike."""
    groups: dict[str, list[tuple[Path, Column]]] = {}
    for path, value in fields:
        groups.setdefault(path[0], []).append((path[1:], value))
    return [_column(name, members).alias(name) for name, members in groups.items()]


def _column(name: str, members: Sequence[tuple[Path, Column]]) -> Column:
    leaves = [value for rest, value in members if not rest]
    if leaves:
        return leaves[-1]
    return F.struct(*nested(members))
