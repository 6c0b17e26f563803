"""A view's rows as the columns that are stored of it: compared with what its query gives now, and applied."""

from __future__ import annotations

from typing import Any

from local_athena.errors import QueryFailed
from local_athena.sql.build import commas, ident, sql
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.typed import Column, Relation, Typed
from local_athena.types.coercion import can_coerce


def as_stored(context: Context, made: Relation, bound: Any, where: str) -> Relation:
    """The rows of a view's query under its stored names and types.

    Raises:
        QueryFailed: VIEW_IS_STALE.
    """
    stored = bound.view_columns
    why = _stale(made.columns, stored)
    if why is not None:
        raise QueryFailed(
            "VIEW_IS_STALE",
            f"{where}View '{bound.full_name}' is stale or in invalid state: {why}",
            error_type=1107,
        )
    columns = tuple(Column(column.name, column.type) for column in stored)
    if all(old.type == new.type for old, new in zip(made.columns, stored, strict=True)):
        return Relation(made.sql, columns)
    name = context.alias("v")
    items = (
        sql("{} AS c{}", cast(context, Typed(ident(name, f"c{i}"), old.type), new.type), i)
        for i, (old, new) in enumerate(zip(made.columns, stored, strict=True))
    )
    return Relation(sql("SELECT {} FROM ({}) AS {}", commas(items), made, ident(name)), columns)


def _stale(given: tuple[Column, ...], stored: Any) -> str | None:
    if len(given) != len(stored):
        return (
            f"stored view column count ({len(stored)}) does not match column count derived from the view "
            f"query analysis ({len(given)})"
        )
    for i, (now, then) in enumerate(zip(given, stored, strict=True)):
        place = f"of type {now.type} projected from query view at position {i}"
        kept = f"column [{then.name}] of type {then.type} stored in view definition"
        if now.name is None:
            return f"a column {place} has no name"
        if now.name.lower() != then.name.lower():
            return f"column [{now.name.lower()}] {place} has a different name from {kept}"
        if not can_coerce(now.type, then.type):
            return f"column [{now.name.lower()}] {place} cannot be coerced to {kept}"
    return None
