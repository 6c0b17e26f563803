"""UPDATE, DELETE and MERGE INTO: one query says which rows change and to what, then one commit changes them.

The statement becomes a SELECT of the target's hidden row positions, what to do with each row, and the new
values. Its result is kept in a file, so that the changes are computed once; position deletes take the old
rows away and new data files bring the new ones (merge-on-read, as Athena does).
https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-updating-iceberg-table-data.html
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from local_athena.catalog.table_formats import is_iceberg
from local_athena.catalog.tables import BoundTable
from local_athena.errors import QueryFailed, not_supported
from local_athena.iceberg.planning import planned
from local_athena.iceberg.row_delta import commit_row_delta
from local_athena.iceberg.scan import PATH, POSITION
from local_athena.sql.build import NULL, commas, ident, sql, string
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Typed
from local_athena.sql.writer import write
from local_athena.statements.iceberg.data_files import Staged, staged
from local_athena.statements.iceberg.writes import QUERY_ID
from local_athena.statements.jobs import Job
from local_athena.statements.outcome import ROWS_COLUMN, Outcome
from local_athena.statements.query import Prepared, Queries
from local_athena.types.coercion import can_store
from local_athena.types.trino import TrinoType

DELETE, UPDATE, INSERT = 0, 1, 2
MISMATCHES = {
    UPDATE: ("UPDATE table column types don't match SET expressions", "Expressions"),
    INSERT: ("Insert query has mismatched column types", "Query"),
}
Check = Callable[[Any, int], None]


@dataclass(frozen=True, slots=True)
class Branch:
    """One WHEN of a MERGE: its condition, what it does, and the new values by column."""

    condition: exp.Expr
    action: int
    values: dict[str, exp.Expr]


def change_rows(queries: Queries, job: Job, tree: exp.Expr, check: Check) -> Outcome:
    """Run an UPDATE, DELETE or MERGE.

    Raises:
        QueryFailed: the table is not an Iceberg table, a value does not fit, or another writer was faster.
    """
    target = tree.this
    if not isinstance(tree, exp.Update | exp.Delete | exp.Merge) or not isinstance(target, exp.Table):
        raise QueryFailed("SYNTAX_ERROR", "line 1:1: mismatched input. Expecting: a table's name")
    tables = queries.tables(job.session, row_positions=True)
    bound = tables.resolve(tuple(part.name.lower() for part in target.parts), "line 1:1: ")
    if bound.view_sql is not None or not is_iceberg(bound.glue) or "$" in bound.name:
        raise not_supported("Modifying Hive table rows is only supported for transactional tables")
    # The query reads this very state: a commit in between makes ours fail, as its parent is not current.
    table = bound.loaded
    branches = _branches(tree, bound)
    query = _query(tree, target, bound, branches)
    prepared = queries.prepare(job.statement.text, query, job.session, tables)
    check(job, prepared.scanned)
    if table.metadata.format_version != 2:
        raise not_supported(
            f"Rows of Iceberg tables of format version {table.metadata.format_version} cannot change"
        )
    with staged(queries, table) as files:
        rows = _apply(files, job, bound, branches, prepared)
    return Outcome(None, ROWS_COLUMN, rows, None, prepared.scanned)


def _branches(tree: exp.Expr, bound: BoundTable) -> list[Branch]:
    always = exp.true()
    if isinstance(tree, exp.Delete):
        return [Branch(always, DELETE, {})]
    if isinstance(tree, exp.Update):
        return [Branch(always, UPDATE, _assignments(tree.expressions, bound))]
    return [_when(when, bound) for when in tree.args["whens"].expressions]


def _when(when: exp.When, bound: BoundTable) -> Branch:
    condition = when.args.get("condition") or exp.true()
    then = when.args["then"]
    if not when.args["matched"]:
        if when.args.get("source"):
            raise not_supported("WHEN NOT MATCHED BY SOURCE is not supported")
        names = (
            [e.name.lower() for e in then.this.expressions] if then.this else [c.name for c in bound.columns]
        )
        values = then.expression.expressions if isinstance(then.expression, exp.Tuple) else [then.expression]
        _known(names, bound, "Insert column name does not exist in target table: {}")
        if len(values) != len(names):
            raise QueryFailed(
                "TYPE_MISMATCH", "line 1:1: MERGE insert column count does not match its values"
            )
        return Branch(condition, INSERT, dict(zip(names, values, strict=True)))
    if isinstance(then, exp.Update):
        return Branch(condition, UPDATE, _assignments(then.expressions, bound))
    return Branch(condition, DELETE, {})


def _assignments(items: list[exp.Expr], bound: BoundTable) -> dict[str, exp.Expr]:
    names = [item.this.name.lower() for item in items]
    _known(names, bound, "The UPDATE SET target column {} doesn't exist")
    if len(set(names)) != len(names):
        raise QueryFailed(
            "SYNTAX_ERROR", f"line 1:1: Multiple assignments for column '{max(names, key=names.count)}'"
        )
    return dict(zip(names, (item.expression for item in items), strict=True))


def _known(names: list[str], bound: BoundTable, message: str) -> None:
    known = {column.name for column in bound.columns}
    for name in names:
        if name not in known:
            raise QueryFailed("COLUMN_NOT_FOUND", f"line 1:1: {message.format(name)}")


def _query(tree: exp.Expr, target: exp.Expr, bound: BoundTable, branches: list[Branch]) -> exp.Expr:
    """SELECT path, position, branch, then each branch's values, then the old values, for every row that
    changes.
    """
    alias = target.args.get("alias")
    qualifier = alias.name if alias is not None and alias.this is not None else target.name
    tests = [_test(tree, branches, i, qualifier) for i in range(len(branches))]
    number = exp.Case(ifs=[exp.If(this=test, true=exp.Literal.number(i)) for i, test in enumerate(tests)])
    items = [_column(PATH, qualifier), _column(POSITION, qualifier), number]
    for branch, test in zip(branches, tests, strict=True):
        for value in branch.values.values():
            items.append(exp.Case(ifs=[exp.If(this=test.copy(), true=value.copy())]))
    items += [_column(column.name, qualifier) for column in bound.columns]
    query = exp.Select(expressions=[exp.alias_(item, f"c{i}") for i, item in enumerate(items)])
    if isinstance(tree, exp.Merge):
        query.set("from_", exp.From(this=tree.args["using"].copy()))
        query.set("joins", [exp.Join(this=target.copy(), on=tree.args["on"].copy(), side="LEFT")])
        query.set("where", exp.Where(this=exp.paren(exp.or_(*(test.copy() for test in tests)))))
    else:
        query.set("from_", exp.From(this=target.copy()))
        if tree.args.get("where") is not None:
            query.set("where", tree.args["where"].copy())
    return query


def _test(tree: exp.Expr, branches: list[Branch], at: int, qualifier: str) -> exp.Expr:
    """When a row goes to a branch: its own condition holds, and none before it of the same kind did."""
    if not isinstance(tree, exp.Merge):
        return exp.true()
    branch = branches[at]
    missing = exp.Is(this=_column(PATH, qualifier), expression=exp.Null())
    parts: list[exp.Expr] = [missing if branch.action == INSERT else exp.Not(this=exp.paren(missing))]
    for other in branches[:at]:
        if (other.action == INSERT) == (branch.action == INSERT):
            taken = exp.If(this=other.condition.copy(), true=exp.false())
            parts.append(exp.Case(ifs=[taken], default=exp.true()))
    parts.append(exp.paren(branch.condition.copy()))
    return exp.and_(*parts)


def _column(name: str, qualifier: str) -> exp.Expr:
    return exp.column(exp.to_identifier(name, quoted=True), exp.to_identifier(qualifier, quoted=True))


def _apply(files: Staged, job: Job, bound: BoundTable, branches: list[Branch], prepared: Prepared) -> int:
    """Compute the changes, write them, commit them; returns how many rows changed."""
    files.folder.mkdir(parents=True, exist_ok=True)
    path = files.folder / f"changes-{uuid.uuid4()}.parquet"
    new_values = [_new_values(job, bound, branches, i, prepared) for i in range(len(branches))]
    copy = sql("COPY ({}) TO {} (FORMAT parquet)", prepared, string(str(path)))
    rows = files.queries.write(prepared, copy)
    if rows == 0:
        return 0
    changes = sql("read_parquet({})", string(str(path)))
    gone = [i for i, branch in enumerate(branches) if branch.action != INSERT]
    deletes = []
    if gone:
        old = sql("SELECT c0 AS file_path, c1 AS pos FROM {} WHERE c2 IN ({})", changes, commas(gone))
        _check_once(files, old)
        touched = {task.file.file_path: task.file for task in planned(files.table, None)}
        deletes = files.position_deletes(old, touched)
    added = []
    for i, items in enumerate(new_values):
        if items is not None:
            added += files.data(prepared, sql("SELECT {} FROM {} WHERE c2 = {}", items, changes, i))
    commit_row_delta(files.table, added, deletes, {QUERY_ID: job.execution_id})
    return rows


def _check_once(files: Staged, old: Sql) -> None:
    twice = sql("SELECT 1 FROM ({}) GROUP BY file_path, pos HAVING count(*) > 1 LIMIT 1", old)
    with files.queries.engine.session() as connection:
        if connection.execute(write(twice)).fetchone() is not None:
            raise QueryFailed(
                "MERGE_TARGET_ROW_MULTIPLE_MATCHES",
                "One MERGE target table row matched more than one source row",
            )


def _new_values(
    job: Job, bound: BoundTable, branches: list[Branch], at: int, prepared: Prepared
) -> Sql | None:
    """SQL of the rows that a branch writes, column by column in the table's types; None for DELETE."""
    branch = branches[at]
    if branch.action == DELETE:
        return None
    first = 3 + sum(len(other.values) for other in branches[:at])
    old = 3 + sum(len(other.values) for other in branches)
    places = {name: first + i for i, name in enumerate(branch.values)}
    _check_types(bound, branch, places, prepared)
    context = Context(job.statement.text, job.session.now)
    items = []
    for i, column in enumerate(bound.columns):
        if column.name in places:
            place = places[column.name]
            given = Typed(ident(f"c{place}"), prepared.columns[place].type)
            value = cast(context, given, column.type).sql
        elif branch.action == UPDATE:
            value = ident(f"c{old + i}")
        else:
            value = cast(context, Typed(NULL, TrinoType("unknown")), column.type).sql
        items.append(sql("{} AS {}", value, ident(f"c{i}")))
    prepared.plan.functions.update(context.functions)
    return commas(items)


def _check_types(bound: BoundTable, branch: Branch, places: dict[str, int], prepared: Prepared) -> None:
    wanted = {column.name: column.type for column in bound.columns}
    given = {name: prepared.columns[place].type for name, place in places.items()}
    if all(can_store(given[name], wanted[name]) for name in given):
        return
    table = ", ".join(str(wanted[name]) for name in given)
    expressions = ", ".join(str(type_) for type_ in given.values())
    what, side = MISMATCHES[branch.action]
    raise QueryFailed("TYPE_MISMATCH", f"line 1:1: {what}: Table: [{table}], {side}: [{expressions}]")
