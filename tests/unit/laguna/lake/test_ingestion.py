from __future__ import annotations

from datetime import date
from pathlib import PurePath

import pytest

from laguna.lake.description import Ingest
from laguna.lake.ingestion import key_of, load_date_in, table_of

RULES = {
    "orders": Ingest(files="orders_*.csv", to="raw/orders/dt=%Y-%m-%d"),
    "rest": Ingest(files="*", to="/raw/100%/{0.year}/"),
}


@pytest.mark.parametrize(
    ("name", "table"), [("Orders_7.CSV", "orders"), ("orders.csv", "rest"), ("anything", "rest")]
)
def test_a_file_belongs_to_the_first_table_whose_pattern_it_has(name: str, table: str) -> None:
    assert table_of(name, RULES) == table
    assert table_of("x", {"orders": RULES["orders"]}) is None


def test_the_load_date_stands_where_the_folder_names_it_and_nothing_else_is_changed() -> None:
    assert key_of(RULES["orders"], date(987, 1, 2), "o.csv") == "raw/orders/dt=0987-01-02/o.csv"
    assert key_of(RULES["rest"], date(2025, 1, 2), "{x}") == "raw/100%/{0.year}/{x}"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("2025-07-25/a/2025-07-26.csv", date(2025, 7, 26)),
        ("2025-13-01/x_2024-02-29.csv", date(2024, 2, 29)),
        ("12025-07-25/a.csv", None),
    ],
)
def test_the_last_date_of_the_calendar_in_a_path_is_its_load_date(path: str, found: date | None) -> None:
    assert load_date_in(PurePath(path)) == found
