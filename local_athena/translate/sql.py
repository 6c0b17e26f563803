"""Small pieces of DuckDB SQL text."""

from __future__ import annotations

from local_athena.types.duckdb import carrier
from local_athena.types.trino import TrinoType


def quoted(text: str) -> str:
    """A text literal."""
    return "'" + text.replace("'", "''") + "'"


def fail(message_sql: str, type_: TrinoType) -> str:
    """SQL that raises `NAME: message`, where a value of `type_` is wanted.

    A cast that cannot succeed carries the message: DuckDB's own error() counts as volatile, which TRY refuses.
    """  # noqa: E501
    return f"CAST(CAST(CAST({message_sql} AS INTEGER) AS VARCHAR) AS {carrier(type_)})"


def null_of(type_: TrinoType) -> str:
    """A NULL of a type."""
    return f"CAST(NULL AS {carrier(type_)})"
