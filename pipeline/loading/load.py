"""Load a table's raw files: read, sort, write the two partitions of each load date, and report.

A load date is taken by itself and its partitions are rewritten whole, so a rerun gives the same rows and
leaves every other partition alone. The old report goes first and the new one comes last: a run that is cut
off leaves a load date that is still pending.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from pyspark.sql import DataFrame, SparkSession

from pipeline.loading import layout
from pipeline.loading.choice import load_dates
from pipeline.loading.lake import Lake
from pipeline.loading.report import LoadReport, files_named
from pipeline.transforms.csv_files import FileUnreadable, read_csv_files, split_facts
from pipeline.transforms.csv_lines import FileFacts, empty_file
from pipeline.transforms.sorting import DUPLICATE, MOTIVO, rows_to_reject, rows_to_write, sort_lines
from pipeline.transforms.table import Table

SETTINGS = {
    # Casts that cannot be done give null, which the checks then see; in ANSI mode they would end the job.
    "spark.sql.ansi.enabled": "false",
    # A year 0202 for 2022 is a date all the same; by default Spark refuses to write days before 1582.
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
}

LINES_PER_FILE = 500_000
"""A Parquet file of such rows has some 20 MB, and one task writes it in seconds."""

_REPORT_READERS = 16


class LoadFailed(Exception):
    """Loading stopped; the message says at which table and load date, and why."""


def load_table(spark: SparkSession, lake: Lake, table: Table, asked: str) -> list[LoadReport]:
    """Load the load dates asked for, oldest first, and return their reports.

    Args:
        spark: the session; its `SETTINGS` are changed.
        lake: the bucket.
        table: what to load.
        asked: `pending`, `all` or `YYYY-MM-DD`.

    Raises:
        LoadFailed: a load date could not be loaded; the ones before it are.
        ValueError: `asked` is none of these.
    """
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
    raw = layout.by_load_date(lake.etags(layout.raw_prefix(table.name)))
    reports = []
    for load_date in load_dates(asked, raw, _loaded(lake, table)):
        try:
            reports.append(load_one_date(spark, lake, table, load_date, raw[load_date]))
        except Exception as error:
            raise LoadFailed(f"{table.name}, load date {load_date}: {error}") from error
    return reports


def load_one_date(
    spark: SparkSession, lake: Lake, table: Table, load_date: date, etags: dict[str, str]
) -> LoadReport:
    """Load one load date from the raw files in `etags` (ETag by key)."""
    report_key = layout.report_key(table.name, load_date)
    lake.delete(report_key)
    folder = lake.uri(layout.raw_folder(table.name, load_date))
    keys = {lake.uri(key): key for key in etags}
    lines = read_csv_files(spark, folder, keys, table.layout).persist()
    proper, told = split_facts(lines)
    files = _every_file(lake, told, etags)
    read = sum(file.rows for file in files)
    partitions = max(1, math.ceil(read / LINES_PER_FILE))
    sorted_lines = sort_lines(proper, table, partitions).persist()
    try:
        counts = _counts(sorted_lines)
        report = LoadReport(
            table.name,
            load_date,
            read=read,
            written=counts.pop((False, None), 0),
            duplicates=sum(count for (is_duplicate, _), count in counts.items() if is_duplicate),
            rejected=sum(count for (is_duplicate, _), count in counts.items() if not is_duplicate),
            reasons={
                str(motivo): count for (is_duplicate, motivo), count in counts.items() if not is_duplicate
            },
            files=files,
            etags=etags,
        )
        _write(rows_to_write(sorted_lines, table), lake.uri(layout.processed_folder(table.name, load_date)))
        _write(rows_to_reject(sorted_lines, table), lake.uri(layout.rejected_folder(table.name, load_date)))
    finally:
        sorted_lines.unpersist()
        lines.unpersist()
    lake.write(report_key, report.to_json(), "application/json")
    return report


def _every_file(lake: Lake, told: list[FileFacts], etags: dict[str, str]) -> list[FileFacts]:
    """What each listed file was like. Spark passes over files without a byte, so it tells nothing of them."""
    silent = [key for key in etags if key not in {file.key for file in told}]
    for key in silent:
        if lake.read(key):
            raise FileUnreadable(f"{key} was listed, but Spark did not find it")
    return sorted([*told, *map(empty_file, silent)], key=lambda file: file.key)


def _loaded(lake: Lake, table: Table) -> dict[date, dict[str, str]]:
    """The raw files that each load date's report names."""
    keys = [key for key in lake.etags(layout.reports_prefix(table.name)) if key.endswith("/report.json")]
    with ThreadPoolExecutor(_REPORT_READERS) as readers:
        documents = readers.map(lake.read, keys)
        loaded = {
            layout.load_date_of(key): files_named(text) for key, text in zip(keys, documents, strict=True)
        }
    return {load_date: files for load_date, files in loaded.items() if load_date is not None}


def _counts(sorted_lines: DataFrame) -> dict[tuple[bool, str | None], int]:
    """Lines by whether they are duplicates, and by `motivo`."""
    rows = sorted_lines.groupBy(DUPLICATE, MOTIVO).count().collect()
    return {(row[DUPLICATE], row[MOTIVO]): row["count"] for row in rows}


def _write(rows: DataFrame, folder: str) -> None:
    """Make `folder` hold these rows and no others; with no rows, one file that has the schema.

    So every table exists from its first load on, and a load date whose rows are all refused leaves nothing
    stale.
    """
    writer = rows.write.mode("overwrite").option("compression", "snappy")
    writer.option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false").parquet(folder)
