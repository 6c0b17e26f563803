"""INSERT INTO: a query's rows as new files of a table, its new partitions entered in the catalog.

https://docs.aws.amazon.com/athena/latest/ug/insert-into.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlglot import exp

from local_athena.catalog.files import HIVE_NULL
from local_athena.catalog.input_formats import HUDI, SYMLINK
from local_athena.catalog.projection import is_projected, location_of
from local_athena.catalog.table_formats import is_delta, is_iceberg
from local_athena.catalog.tables import BoundTable
from local_athena.errors import QueryFailed, not_supported
from local_athena.readers.separators import separators_of
from local_athena.sql.build import NULL as NULL_SQL
from local_athena.sql.build import commas, failing, ident, sql
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Typed
from local_athena.statements.ctas_properties import check_hive_types
from local_athena.statements.ddl.partitions import add, partition_input
from local_athena.statements.jobs import Job
from local_athena.statements.outcome import ROWS_COLUMN, Outcome
from local_athena.statements.output import table_files
from local_athena.statements.output.file_values import NULL
from local_athena.statements.output.sinks import Layout, compression_of
from local_athena.statements.output.table_files import Target, Written, hive_segment
from local_athena.statements.query import Prepared, Queries
from local_athena.statements.undo import Undo
from local_athena.types.coercion import can_store
from local_athena.types.trino import TrinoType

FORMATS = {
    "ParquetHiveSerDe": "PARQUET",
    "OrcSerde": "ORC",
    "AvroSerDe": "AVRO",
    "JsonSerDe": "JSON",
    "OpenXJsonSerDe": "JSON",
    "LazySimpleSerDe": "TEXTFILE",
}
"""The SerDes that rows are written for."""
COMPRESSIONS = {
    "PARQUET": ("parquet.compression", "parquet.compress"), "ORC": ("orc.compress",), "AVRO": ("avro.output.codec",),  # noqa: E501
}  # fmt: skip
Values = tuple[str | None, ...]


def insert(queries: Queries, job: Job, tree: exp.Insert, check: Callable[[Job, int], None]) -> Outcome:
    """INSERT INTO table [(columns)] query.

    Raises:
        QueryFailed: a column is unknown or has another type; the table cannot be written.
    """
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    given = [e.name.lower() for e in tree.this.expressions] if isinstance(tree.this, exp.Schema) else None
    tables = queries.tables(job.session)
    bound = tables.resolve(tuple(p.name.lower() for p in target.parts), "line 1:1: ")
    if bound.view_sql is not None:
        raise not_supported("Inserting into views is not supported")
    prepared = queries.prepare(job.statement.text, tree.expression, job.session, tables)
    check(job, prepared.scanned)
    rows = insert_sql(bound, given, prepared, job)
    if is_iceberg(bound.glue):
        from local_athena.statements.iceberg import writes

        return writes.insert(queries, job, bound.loaded, prepared, rows)
    layout = _layout(bound)
    folders = _Folders(queries, bound, job.session.now)
    keys = tuple((c.name, c.type) for c in bound.partition_columns)
    made = replace(prepared, sql=rows)
    written = table_files.write(queries, job, made, Target(layout, folders.of, keys), folders.undo)
    add(queries, (bound.database, bound.name), folders.inputs(written), tolerant=True)
    return Outcome(None, ROWS_COLUMN, written.rows, None, prepared.scanned, written=written.uris or None)


def _layout(bound: BoundTable) -> Layout:
    """How the table's files are written.

    Raises:
        QueryFailed: NOT_SUPPORTED, its SerDe or its buckets are not written.
    """
    storage = bound.glue["StorageDescriptor"]
    serde = storage.get("SerdeInfo") or {}
    library = str(serde.get("SerializationLibrary") or "")
    format_ = FORMATS.get(library.rpartition(".")[2])
    if is_delta(bound.glue) or storage.get("InputFormat") in (SYMLINK, *HUDI):
        what = "Delta Lake" if is_delta(bound.glue) else str(storage["InputFormat"])
        raise not_supported(f"Inserting into a table of {what} is not supported")
    if format_ is None or bound.read is not None:
        raise not_supported(f"Inserting into a table with SerDe {library} is not supported")
    if (storage.get("NumberOfBuckets") or 0) > 0 and storage.get("BucketColumns"):
        raise not_supported("INSERT INTO is not supported for bucketed tables")
    columns = tuple((c.name, c.type) for c in bound.data_columns)
    check_hive_types(list(columns))
    parameters = {**(serde.get("Parameters") or {}), **(bound.glue.get("Parameters") or {})}
    names = ("write.compression", *COMPRESSIONS.get(format_, ()))
    asked = next((parameters[name] for name in names if parameters.get(name)), None)
    null = (serde.get("Parameters") or {}).get("serialization.null.format", NULL)
    return Layout(
        format_, compression_of(format_, asked), columns, separators_of(serde.get("Parameters") or {}), null
    )


class _Folders:
    """Where the partitions of a table lie: those it has where the catalog says, new ones below the table."""

    def __init__(self, queries: Queries, bound: BoundTable, now: Any) -> None:
        self._queries, self._bound, self._now = queries, bound, now
        self._known: dict[Values, str] = {}
        self._names = [c.name for c in bound.partition_columns]
        self._base = str(bound.glue["StorageDescriptor"]["Location"]).rstrip("/") + "/"

    def of(self, values: Values) -> str:
        """The folder of a partition's values."""
        if values not in self._known:
            self._known[values] = self._find(values)
        return self._known[values]

    def _find(self, values: Values) -> str:
        if is_projected(self._bound.glue):
            return location_of(self._bound, tuple(v or HIVE_NULL for v in values))
        found = self._in_catalog([values]).get(values) if values else None
        if found is not None:
            return found.rstrip("/") + "/"
        return self._base + "".join(
            f"{hive_segment(n, v)}/" for n, v in zip(self._names, values, strict=True)
        )

    def _in_catalog(self, wanted: list[Values]) -> dict[Values, str]:
        answer = self._queries.glue.batch_get_partition(
            DatabaseName=self._bound.database,
            TableName=self._bound.name,
            PartitionsToGet=[{"Values": as_catalog(values)} for values in wanted],
        )
        return {
            tuple(None if v == HIVE_NULL else v for v in one["Values"]): one["StorageDescriptor"]["Location"]
            for one in answer["Partitions"]
        }

    def inputs(self, written: Written) -> list[dict[str, Any]]:
        """The partitions to enter in the catalog."""
        if is_projected(self._bound.glue):
            return []
        return [partition_input(self._bound.glue, as_catalog(v), self.of(v)) for v in written.partitions]

    def undo(self, written: Written) -> Undo:
        """What takes the insertion back."""
        fresh: list[Values] = []
        if written.partitions and not is_projected(self._bound.glue):
            known = self._in_catalog(written.partitions)
            fresh = [values for values in written.partitions if values not in known]
        partitions = [as_catalog(values) for values in fresh]
        return Undo(self._bound.database, self._bound.name, uris=written.uris, partitions=partitions)


