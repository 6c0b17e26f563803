"""Queries as fragments: one that begins with WITH takes more tables in front, and names can be looked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from local_athena.sql.build import Hole, commas, sql
from local_athena.sql.fragment import Sql


@dataclass(frozen=True, slots=True, eq=False)
class WithQuery(Sql):
    """`WITH [RECURSIVE] name AS (...), ... body`."""

    tables: tuple[Sql, ...] = field(repr=False)
    recursive: bool
    body: Sql = field(repr=False)


def with_query(tables: Iterable[Sql], body: Sql, *, recursive: bool = False) -> Sql:
    """A query with tables before it; those of a query that has some already come after them.

    DuckDB cannot parse a WITH around a query that begins with one.
    """
    first = tuple(tables)
    if isinstance(body, WithQuery):
        first, recursive, body = (*first, *body.tables), recursive or body.recursive, body.body
    if not first:
        return body
    word = "WITH RECURSIVE " if recursive else "WITH "
    return WithQuery((word, commas(first), " ", body), first, recursive, body)


def table_of(name: Hole, query: Hole, *, copied: bool = False) -> Sql:
    """`name AS (query)`, as WITH has it; `copied` when each reader of the name is to have its own rows."""
    if copied:
        return sql("{} AS NOT MATERIALIZED ({})", name, query)
    return sql("{} AS ({})", name, query)
