"""Small pieces of DuckDB SQL text."""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

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


SHORT = 60


def once(sql: str, make: Callable[[str], str]) -> str:
    """SQL that uses a value several times and computes a long one once, by making it a lambda's parameter.

    Written out each time, a chain of operators would double in length with every link.
    """
    if len(sql) <= SHORT:
        return make(sql)
    name = f"o{crc32(sql.encode()):x}"
    return f"list_transform([{sql}], lambda {name}: {make(name)})[1]"
