"""Python functions on records: what they are given, and what becomes of what they make."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

pytestmark = pytest.mark.spark

ROWS = (
    "select named_struct('s', named_struct('n', 1.5D, 's', 'text', 'i', 7)) deep, 7 i, 8L l,"
    " cast(1.50 as decimal(9,2)) p, date'2025-01-02' d, timestamp'2025-01-02 03:04:05' t,"
    " map('k', 1) m, map(1, 'v') by_number, array(1, 2) a, cast(null as bigint) nothing,"
    " timestamp_ntz'2025-01-02 03:04:05' ntz, interval '1' day span, cast(1.5 as float) f, X'00FF' bin"
)


def test_a_function_that_changes_nothing_changes_no_value_and_no_type(context: Any) -> None:
    rows = context.sql(ROWS)
    same = dynamic(rows, context).map(lambda record: record).toDF()
    assert same.dtypes == rows.dtypes
    assert same.collect() == rows.collect()


def test_what_a_function_adds_gets_the_type_of_its_values(context: Any) -> None:
    def add(record: Any) -> Any:
        record["small"], record["big"], record["text"] = 1, 2**40, "x"
        record["inside"] = {"when": datetime.date(2025, 1, 2), "price": Decimal("12.345")}
        return record

    added = dynamic(context.sql("select 1 id"), context).map(add).toDF()
    assert added.dtypes == [
        ("id", "int"), ("small", "int"), ("big", "bigint"), ("text", "string"),
        ("inside", "struct<when:date,price:decimal(5,3)>"),
    ]  # fmt: skip


@pytest.mark.parametrize(("value", "said"), [({"a"}, "of type set"), ({1: 2}, "keys are texts, not int")])
def test_what_no_record_can_hold_is_said(context: Any, value: Any, said: str) -> None:
    frame = dynamic(context.sql("select 1 id"), context).map(lambda record: {"v": value})
    with pytest.raises(TypeError, match=said):
        frame.toDF()


def test_a_record_does_not_have_what_it_lacks(frame_of: Any, records_of: Any) -> None:
    frame = frame_of({"k": 5}, {"other": 1}, {"k": 0}, {"k": None})
    assert records_of(frame.filter(lambda record: record["k"] != 0)) == [{"k": 5}, {"k": None}]
    assert records_of(frame.filter(lambda record: record.k == 5)) == [{"k": 5}]
    assert records_of(frame.filter(lambda record: "k" not in record)) == [{"other": 1}]


def test_a_record_lacks_a_key_also_after_an_operation_on_columns(frame_of: Any, records_of: Any) -> None:
    frame = frame_of({"k": 5, "in": {"a": 1}}, {"b": 1, "in": {"c": 2}}).rename_field("k", "key")
    assert records_of(frame.filter(lambda record: record["key"] != 0)) == [{"key": 5, "in": {"a": 1}}]
    assert records_of(frame) == [{"key": 5, "in": {"a": 1}}, {"b": 1, "in": {"c": 2}}]


def test_a_null_of_a_dataframe_is_none(context: Any, records_of: Any) -> None:
    frame = dynamic(context.sql("select 1 a, cast(null as string) b"), context)
    assert records_of(frame.filter(lambda record: record["b"] is None)) == [{"a": 1, "b": None}]


def test_what_a_function_fails_at_becomes_an_error_record(frame_of: Any, records_of: Any) -> None:
    def halve(record: Any) -> Any:
        return {"half": 10 // record["n"]} if record["n"] != 3 else None

    frame = frame_of({"n": 5}, {"n": 0}, {"n": 3}).map(halve, info="halving")
    assert records_of(frame) == [{"half": 2}]
    assert (frame.errorsCount(), frame.stageErrorsCount()) == (2, 2)
    errors = [one["error"] for one in records_of(frame.errorsAsDynamicFrame())]
    assert [one["msg"] for one in errors] == [
        "integer division or modulo by zero",
        "User-specified function returned None instead of DynamicRecord",
    ]
    assert [one["dynamicRecord"] for one in errors] == [{"n": 0}, {"n": 3}]
    assert errors[0]["callsite"]["info"] == "halving"
    assert errors[0]["callsite"]["site"].startswith('File "test_functions.py", line ')
    assert errors[0]["stackTrace"][-1].startswith('File "test_functions.py", line ')


def test_errors_travel_along(frame_of: Any) -> None:
    failed = frame_of({"n": 0, "m": 1}, {"n": 2, "m": 3}).map(lambda record: {"n": 1 // record["n"]})
    later = failed.select_fields(["n"]).filter(lambda record: True)
    assert (later.errorsCount(), later.stageErrorsCount()) == (1, 0)
    assert later.errorsAsDynamicFrame().toDF().select("error.msg").collect()[0][0].startswith("integer")
    assert later.count() == 1


def test_thresholds_fire_when_records_are_asked_for(frame_of: Any) -> None:
    from awsglue.dynamic.errors import TooManyErrors

    frame = frame_of({"n": 0}, {"n": 0}, {"n": 1})
    fails = lambda record: {"n": 1 // record["n"]}  # noqa: E731
    assert frame.map(fails, stageThreshold=3).count() == 1
    with pytest.raises(TooManyErrors, match="2 error records reach the stageThreshold of 2"):
        frame.map(fails, stageThreshold=2).toDF()
    with pytest.raises(TooManyErrors, match="totalThreshold of 1"):
        frame.map(fails).select_fields(["n"], totalThreshold=1).count()


def test_map_partitions_gets_items_with_records(frame_of: Any, records_of: Any) -> None:
    def number(index: int, items: Any) -> Any:
        for item in items:
            item["record"]["partition"] = index
            yield item

    def refuse(items: Any) -> Any:
        for item in items:
            yield {**item, "isError": item["record"]["n"] == 2, "errorMessage": "no twos"}

    frame = frame_of({"n": 1}, {"n": 2})
    assert records_of(frame.mapPartitionsWithIndex(number)) == [
        {"n": 1, "partition": 0}, {"n": 2, "partition": 1},
    ]  # fmt: skip
    refused = frame.mapPartitions(refuse)
    assert records_of(refused) == [{"n": 1}]
    assert refused.errorsAsDynamicFrame().toDF().select("error.msg").collect()[0][0] == "no twos"


def dynamic(rows: Any, context: Any) -> Any:
    from awsglue.dynamicframe import DynamicFrame

    return DynamicFrame.fromDF(rows, context, "rows")
