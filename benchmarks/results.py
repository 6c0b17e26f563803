"""A result of 1,000,000 rows and 10 columns: its time, its pages, and how much more memory the server takes for it.

    python -m benchmarks.results [ROWS]

The file itself is the limit: a server that holds the result once grows by about its size, one that streams does not.
`pages` reads all rows by GetQueryResults; `last_page_ms` against `first_page_ms` shows whether a page costs what lies
before it.
"""  # noqa: E501

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.athena import BUCKET, client
from benchmarks.record import record
from benchmarks.servers import running_server
from local_aws import control

COLUMNS = """id AS id, id * 7 AS number, id % 97 AS small, id / 7.0E0 AS share, id % 2 = 0 AS even,
    'cliente ' || CAST(id AS varchar) AS name, 'ciudad ' || CAST(id % 500 AS varchar) AS city,
    CAST(id AS decimal(18, 2)) AS price, date_add('day', id % 3650, DATE '2015-01-01') AS day,
    date_add('second', id, TIMESTAMP '2020-01-01 00:00:00.000') AS moment"""
SQL = """SELECT {columns} FROM (SELECT a.x * 1000 + b.x AS id
    FROM UNNEST(sequence(0, {thousands} - 1)) AS a(x) CROSS JOIN UNNEST(sequence(0, 999)) AS b(x))"""
EDGE_PAGES = 20


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with running_server(warm_spark=False) as settings:
        athena = client(settings, "athena")
        client(settings, "s3").create_bucket(Bucket=BUCKET)
        run(athena, "SELECT 1")
        server = control.status(settings)
        assert server is not None
        with peak_of(server.pid) as memory:
            done = run(athena, SQL.format(columns=COLUMNS, thousands=rows // 1000))
            after_query = memory["peak"]
            figures = read_pages(athena, done["QueryExecutionId"], rows)
        location = done["ResultConfiguration"]["OutputLocation"].removeprefix(f"s3://{BUCKET}/")
        size = client(settings, "s3").head_object(Bucket=BUCKET, Key=location)["ContentLength"]
        alone = copied_by_duckdb(rows)
    query_ms = done["Statistics"]["EngineExecutionTimeInMillis"]
    figures |= {
        "rows": rows,
        "query_ms": query_ms,
        "duckdb_copy_ms": alone,
        "ratio_to_duckdb": round(query_ms / alone, 2),
        "result_mb": round(size / 1e6, 1),
        "growth_mb": round((after_query - memory["before"]) / 1e6, 1),
        "growth_with_pages_mb": round((memory["peak"] - memory["before"]) / 1e6, 1),
        "growth_to_size": round((memory["peak"] - memory["before"]) / size, 2),
    }
    record("results", figures, ("duckdb", "pyarrow"))


def run(athena: Any, sql: str) -> dict[str, Any]:
    """The execution of a statement that has succeeded."""
    location = {"OutputLocation": f"s3://{BUCKET}/results/"}
    query_id = athena.start_query_execution(QueryString=sql, ResultConfiguration=location)["QueryExecutionId"]
    while True:
        found: dict[str, Any] = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        if found["Status"]["State"] == "SUCCEEDED":
            return found
        if found["Status"]["State"] in ("FAILED", "CANCELLED"):
            raise RuntimeError(found["Status"].get("StateChangeReason"))


def read_pages(athena: Any, query_id: str, rows: int) -> dict[str, float]:
    """Every page of 1,000 rows, and how long the first and the last ones took."""
    times, count = [], 0
    token: dict[str, str] = {}
    start = time.perf_counter()
    while True:
        began = time.perf_counter()
        page = athena.get_query_results(QueryExecutionId=query_id, **token)
        times.append((time.perf_counter() - began) * 1000)
        count += len(page["ResultSet"]["Rows"])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    if count != rows + 1:
        raise RuntimeError(f"{count} rows came, not {rows} and their header")
    return {
        "pages": len(times),
        "all_pages_s": round(time.perf_counter() - start, 1),
        "first_page_ms": round(sum(times[:EDGE_PAGES]) / EDGE_PAGES, 2),
        "last_page_ms": round(sum(times[-EDGE_PAGES - 1 : -1]) / EDGE_PAGES, 2),
    }


def copied_by_duckdb(rows: int) -> float:
    """Milliseconds in which DuckDB alone computes the same rows and writes them as quoted CSV."""
    sql = f"""SELECT range id, range * 7, range % 97, range / 7.0, range % 2 = 0, 'cliente ' || range,
        'ciudad ' || (range % 500), range::decimal(18, 2), date '2015-01-01' + (range % 3650)::int,
        timestamp '2020-01-01' + to_seconds(range) FROM range({rows})"""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": 2}) as alone:
        start = time.perf_counter()
        alone.execute(f"COPY ({sql}) TO '{folder}/alone.csv' (HEADER, FORCE_QUOTE *)")
        return round((time.perf_counter() - start) * 1000, 1)


@contextmanager
def peak_of(pid: int) -> Iterator[dict[str, int]]:
    """`before` and `peak` of a process's resident memory in bytes, looked at every 5 ms."""
    memory = {"before": resident(pid), "peak": resident(pid)}
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.005):
            memory["peak"] = max(memory["peak"], resident(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield memory
    finally:
        over.set()
        watcher.join()


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) * 1024


if __name__ == "__main__":
    main()
