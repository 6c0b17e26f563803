"""Partitions: ALTER TABLE ADD and DROP PARTITION, MSCK REPAIR TABLE.

https://docs.aws.amazon.com/athena/latest/ug/msck-repair-table.html: it only adds, for folders named
`key=value`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from local_athena.engine.stopping import checkpoint, seal
from local_athena.errors import QueryFailed
from local_athena.protocols import StorageError
from local_athena.statements.ddl.context import TASK, DdlContext
from local_athena.statements.ddl.reader import Reader
from local_athena.statements.outcome import Outcome, lines
from local_athena.statements.output.column_info import info

BATCH = 100


def add_partitions(context: DdlContext) -> Outcome:
    """ALTER TABLE t ADD [IF NOT EXISTS] PARTITION (k = v) [LOCATION 's3://...'] ..."""
    reader = Reader(context.text)
    reader.expect("ALTER", "TABLE")
    name = reader.table_name(context.database)
    reader.expect("ADD")
    tolerant = reader.accept("IF", "NOT", "EXISTS")
    table = context.existing(name)
    keys = _keys(table)
    inputs = []
    while reader.accept("PARTITION"):
        given = {k: v for k, _, v in reader.partition()}
        if set(given) != set(keys):
            raise QueryFailed(
                "",
                f"FAILED: SemanticException partition spec {given} doesn't contain all partition columns",
                error_type=1003,
            )
        values = [given[k] for k in keys]
        location = reader.string() if reader.accept("LOCATION") else _default_location(table, keys, values)
        inputs.append(partition_input(table, values, location))
        reader.accept(",")
    reader.end()
    add(context, name, inputs, tolerant)
    return Outcome()


def _keys(table: dict[str, Any]) -> list[str]:
    keys = [k["Name"].lower() for k in table.get("PartitionKeys") or ()]
    if not keys:
        raise QueryFailed(
            "",
            f"FAILED: SemanticException table is not partitioned but partition spec exists: {table['Name']}",
            error_type=1003,
        )
    return keys


def _default_location(table: dict[str, Any], keys: list[str], values: list[str]) -> str:
    base = str(table["StorageDescriptor"]["Location"]).rstrip("/")
    return base + "/" + "/".join(f"{k}={v}" for k, v in zip(keys, values, strict=True)) + "/"


def partition_input(table: dict[str, Any], values: list[str], location: str) -> dict[str, Any]:
    """A PartitionInput like its table."""
    return {"Values": values, "StorageDescriptor": {**table["StorageDescriptor"], "Location": location}}


def add(context: Any, name: tuple[str, str], inputs: list[dict[str, Any]], tolerant: bool) -> None:
    """Create partitions; one that is there already is an error unless tolerated."""
    for start in range(0, len(inputs), BATCH):
        answer = context.glue.batch_create_partition(
            DatabaseName=name[0], TableName=name[1], PartitionInputList=inputs[start : start + BATCH]
        )
        for failed in answer.get("Errors") or ():
            detail = failed["ErrorDetail"]
            if detail["ErrorCode"] != "AlreadyExistsException" or not tolerant:
                raise QueryFailed(
                    "",
                    f"{TASK}{detail['ErrorCode']}(message:{detail.get('ErrorMessage', 'Partition already exists.')})",  # noqa: E501
                    error_type=1006,
                )


def drop_partitions(context: DdlContext) -> Outcome:
    """ALTER TABLE t DROP [IF EXISTS] PARTITION (k = v), PARTITION (...); a partial or compared spec drops
    what fits.
    """
    reader = Reader(context.text)
    reader.expect("ALTER", "TABLE")
    name = reader.table_name(context.database)
    reader.expect("DROP")
    tolerant = reader.accept("IF", "EXISTS")
    table = context.existing(name)
    keys = _keys(table)
    while reader.accept("PARTITION"):
        spec = reader.partition()
        dropped = _drop(context, name, keys, spec)
        if not dropped and not tolerant:
            shown = ", ".join(f"{k}{o}{v}" for k, o, v in spec)
            raise QueryFailed(
                "", f"FAILED: SemanticException [Error 10006]: Partition not found ({shown})", error_type=1301
            )
        reader.accept(",")
    reader.end()
    return Outcome()


def _drop(
    context: DdlContext, name: tuple[str, str], keys: list[str], spec: list[tuple[str, str, str]]
) -> int:
    if any(k not in keys for k, _, _ in spec):
        raise QueryFailed(
            "",
            "FAILED: SemanticException [Error 10098]: Non-Partition column appears in the partition "
            "specification",
            error_type=1003,
        )
    expression = " AND ".join(f"{k} {o} '{_escaped(v)}'" for k, o, v in spec)
    request = {"DatabaseName": name[0], "TableName": name[1], "Expression": expression}
    found = [
        p["Values"]
        for page in context.glue.get_paginator("get_partitions").paginate(**request)
        for p in page["Partitions"]
    ]
    for values in found:
        context.glue.delete_partition(DatabaseName=name[0], TableName=name[1], PartitionValues=values)
    return len(found)


def _escaped(text: str) -> str:
    return text.replace("'", "''")


def repair(context: DdlContext) -> Outcome:
    """MSCK REPAIR TABLE t."""
    reader = Reader(context.text)
    reader.expect("MSCK", "REPAIR", "TABLE")
    name = reader.table_name(context.database)
    reader.end()
    column = [info("result", "string")]
    table = context.table(name)
    if table is None:
        return lines([f"Tables not in metastore:\t{name[1]}"], column)
    keys = _keys(table)
    found = list(dict.fromkeys(_folders(context, table, keys)))
    if not found:
        return lines([f"Tables missing on filesystem:\t{name[1]}"], column)
    pages = context.glue.get_paginator("get_partitions").paginate(DatabaseName=name[0], TableName=name[1])
    known = {tuple(p["Values"]) for page in pages for p in page["Partitions"]}
    missing = [(folder, values) for folder, values in found if values not in known]
    base = table["StorageDescriptor"]["Location"].rstrip("/")
    seal()
    add(context, name, [partition_input(table, list(v), f"{base}/{f}/") for f, v in missing], tolerant=True)
    if not missing:
        return lines([], column)
    listed = "\t".join(f"{name[1]}:{folder}" for folder, _ in missing)
    added = [f"Repair: Added partition to metastore {name[1]}:{folder}" for folder, _ in missing]
    return lines([f"Partitions not in metastore:\t{listed}", *added], column)


def _folders(
    context: DdlContext, table: dict[str, Any], keys: list[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    base = table["StorageDescriptor"]["Location"].rstrip("/") + "/"
    try:
        for file in context.storage.list_files(base):
            checkpoint()
            parts = file.uri[len(base) :].split("/")[:-1][: len(keys)]
            pairs = [part.partition("=") for part in parts]
            if len(pairs) == len(keys) and all(p[0] == k and p[1] for p, k in zip(pairs, keys, strict=True)):
                yield "/".join(parts), tuple(unquote(p[2]) for p in pairs)
    except StorageError as error:
        raise QueryFailed(
            "", f"{TASK}MetaException(message:{error.code}: {base})", error_type=1306
        ) from error
