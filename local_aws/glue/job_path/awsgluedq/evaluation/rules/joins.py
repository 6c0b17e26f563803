"""Rows that another frame has too, by a join that keeps the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.evaluation.dataset import named
from awsgluedq.evaluation.plan import Rows

_MATCHED = "rows that the other has"


def keys_of(frame: DataFrame, names: Sequence[str]) -> DataFrame:
    """The distinct values of columns, under names of their own."""
    return frame.select(*(named(name).alias(_key(at)) for at, name in enumerate(names))).dropDuplicates()


def joined_with(keys: DataFrame, names: Sequence[str], nulls_match: int | None = None) -> Rows:
    """Rows whose columns `names` are among `keys`; from column `nulls_match` on, null is equal to null."""

    def add(frame: DataFrame, name: str) -> DataFrame:
        equal = [
            _equal(named(mine), named(_key(at)), nulls_match is not None and at >= nulls_match)
            for at, mine in enumerate(names)
        ]
        joined = frame.join(keys.withColumn(name, F.lit(True)), reduce(and_, equal), "left")
        found = F.coalesce(named(name), F.lit(False)).alias(name)
        return joined.select(*(named(column) for column in frame.columns), found)

    return add


def count_of(frame: DataFrame, rows: Rows) -> Callable[[], int]:
    """How many rows pass, when it is asked for."""
    return lambda: rows(frame, _MATCHED).where(named(_MATCHED)).count()


def _equal(mine: Column, theirs: Column, nulls: bool) -> Column:
    return mine.eqNullSafe(theirs) if nulls else mine == theirs


def _key(at: int) -> str:
    return f"key {at} of the other"
