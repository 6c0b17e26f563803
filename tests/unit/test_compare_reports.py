"""CI compares two demos with scripts/compare_reports.py; it must see what differs."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "compare_reports.py"
REPORT: dict[str, Any] = {
    "tables": {"clientes": {"read": 2, "written": 2}},
    "queries": [{"name": "q", "rows": [["Bogotá", 1], ["Cali", 1]]}],
}


def compare(folder: Path, first: dict[str, Any], second: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    paths = [folder / "first.json", folder / "second.json"]
    for path, report in zip(paths, (first, second), strict=True):
        path.write_text(json.dumps(report), encoding="utf-8")
    return subprocess.run([sys.executable, SCRIPT, *paths], capture_output=True, text=True, check=False)


def test_the_same_report_in_another_order_of_rows_is_the_same(tmp_path: Path) -> None:
    other = copy.deepcopy(REPORT)
    other["queries"][0]["rows"].reverse()
    done = compare(tmp_path, REPORT, {"steps": [], **other})
    assert (done.returncode, done.stdout) == (0, "The totals and the answers are the same.\n")


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("tables", {"clientes": {"read": 3, "written": 2}}, "the totals of clientes differ"),
        ("tables", {}, "'tables' is empty"),
        ("queries", [{"name": "q", "rows": [["Bogotá", 2], ["Cali", 1]]}], "the rows of q"),
        ("queries", [{"name": "q", "rows": []}], "the rows of q"),
    ],
)
def test_a_difference_is_named(tmp_path: Path, part: str, value: Any, said: str) -> None:
    done = compare(tmp_path, {**REPORT, part: value}, REPORT)
    assert done.returncode == 1
    assert said in done.stderr
