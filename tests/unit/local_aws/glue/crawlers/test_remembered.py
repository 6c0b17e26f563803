"""A later crawl reads what is new or changed, and classifies the rest as before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.local_aws.glue.crawlers.conftest import Lake

SALES = "id,city\n1,Cali\n2,Neiva\n"


@pytest.fixture
def read(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the objects that are opened."""
    keys: list[str] = []
    whole = lake.store.reader

    def reader(bucket: str, key: str) -> Any:
        keys.append(key)
        return whole(bucket, key)

    monkeypatch.setattr(lake.store, "reader", reader)
    return keys


def test_an_object_is_read_again_when_it_has_changed_only(lake: Lake, read: list[str]) -> None:
    for day in (1, 2):
        lake.put(f"raw/sales/day={day}/a.csv", SALES)
    lake.crawler()
    lake.crawl()
    lake.put("raw/sales/day=2/a.csv", "id,city,kwh\n1,Cali,2.5\n")
    lake.put("raw/sales/day=3/a.csv", SALES)
    read.clear()
    lake.crawl()
    assert read == ["raw/sales/day=2/a.csv", "raw/sales/day=3/a.csv"]
    assert list(lake.columns("sales")) == ["id", "city", "kwh"]
    assert len(lake.partitions("sales")) == 3


def test_another_version_of_a_classifier_reads_everything_again(lake: Lake, read: list[str]) -> None:
    lake.put("raw/sales/a.csv", "x|y\nv|w\n")
    lake.glue.create_classifier(CsvClassifier={"Name": "bars", "Delimiter": "|", "Header": ["a", "b"]})
    lake.crawler("s3://lake/raw/sales/", Classifiers=["bars"])
    lake.crawl()
    lake.glue.update_classifier(CsvClassifier={"Name": "bars", "Header": ["c", "d"]})
    lake.crawl()
    assert read == ["raw/sales/a.csv"] * 2
    assert list(lake.columns("sales")) == ["c", "d"]
