"""The values of partition folders as columns, taken from the path of the file that a row is from.

Spark's own partitions do it only for files that it lists below one folder; these are files of any depth, or
chosen one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from pyspark.sql import Column, DataFrame, DataFrameReader
from pyspark.sql import functions as F  # noqa: N812

from awsglue.partition_text import setting

FOLDER = re.compile(r"/([^/=]+)=([^/]*)(?=/)")
LISTING_TASKS = "spark.sql.sources.parallelPartitionDiscovery.parallelism"
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


def keys_of(files: Iterable[str], roots: Iterable[str]) -> list[str]:
    """The keys of folders that files have below the path by which they were found."""
    starts = [f"{root.rstrip('/')}/" for root in roots]
    found = (
        (file, next((one for one in starts if file.startswith(one)), None)) for file in map(unquote, files)
    )
    return keys_below(file[len(start) :] for file, start in found if start is not None)


def keys_below(paths: Iterable[str]) -> list[str]:
    """The keys of the folders in paths that begin below a source's own."""
    return list(dict.fromkeys(key for path in paths for key, _ in FOLDER.findall(f"/{path}")))


def load_files(reader: DataFrameReader, files: list[str]) -> DataFrame:
    """The files as they are, wherever they lie."""
    spark = reader._spark
    # Spark looks at each path of a long list in a task of its own, which takes longer than the look.
    with setting(spark, LISTING_TASKS, str(spark.sparkContext.defaultParallelism)):
        return reader.option("recursiveFileLookup", "true").load(files)


def load_xml(reader: DataFrameReader, files: list[str]) -> DataFrame:
    """The files for Spark's reader of XML, which takes one text of paths, with commas between them."""
    return reader.load(",".join(file.replace(",", r"{\,}") for file in files))


def with_keys(frame: DataFrame, keys: Iterable[str], *, path: Column | None = None) -> DataFrame:
    """A frame with a column of text for each key, null where a file is in no such folder.

    `path` is the file's, for a reader whose rows do not know it as most do.
    """
    path = unquoted(F.col("_metadata.file_path")) if path is None else path
    columns = {}
    for key in keys:
        # The last of two folders of one key: another may be above the source's own path.
        value = unquoted(F.regexp_extract(path, f"^.*/{re.escape(key)}=([^/]*)/", 1))
        columns[key] = F.when((value != "") & (value != NO_VALUE), value)
    return frame.withColumns(columns) if columns else frame


def unquoted(text: Column) -> Column:
    """A path or a partition's value as it is meant; in neither does a plus stand for a space."""
    return F.url_decode(F.replace(text, F.lit("+"), F.lit("%2B")))
