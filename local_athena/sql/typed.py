"""The values that translation passes around: typed expressions, fields, relations, table scans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local_athena.sql.fragment import Lambda, Sql
from local_athena.types.trino import TrinoType


@dataclass(frozen=True, slots=True)
class Typed:
    """A fragment of DuckDB SQL and the Trino type of what it computes.

    `constant` is the value of a plain literal (a str, int or float), None for anything else. `finite` says
    of a floating-point value that it came from an exact number, so it is no NaN. `attempt` is cheaper SQL
    for the same decimal in 64 bits, which is NULL where they do not hold it.
    """

    sql: Sql
    type: TrinoType
    constant: str | int | float | None = None
    finite: bool = False
    attempt: Sql | None = None

    @property
    def function(self) -> Lambda:
        """The lambda that an argument is."""
        assert isinstance(self.sql, Lambda)
        return self.sql


@dataclass(frozen=True, slots=True)
class Field:
    """A column that names can resolve to. `qualifier` is its relation's name parts, lower case, outermost
    first.
    """

    name: str | None
    value: Typed
    qualifier: tuple[str, ...] = ()
    hidden: bool = False
    on_use: Callable[[], None] | None = None
    """Told when the column is read, so that a scan reads only what is asked."""
    qualified_only: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """An output column: its name as the query wrote it (None: `_colN`) and its type."""

    name: str | None
    type: TrinoType


@dataclass(frozen=True, slots=True)
class Relation:
    """A complete DuckDB query whose output columns are called c0, c1, ..."""

    sql: Sql
    columns: tuple[Column, ...]


@dataclass(slots=True)
class Scan:
    """One mention of a catalog table. `conjuncts` are the conditions on partition columns that the query
    sets.
    """

    name: str
    table: Any
    used: set[str] = field(default_factory=set)
    conjuncts: list[PartitionTest] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PartitionTest:
    """`column operator values`, for one of Glue's operators: `=`, `<`, `IN`, `BETWEEN`, ..."""

    column: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PythonFunction:
    """A function that DuckDB calls back: its DuckDB name, what it does, and the Trino types it speaks.

    `forgiving`: it answers NULL where TRY would.
    """

    name: str
    call: Callable[..., Any]
    arguments: tuple[TrinoType, ...]
    returns: TrinoType
    takes_null: bool = False
    forgiving: bool = False


@dataclass(slots=True)
class QueryPlan:
    """A translated query: SQL that reads from scans by name, its columns, and the functions it calls."""

    sql: Sql
    columns: tuple[Column, ...]
    scans: list[Scan]
    functions: dict[str, PythonFunction]
