"""Glue job: the CSV files of every table become Parquet, a month at a time.

`raw/<table>/year=YYYY/month=MM/*.csv` becomes `parquet/<table>/year=YYYY/month=MM/`: rows that are malformed,
lack what they need or repeat are dropped, the rest has types. A month whose files were read before is left
alone, so a rerun writes nothing; one that has new files is made again of all of its files. When files that a
month was made of are gone, making it again would lose rows: it is kept, and the run fails after all others.

Arguments: `--lake_bucket`, the lake's bucket.
"""

# ruff: noqa: T201 - a Glue script's stdout is its log

import json
import re
import sys

import boto3
from awsglue.context import GlueContext
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from pyspark.sql import DataFrame, SparkSession

from pipeline.loading.lake import Lake
from pipeline.loading.load import SETTINGS
from pipeline.transforms.categories import TIPO_ENERGIA, TIPO_TRANSACCION, category
from pipeline.transforms.checks import (
    Check,
    no_id,
    not_positive,
    unknown_category,
    unreadable_date,
    unreadable_number,
)
from pipeline.transforms.clientes import CLIENTES
from pipeline.transforms.csv_files import read_csv_files, split_facts
from pipeline.transforms.csv_lines import Layout
from pipeline.transforms.dates import date
from pipeline.transforms.numbers import number
from pipeline.transforms.proveedores import PROVEEDORES
from pipeline.transforms.sorting import rows_to_write, sort_lines
from pipeline.transforms.table import ORIGINAL, Table
from pipeline.transforms.text import identifier

MONTH = re.compile(r"^raw/[^/]+/(year=\d{4}/month=\d{2})/[^/_.][^/]*$")

# This lake's own names for the quantity and the price.
COLUMNS = (
    "transaccion_id",
    "tipo_transaccion",
    "id_cliente_proveedor",
    "cantidad_comprada",
    "precio",
    "tipo_energia",
    "fecha_transaccion",
)


def clean_transacciones(lines: DataFrame) -> DataFrame:
    """Give every line's columns their type and canonical form; what cannot be read is null."""
    return lines.select(
        ORIGINAL,
        identifier("transaccion_id"),
        category("tipo_transaccion", TIPO_TRANSACCION),
        identifier("id_cliente_proveedor"),
        number("cantidad_comprada", scale=3),
        number("precio", scale=2),
        category("tipo_energia", TIPO_ENERGIA),
        date("fecha_transaccion"),
    )


def check_transacciones() -> list[Check]:
    """What makes a row malformed."""
    return [
        no_id("transaccion_id"),
        no_id("id_cliente_proveedor"),
        unreadable_date("fecha_transaccion"),
        unreadable_number("cantidad_comprada"),
        unreadable_number("precio"),
        not_positive("cantidad_comprada"),
        not_positive("precio"),
        unknown_category("tipo_transaccion"),
        unknown_category("tipo_energia"),
    ]


TRANSACCIONES = Table(
    "transacciones",
    Layout(columns=COLUMNS, required=frozenset(COLUMNS)),
    "transaccion_id",
    "fecha_transaccion",
    clean_transacciones,
    check_transacciones,
)
TABLES = (CLIENTES, PROVEEDORES, TRANSACCIONES)


def months_of(lake: Lake, table: Table) -> dict[str, dict[str, str]]:
    """The raw files of each month, as `year=YYYY/month=MM`: ETag by key."""
    months: dict[str, dict[str, str]] = {}
    for key, etag in lake.etags(f"raw/{table.name}/").items():
        if match := MONTH.match(key):
            months.setdefault(match[1], {})[key] = etag
    return months


def read_before(lake: Lake, table: Table, month: str) -> dict[str, str]:
    """The raw files that a month's Parquet was made of; none when it was not made, or not to its end."""
    record = record_key(table, month)
    return json.loads(lake.read(record)) if record in lake.etags(record) else {}


def record_key(table: Table, month: str) -> str:
    """Where `read_before` is kept. Its underscore hides it from crawlers and Athena."""
    return f"parquet/_read/{table.name}/{month}/files.json"


def write_month(spark: SparkSession, lake: Lake, table: Table, month: str, files: dict[str, str]) -> None:
    """Make a month of all of its files. Its record goes first and comes last: a run cut off starts over."""
    lake.delete(record_key(table, month))
    keys = {lake.uri(key): key for key in files}
    lines = read_csv_files(spark, [lake.uri(f"raw/{table.name}/{month}")], keys, table.layout).persist()
    proper, told = split_facts(lines)
    good = rows_to_write(sort_lines(proper, table), table)
    good.write.mode("overwrite").parquet(lake.uri(f"parquet/{table.name}/{month}"))
    for file in told:
        if file.rejected_whole:
            print(f"{file.key}: not read: {file.rejected_whole}")
    print(f"{table.name} {month}: {sum(file.rows for file in told)} rows read, {good.count()} written")
    lines.unpersist()
    lake.write(record_key(table, month), json.dumps(files).encode(), "application/json")


def transform(spark: SparkSession, lake: Lake) -> None:
    """Bring every month of every table up to date."""
    kept = []
    for table in TABLES:
        for month, files in months_of(lake, table).items():
            before = read_before(lake, table, month)
            if before == files:
                continue
            gone = sorted(before.keys() - files.keys())
            if gone:
                kept.append(f"{table.name} {month}, because {', '.join(gone)} is gone")
                continue
            write_month(spark, lake, table, month, files)
    if kept:
        sys.exit(f"New files were not loaded, so that older rows are kept: {'; '.join(kept)}. Put them back.")


args = getResolvedOptions(sys.argv, ["lake_bucket"])
session = GlueContext(SparkContext.getOrCreate()).spark_session
for name, value in SETTINGS.items():
    session.conf.set(name, value)
transform(session, Lake(boto3.client("s3"), args["lake_bucket"]))
