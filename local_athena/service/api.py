"""AthenaService: every operation of Athena that concerns SQL, as one object."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local_athena.protocols import Clock, GlueClient, OpenDatabase, Storage
from local_athena.service.executions import Executions
from local_athena.service.inner_queries import InnerQueries
from local_athena.service.metadata import CatalogMetadata
from local_athena.service.queries_api import QueriesApi
from local_athena.service.saved_queries import NamedQueries, PreparedStatements
from local_athena.service.state import State
from local_athena.service.workgroups import WorkGroups
from local_athena.workers.launching import Launcher, launcher
from local_athena.workers.serving import Backing
from local_athena.workers.workers import Workers


class AthenaService:
    """One region's Athena. An operation `StartQueryExecution` is `start_query_execution(request, caller)`.

    `state` opens the database of its records; `scratch` is a folder for spilling and for results being
    written; `memory` is what all queries may take together, such as `4GB`; `launch` begins their processes.
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
        launch: Launcher | None = None,
    ) -> None:
        kept = State(state)
        workgroups = WorkGroups(kept, clock)
        prepared = PreparedStatements(kept, workgroups, clock)
        self._workers = Workers(launch or launcher(), Backing(glue, storage, prepared), scratch, memory)
        self._executions = Executions(kept, self._workers, (glue, storage), clock)
        self.inner_queries = InnerQueries(self._workers, clock)
        self._parts = (
            QueriesApi(kept, self._executions, workgroups, self._workers.analyse, storage, clock),
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

    def status(self) -> dict[str, Any]:
        """The workers and the lanes, for the health page."""
        return {"workers": self._workers.status(), "lanes": self._executions.status()}

    def close(self) -> None:
        """Cancel what runs and end the workers."""
        self._executions.close()
