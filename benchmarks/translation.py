"""How long query 64 of TPC-DS takes from its text to DuckDB's SQL: parsed, bound to 18 tables, typed, translated.

    python -m benchmarks.translation

The goal is under 30 ms. Beside it stands sqlglot's own transpiling of the same text, which parses and writes SQL but
looks no name up and knows no type. `cpu_ms` is the processor time of one run, which other work on the machine leaves
alone.
"""  # noqa: E501

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlglot

from benchmarks.record import record
from benchmarks.tpcds_tables import table
from local_athena.catalog.names import GlueTables
from local_athena.parse.statements import parse_query
from local_athena.sql.writer import write
from local_athena.translate.context import QueryContext
from local_athena.translate.translator import QueryTranslator

TEXT = (Path(__file__).parent / "tpcds_q64.sql").read_text()
ROUNDS = 40


class Catalog:
    """A Glue client that has the tables of TPC-DS."""

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        return lambda **request: {"Table": table(request["Name"])}


def main() -> None:
    tree = parse_query(TEXT)
    parse, transpile = (
        timed(lambda: parse_query(TEXT)),
        timed(lambda: sqlglot.transpile(TEXT, "trino", "duckdb")),
    )
    bound, whole = timed(lambda: translated(tree.copy())), timed(lambda: translated(parse_query(TEXT)))
    figures = {
        "parse": parse,
        "bind_and_translate": bound,
        "whole": whole,
        "sqlglot_transpile": transpile,
        "ratio_to_sqlglot": round(whole["cpu_ms"] / transpile["cpu_ms"], 2),
    }
    record("translation", figures, ("sqlglot",))


def translated(tree: Any) -> str:
    """DuckDB's SQL."""
    now = datetime(2026, 3, 4, tzinfo=UTC)
    context = QueryContext(text=TEXT, now=now, tables=GlueTables(Catalog(), "tpcds"), database="tpcds")
    return write(QueryTranslator(context).plan(tree).sql)


def timed(run: Callable[[], Any]) -> dict[str, float]:
    """Medians over `ROUNDS` runs, after three that are not counted."""
    wall, cpu = [], []
    for round_ in range(ROUNDS + 3):
        start, start_cpu = time.perf_counter(), time.thread_time()
        run()
        if round_ >= 3:
            wall.append(time.perf_counter() - start)
            cpu.append(time.thread_time() - start_cpu)
    return {
        "wall_ms": round(statistics.median(wall) * 1000, 2),
        "cpu_ms": round(statistics.median(cpu) * 1000, 2),
    }


if __name__ == "__main__":
    main()
