"""A table whose types are nested deeper than the engine hands values over is refused by its name.

The statement that reads it may be short, so it is not the one that is too large.
"""

from __future__ import annotations

from local_athena.catalog.tables import BoundTable
from local_athena.errors import QueryFailed, not_supported
from local_athena.types.trino import TrinoType

MOST = 60
"""Levels: Arrow's C interface, by which rows leave the engine, ends at 64."""


def check_depth(table: BoundTable, where: str) -> None:
    """Refuse a table with a column of too many levels.

    Raises:
        QueryFailed: NOT_SUPPORTED.
    """
    for column in table.columns:
        if _is_deep(column.type):
            raise too_deep(f"{table.full_name}, column '{column.name}'", where)


def too_deep(what: str, where: str) -> QueryFailed:
    """The refusal of what has too many levels."""
    return not_supported(
        f"{where}Table {what}: types nested deeper than {MOST} levels are not supported here"
    )


def _is_deep(type_: TrinoType) -> bool:
    level = type_.parts
    for _ in range(MOST):
        level = tuple(part for parent in level for part in parent.parts)
    return bool(level)
