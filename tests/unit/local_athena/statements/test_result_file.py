from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from local_athena.errors import QueryFailed
from local_athena.statements.output import render, result_file
from local_athena.statements.output.csv_file import write_csv
from local_athena.statements.output.render import column_texts
from local_athena.statements.output.result_file import Row, read_rows
from local_athena.types.trino import parse_type

ROWS: list[Row] = [
    ["a", "b"], [None, ""], ["", None], [None, None], ['say "no"', ","], ['","', '"'], ["two\nlines", ",,"],
    [",", '",'], ["ñ", "日本"],
]  # fmt: skip


def written(path: Path) -> Path:
    columns = [pa.array(list(cells), pa.string()) for cells in zip(*ROWS, strict=True)]
    write_csv(path, ["x", "y"], [pa.RecordBatch.from_arrays(columns, ["0", "1"])])
    return path


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    with written(tmp_path / "r.csv").open("rb") as file:
        rows, _, more = read_rows(file, 0, 1000)
    assert rows == [["x", "y"], *ROWS]
    assert not more


def test_every_value_is_quoted_and_null_is_nothing(tmp_path: Path) -> None:
    lines = written(tmp_path / "r.csv").read_text().split("\n")
    assert lines[:5] == ['"x","y"', '"a","b"', ',""', '"",', ","]


@pytest.mark.parametrize("count", [1, 2, 3, 100])
def test_pages_go_on_where_the_last_one_ended(tmp_path: Path, count: int) -> None:
    found, offset, more = [], 0, True
    with written(tmp_path / "r.csv").open("rb") as file:
        while more:
            rows, offset, more = read_rows(file, offset, count)
            found += rows
    assert found == [["x", "y"], *ROWS]


def test_a_page_of_long_rows_is_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_file, "PAGE_BYTES", 20)
    with written(tmp_path / "r.csv").open("rb") as file:
        assert len(read_rows(file, 0, 1000)[0]) == 3


@pytest.mark.parametrize(
    ("type_", "values", "texts"),
    [
        ("double", [1.0, -0.0, 1e7, 9999999.5, 0.001, 0.0001, float("nan"), float("inf"), None],
         ["1.0", "-0.0", "1.0E7", "9999999.5", "0.001", "1.0E-4", "NaN", "Infinity", None]),
        ("decimal(20,8)", [Decimal("0E-8"), Decimal("1E-8"), None], ["0.00000000", "0.00000001", None]),
        ("decimal(20,2)", [Decimal("0.00"), Decimal("-1.50"), None], ["0.00", "-1.50", None]),
        ("boolean", [True, False, None], ["true", "false", None]),
    ],
)  # fmt: skip
def test_whole_columns_have_the_texts_of_their_values(
    type_: str, values: list[Any], texts: list[str | None]
) -> None:
    trino = parse_type(type_)
    kind = pa.decimal128(trino.precision, trino.scale) if trino.base == "decimal" else None
    assert column_texts(pa.array(values, kind), trino).to_pylist() == texts


@pytest.mark.parametrize(
    ("type_", "kind", "number", "text"),
    [
        ("timestamp(3)", pa.timestamp("us"), 1700000000123000, "2023-11-14 22:13:20.123"),
        ("timestamp(0)", pa.timestamp("us"), -1000000, "1969-12-31 23:59:59"),
        ("timestamp(6)", pa.timestamp("us"), -62135596800000001, "0000-12-31 23:59:59.999999"),
        ("timestamp(3)", pa.timestamp("us"), 253402300800000000, "+10000-01-01 00:00:00.000"),
        ("date", pa.date32(), 2932896, "9999-12-31"),
        ("date", pa.date32(), 2932897, "+10000-01-01"),
        ("date", pa.date32(), -719163, "0000-12-31"),
    ],
)
def test_days_and_moments_have_their_texts_in_any_year(
    type_: str, kind: pa.DataType, number: int, text: str
) -> None:
    values = pa.array([number, None], pa.int32() if kind == pa.date32() else pa.int64()).cast(kind)
    assert column_texts(values, parse_type(type_)).to_pylist() == [text, None]


def test_a_row_larger_than_athenas_is_refused_and_smaller_ones_are_written_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(render, "ROW_BYTES", 100)
    lists = pa.array([[1, 2]] * 50, pa.list_(pa.int64()))
    assert column_texts(lists, parse_type("array(bigint)")).to_pylist() == ["[1, 2]"] * 50
    with pytest.raises(QueryFailed, match="of a result's row exceed the limit"):
        column_texts(pa.array([[1], list(range(100))], pa.list_(pa.int64())), parse_type("array(bigint)"))
