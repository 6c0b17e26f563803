"""What a new JVM does before its first job: a job in small, so that the first real one finds all loaded.

Run as a script by the pool, as a process of its own like any job's. It touches what nearly every job
touches (CSV with line breaks, SQL functions, a window, a shuffle, partitioned Parquet, its reading back)
and also makes Python compile PySpark's modules on a fresh machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812


def rehearse(folder: Path) -> None:
    """Run the small job in `folder`, which must exist."""
    spark = SparkSession.builder.getOrCreate()
    source, target = folder / "rehearsal.csv", folder / "rehearsal.parquet"
    source.write_text('id;text;day\n1;"two\nlines";2025-07-25\n2;x;2025-07-26\n', encoding="utf-8")
    rows = spark.read.csv(f"file://{source}", header=True, sep=";", multiLine=True)
    latest = Window.partitionBy("id").orderBy(F.col("day").desc())
    cleaned = (
        rows.withColumn("day", F.to_date(F.regexp_replace("day", "/", "-")))
        .withColumn("price", F.col("id").cast("decimal(18,2)"))
        .withColumn("rank", F.row_number().over(latest))
        .where("rank = 1")
    )
    cleaned.write.partitionBy("day").mode("overwrite").parquet(f"file://{target}")
    spark.read.parquet(f"file://{target}").groupBy("day").agg(F.count("*"), F.sum("price")).collect()
    spark.stop()


if __name__ == "__main__":
    rehearse(Path(sys.argv[1]))
