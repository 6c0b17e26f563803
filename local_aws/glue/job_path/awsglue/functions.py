# ruff: noqa: N802, N803 - the names are AWS's
"""Column functions that Spark has under other names."""

from __future__ import annotations

from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812


def replaceArrayElement(srcCol: Any, replaceCol: Any, idx: int) -> Column:
    """The array `srcCol` with `replaceCol` at the index `idx`, which counts from 0."""
    return F.transform(_column(srcCol), lambda one, at: F.when(at == idx, _column(replaceCol)).otherwise(one))


def namedStruct(*cols: Any) -> Column:
    """A struct of names and values in turn."""
    listed = cols[0] if len(cols) == 1 and isinstance(cols[0], list | set) else cols
    return F.named_struct(*listed)


def explodeWithIndex(col: Any) -> Column:
    """The elements of an array as rows: `index` and `val`."""
    return F.posexplode(col).alias("index", "val")


def _column(column: Any) -> Column:
    return F.col(column) if isinstance(column, str) else column
