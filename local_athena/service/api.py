"""AthenaService: every operation of Athena that concerns SQL, as one object."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local_athena.engine.engine import Engine
from local_athena.protocols import Clock, GlueClient, OpenDatabase, Storage
from local_athena.service.executions import Executions
from local_athena.service.metadata import CatalogMetadata
from local_athena.service.queries_api import QueriesApi
from local_athena.service.saved_queries import NamedQueries, PreparedStatements
from local_athena.service.state import State
from local_athena.service.workgroups import WorkGroups
from local_athena.statements.query import Queries
from local_athena.statements.runners import Statements


class AthenaService:
    """One region's Athena. An operation `StartQueryExecution` is `start_query_execution(request, caller)`.

    `state` opens the database of its records; `scratch` is a folder for spilling and for results being
    written; `memory` is what all queries may take together, in DuckDB's notation.
    """

    def __init__(
        self,
        state: OpenDatabase,
        scratch: Path,
        glue: GlueClient,
        storage: Storage,
        clock: Clock,
        account_id: str,
        memory: str = "",
    ) -> None:
        self._engine = Engine(storage, scratch, memory=memory)
        kept = State(state)
        workgroups = WorkGroups(kept, clock)
        prepared = PreparedStatements(kept, workgroups, clock)
        statements = Statements(Queries(self._engine, glue, storage), scratch, prepared)
        self._executions = Executions(kept, statements, storage, clock)
        self._parts = (
            QueriesApi(kept, self._executions, workgroups, (glue, storage), clock),
            workgroups,
            NamedQueries(kept, workgroups),
            prepared,
            CatalogMetadata(glue, account_id),
        )

    def __getattr__(self, operation: str) -> Any:
        if not operation.startswith("_"):
            for part in self._parts:
                method = getattr(part, operation, None)
                if method is not None:
                    return method
        raise AttributeError(operation)

    def under_way(self) -> list[str]:
        """The queries that run or wait, named for a person."""
        return self._executions.under_way()

    def close(self) -> None:
        """Cancel what runs and free the engine."""
        self._executions.close()
        self._engine.close()
