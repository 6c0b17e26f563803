"""Who runs a statement: queries go to the engine, DDL and SHOW to their handlers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from sqlglot import exp

from local_athena.engine.stopping import seal
from local_athena.errors import QueryCancelled, QueryFailed, not_supported
from local_athena.parse.statements import parse_query
from local_athena.statements.create_table_as import create_table_as
from local_athena.statements.ddl import run_ddl
from local_athena.statements.ddl.context import DdlContext
from local_athena.statements.explain import explain
from local_athena.statements.insert import insert
from local_athena.statements.jobs import Job
from local_athena.statements.outcome import Outcome
from local_athena.statements.output.column_info import column_infos
from local_athena.statements.output.csv_file import write_csv
from local_athena.statements.preparing import deallocate, prepare
from local_athena.statements.query import Queries, rendered
from local_athena.statements.saved import Saved
from local_athena.statements.unload import unload

SEALED_LATER = ("MSCK_REPAIR",)
"""Definitions that look around for long before they change the catalog; the others do it at once."""


class Statements:
    """Runs any statement; results are written in the folder `results`, by their executions' names."""

    def __init__(self, queries: Queries, results: Path, prepared: Saved) -> None:
        self.queries = queries
        self.results = results
        self.prepared = prepared

    def run(self, job: Job, tree: exp.Expr | None = None) -> Outcome:
        """Run a statement to its end; `tree` is its own, with its parameters in it.

        Raises:
            QueryFailed, QueryCancelled: it did not succeed.
        """
        name = job.statement.kind.name
        runner = RUNNERS.get(name)
        if runner is not None:
            return runner(self, job, tree)
        if job.statement.kind.statement_type == "DDL" and name not in SEALED_LATER:
            seal()
        q = self.queries
        outcome = run_ddl(
            name, DdlContext(q.glue, q.storage, job.session.database, job.statement.text, job.session, q)
        )
        if outcome is None:
            raise not_supported(f"{name.replace('_', ' ')} statements are not supported")
        return outcome


def check_cutoff(job: Job, scanned: int) -> None:
    """Stop a query that would read more than its workgroup allows."""
    if job.cutoff is not None and scanned > job.cutoff:
        reason = f"Bytes scanned limit was exceeded: the limit is {job.cutoff} bytes"
        raise QueryCancelled(reason, job.cutoff)


Tree: TypeAlias = exp.Expr | None


def _select(s: Statements, job: Job, tree: Tree) -> Outcome:
    prepared = s.queries.prepare(job.statement.text, tree or parse_query(job.statement.text), job.session)
    check_cutoff(job, prepared.scanned)
    path = s.results / job.execution_id
    infos = column_infos(prepared.columns)
    try:
        batches = rendered(s.queries.run(prepared), prepared.columns)
        write_csv(path, [column["Name"] for column in infos], batches)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    kind = "application/octet-stream" if prepared.plan.scans else "binary/octet-stream"
    return Outcome(path, infos, 0, scanned=prepared.scanned, content_type=kind)


def _create_table_as(s: Statements, job: Job, tree: Tree) -> Outcome:
    if not isinstance(tree, exp.Create) or tree.expression is None:
        raise QueryFailed("SYNTAX_ERROR", "line 1:1: CREATE TABLE AS needs a query")
    try:
        return create_table_as(s.queries, job, tree, check_cutoff)
    except QueryFailed as error:
        raise error.followed_by(CTAS_REMEDY.format(f"{job.output}tables/{job.execution_id}")) from error


def _insert(s: Statements, job: Job, tree: Tree) -> Outcome:
    if not isinstance(tree, exp.Insert):
        raise QueryFailed("SYNTAX_ERROR", "line 1:1: INSERT needs a query")
    try:
        return insert(s.queries, job, tree, check_cutoff)
    except QueryFailed as error:
        raise error.followed_by(
            INSERT_REMEDY.format(f"{job.output}{job.execution_id}-manifest.csv")
        ) from error


# Athena's words; here what a failed statement wrote is taken back.
CTAS_REMEDY = (
    " You may need to manually clean the data at location '{}' before retrying. Athena will not delete data in your "  # noqa: E501
    "account."
)
INSERT_REMEDY = (
    " If a data manifest file was generated at '{}', you may need to manually clean the data from locations specified "  # noqa: E501
    "in the manifest. Athena will not delete data in your account."
)


def _unload(s: Statements, job: Job, tree: Tree) -> Outcome:
    return unload(s.queries, job, tree, check_cutoff)


def _change_rows(s: Statements, job: Job, tree: Tree) -> Outcome:
    from local_athena.statements.iceberg.row_changes import change_rows

    return change_rows(s.queries, job, tree, check_cutoff)


def _optimize(s: Statements, job: Job, tree: Tree) -> Outcome:
    from local_athena.statements.iceberg.maintenance import optimize

    return optimize(s.queries, job)


def _vacuum(s: Statements, job: Job, tree: Tree) -> Outcome:
    from local_athena.statements.iceberg.maintenance import vacuum

    return vacuum(s.queries, job)


RUNNERS: dict[str, Callable[[Statements, Job, Tree], Outcome]] = {
    "SELECT": _select,
    "EXPLAIN": lambda s, job, tree: explain(s.queries, job, check_cutoff),
    "PREPARE": lambda s, job, tree: prepare(s.prepared, job),
    "DEALLOCATE": lambda s, job, tree: deallocate(s.prepared, job),
    "CREATE_TABLE_AS_SELECT": _create_table_as,
    "INSERT": _insert,
    "UNLOAD": _unload,
    "UPDATE": _change_rows,
    "DELETE": _change_rows,
    "MERGE": _change_rows,
    "OPTIMIZE": _optimize,
    "VACUUM_TABLE": _vacuum,
}
