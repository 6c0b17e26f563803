"""A MATCH_RECOGNIZE, or a row pattern of a window, that runs before its query: input rows in, a sheet out,
which the query reads by name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from local_athena.engine.stopping import checkpoint
from local_athena.errors import QueryFailed
from local_athena.patterns.definitions import Definitions
from local_athena.patterns.matcher import Matcher
from local_athena.patterns.program import Instruction
from local_athena.patterns.recognition import Output, Skip, matches
from local_athena.patterns.sheet import Computation, InputRows, Sheet
from local_athena.patterns.windowing import Ends, Frame, Search, WindowOutput, attempts
from local_athena.sql.build import NOTHING, commas, ident, joined, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.reads import definitions_for
from local_athena.sql.writer import write

BATCH_ROWS = 50_000
MOST_BYTES = 1 << 30
MOST_SECONDS = 30 * 60
"""Athena's own limit for a query."""


@dataclass(slots=True)
class PatternStep:
    """One of them. `name` is what the query calls the sheet.

    Attributes:
        source: ` FROM ... WHERE ...` that gives the input, or nothing for one row.
        fields: SQL of each input column, over `source`.
        partition: SQL of the partition's keys.
        order: terms of ORDER BY.
        labels: the primary variables, by number.
        definitions: the condition of each, None where every row fits.
        measures: what the query computes over the sheet.
        shown: the input columns that the query reads from the sheet.
        frame: how a window looks for matches, None for MATCH_RECOGNIZE, which has `rows` instead.
    """

    name: str
    source: Sql
    fields: list[Sql]
    partition: list[Sql]
    order: list[Sql]
    labels: list[str]
    program: list[Instruction]
    definitions: list[Computation | None]
    measures: Computation
    rows: str
    skip: Skip
    shown: set[int] = field(default_factory=set)
    frame: Frame | None = None

    def input_sql(self) -> Sql:
        """The query for the input rows: the columns that are read, sorted, with the partition's number."""
        keys = commas(self.partition)
        number = sql("dense_rank() OVER (ORDER BY {})", keys) if self.partition else sql("1")
        items = [sql("{} AS {}", self.fields[i], ident(f"f{i}")) for i in self._used()]
        if self.frame is not None and self.frame.reach is not None:
            items.append(sql("{} AS e", self.frame.reach))
        chosen = commas([sql("{} AS p", number), sql("row_number() OVER () AS n"), *items])
        order = commas([*self.partition, *self.order, sql("n")])
        return sql("SELECT {}{} ORDER BY {}", chosen, self.source, order)

    def _used(self) -> list[int]:
        plans = [self.measures, *(plan for plan in self.definitions if plan is not None)]
        reads = [read for plan in plans for read in plan.reads]
        return sorted({read.field for read in reads if read.field is not None} | self.shown)

    def reads(self, known: Mapping[str, Sql]) -> list[Sql]:
        """All the SQL that it runs, with the WITH queries among `known` that it needs."""
        plans = [plan for plan in self.definitions if plan is not None]
        made = [self.input_sql(), *(made for plan in plans for made in plan.expressions)]
        return [*made, *definitions_for(joined(" ", made), known)]

    def run(self, connection: Any, complete: Callable[[Sql], Sql]) -> None:
        """Find the matches and give the connection their sheet.

        Args:
            connection: DuckDB's.
            complete: puts the relations that a query may name before it.

        Raises:
            QueryFailed: there is too much input, or a match cannot be told.
        """
        check = _checkpoint()
        found = connection.execute(write(complete(self.input_sql())))
        table = _input(found.to_arrow_reader(BATCH_ROWS), check)
        rows = InputRows(table.column("p"), {i: table.column(f"f{i}") for i in self._used()})

        def compute(plan: Computation, sheet: pa.Table) -> list[bool | None]:
            check()
            connection.register(f"{self.name}_d", sheet)
            source = plan.source(ident(f"{self.name}_d"))
            shown = sql(" WHERE m.shown ORDER BY m.grp") if plan.aggregates else NOTHING
            query = sql("SELECT {} FROM {}{}", plan.expressions[0], source, shown)
            return list(connection.execute(write(complete(query))).to_arrow_table().column(0).to_pylist())

        definitions = Definitions(self.definitions, self.labels, rows, compute)
        sheet = self._sheet(rows, table, Matcher(self.program, definitions, check))
        connection.register(self.name, sheet.table(rows, self.labels, sorted(self.shown)))

    def _sheet(self, rows: InputRows, table: pa.Table, matcher: Matcher) -> Sheet:
        if self.frame is None:
            output = Output(self.measures, self.rows)
            for partition in rows.partitions:
                for match in matches(matcher, partition, self.skip):
                    output.add(match)
            return output.sheet
        shown = WindowOutput(self.measures)
        search = Search(matcher, self.definitions, seek=self.frame.seek)
        ends = _ends(table)
        for partition in rows.partitions:
            for row, found in attempts(search, partition, self.skip, ends):
                shown.add(row, found)
        return shown.sheet


def _input(reader: pa.RecordBatchReader, check: Callable[[], None]) -> pa.Table:
    batches, size = [], 0
    for batch in reader:
        check()
        batches.append(batch)
        size += batch.nbytes
        if size > MOST_BYTES:
            problem = f"Row pattern recognition takes at most {MOST_BYTES >> 20} MB of input. Filter it first"
            raise QueryFailed("EXCEEDED_MEMORY_LIMIT", problem, error_type=0)
    return pa.Table.from_batches(batches, reader.schema)


def _ends(table: pa.Table) -> Ends:
    """Where the frames end: with their partitions, or as far as the input says."""
    if "e" not in table.column_names:
        return lambda row, partition: partition.end
    reach = table.column("e").to_numpy()
    return lambda row, partition: min(row + 1 + int(reach[row]), partition.end)


def _checkpoint() -> Callable[[], None]:
    """What a long loop calls: it fails when the query was stopped, or too much time has passed since now."""
    end = time.monotonic() + MOST_SECONDS

    def check() -> None:
        checkpoint()
        if time.monotonic() > end:
            message = f"Query exceeded the maximum of {MOST_SECONDS // 60} minutes"
            raise QueryFailed("EXCEEDED_TIME_LIMIT", message)

    return check
