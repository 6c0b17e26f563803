"""Athena's SQL on this machine's DuckDB, over the profile's Glue catalog and S3: no Athena and no price.

It only reads, and answers with the values and types that Athena gives, so it takes Athena's place for a
query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from laguna.errors import QueryFailed
from laguna.operations.athena import QueryResult, price_usd, python_value
from laguna.profiles.profile import Profile


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Queries on the catalog of a profile; bare table names are in `database`."""

    profile: Profile
    database: str

    def run(self, sql: str) -> QueryResult:
        """Run `sql` to its end.

        Raises:
            QueryFailed: it is refused or fails; a statement that writes is refused.
        """
        with self._connected() as connection, _as_query_failed():
            answer = connection.answer(sql)
            types = tuple(column["Type"] for column in answer.columns)
            rows = [tuple(map(python_value, types, row)) for row in answer.rows]
            columns = tuple(column["Name"] for column in answer.columns)
            return QueryResult(sql, columns, types, rows, answer.scanned, price_usd(answer.scanned))

    def estimate(self, sql: str) -> QueryResult:
        """What `sql` would read, as a table of one row.

        Raises:
            QueryFailed: the query cannot be answered.
        """
        with self._connected() as connection, _as_query_failed():
            scanned = connection.estimate(sql)
        price = price_usd(scanned)
        row = (scanned, f"{price:.6f}")
        return QueryResult(sql, ("scanned_bytes", "price_usd"), ("bigint", "decimal"), [row], scanned, price)

    def _connected(self) -> Any:
        # Here alone, because the engine is no part of what is deployed.
        from local_athena.dbapi import connect

        return connect(
            session=self.profile.session(), endpoint_url=self.profile.endpoint, database=self.database
        )


@contextmanager
def _as_query_failed() -> Iterator[None]:
    """The engine's refusals as the command's."""
    from local_athena.dbapi import ProgrammingError

    try:
        yield
    except ProgrammingError as error:
        raise QueryFailed(f"The query cannot be run: {str(error).rstrip('.')}.") from error
