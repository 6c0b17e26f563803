"""The columns of a WITH query or a relation under the names that an alias gives them."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import commas, ident, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Column


def head(name: str, columns: tuple[Column, ...], *more: str) -> Sql:
    """A table's name with those of its columns."""
    return sql("{}({})", ident(name), commas(map(ident, [*(f"c{i}" for i in range(len(columns))), *more])))


def renamed(columns: tuple[Column, ...], alias: exp.Expr | None, name: str) -> tuple[Column, ...]:
    """Columns under the names of a column alias list, if there is one.

    Raises:
        QueryFailed: the list has another length.
    """
    names = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    if not names:
        return columns
    if len(names) != len(columns):
        raise QueryFailed(
            "MISMATCHED_COLUMN_ALIASES",
            f"line 1:1: Column alias list has {len(names)} entries but '{name}' has {len(columns)} "
            "columns available",
        )
    return tuple(Column(n.name, c.type) for n, c in zip(names, columns, strict=True))
