"""`connect()`: a DB-API 2.0 connection that answers Athena's SQL in this process, without Athena's price.

With AWS credentials it reads a real Glue catalog and S3; with an `endpoint_url`, a local AWS. It only reads:
a statement that would change a table is refused.
https://peps.python.org/pep-0249/
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import boto3
from sqlglot import exp

from local_athena.dbapi.s3_storage import S3Storage
from local_athena.dbapi.values import value
from local_athena.engine.engine import Engine
from local_athena.errors import AthenaApiError, QueryFailed, not_supported
from local_athena.parse.placeholders import filled
from local_athena.parse.statements import Statement, parse_query, read_statement
from local_athena.statements.ddl import run_ddl
from local_athena.statements.ddl.context import DdlContext
from local_athena.statements.jobs import Session
from local_athena.statements.output.column_info import column_infos
from local_athena.statements.parameters import values_of
from local_athena.statements.query import Prepared, Queries, rendered, rows_of

apilevel, threadsafety, paramstyle = "2.0", 1, "qmark"


class Error(Exception):
    """Any error of this module."""


class ProgrammingError(Error):
    """The statement is refused or fails; the text is Athena's StateChangeReason."""


class InterfaceError(Error):
    """The connection or cursor cannot do what it was asked: it is closed, or has no result."""


def connect(
    *,
    profile_name: str | None = None,
    region_name: str | None = None,
    endpoint_url: str | None = None,
    database: str = "default",
    memory: str = "2GB",
    session: Any = None,
) -> Connection:
    """A connection with the AWS SDK's own credentials.

    Args:
        profile_name: a profile of the SDK's configuration.
        region_name: where the catalog is.
        endpoint_url: a local AWS; by default the SDK's, which is AWS.
        database: what names without a database mean.
        memory: the most that a query may take before it spills, in DuckDB's notation.
        session: a boto3 session, instead of profile and region.

    Raises:
        botocore.exceptions.BotoCoreError: there is no region, or no such profile.
    """
    session = session or boto3.Session(profile_name=profile_name, region_name=region_name)
    glue = session.client("glue", endpoint_url=endpoint_url)
    return Connection(glue, S3Storage(session, endpoint_url), database, memory)


@dataclass(frozen=True, slots=True)
class Answer:
    """A statement's result as Athena tells it: ColumnInfo dicts, rows of texts, bytes read."""

    columns: list[dict[str, Any]]
    rows: Iterator[tuple[str | None, ...]]
    scanned: int = 0


class Connection:
    """An engine on a catalog and a storage. Close it to free its memory and its temporary files."""

    def __init__(self, glue: Any, storage: S3Storage, database: str, memory: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="athena-"))
        self._engine = Engine(storage, self._folder / "scratch", memory=memory)
        self._queries = Queries(self._engine, glue, storage)
        self._database = database
        self.closed = False

    def cursor(self) -> Cursor:
        """A new cursor."""
        self._check()
        return Cursor(self)

    def estimate(self, sql: str, parameters: Sequence[str] = ()) -> int:
        """The bytes that a query would read and Athena bill, from listings and footers, without running it.

        Raises:
            ProgrammingError: the query cannot be answered.
        """
        self._check()
        with _as_programming_error():
            return self._prepared(read_statement(sql), parameters).scanned

    def answer(self, sql: str, parameters: Sequence[str] = ()) -> Answer:
        """The result of one statement, its rows as they are computed.

        Raises:
            ProgrammingError: it is refused or fails before its first row.
        """
        self._check()
        with _as_programming_error():
            statement = read_statement(sql)
            if statement.kind.name == "SELECT":
                return self._selected(self._prepared(statement, parameters))
            if statement.kind.statement_type == "UTILITY":
                return self._shown(statement)
            raise not_supported("This connection only reads; run the statement on Athena")

    def _prepared(self, statement: Statement, parameters: Sequence[str]) -> Prepared:
        if statement.kind.name != "SELECT":
            raise not_supported("Only a query has an estimate")
        tree: exp.Expr = parse_query(statement.text)
        values = values_of(list(parameters), tree)
        if values:
            tree = filled(tree, values)
        session = Session(self._database, "awsdatacatalog", datetime.now(UTC))
        return self._queries.prepare(statement.text, tree, session)

    def _selected(self, prepared: Prepared) -> Answer:
        batches = rendered(self._queries.run(prepared), prepared.columns)
        rows = (cells for batch in batches for cells in rows_of(batch))
        return Answer(column_infos(prepared.columns), rows, prepared.scanned)

    def _shown(self, statement: Statement) -> Answer:
        queries = self._queries
        context = DdlContext(queries.glue, queries.storage, self._database, statement.text, None, queries)
        outcome = run_ddl(statement.kind.name, context)
        if outcome is None or not isinstance(outcome.content, bytes):
            raise not_supported(f"{statement.kind.name.replace('_', ' ')} statements are not supported")
        lines = outcome.content.decode().split("\n") if outcome.content else []
        return Answer(outcome.columns[:1], iter([(line,) for line in lines]))

    def commit(self) -> None:
        """Nothing to do, as nothing is changed."""

    def close(self) -> None:
        """Free the engine and its files."""
        if not self.closed:
            self.closed = True
            self._engine.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _check(self) -> None:
        if self.closed:
            raise InterfaceError("The connection is closed.")

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


class Cursor:
    """One statement after another, and the rows of the last."""

    arraysize = 1000
    rowcount = -1
    """Not known before all rows are fetched."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.description: list[tuple[Any, ...]] | None = None
        self._rows: Iterator[tuple[str | None, ...]] | None = None

    def execute(self, sql: str, parameters: Sequence[str] = ()) -> Cursor:
        """Run a statement; `parameters` are SQL expressions for its `?`, as Athena's ExecutionParameters.

        Raises:
            ProgrammingError: it is refused or fails; the text is Athena's.
        """
        self.description, self._rows = None, None
        answer = self.connection.answer(sql, parameters)
        self.description, self._rows = [_described(info) for info in answer.columns], answer.rows
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, None after the last."""
        return next(iter(self), None)

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """Up to `size` rows."""
        return list(islice(self, self.arraysize if size is None else size))

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        return list(self)

    def close(self) -> None:
        """Forget the result."""
        self._rows = None

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        if self._rows is None:
            raise InterfaceError("There is no result; execute a query first.")
        types = [column[1] for column in self.description or ()]
        with _as_programming_error():
            for row in self._rows:
                yield tuple(map(value, types, row))


@contextmanager
def _as_programming_error() -> Iterator[None]:
    try:
        yield
    except QueryFailed as error:
        raise ProgrammingError(error.reason) from error
    except AthenaApiError as error:
        raise ProgrammingError(error.message) from error


def _described(info: dict[str, Any]) -> tuple[Any, ...]:
    """A column as DB-API tells it: name, type, display size, internal size, precision, scale, null_ok."""
    return info["Name"], info["Type"], None, None, info["Precision"], info["Scale"], None
