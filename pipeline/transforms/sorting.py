"""Sort the lines of load dates into rows to write, rows to reject, and exact duplicates, which none may
escape.

Always: lines read = rows written + rejected + exact duplicates. The order of the rules makes it so: of lines
that are the same in every column one stays (the last); the first check that fails refuses a row; of the rows
still good that share an id the latest one stays, and on one day the last in the files, taken in the order of
their keys. So a row that is refused never pushes out a good one.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

from pipeline.transforms.checks import Check, first_motivo
from pipeline.transforms.csv_lines import BEFORE
from pipeline.transforms.table import ORIGINAL, Table, original
from pipeline.transforms.text import clean_texts

DUPLICATE = "duplicada"
MOTIVO = "motivo"
LOAD = "carga"
"""The folders of the load date that a line's file lies in. Lines of two load dates are never compared."""

_LOAD_FOLDERS = r"/(year=\d{4}/month=\d{2}/day=\d{2})/"


def sort_lines(lines: DataFrame, table: Table, partitions: int = 1) -> DataFrame:
    """Every line once: `ORIGINAL`, the table's columns, `LOAD`, whether a `DUPLICATE`, its `MOTIVO` or null.

    They come in so many partitions, each in the order of the files. Lines of one id are in one partition,
    and duplicates have one id, so lines are moved between tasks only once.
    """
    with_original = lines.withColumn(ORIGINAL, F.struct(*lines.columns))
    cleaned = table.clean(clean_texts(with_original, table.layout.columns))
    gathered = cleaned.repartition(partitions, table.identifier)
    # A line that could not be cut into fields has no columns to check.
    motivo = F.coalesce(original("problema"), first_motivo(table.checks()))
    loads = gathered.withColumn(LOAD, F.regexp_extract(original("archivo"), _LOAD_FOLDERS, 1))
    judged = loads.withColumns({DUPLICATE: _comes_again(table), MOTIVO: motivo})
    final = judged.withColumn(MOTIVO, F.coalesce(MOTIVO, first_motivo([_repeated(table)])))
    return final.sortWithinPartitions(original("archivo"), original("linea"))


def rows_to_write(sorted_lines: DataFrame, table: Table) -> DataFrame:
    """The good rows, with the columns of the table."""
    good = sorted_lines.where(~F.col(DUPLICATE) & F.col(MOTIVO).isNull())
    return good.select(*table.layout.columns)


def rows_to_reject(sorted_lines: DataFrame, table: Table) -> DataFrame:
    """The refused rows: every column as the text it was, why, and where to find it."""
    refused = sorted_lines.where(~F.col(DUPLICATE) & F.col(MOTIVO).isNotNull())
    return refused.select(
        *(original(column) for column in table.layout.columns),
        MOTIVO,
        original("archivo"),
        original("linea"),
        original("columnas_extra"),
        original("fila"),
    )


def _comes_again(table: Table) -> Column:
    """Whether a line that is the same in every column comes later."""
    # A line without columns is compared by its text, any other by its values, whatever their order in a file.
    text = F.when(original("problema").isNotNull(), original("fila"))
    columns = (original(column) for column in (*table.layout.columns, "columnas_extra"))
    same = Window.partitionBy(table.identifier, LOAD, *columns, text)
    return F.row_number().over(same.orderBy(*_last_first())) > 1


def _repeated(table: Table) -> Check:
    """The row's id is that of a good row with a later date, or of the same date and further on."""
    is_good = F.col(MOTIVO).isNull() & ~F.col(DUPLICATE)
    same = Window.partitionBy(table.identifier, LOAD, is_good)
    latest_first = same.orderBy(F.col(table.date).desc(), *_last_first())
    is_beaten = F.row_number().over(latest_first) > 1
    return Check(f"{table.identifier}: repetido", is_good & is_beaten)


def _last_first() -> list[Column]:
    return [original(column).desc() for column in BEFORE]
