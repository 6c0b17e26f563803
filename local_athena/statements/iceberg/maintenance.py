"""OPTIMIZE and VACUUM: fewer, larger files; snapshots that have expired and files that nothing names,
removed.

https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-data-optimization.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from pyiceberg.table import FileScanTask, Table
from pyiceberg.table.snapshots import ancestors_of
from sqlglot import exp

from local_athena.catalog.table_formats import is_iceberg
from local_athena.errors import QueryFailed, not_supported
from local_athena.iceberg.catalog import committing
from local_athena.iceberg.damage import reading
from local_athena.iceberg.planning import planned
from local_athena.iceberg.row_delta import commit_once
from local_athena.parse.iceberg_forms import optimize_form, vacuum_form
from local_athena.parse.statements import parse_query, position
from local_athena.statements.iceberg.data_files import staged
from local_athena.statements.iceberg.writes import QUERY_ID
from local_athena.statements.jobs import Job
from local_athena.statements.outcome import Outcome
from local_athena.statements.query import Queries

TARGET, MINIMUM, MAXIMUM = 536870912, 0.75, 1.8
DATA_THRESHOLD, DELETE_THRESHOLD = 5, 2
MIN_SNAPSHOTS, MAX_AGE_SECONDS = 1, 432000
ONE_WHERE = {"expressions", "distinct", "from_", "where"}
"""The parts of a query that has a predicate and nothing after it."""


def optimize(queries: Queries, job: Job) -> Outcome:
    """OPTIMIZE table REWRITE DATA USING BIN_PACK [WHERE predicate].

    Raises:
        QueryFailed: the table is not an Iceberg table; another writer was faster.
    """
    found = optimize_form(job.statement.body)
    name, table = _table(queries, job, found["name"])
    chosen = [task for group in _groups(table, _matching(queries, job, found)) for task in group]
    if chosen:
        _rewrite(queries, job, name, table, chosen)
    return Outcome(None, [], None)


def _table(queries: Queries, job: Job, text: str) -> tuple[str, Table]:
    parts = tuple(part.strip('"`').lower() for part in re.findall(r'"[^"]+"|`[^`]+`|[\w$]+', text))
    bound = queries.tables(job.session).resolve(parts, "line 1:1: ")
    if bound.view_sql is not None or not is_iceberg(bound.glue) or "$" in bound.name:
        raise not_supported(f"Table {bound.full_name} is not an Iceberg table")
    return f"{bound.database}.{bound.name}", bound.loaded


def _matching(queries: Queries, job: Job, found: re.Match[str]) -> set[str] | None:
    """The files with a row that the predicate chooses, None for all: any row chooses its file."""
    if not found["where"]:
        return None
    # Blanks give what is wrong the place that it has in the statement.
    head = f'SELECT DISTINCT "$path" FROM {found["name"]} WHERE '.rjust(found.start("where"))  # noqa: S608
    text = head + found["where"]
    tree = parse_query(text)
    if not isinstance(tree, exp.Select) or {name for name, part in tree.args.items() if part} - ONE_WHERE:
        line, column = position(text, found.start("where"))
        raise QueryFailed("SYNTAX_ERROR", f"line {line}:{column}: OPTIMIZE takes nothing after its predicate")
    prepared = queries.prepare(text, tree, job.session)
    return {str(uri) for batch in queries.run(prepared) for uri in batch.column(0).to_pylist()}


def _groups(table: Table, among: set[str] | None) -> list[list[FileScanTask]]:
    """The files to rewrite, partition by partition, as the table's thresholds say."""
    target = _number(table, "write.target-file-size-bytes", TARGET)
    low = _number(table, "optimize_rewrite_min_data_file_size_bytes", int(target * MINIMUM))
    high = _number(table, "optimize_rewrite_max_data_file_size_bytes", int(target * MAXIMUM))
    enough = _number(table, "optimize_rewrite_data_file_threshold", DATA_THRESHOLD)
    deletes = _number(table, "optimize_rewrite_delete_file_threshold", DELETE_THRESHOLD)
    by_partition: dict[Any, list[FileScanTask]] = defaultdict(list)
    for task in planned(table, None):
        if among is not None and task.file.file_path not in among:
            continue
        by_partition[task.file.spec_id, task.file.partition].append(task)
    groups = []
    for tasks in by_partition.values():
        odd = [t for t in tasks if not low <= t.file.file_size_in_bytes <= high]
        deleted = [t for t in tasks if len(t.delete_files) >= deletes]
        groups.append(
            list({t.file.file_path: t for t in (odd if len(odd) >= enough else []) + deleted}.values())
        )
    return groups


