"""A query from its text to rows: parse, bind and translate, read the files' names, run, render."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from local_athena.catalog.files import files_of
from local_athena.catalog.names import GlueTables
from local_athena.delta.tables import DeltaTables
from local_athena.engine.engine import Engine
from local_athena.engine.stopping import checkpoint
from local_athena.errors import AthenaApiError, QueryFailed
from local_athena.iceberg.tables import IcebergTables
from local_athena.protocols import GlueClient, Storage
from local_athena.readers.partitions_table import HivePartitions
from local_athena.readers.scans import Reading, read_scan
from local_athena.sql.build import ident
from local_athena.sql.fragment import Sql
from local_athena.sql.query import table_of, with_query
from local_athena.sql.typed import Column, QueryPlan, Scan
from local_athena.sql.writer import write
from local_athena.statements.engine_errors import query_failed, too_large, unrepresentable
from local_athena.statements.folding import fold
from local_athena.statements.jobs import Session
from local_athena.statements.output.render import column_texts
from local_athena.statements.pattern_steps import PatternSteps, pattern_steps
from local_athena.statements.undo import Undo
from local_athena.translate.context import QueryContext
from local_athena.translate.translator import QueryTranslator

BATCH_ROWS = 8192
"""Few enough for rows of some kilobytes: a batch lies outside of the engine's memory."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with its scans read in: complete DuckDB SQL and the bytes it will read."""

    plan: QueryPlan
    sql: Sql
    scanned: int
    patterns: PatternSteps

    @property
    def columns(self) -> tuple[Column, ...]:
        """The output columns."""
        return self.plan.columns


class Queries:
    """Prepares and runs queries on one engine, catalog and storage."""

    def __init__(
        self,
        engine: Engine,
        glue: GlueClient,
        storage: Storage,
        journal: Callable[[Undo], None] = lambda undo: None,
    ) -> None:
        self.engine = engine
        self.glue = glue
        self.storage = storage
        self.journal = journal
        """Told what would take the statement back, before it changes anything."""

    def prepare(
        self, text: str, tree: exp.Expr, session: Session, tables: GlueTables | None = None
    ) -> Prepared:
        """Everything before the first row; `tables` are those that the statement has looked up before.

        Raises:
            QueryFailed: the query cannot be answered.
        """
        context = QueryContext(
            text=text, now=session.now, tables=tables or self.tables(session), database=session.database
        )
        context.fold = partial(fold, self.engine, context)
        try:
            plan = QueryTranslator(context).plan(tree)
            readings = {scan.name: self._reading(context, scan) for scan in plan.scans}
        except RecursionError as error:
            raise too_large() from error
        except AthenaApiError as error:
            raise QueryFailed("INVALID_VIEW", error.message) from error
        scans = {name: reading.sql for name, reading in readings.items()}
        query = with_query((table_of(ident(name), scan) for name, scan in scans.items()), plan.sql)
        patterns = pattern_steps(context, plan.sql, scans)
        return Prepared(plan, query, sum(reading.scanned for reading in readings.values()), patterns)

    def tables(self, session: Session, *, row_positions: bool = False) -> GlueTables:
        """The tables as one statement sees them; `row_positions` lets it name "$row_position"."""
        formats = (
            IcebergTables(self.glue, self.storage),
            DeltaTables(self.storage),
            HivePartitions(self.glue),
        )
        return GlueTables(self.glue, session.database, session.catalog, formats, row_positions=row_positions)

    def _reading(self, context: QueryContext, scan: Scan) -> Reading:
        if scan.table.read is not None:
            made: Reading = scan.table.read(context, scan, self.engine.copies)
            return made
        return read_scan(
            context, scan, files_of(scan, self.glue, self.storage, context.now), self.engine.copies
        )

    def run(self, prepared: Prepared) -> Iterator[Any]:
        """The rows as Arrow batches.

        Raises:
            QueryFailed: while running.
        """
        with self._running(prepared) as connection:
            for batch in connection.execute(write(prepared.sql)).to_arrow_reader(BATCH_ROWS):
                checkpoint()
                yield batch

    def write(self, prepared: Prepared, copy: Sql) -> int:
        """Run a COPY of a prepared query; returns how many rows it wrote.

        Raises:
            QueryFailed: while running.
        """
        with self._running(prepared) as connection:
            return int(connection.execute(write(copy)).fetchall()[0][0])

    @contextmanager
    def _running(self, prepared: Prepared) -> Iterator[Any]:
        """A connection with all that the query needs, whose failures are told as Athena's."""
        self.engine.register(prepared.plan.functions)
        with self.engine.session() as connection:
            try:
                prepared.patterns.run(connection)
                yield connection
            except duckdb.InterruptException:
                checkpoint()  # tells a stop that was asked for
                raise
            except (duckdb.Error, OSError) as error:
                raise query_failed(error) from error
            except (ValueError, OverflowError) as error:
                raise unrepresentable(error) from error


def rows_of(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    """A batch's rows."""
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def rendered(batches: Iterator[Any], columns: tuple[Column, ...]) -> Iterator[pa.RecordBatch]:
    """Arrow batches as batches of text, their columns named by their places."""
    names = [str(i) for i in range(len(columns))]
    for batch in batches:
        texts = [column_texts(batch.column(i), c.type) for i, c in enumerate(columns)]
        yield pa.RecordBatch.from_arrays(texts, names)
