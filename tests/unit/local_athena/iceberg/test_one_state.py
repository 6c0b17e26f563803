"""A statement reads a table's metadata once, and so sees one state of it; a commit looks again at what is current."""  # noqa: E501

from __future__ import annotations

from typing import Any

import pytest

from local_athena.iceberg.file_io import StorageInput
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
    plain = StorageInput.open

    def noted(self: StorageInput, seekable: bool = True) -> Any:
        opened.append(self.location)
        return plain(self, seekable)

    monkeypatch.setattr(StorageInput, "open", noted)
    assert iced.run(sql)["Status"]["State"] == "SUCCEEDED"
    assert len([location for location in opened if location.endswith(".metadata.json")]) == reads