def _number(table: Table, key: str, default: int) -> int:
    text = str(table.properties.get(key, default))
    return int(text) if text.isdigit() else default


def _rewrite(queries: Queries, job: Job, name: str, table: Table, tasks: list[FileScanTask]) -> None:
    """Write the live rows of some files anew and replace the files in one commit."""
    prepared = queries.prepare(job.statement.text, _rows_of(table, tasks), job.session)
    with staged(queries, table) as files, committing(name):
        transaction = table.transaction()
        snapshot = transaction.update_snapshot({QUERY_ID: job.execution_id}).overwrite()
        for task in tasks:
            snapshot.delete_data_file(task.file)
        for file in files.data(prepared, prepared.sql):
            snapshot.append_data_file(file)
        commit_once(transaction, snapshot)


def _rows_of(table: Table, tasks: list[FileScanTask]) -> exp.Select:
    """The query for the live rows of some files of a table."""
    database, name = (exp.to_identifier(part, quoted=True) for part in table.name())
    paths = [exp.Literal.string(task.file.file_path) for task in tasks]
    query = exp.Select(expressions=[_column(field.name) for field in table.schema().fields])
    query.set("from_", exp.From(this=exp.Table(this=name, db=database)))
    query.set("where", exp.Where(this=exp.In(this=_column("$path"), expressions=paths)))
    return query


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def vacuum(queries: Queries, job: Job) -> Outcome:
    """VACUUM table: expire snapshots beyond the table's age and number, then delete what no snapshot names.

    Raises:
        QueryFailed: the table is not an Iceberg table; another writer was faster.
    """
    found = vacuum_form(job.statement.body)
    name, table = _table(queries, job, found["name"])
    expired = _expired(table, job.session.now)
    if expired:
        with committing(name):
            table.maintenance.expire_snapshots().by_ids(expired).commit()
    _remove_orphans(queries, table.refresh(), job.session.now)
    return Outcome(None, [], None)


def _expired(table: Table, now: datetime) -> list[int]:
    keep = _number(table, "vacuum_min_snapshots_to_keep", MIN_SNAPSHOTS)
    age = _number(table, "vacuum_max_snapshot_age_seconds", MAX_AGE_SECONDS)
    current = table.current_snapshot()
    line = list(ancestors_of(current, table.metadata)) if current is not None else []
    kept = {snapshot.snapshot_id for snapshot in line[:keep]}
    kept |= {ref.snapshot_id for ref in table.metadata.refs.values()}
    oldest = (now - timedelta(seconds=age)).timestamp() * 1000
    return [s.snapshot_id for s in table.snapshots() if s.snapshot_id not in kept and s.timestamp_ms < oldest]


ORPHAN_AGE = timedelta(days=3)
"""Younger files may belong to a statement that has not committed yet."""


def _remove_orphans(queries: Queries, table: Table, now: datetime) -> None:
    named = named_files(table)
    age = timedelta(seconds=_number(table, "vacuum_max_snapshot_age_seconds", MAX_AGE_SECONDS))
    for stored in list(queries.storage.list_files(table.location().rstrip("/") + "/")):
        if stored.uri not in named and stored.modified < now - min(age, ORPHAN_AGE):
            queries.storage.delete(stored.uri)


def named_files(table: Table) -> set[str]:
    """Every file that the table's metadata still names."""
    with reading(".".join(table.name())):
        return _named(table)


def _named(table: Table) -> set[str]:
    names = {table.metadata_location, *(entry.metadata_file for entry in table.metadata.metadata_log)}
    for snapshot in table.snapshots():
        names.add(snapshot.manifest_list)
        for manifest in snapshot.manifests(table.io):
            names.add(manifest.manifest_path)
            entries = manifest.fetch_manifest_entry(table.io, discard_deleted=True)
            names |= {entry.data_file.file_path for entry in entries}
    return names
