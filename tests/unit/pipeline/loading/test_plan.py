"""What a run takes, where it lies, and what a report must add up to; no Spark."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipeline.loading import layout
from pipeline.loading.choice import load_dates
from pipeline.loading.report import LinesLost, LoadReport, files_named
from pipeline.transforms.csv_lines import FileFacts

D25, D26, D27 = (date(2025, 7, day) for day in (25, 26, 27))
RAW = {D26: {"b": "2"}, D25: {"a": "1"}, D27: {"c": "3", "d": "4"}}


@pytest.mark.parametrize(
    ("loaded", "pending"),
    [
        ({}, [D25, D26, D27]),
        (RAW, []),
        (RAW | {D26: {"b": "changed"}}, [D26]),
        (RAW | {D27: {"c": "3"}}, [D27]),
        (RAW | {D25: {"a": "1", "gone": "9"}}, [D25]),
    ],
)
def test_a_load_date_is_pending_unless_its_report_names_the_very_files(
    loaded: dict[date, dict[str, str]], pending: list[date]
) -> None:
    assert load_dates("pending", RAW, loaded) == pending


def test_all_takes_every_load_date_and_a_date_only_itself() -> None:
    assert load_dates("all", RAW, RAW) == [D25, D26, D27]
    assert load_dates("2025-07-26", RAW, RAW) == [D26]
    assert load_dates("2024-01-01", RAW, {}) == []


@pytest.mark.parametrize("asked", ["", "yesterday", "2025-02-30", "25/07/2025"])
def test_anything_else_is_refused_naming_what_is_possible(asked: str) -> None:
    with pytest.raises(ValueError, match="must be pending, all or YYYY-MM-DD"):
        load_dates(asked, RAW, {})


def test_raw_files_are_gathered_by_load_date_without_markers_and_hidden_files() -> None:
    folder = "raw/clientes/year=2025/month=07/day=25"
    keys = (f"{folder}/b.csv", f"{folder}/sub/a.csv", f"{folder}/", f"{folder}/_x.csv", f"{folder}/.x.csv")
    elsewhere = ("raw/clientes/suelto.csv", "raw/clientes/year=2025/month=13/day=01/x.csv")
    found = layout.by_load_date(dict.fromkeys((*keys, *elsewhere), "e"))
    assert found == {D25: {f"{folder}/b.csv": "e", f"{folder}/sub/a.csv": "e"}}


def test_a_report_names_its_files_with_their_etags() -> None:
    files = [FileFacts("raw/a.csv", "utf-8", ",", 5), FileFacts("raw/b.csv", rejected_whole="archivo vacío")]
    etags = {"raw/a.csv": "1", "raw/b.csv": "2"}
    report = LoadReport("clientes", D25, 5, 2, 2, 1, {"x": 2}, files, etags)
    document = json.loads(report.to_json())
    assert {name: document[name] for name in document if name != "files"} == {
        "table": "clientes",
        "load_date": "2025-07-25",
        "read": 5,
        "written": 2,
        "rejected": 2,
        "duplicates": 1,
        "reasons": {"x": 2},
    }
    assert document["files"][1] == {
        "key": "raw/b.csv",
        "encoding": None,
        "delimiter": None,
        "rows": 0,
        "rejected_whole": "archivo vacío",
        "extra_columns": [],
        "missing_columns": [],
        "etag": "2",
    }
    assert files_named(report.to_json()) == etags


def test_a_report_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(LinesLost, match="5 lines were read, but 2 rows would be written"):
        LoadReport("clientes", D25, 5, 2, 2, 0, {}, [], {})
