"""What CREATE TABLE AS says before its query: the target, the properties, the columns.

https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html#ctas-table-properties
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.protocols import StorageError
from local_athena.statements.query import Prepared, Queries
from local_athena.types.trino import UNBOUNDED, TrinoType

KNOWN = frozenset(
    (
        "format", "partitioned_by", "bucketed_by", "bucket_count", "external_location", "field_delimiter",
        "write_compression", "parquet_compression", "orc_compression", "compression_level", "table_type", "is_external",  # noqa: E501
    )
)  # fmt: skip
"""The properties of a Hive table."""


def check_target(queries: Queries, database: str, name: str, tolerant: bool) -> bool:
    """Whether the table is there already and that is tolerated.

    Raises:
        QueryFailed: the database is not there, or the table is.
    """
    try:
        queries.glue.get_database(Name=database)
    except ClientError as error:
        raise QueryFailed(
            "", f"Database {database} not found. Please check your query.", error_type=1301
        ) from error
    try:
        queries.glue.get_table(DatabaseName=database, Name=name)
    except ClientError:
        return False
    if tolerant:
        return True
    raise QueryFailed(
        "TABLE_ALREADY_EXISTS",
        f"line 1:1: Destination table 'awsdatacatalog.{database}.{name}' already exists",
    )


def ctas_properties(tree: exp.Create, known: frozenset[str] = KNOWN) -> dict[str, Any]:
    """The WITH properties by lower-case name: texts, and lists of lower-case names.

    Raises:
        QueryFailed: INVALID_TABLE_PROPERTY, there is no such property of a Hive table.
    """
    found: dict[str, Any] = {}
    block = tree.args.get("properties")
    for item in block.expressions if block is not None else ():
        if item.this is None and not isinstance(item, exp.WithDataProperty):
            raise QueryFailed("SYNTAX_ERROR", "line 1:1: A table property needs a name and a value")
        if isinstance(item, exp.FileFormatProperty):
            found["format"] = item.this.name
        elif isinstance(item, exp.PartitionedByProperty):
            found["partitioned_by"] = [e.name.lower() for e in item.this.expressions]
        elif isinstance(item, exp.LocationProperty):
            found["location"] = item.this.name
        elif isinstance(item, exp.SchemaCommentProperty):
            continue  # `comment_of` has it
        elif isinstance(item, exp.WithDataProperty):
            found["with_data"] = not item.args.get("no")
        elif isinstance(item, exp.Property):
            value = item.args.get("value")
            found[item.name.lower()] = (
                [e.name.lower() for e in value.expressions]
                if isinstance(value, exp.Array)
                else _text_of(value)
            )
        else:
            raise not_supported(f"Unsupported table property: {item.name}")
    if is_iceberg_ctas(found):
        return found
    unknown = sorted(set(found) - known - {"with_data"})
    if unknown:
        raise QueryFailed(
            "INVALID_TABLE_PROPERTY", f"Catalog 'awsdatacatalog' table property '{unknown[0]}' does not exist"
        )
    if str(found.get("table_type", "HIVE")).upper() != "HIVE":
        raise not_supported(f"Unsupported table type: {found['table_type']}")
    return found


def comment_of(tree: exp.Create) -> dict[str, str]:
    """The parameter that keeps the COMMENT of a new table; none without one."""
    comment = tree.find(exp.SchemaCommentProperty)
    return {} if comment is None else {"comment": comment.this.name}


def _text_of(value: exp.Expr | None) -> str:
    if isinstance(value, exp.Boolean):
        return str(value.this).lower()
    return value.name if value is not None else ""


def is_iceberg_ctas(properties: dict[str, Any]) -> bool:
    """Whether the properties ask for an Iceberg table."""
    return str(properties.get("table_type", "")).upper() == "ICEBERG"


def output_columns(prepared: Prepared) -> list[tuple[str, TrinoType]]:
    """The names, lower case, and types of the table that a query makes.

    Raises:
        QueryFailed: MISSING_COLUMN_NAME, COLUMN_TYPE_UNKNOWN, DUPLICATE_COLUMN_NAME.
    """
    made: list[tuple[str, TrinoType]] = []
    for i, column in enumerate(prepared.columns):
        if column.name is None:
            raise QueryFailed(
                "MISSING_COLUMN_NAME", f"line 1:1: Column name not specified at position {i + 1}"
            )
        if column.type.base == "unknown":
            raise QueryFailed("COLUMN_TYPE_UNKNOWN", f"line 1:1: Column type is unknown at position {i + 1}")
        made.append((column.name.lower(), column.type))
    names = [n for n, _ in made]
    if len(set(names)) != len(names):
        raise QueryFailed(
            "DUPLICATE_COLUMN_NAME",
            f"line 1:1: Column name '{max(names, key=names.count)}' specified more than once",
        )
    return made


def check_hive_types(columns: list[tuple[str, TrinoType]]) -> None:
    """Refuse what Hive's files do not hold: types without a Hive type, and times finer than a millisecond.

    Raises:
        QueryFailed: NOT_SUPPORTED.
    """
    for name, type_ in columns:
        _check_hive_type(type_)
        if type_.base == "timestamp" and type_.precision > 3:
            raise not_supported(
                f"Incorrect timestamp precision for {type_}; the configured precision is MILLISECONDS; "
                f"column name: {name}"
            )


LENGTHS = {"char": ("CHAR", 255, ""), "varchar": ("VARCHAR", 65535, ", VARCHAR")}
"""How Hive calls a text, its greatest length, and what else there is."""


def _check_hive_type(type_: TrinoType) -> None:
    if type_.base == "json":
        raise not_supported(f"Unsupported Hive type: {type_}")
    if type_.base == "row" and any(name is None for name in type_.names):
        raise not_supported(
            f"Anonymous row type is not supported in Hive. Please give each field a name: {type_}"
        )
    name, most, others = LENGTHS.get(type_.base, ("", 0, ""))
    if name and most < type_.precision < UNBOUNDED:
        raise not_supported(
            f"Unsupported Hive type: {type_}. Supported {name} types: {name}(<={most}){others}."
        )
    for part in type_.parts:
        _check_hive_type(part)


def split_keys(
    columns: list[tuple[str, TrinoType]], keys: list[str]
) -> tuple[tuple[tuple[str, TrinoType], ...], tuple[tuple[str, TrinoType], ...]]:
    """The data columns and the partition columns, which must come last and in order.

    Raises:
        QueryFailed: HIVE_COLUMN_ORDER_MISMATCH, INVALID_TABLE_PROPERTY.
    """
    names = [n for n, _ in columns]
    missing = [key for key in keys if key not in names]
    if missing:
        raise QueryFailed(
            "INVALID_TABLE_PROPERTY", f"Partition columns [{', '.join(missing)}] not present in schema"
        )
    if len(keys) == len(names):
        raise QueryFailed("INVALID_TABLE_PROPERTY", "Table contains only partition columns")
    at = len(columns) - len(keys)
    if keys != names[at:]:
        raise QueryFailed(
            "HIVE_COLUMN_ORDER_MISMATCH",
            "Partition keys must be the last columns in the table and in the same order as the table "
            f"properties: [{', '.join(keys)}]",
        )
    return tuple(columns[:at]), tuple(columns[at:])


def check_empty(queries: Queries, location: str, name: str) -> None:
    """Refuse a location that has files.

    Raises:
        QueryFailed: HIVE_PATH_ALREADY_EXISTS, or the bucket is missing.
    """
    try:
        first = next(iter(queries.storage.list_files(location)), None)
    except StorageError as error:
        raise QueryFailed(
            "", f"The S3 location {location} is invalid. ({error.code})", error_type=1306
        ) from error
    if first is not None:
        raise QueryFailed(
            "HIVE_PATH_ALREADY_EXISTS", f"Target directory for table '{name}' already exists: {location}"
        )
