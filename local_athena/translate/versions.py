"""`FOR VERSION AS OF` and `FOR TIMESTAMP AS OF`: which state of a versioned table a query reads.

The moment must be known before the table's files are, so its expression is computed at once; it may hold no
column.
https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-time-travel-and-version-travel-queries.html
"""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.sql.build import sql
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.writer import write
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.trino import timestamp_tz


def moment(t: Translator, table: exp.Expr) -> int | datetime | None:
    """A snapshot id, a point in time (UTC), or None for the present.

    Raises:
        QueryFailed: the version is neither, or cannot be computed.
    """
    version = table.args.get("version")
    if version is None:
        return None
    where = t.context.where(version.expression)
    if str(version.args.get("kind")).upper() != "AS OF":
        raise not_supported(f"{where}Only AS OF is supported for table versions")
    value = t.expression(version.expression, Scope())
    if str(version.this).upper() == "VERSION":
        if value.type.base not in ("tinyint", "smallint", "integer", "bigint"):
            raise not_supported(f"{where}Unsupported type for table version: {value.type}")
        return int(_computed(t, value.sql, where))
    if value.type.base not in ("date", "timestamp", "timestamp with time zone"):
        raise QueryFailed("TYPE_MISMATCH", f"{where}Type {value.type} invalid for a temporal version pointer")
    instant = cast(t.context, value, timestamp_tz(6)).sql
    return datetime.fromtimestamp(int(_computed(t, sql("epoch_us(({}).t)", instant), where)) / 1_000_000, UTC)


def _computed(t: Translator, value: Sql, where: str) -> int:
    if t.context.functions:
        raise not_supported(f"{where}This expression is not supported as a table version")
    with duckdb.connect(config={"enable_external_access": False}) as connection:
        row = connection.execute(write(sql("SELECT {}", value))).fetchone()
    if row is None or row[0] is None:
        raise QueryFailed("INVALID_ARGUMENTS", f"{where}Table version pointer must not be NULL")
    return int(row[0])
