"""The value of an expression without columns, asked of the engine before the query runs.

So `current_date - interval '1' day` or `CAST('2024-01-02' AS date)` leave partitions and files out as a literal does.
"""  # noqa: E501

from __future__ import annotations

from typing import Any

import duckdb

from local_athena.engine.engine import Engine
from local_athena.sql.build import sql
from local_athena.sql.context import Context
from local_athena.sql.typed import Typed
from local_athena.sql.writer import write


def fold(engine: Engine, context: Context, value: Typed) -> Any:
    """A constant's value as DuckDB gives it to Python; None when it is NULL or fails, which the query will show."""  # noqa: E501
    engine.register(context.functions)
    with engine.session() as connection:
        try:
            return connection.execute(write(sql("SELECT {}", value))).fetchall()[0][0]
        except duckdb.InterruptException:
            raise
        except (duckdb.Error, ValueError, OverflowError):
            return None
