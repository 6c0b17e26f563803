"""Read the CSV files of folders into lines, with Python's csv module on Spark's executors.

Spark's own CSV reader has one encoding and one delimiter for all files, matches columns by position, silently
pads short rows, and keeps no line numbers; here each file differs and no line may be lost. So a file is read
whole (`binaryFile`) by one task. The file is the unit of parallelism, and must be less than 2 GiB, Spark's
limit for a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)
from pyspark.sql.types import LongType, StringType, StructField, StructType

from pipeline.transforms.csv_lines import AFTER, BEFORE, FileFacts, Layout, Line, lines_of


class FileUnreadable(Exception):
    """Reading a file failed for a reason that is not in its contents; the message names it."""


def read_csv_files(
    spark: SparkSession, folders: list[str], keys: Mapping[str, str], layout: Layout
) -> DataFrame:
    """The lines of the files below `folders`.

    Args:
        spark: the session.
        folders: URIs.
        keys: S3 key by the URI of a file; a file that is not here, having arrived since, is not read.
        layout: the columns of the table.

    Returns:
        `BEFORE`, the layout's columns and `AFTER`, all text but the line number.
    """
    reader = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
    files = reader.load(folders).where(F.col("path").isin(list(keys))).select("path", "content")
    lines = files.rdd.flatMap(_reader_of(dict(keys), layout))
    return spark.createDataFrame(lines, lines_schema(layout), verifySchema=False)


def lines_schema(layout: Layout) -> StructType:
    """The schema of lines: text, but for the line number."""
    names = (*BEFORE, *layout.columns, *AFTER)
    types = {"linea": LongType()}
    return StructType([StructField(name, types.get(name, StringType())) for name in names])


def split_facts(lines: DataFrame) -> tuple[DataFrame, list[FileFacts]]:
    """The lines proper, and what each file was like, in the order of their keys."""
    told = lines.where(F.col("informe").isNotNull()).select("informe").collect()
    facts = sorted((FileFacts.from_json(row["informe"]) for row in told), key=lambda file: file.key)
    return lines.where(F.col("informe").isNull()).drop("informe"), facts


def _reader_of(keys: dict[str, str], layout: Layout) -> Callable[[Row], Iterator[Line]]:
    def read(file: Any) -> Iterator[Line]:
        key = keys[file["path"]]
        try:
            yield from lines_of(key, bytes(file["content"]), layout)
        except Exception as error:
            raise FileUnreadable(f"{key}: {error}") from error

    return read
