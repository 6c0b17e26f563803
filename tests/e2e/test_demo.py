"""Acceptance 1: the demo's document, its totals, and the same again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import ROOT, Installation

pytestmark = pytest.mark.spark

TABLES = {"clientes", "proveedores", "transacciones"}


def test_the_document_has_the_times_of_the_five_steps(demo: Any) -> None:
    assert [step["name"] for step in demo["steps"]] == ["up", "deploy", "ingest", "run", "report"]
    assert all(step["seconds"] > 0 for step in demo["steps"])


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_row_that_was_read_was_written_rejected_or_a_duplicate(demo: Any, table: str) -> None:
    totals = demo["tables"][table]
    assert totals["read"] == totals["written"] + totals["rejected"] + totals["duplicates"]
    assert sum(totals["reasons"].values()) == totals["rejected"]
    assert len(totals["load_dates"]) == 3


def test_the_samples_are_as_large_and_as_dirty_as_promised(demo: Any) -> None:
    read = {name: totals["read"] for name, totals in demo["tables"].items()}
    assert set(read) == TABLES
    assert read["proveedores"] >= 40
    assert read["clientes"] >= 600
    assert read["transacciones"] >= 6000
    assert all(totals["rejected"] > 0 for totals in demo["tables"].values())
    assert all(totals["duplicates"] > 0 for totals in demo["tables"].values())


def test_the_queries_answer_with_their_columns_and_the_bytes_they_read(demo: Any) -> None:
    assert len(demo["queries"]) >= 6
    for query in demo["queries"]:
        assert query["rows"], query["name"]
        assert all(len(row) == len(query["columns"]) for row in query["rows"])
        assert query["scanned_bytes"] > 0
        assert query["sql"].lstrip().upper().startswith(("SELECT", "WITH", "--"))


@pytest.mark.parametrize("table", sorted(TABLES))
def test_athena_counts_the_rows_that_the_report_says_were_written(lake: Installation, table: str) -> None:
    totals = lake.done("report")["tables"][table]
    written = lake.done("query", f"SELECT count(*) AS n FROM {table}")
    assert written["rows"] == [[totals["written"]]]
    rejected = lake.done("query", f"SELECT count(*) AS n FROM {table}_rechazados")
    assert rejected["rows"] == [[totals["rejected"]]]


def test_raw_files_are_the_samples_byte_for_byte(lake: Installation) -> None:
    files = lake.done("ingest", "sample_csv")["files"]
    assert len(files) == len(list((ROOT / "sample_csv").rglob("*.csv")))
    for file in files:
        stored = lake.client("s3").get_object(Bucket="datalake-energy-company-dev", Key=file["key"])
        assert stored["Body"].read() == (ROOT / file["path"]).read_bytes()


def test_a_second_demo_has_the_same_totals_and_answers(lake: Installation) -> None:
    before = lake.done("report")
    again = lake.done("demo")
    assert again["tables"] == before["tables"]
    for one, other in zip(before["queries"], again["queries"], strict=True):
        assert one["columns"] == other["columns"]
        assert sorted(map(str, one["rows"])) == sorted(map(str, other["rows"]))