def as_catalog(values: Values) -> list[str]:
    """Partition values as the catalog keeps them."""
    return [HIVE_NULL if value is None else value for value in values]


def insert_sql(bound: Any, given: list[str] | None, prepared: Prepared, job: Job) -> Sql:
    """The rows of a query as the table's columns, in the table's order.

    Raises:
        QueryFailed: COLUMN_NOT_FOUND, TYPE_MISMATCH.
    """
    names = given or [c.name for c in bound.columns]
    if len(set(names)) < len(names):
        twice = max(names, key=names.count)
        raise QueryFailed(
            "DUPLICATE_COLUMN_NAME", f"line 1:1: Insert column name is specified more than once: {twice}"
        )
    known = {c.name: c.type for c in bound.columns}
    for name in names:
        if name not in known:
            raise QueryFailed(
                "COLUMN_NOT_FOUND", f"line 1:1: Insert column name does not exist in target table: {name}"
            )
    table_types = ", ".join(str(known[n]) for n in names)
    query_types = ", ".join(str(c.type) for c in prepared.columns)
    fits = len(names) == len(prepared.columns) and all(
        can_store(c.type, known[n]) for n, c in zip(names, prepared.columns, strict=True)
    )
    if not fits:
        raise QueryFailed(
            "TYPE_MISMATCH",
            f"Insert query has mismatched column types: Table: [{table_types}], Query: [{query_types}]",
        )
    context = Context(job.statement.text, job.session.now)
    items = []
    for i, column in enumerate(bound.columns):
        at = names.index(column.name) if column.name in names else None
        source = (
            Typed(NULL_SQL, TrinoType("unknown"))
            if at is None
            else Typed(ident("q", f"c{at}"), prepared.columns[at].type)
        )
        items.append(sql("{} AS {}", _stored(context, source, column.type), ident(f"c{i}")))
    prepared.plan.functions.update(context.functions)
    return sql("SELECT {} FROM ({}) AS q", commas(items), prepared)


def _stored(context: Context, value: Typed, type_: TrinoType) -> Sql:
    """A value as its column's type; a text that is too long for it fails the query."""
    made = cast(context, value, type_).sql
    texts = {value.type.base, type_.base} <= {"varchar", "char"}
    if not texts or value.type.precision <= type_.precision:
        return made
    message = f"Cannot truncate non-space characters when casting from {value.type} to {type_} on INSERT"
    failed = failing(f"INVALID_CAST_ARGUMENT: {message}", type_)
    return sql(
        "CASE WHEN length(rtrim({}, ' ')) > {} THEN {} ELSE {} END", value, type_.precision, failed, made
    )
