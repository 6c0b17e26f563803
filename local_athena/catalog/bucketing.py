"""Files of other buckets than a query's are left out, when it names a value for every bucketing column.

A file says its bucket in its name, as Hive (`000001_0`) and Athena (`…_bucket-00001…`) write it. Files of a partition
with other names, and Hive's second bucketing version, are all read.
https://docs.aws.amazon.com/athena/latest/ug/ctas-bucketing-benefits.html
"""  # noqa: E501

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from local_athena.catalog.tables import TableColumn, bucket_columns
from local_athena.sql.typed import PartitionTest, Scan
from local_athena.types.buckets import bucket_of
from local_athena.types.trino import INTEGERS

NAMED = re.compile(r".*_bucket-(\d+)(?:[-_.].*)?|(0\d+)_\d+.*")
MOST = 1000
"""More combinations of values than this leave nothing out."""
VALUES: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(INTEGERS, int),
    "varchar": str,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
}
"""A test's text as the value of a bucketing column."""


def wanted_buckets(scan: Scan) -> set[int] | None:
    """The buckets that can hold rows of a query, None for all."""
    names = bucket_columns(scan.table.glue)
    types = {column.name: column for column in scan.table.data_columns}
    if not names or any(name not in types or types[name].type.base not in VALUES for name in names):
        return None
    values = [_values(types[name], scan.conjuncts) for name in names]
    chosen = [found for found in values if found is not None]
    if len(chosen) < len(names):
        return None
    rows = list(itertools.islice(itertools.product(*chosen), MOST + 1))
    kinds = tuple(types[name].type for name in names)
    count = int(scan.table.glue["StorageDescriptor"]["NumberOfBuckets"])
    return None if len(rows) > MOST else {bucket_of(row, kinds, count) for row in rows}


def _values(column: TableColumn, tests: Sequence[PartitionTest]) -> set[Any] | None:
    """The values that equality leaves a column, None when nothing is said of it."""
    made = []
    for test in tests:
        if test.column == column.name and test.operator in ("=", "IN"):
            try:
                made.append({VALUES[column.type.base](text) for text in test.values})
            except ValueError:
                continue
    return set.intersection(*made) if made else None


def buckets_of(names: list[str], count: int) -> list[int] | None:
    """The bucket that each of a partition's file names says, None when one says none."""
    found = [NAMED.fullmatch(name) for name in names]
    numbers = [int(one[1] or one[2]) for one in found if one is not None]
    return numbers if len(numbers) == len(names) and all(n < count for n in numbers) else None
