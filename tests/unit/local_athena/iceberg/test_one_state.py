"""A statement reads a table's metadata once, and so sees one state of it; a commit looks again at what is current."""  # noqa: E501

from __future__ import annotations

import pytest

from local_aws.athena import StoreStorage
from tests.unit.local_athena.conftest import Lake


@pytest.fixture
def iced(lake: Lake) -> Lake:
    lake.rows("CREATE TABLE t (n int) LOCATION 's3://lake/t' TBLPROPERTIES ('table_type' = 'ICEBERG')")
    lake.rows("INSERT INTO t VALUES (1), (2)")
    return lake


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ('SELECT a.n FROM t a, t b, "t$snapshots"', 1),
        ("INSERT INTO t SELECT n + 10 FROM t", 2),
        ("UPDATE t SET n = n + 1 WHERE n = (SELECT max(n) FROM t)", 2),
        ("MERGE INTO t USING (SELECT n FROM t) s ON t.n = s.n WHEN MATCHED THEN DELETE", 2),
    ],
)
def test_metadata_is_read_once(iced: Lake, sql: str, reads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    plain = StoreStorage.open_path

    def noted(self: StoreStorage, uri: str) -> str:
        path = plain(self, uri)
        opened.append(uri)
        return path

    monkeypatch.setattr(StoreStorage, "open_path", noted)
    assert iced.run(sql)["Status"]["State"] == "SUCCEEDED"
    assert len([location for location in opened if location.endswith(".metadata.json")]) == reads
