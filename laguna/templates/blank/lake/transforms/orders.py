"""What an exported order means."""

from __future__ import annotations

from pyspark.sql import DataFrame, functions


def clean(orders: DataFrame) -> DataFrame:
    """One row an order: `order_id` string, `customer` string, `amount` decimal(10, 2).

    Rows without an identifier or a readable amount are left out, and so are repeated orders.
    """
    return (
        orders.select(
            functions.trim("order_id").alias("order_id"),
            functions.initcap(functions.trim("customer")).alias("customer"),
            functions.regexp_replace("amount", "[$, ]", "").cast("decimal(10,2)").alias("amount"),
        )
        .where((functions.col("order_id") != "") & functions.col("amount").isNotNull())
        .dropDuplicates(["order_id"])
    )
