"""CTAS and INSERT: a query's rows as files of a table, in its format, one folder a partition.

Files are written whole in the scratch folder and then moved in; a table made by CTAS is entered in the
catalog last. Before the first file is moved in, the job's journal is told what would undo the statement, so
that one that fails, is stopped or is killed leaves nothing.
https://docs.aws.amazon.com/athena/latest/ug/ctas-considerations-limitations.html
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from botocore.exceptions import ClientError
from sqlglot import exp

from local_athena.bind.tables import GlueTables
from local_athena.ddl.context import table_input
from local_athena.ddl.formats import descriptor
from local_athena.ddl.partitions import add, partition_input
from local_athena.errors import QueryFailed, not_supported
from local_athena.iceberg import is_iceberg
from local_athena.protocols import StorageError
from local_athena.run.outcome import ROWS_COLUMN, Outcome
from local_athena.run.query import Prepared, Queries
from local_athena.run.undo import Undo
from local_athena.translate.casts import cast
from local_athena.translate.context import Context
from local_athena.translate.typed import Typed
from local_athena.types.coercion import can_coerce
from local_athena.types.hive import to_hive
from local_athena.types.trino import TrinoType

MAX_PARTITIONS = 100
Check = Callable[[Any, int], None]
COPY_OPTIONS = {
    "PARQUET": "FORMAT parquet, COMPRESSION {compression}",
    "JSON": "FORMAT json, COMPRESSION {compression}",
    "TEXTFILE": "FORMAT csv, HEADER false, DELIMITER '{delimiter}', QUOTE '', ESCAPE '', NULLSTR '\\N', COMPRESSION {compression}",  # noqa: E501
}
SUFFIXES = {"GZIP": ".gz", "SNAPPY": "", "ZSTD": ".zst", "NONE": "", "UNCOMPRESSED": ""}


def create_table_as(queries: Queries, job: Any, tree: exp.Create, check: Check) -> Outcome:
    """CREATE TABLE name WITH (...) AS query.

    Raises:
        QueryFailed: the table or the location exists, or a property is not supported.
    """
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    database, name = (target.db or job.session.database).lower(), target.name.lower()
    check_target(queries, database, name, bool(tree.args.get("exists")))
    properties = ctas_properties(tree)
    file_format = properties.get("format", "PARQUET").upper()
    keys = properties.get("partitioned_by", [])
    prepared = queries.prepare(job.statement.text, tree.expression, job.session)
    check(job, prepared.scanned)
    columns = output_columns(prepared)
    if _is_iceberg(properties):
        from local_athena.iceberg import writes

        return writes.create_table_as(queries, job, (database, name), columns, properties, prepared)
    if keys != [n for n, _ in columns[len(columns) - len(keys) :]]:
        raise QueryFailed(
            "HIVE_COLUMN_ORDER_MISMATCH",
            "Partition keys must be the last columns in the table and in the same order as the table "
            "properties",
        )
    location = properties.get("external_location") or f"{job.output}tables/{job.execution_id}/"
    location = location if location.endswith("/") else location + "/"
    _check_empty(queries, location, database, name)
    delimiter = properties.get("field_delimiter", "\x01")
    made = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "has_encrypted_data": "false"},
        "PartitionKeys": [{"Name": n, "Type": to_hive(t)} for n, t in columns if n in keys],
        "StorageDescriptor": descriptor(
            file_format, [{"Name": n, "Type": to_hive(t)} for n, t in columns if n not in keys], location,
            **({"field.delim": delimiter, "serialization.format": delimiter} if file_format == "TEXTFILE" else {}),  # noqa: E501
        ),
    }  # fmt: skip
    compression = str(
        properties.get("write_compression") or properties.get("parquet_compression") or "GZIP"
    ).upper()
    undo = Undo(database, name, table_location=location)
    written = _write(queries, job, prepared, prepared.sql, made, (file_format, compression), undo)
    queries.glue.create_table(DatabaseName=database, TableInput=made)
    add(queries, (database, name), written.partitions, tolerant=True)
    return Outcome(None, ROWS_COLUMN, written.rows, "CREATE TABLE", prepared.scanned, written=written.uris)


def check_target(queries: Queries, database: str, name: str, tolerant: bool) -> None:
    try:
        queries.glue.get_database(Name=database)
    except ClientError as error:
        raise QueryFailed(
            "", f"Database {database} not found. Please check your query.", error_type=1301
        ) from error
    try:
        queries.glue.get_table(DatabaseName=database, Name=name)
    except ClientError:
        return
    raise QueryFailed(
        "TABLE_ALREADY_EXISTS",
        f"line 1:1: Destination table 'awsdatacatalog.{database}.{name}' already exists",
    )


KNOWN = {
    "format",
    "partitioned_by",
    "external_location",
    "field_delimiter",
    "write_compression",
    "parquet_compression",
    "table_type",
    "is_external",
}


def ctas_properties(tree: exp.Create) -> dict[str, Any]:
    found: dict[str, Any] = {}
    block = tree.args.get("properties")
    for item in block.expressions if block is not None else ():
        if isinstance(item, exp.FileFormatProperty):
            found["format"] = item.this.name
        elif isinstance(item, exp.PartitionedByProperty):
            found["partitioned_by"] = [e.name.lower() for e in item.this.expressions]
        elif isinstance(item, exp.LocationProperty):
            found["location"] = item.this.name
        elif isinstance(item, exp.Property):
            value = item.args.get("value")
            found[item.name.lower()] = (
                [e.name.lower() for e in value.expressions]
                if isinstance(value, exp.Array)
                else _text_of(value)
            )
        else:
            raise not_supported(f"Unsupported table property: {item.name}")
    if _is_iceberg(found):
        return found
    unknown = sorted(set(found) - KNOWN)
    if unknown:
        raise not_supported(f"Table property '{unknown[0]}' is not supported")
    if str(found.get("table_type", "HIVE")).upper() != "HIVE":
        raise not_supported(f"Unsupported table type: {found['table_type']}")
    if str(found.get("format", "PARQUET")).upper() not in COPY_OPTIONS:
        raise not_supported(f"Format {found['format']} is not supported for writing")
    return found


def _text_of(value: exp.Expr | None) -> str:
    if isinstance(value, exp.Boolean):
        return str(value.this).lower()
    return value.name if value is not None else ""


def _is_iceberg(properties: dict[str, Any]) -> bool:
    return str(properties.get("table_type", "")).upper() == "ICEBERG"


def output_columns(prepared: Prepared) -> list[tuple[str, TrinoType]]:
    made: list[tuple[str, TrinoType]] = []
    for i, column in enumerate(prepared.columns):
        if column.name is None:
            raise QueryFailed(
                "MISSING_COLUMN_NAME", f"line 1:1: Column name not specified at position {i + 1}"
            )
        made.append((column.name.lower(), column.type))
    names = [n for n, _ in made]
    if len(set(names)) != len(names):
        raise QueryFailed(
            "DUPLICATE_COLUMN_NAME",
            f"line 1:1: Column name '{max(names, key=names.count)}' specified more than once",
        )
    return made


def _check_empty(queries: Queries, location: str, database: str, name: str) -> None:
    try:
        first = next(iter(queries.storage.list_files(location)), None)
    except StorageError as error:
        raise QueryFailed(
            "", f"The S3 location {location} is invalid. ({error.code})", error_type=1306
        ) from error
    if first is not None:
        raise QueryFailed(
            "HIVE_PATH_ALREADY_EXISTS",
            f"Target directory for table '{database}.{name}' already exists: {location}",
        )


def insert(queries: Queries, job: Any, tree: exp.Insert, check: Check) -> Outcome:
    """INSERT INTO table [(columns)] query.

    Raises:
        QueryFailed: a column is unknown or has another type; the table cannot be written.
    """
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    given = [e.name.lower() for e in tree.this.expressions] if isinstance(tree.this, exp.Schema) else None
    tables = GlueTables(queries.glue, job.session.database, job.session.catalog, queries.storage)
    bound = tables.resolve(tuple(p.name.lower() for p in target.parts), "line 1:1: ")
    if bound.view_sql is not None:
        raise not_supported("Inserting into views is not supported")
    prepared = queries.prepare(job.statement.text, tree.expression, job.session)
    check(job, prepared.scanned)
    sql = insert_sql(bound, given, prepared, job)
    if is_iceberg(bound.glue):
        from local_athena.iceberg import writes

        return writes.insert(queries, job, bound, prepared, sql)
    library = bound.glue["StorageDescriptor"].get("SerdeInfo", {}).get("SerializationLibrary", "")
    file_format = {"ParquetHiveSerDe": "PARQUET", "LazySimpleSerDe": "TEXTFILE", "JsonSerDe": "JSON"}.get(
        library.rpartition(".")[2]
    )
    if file_format is None:
        raise not_supported(f"Inserting into a table with SerDe {library} is not supported")
    compression = "SNAPPY" if file_format == "PARQUET" else "GZIP"
    made = {**table_input(bound.glue), "PartitionKeys": bound.glue.get("PartitionKeys") or []}
    undo = Undo(bound.database, bound.name)
    written = _write(queries, job, prepared, sql, made, (file_format, compression), undo)
    add(queries, (bound.database, bound.name), written.partitions, tolerant=True)
    content = None
    return Outcome(content, ROWS_COLUMN, written.rows, None, prepared.scanned, written=written.uris)


def insert_sql(bound: Any, given: list[str] | None, prepared: Prepared, job: Any) -> str:
    names = given or [c.name for c in bound.columns]
    known = {c.name: c.type for c in bound.columns}
    for name in names:
        if name not in known:
            raise QueryFailed(
                "COLUMN_NOT_FOUND", f"line 1:1: Insert column name does not exist in target table: {name}"
            )
    table_types = ", ".join(str(known[n]) for n in names)
    query_types = ", ".join(str(c.type) for c in prepared.columns)
    fits = len(names) == len(prepared.columns) and all(
        can_coerce(c.type, known[n]) or {c.type.base, known[n].base} <= {"varchar", "char"}
        for n, c in zip(names, prepared.columns, strict=True)
    )
    if not fits:
        raise QueryFailed(
            "TYPE_MISMATCH",
            f"Insert query has mismatched column types: Table: [{table_types}], Query: [{query_types}]",
        )
    context = Context(job.statement.text, None, job.session.now)  # type: ignore[arg-type]
    items = []
    for i, column in enumerate(bound.columns):
        at = names.index(column.name) if column.name in names else None
        source = (
            Typed("NULL", TrinoType("unknown"))
            if at is None
            else Typed(f"q.c{at}", prepared.columns[at].type)
        )
        items.append(f"{cast(context, source, column.type).sql} AS c{i}")
    prepared.plan.functions.update(context.functions)
    return f"SELECT {', '.join(items)} FROM ({prepared.sql}) AS q"  # noqa: S608


class _Written:
    def __init__(self) -> None:
        self.rows = 0
        self.uris: list[str] = []
        self.partitions: list[dict[str, Any]] = []


def _write(
    queries: Queries, job: Any, prepared: Prepared, sql: str, table: dict[str, Any], how: tuple[str, str],
    undo: Undo,
) -> _Written:  # fmt: skip
    """Write a query's rows below a table's location."""
    columns = [c["Name"] for c in table["StorageDescriptor"]["Columns"]]
    keys = [k["Name"] for k in table["PartitionKeys"]]
    folder = queries.engine.scratch / f"write-{uuid.uuid4()}"
    folder.mkdir(parents=True)
    try:
        rows = _copy(queries, job, prepared, sql, (columns, keys, folder), (*how, _delimiter(table)))
        suffix = SUFFIXES.get(how[1], "") if how[0] != "PARQUET" else ""
        moves, written = _planned(table, folder, keys, suffix)
        written.rows = rows
        undo.uris, undo.partitions = written.uris, _new_partitions(queries, undo, written.partitions)
        job.journal(undo)
        for file, uri in moves:
            queries.storage.write(uri, file)
        return written
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _delimiter(table: dict[str, Any]) -> str:
    parameters = (table["StorageDescriptor"].get("SerdeInfo") or {}).get("Parameters") or {}
    return str(parameters.get("field.delim") or "\x01")


def _copy(
    queries: Queries, job: Any, prepared: Prepared, sql: str,
    shape: tuple[list[str], list[str], Path], how: tuple[str, str, str],
) -> int:  # fmt: skip
    columns, keys, folder = shape
    file_format, compression, delimiter = how
    if any(
        c.type.parts or c.type.base in ("timestamp with time zone", "ipaddress") for c in prepared.columns
    ):
        raise not_supported("Writing arrays, maps, rows and zoned timestamps is not supported")
    options = COPY_OPTIONS[file_format].format(
        compression=compression, delimiter=delimiter.replace("'", "''")
    )
    items = ", ".join(f'q.c{i} AS "{name}"' for i, name in enumerate([*columns, *keys]))
    target = folder / ("data" if not keys else "")
    if keys:
        named = ", ".join(f'"{k}"' for k in keys)
        options += f", PARTITION_BY ({named}), FILENAME_PATTERN 'data_{{uuid}}'"
    return queries.write(
        prepared,
        f"COPY (SELECT {items} FROM ({sql}) AS q) TO '{target}' ({options})",  # noqa: S608
        job.on_start,
    )


def _planned(
    table: dict[str, Any], folder: Path, keys: list[str], suffix: str
) -> tuple[list[tuple[Path, str]], _Written]:
    """Which file goes where, and the partitions that hold them."""
    written, moves = _Written(), []
    base = table["StorageDescriptor"]["Location"].rstrip("/") + "/"
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    folders = sorted({p.parent for p in files}) if keys else []
    if len(folders) > MAX_PARTITIONS:
        raise QueryFailed(
            "HIVE_TOO_MANY_OPEN_PARTITIONS",
            f"Exceeded limit of {MAX_PARTITIONS} open writers for partitions/buckets",
        )
    for file in files:
        parts = file.parent.relative_to(folder).parts if keys else ()
        uri = f"{base}{''.join(_segment(part) + '/' for part in parts)}{uuid.uuid4().hex}{suffix}"
        moves.append((file, uri))
        written.uris.append(uri)
    for path in folders:
        parts = path.relative_to(folder).parts
        values = [unquote(p.partition("=")[2]) for p in parts]
        location = f"{base}{'/'.join(map(_segment, parts))}/"
        written.partitions.append(
            partition_input({"StorageDescriptor": table["StorageDescriptor"]}, values, location)
        )
    return moves, written


def _new_partitions(queries: Queries, undo: Undo, inputs: list[dict[str, Any]]) -> list[list[str]]:
    """The values of those partitions that the table does not have yet; a table still to be made has none."""
    if not inputs or undo.table_location is not None:
        return []
    wanted = [{"Values": one["Values"]} for one in inputs]
    answer = queries.glue.batch_get_partition(
        DatabaseName=undo.database, TableName=undo.table, PartitionsToGet=wanted
    )
    known = [found["Values"] for found in answer["Partitions"]]
    return [one["Values"] for one in inputs if one["Values"] not in known]


def _segment(part: str) -> str:
    key, _, value = part.partition("=")
    return f"{key}={quote(unquote(value), safe=' -_.')}"
