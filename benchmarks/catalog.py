"""How long GetPartitions takes on a table with 100,800 partitions, in process.

    python -m benchmarks.catalog

The target is under 20 ms for a pruned listing. `cpu_ms` is the processor time of one call, which other work
on the machine leaves alone; `wall_ms` is what a caller waits.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.record import record
from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.services import Parts
from local_aws.settings import Settings

YEARS, MONTHS, DAYS, PLANTS = 10, 12, 28, 30
EXPRESSIONS = {
    "one partition": "year = '2024' AND month = '07' AND day = 15 AND plant = 'p07'",
    "one day": "year = '2024' AND month = '07' AND day = 15",
    "a range of days": "year = '2024' AND month = '07' AND day BETWEEN 10 AND 20",
    "by the last key": "plant = 'p07' AND day = 3",
    "one of two": "(year = '2024' AND month = '01' AND day = 1) OR (year = '2020' AND month = '12')",
    "nothing": "year = '1999'",
    "the first page of all": "",
}
ROUNDS = 15
TABLE = {"DatabaseName": "lake", "TableName": "readings"}
KEYS = [("year", "string"), ("month", "string"), ("day", "int"), ("plant", "string")]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = CatalogStore(Settings(state=Path(folder)), "us-east-1")
        glue = Parts(*catalog_parts(store, Tags(store)))
        caller = Caller("000000000000", "us-east-1")
        count = fill(glue, caller)
        measured = {
            title: timed(lambda text=text: glue.get_partitions({**TABLE, "Expression": text}, caller))
            for title, text in EXPRESSIONS.items()
        }
    record("catalog", {"partitions": count, "sqlite": sqlite3.sqlite_version, "get_partitions": measured})


def timed(call: Callable[[], dict[str, Any]]) -> dict[str, float]:
    """Medians over `ROUNDS` calls."""
    wall, cpu = [], []
    for _ in range(ROUNDS):
        start, start_cpu = time.perf_counter(), time.thread_time()
        answer = call()
        wall.append(time.perf_counter() - start)
        cpu.append(time.thread_time() - start_cpu)
    return {
        "found": len(answer["Partitions"]),
        "wall_ms": round(statistics.median(wall) * 1000, 2),
        "cpu_ms": round(statistics.median(cpu) * 1000, 2),
    }


def fill(glue: Parts, caller: Caller) -> int:
    columns = [{"Name": f"reading_{n}", "Type": "double"} for n in range(12)]
    descriptor = {"Columns": columns, "Location": "s3://lake/readings/", "SerdeInfo": {"Parameters": {}}}
    keys = [{"Name": name, "Type": kind} for name, kind in KEYS]
    table = {"Name": "readings", "PartitionKeys": keys, "StorageDescriptor": descriptor}
    glue.create_database({"DatabaseInput": {"Name": "lake"}}, caller)
    glue.create_table({"DatabaseName": "lake", "TableInput": table}, caller)
    values = [
        [str(2016 + year), f"{month + 1:02}", str(day + 1), f"p{plant:02}"]
        for year in range(YEARS)
        for month in range(MONTHS)
        for day in range(DAYS)
        for plant in range(PLANTS)
    ]
    for start in range(0, len(values), 100):
        entries = [
            {"Values": one, "StorageDescriptor": {**descriptor, "Location": f"s3://lake/{'/'.join(one)}/"}}
            for one in values[start : start + 100]
        ]
        glue.batch_create_partition({**TABLE, "PartitionInputList": entries}, caller)
    return len(values)


if __name__ == "__main__":
    main()
