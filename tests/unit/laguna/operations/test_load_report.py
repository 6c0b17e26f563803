from __future__ import annotations

from typing import Any

from laguna.operations.load_report import add_up


def report(load_date: str, **changes: Any) -> dict[str, Any]:
    return {
        "table": "clientes",
        "load_date": load_date,
        "read": 10,
        "written": 7,
        "rejected": 2,
        "duplicates": 1,
        "reasons": {"sin id": 1, "fecha ilegible": 1},
        "files": [{"key": f"raw/clientes/{load_date}/a.csv", "rejected_whole": None}],
        **changes,
    }


def test_a_table_is_the_sum_of_its_load_dates() -> None:
    totals = add_up([report("2025-07-26"), report("2025-07-25", reasons={"sin id": 2})])
    assert totals["clientes"].document() == {
        "read": 20,
        "written": 14,
        "rejected": 4,
        "duplicates": 2,
        "reasons": {"fecha ilegible": 1, "sin id": 3},
        "load_dates": ["2025-07-25", "2025-07-26"],
        "rejected_files": [],
    }


def test_files_rejected_whole_are_listed_and_not_counted_as_rows() -> None:
    files = [{"key": "raw/clientes/x.csv", "rejected_whole": "vacío"}]
    totals = add_up([report("2025-07-25", files=files)])
    assert totals["clientes"].rejected_files == [{"key": "raw/clientes/x.csv", "reason": "vacío"}]
    assert totals["clientes"].counts["rejected"] == 2


def test_tables_come_in_order_of_name() -> None:
    assert list(add_up([report("2025-07-25", table=name) for name in ("b", "a")])) == ["a", "b"]
