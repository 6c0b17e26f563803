"""The rows that DuckDB computes over: values taken from input rows, laid beside each other.

Expressions of MEASURES and DEFINE are translated to SQL over a sheet: `v0`, ... are the values that they
read, `label` and `number` the row's variable and its MATCH_NUMBER(), `g0`, ... its aggregates: window
functions over the rows of one `grp` in the order of `pos`, where `in0`, ... hold. So values keep types and
operators. `f0`, ... are columns of the input row that the row stands for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from local_athena.patterns.navigation import Bounds, Labels, Read
from local_athena.sql.build import commas, ident, sql
from local_athena.sql.fragment import Name, Sql

Cells = Sequence[Any]
Column = Callable[[Cells, list[str]], pa.Array]
"""Makes a column of the values given for it and the names of the variables."""
Head = tuple[int | None, ...]
"""The input row that a row stands for, its group, its place there, its label, its match number; whether it is
shown, or only counted; in a window also the distances to the first and the last row of its match.
"""
Values = Iterable[int | None]
"""For each read the input row that it means, or the label when it reads one."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate over the rows of `labels` so far; `labelled` if it reads CLASSIFIER()."""

    sql: Sql
    labels: Labels
    labelled: bool


@dataclass(slots=True)
class Computation:
    """Expressions over a sheet, and what must be in it for them. `numbered` if they read MATCH_NUMBER()."""

    expressions: list[Sql] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    aggregates: list[Aggregate] = field(default_factory=list)
    numbered: bool = False

    def source(self, sheet: Name) -> Sql:
        """The sheet with its aggregates, for FROM, as `m`."""
        if not self.aggregates:
            return sql("{} AS m", sheet)
        made = commas(sql("{} AS {}", made, ident(f"g{i}")) for i, made in enumerate(self.aggregates))
        return sql("(SELECT m.*, {} FROM {} AS m) AS m", made, sheet)


class InputRows:
    """The input, sorted by partition and order; `columns` are its fields by number."""

    def __init__(self, partition: pa.ChunkedArray, columns: dict[int, pa.ChunkedArray]) -> None:
        self._columns = {field: _joined(column) for field, column in columns.items()}
        self.count = len(partition)
        self._starts = _starts(partition)
        self.partitions = [Bounds(first, end) for first, end in pairwise([*self._starts, self.count])]
        sizes = [bounds.end - bounds.start for bounds in self.partitions]
        self._of_row = np.repeat(np.arange(len(sizes)), sizes)

    def partition_of(self, row: int) -> Bounds:
        """The partition of a row."""
        return self.partitions[bisect_right(self._starts, row) - 1]

    def beside(self, rows: Any, targets: Any) -> pa.Array:
        """Other rows, NULL where one is not in the partition of its row."""
        inside = np.clip(targets, 0, self.count - 1)
        there = (inside == targets) & (self._of_row[inside] == self._of_row[rows])
        return pa.array(inside, pa.int64(), mask=~there)

    def taken(self, field: int, rows: Cells) -> pa.Array:
        """The values of a field at rows, NULL for None."""
        places = rows if isinstance(rows, pa.Array) else pa.array(rows, pa.int64())
        return self._columns[field].take(places)


def _joined(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece, from which rows can be taken fast."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _starts(partition: pa.ChunkedArray) -> list[int]:
    """Where each run of equal numbers starts."""
    if len(partition) == 0:
        return []
    numbers = _joined(partition)
    changes = pc.not_equal(numbers[1:], numbers[:-1])
    places = pc.indices_nonzero(changes).to_pylist()
    return [0, *(place + 1 for place in places)]


class Sheet:
    """Collects rows for a computation; `framed` ones have the distances of a window."""

    def __init__(self, computation: Computation, *, framed: bool = False) -> None:
        self._head = HEAD | FRAME if framed else HEAD
        self._reads, self._aggregates = computation.reads, computation.aggregates
        self._rows: list[tuple[Any, ...]] = []

    def add(self, head: Head, members: Iterable[bool], values: Values) -> None:
        """Append a row; `members` says for each aggregate whether it counts the row."""
        self._rows.append((*head, *members, *values))

    def table(self, rows: InputRows, names: list[str], fields: Iterable[int] = ()) -> pa.Table:
        """The sheet as DuckDB reads it; `names` are the variables by number."""
        columns = [
            *self._head.items(),
            *((f"in{i}", _flags) for i in range(len(self._aggregates))),
            *((f"v{i}", _read(read, rows)) for i, read in enumerate(self._reads)),
        ]
        values: list[Any] = list(zip(*self._rows, strict=True)) or [()] * len(columns)
        made = {name: make(values[i], names) for i, (name, make) in enumerate(columns)}
        return pa.table(made | {f"f{field}": rows.taken(field, values[0]) for field in fields})


def _read(read: Read, rows: InputRows) -> Column:
    field = read.field
    return _labels if field is None else lambda values, _: rows.taken(field, values)


def _labels(labels: Cells, names: list[str]) -> pa.Array:
    return pa.array((None if label is None else names[label] for label in labels), pa.string())


def _numbers(values: Cells, _: list[str]) -> pa.Array:
    return pa.array(values, pa.int64())


def _flags(values: Cells, _: list[str]) -> pa.Array:
    return pa.array(values, pa.bool_())


HEAD: dict[str, Column] = {
    "source": _numbers,
    "grp": _numbers,
    "pos": _numbers,
    "label": _labels,
    "number": _numbers,
    "shown": _flags,
}
"""The columns that every sheet has."""
FRAME: dict[str, Column] = {"first": _numbers, "last": _numbers}
"""Those that only a window's has."""
