"""Load a table's raw files: read, sort, write the two partitions of each load date, and report.

Load dates are read and sorted together, since that costs Spark as much for a few files as for many, but each
is loaded from its own files alone: its partitions are rewritten whole, so a rerun gives the same rows and
leaves every other partition alone. The old report goes first and the new one comes last: a run that is cut
off leaves a load date that is still pending.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

from pipeline.loading import layout
from pipeline.loading.choice import Files, load_dates
from pipeline.loading.lake import Lake
from pipeline.loading.report import LoadReport, files_named
from pipeline.transforms.csv_files import FileUnreadable, read_csv_files, split_facts
from pipeline.transforms.csv_lines import FileFacts, empty_file
from pipeline.transforms.sorting import DUPLICATE, LOAD, MOTIVO, rows_to_reject, rows_to_write, sort_lines
from pipeline.transforms.table import Table

SETTINGS = {
    # Casts that cannot be done give null, which the checks then see; in ANSI mode they would end the job.
    "spark.sql.ansi.enabled": "false",
    # A year 0202 for 2022 is a date all the same; by default Spark refuses to write days before 1582.
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
}

LINES_PER_FILE = 500_000
"""A Parquet file of such rows has some 20 MB, and one task writes it in seconds."""

DATES_AT_ONCE = 31
"""Load dates that are read together; it bounds what Spark keeps at a time."""

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
    chosen = load_dates(asked, raw, _loaded(lake, table))
    reports = []
    for start in range(0, len(chosen), DATES_AT_ONCE):
        dates = chosen[start : start + DATES_AT_ONCE]
        try:
            reports += load_together(spark, lake, table, {load_date: raw[load_date] for load_date in dates})
        except Exception as error:
            named = ", ".join(map(str, dates))
            raise LoadFailed(f"{table.name}, load date {named}: {error}") from error
    return reports


def load_together(
    spark: SparkSession, lake: Lake, table: Table, raw: Mapping[date, Files]
) -> list[LoadReport]:
    """Load these load dates, each from its own files."""
    for load_date in raw:
        lake.delete(layout.report_key(table.name, load_date))
    keys = [key for files in raw.values() for key in files]
    folders = [lake.uri(layout.raw_folder(table.name, load_date)) for load_date in raw]
    lines = read_csv_files(spark, folders, {lake.uri(key): key for key in keys}, table.layout).persist()
    proper, told = split_facts(lines)
    files = _every_file(lake, told, keys)
    sorted_lines = sort_lines(proper, table, _parts(sum(file.rows for file in files))).persist()
    try:
        reports = _reports(table, raw, files, sorted_lines)
        for report in reports:
            _write_partitions(lake, table, report, sorted_lines)
    finally:
        sorted_lines.unpersist()
        lines.unpersist()
    return reports


def _reports(
    table: Table, raw: Mapping[date, Files], files: list[FileFacts], sorted_lines: DataFrame
) -> list[LoadReport]:
    """What became of the lines of each load date."""
    counted = sorted_lines.groupBy(LOAD, DUPLICATE, MOTIVO).count().collect()
    reports = []
    for load_date, etags in raw.items():
        own_files = [file for file in files if file.key in etags]
        counts = [row for row in counted if row[LOAD] == layout.partition_of(load_date)]
        reasons = {row[MOTIVO]: row["count"] for row in counts if row[MOTIVO] and not row[DUPLICATE]}
        reports.append(
            LoadReport(
                table.name,
                load_date,
                read=sum(file.rows for file in own_files),
                written=sum(row["count"] for row in counts if not row[MOTIVO] and not row[DUPLICATE]),
                rejected=sum(reasons.values()),
                duplicates=sum(row["count"] for row in counts if row[DUPLICATE]),
                reasons=reasons,
                files=own_files,
                etags=etags,
            )
        )
    return reports


def _write_partitions(lake: Lake, table: Table, report: LoadReport, sorted_lines: DataFrame) -> None:
    """Write what a report tells of, and then the report."""
    own = sorted_lines.where(F.col(LOAD) == layout.partition_of(report.load_date))
    processed = layout.processed_folder(table.name, report.load_date)
    rejected = layout.rejected_folder(table.name, report.load_date)
    _write(rows_to_write(own, table).coalesce(_parts(report.written)), lake.uri(processed))
    _write(rows_to_reject(own, table).coalesce(_parts(report.rejected)), lake.uri(rejected))
    key = layout.report_key(table.name, report.load_date)
    lake.write(key, report.to_json(), "application/json")


def _parts(lines: int) -> int:
    return max(1, math.ceil(lines / LINES_PER_FILE))


def _every_file(lake: Lake, told: list[FileFacts], keys: list[str]) -> list[FileFacts]:
    """What each listed file was like. Spark passes over files without a byte, so it tells nothing of them."""
    silent = sorted(set(keys) - {file.key for file in told})
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


def _write(rows: DataFrame, folder: str) -> None:
    """Make `folder` hold these rows and no others; with no rows, one file that has the schema.

    So every table exists from its first load on, and a load date whose rows are all refused leaves nothing
    stale.
    """
    writer = rows.write.mode("overwrite").option("compression", "snappy")
    writer.option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false").parquet(folder)
