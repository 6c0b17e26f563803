"""The visual transforms of Glue Studio, as the scripts that it writes call them."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

pytestmark = pytest.mark.spark


def dynamic(context: Any, sql: str) -> Any:
    from awsglue.dynamicframe import DynamicFrame

    for name in ("derived", "concat", "split", "array_to_cols", "explode", "flatten", "now", "repartition"):
        importlib.import_module(f"gs_{name}")
    for name in ("to_timestamp", "format_timestamp"):
        importlib.import_module(f"gs_{name}")
    return DynamicFrame.fromDF(context.sql(sql), context, "rows")


def rows(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.toDF().collect()]


def test_columns_are_derived_concatenated_and_split(context: Any) -> None:
    frame = dynamic(context, "select 2 quantity, 1.5D price, 'a b' t, 'x' `odd/name:`")
    assert rows(frame.gs_derived(colName="total", expr="quantity * price"))[0][-1] == 3.0
    joined = frame.gs_concat(colName="c", colList=["quantity", "odd/name:"], spacer="-")
    assert rows(joined)[0][-1] == "2-x"
    parts = frame.gs_split(colName="t", pattern=r"\s", newColName="parts")
    cols = parts.gs_array_to_cols(colName="parts", colList="one, two, three")
    assert rows(cols)[0][-3:] == ("a", "b", None)


def test_arrays_become_rows_and_structs_columns(context: Any) -> None:
    frame = dynamic(context, "select 1 id, array(1, 2) l, named_struct('a', named_struct('b', 3)) s")
    assert [row[-1] for row in rows(frame.gs_explode(colName="l", newCol="one"))] == [1, 2]
    assert frame.gs_flatten().toDF().columns == ["id", "l", "s.a.b"]
    assert frame.gs_flatten(maxLevels=1, separator="_").toDF().columns == ["id", "l", "s_a"]
    assert frame.gs_repartition(numPartitionsStr="3").getNumPartitions() == 3


def test_times_are_read_and_written(context: Any) -> None:
    frame = dynamic(context, "select '2025-01-02T03:04:05Z' iso, 1735787045 s, '1735787045000' ms, 'no' bad")
    for name in ("iso", "s", "ms", "bad"):
        frame = frame.gs_to_timestamp(colName=name, colType="autodetect")
    frame = frame.gs_format_timestamp(colName="s", dateFormat="yyyy/MM", newColName="month").gs_now(
        "now", "%Y"
    )
    found = frame.toDF().selectExpr(
        "unix_seconds(iso)", "unix_seconds(s)", "unix_seconds(ms)", "bad", "month"
    )
    assert [tuple(row) for row in found.collect()] == [(1735787045, 1735787045, 1735787045, None, "2025/01")]
    with pytest.raises(ValueError, match="no column 'nope'"):
        frame.gs_split(colName="nope", pattern=",")
