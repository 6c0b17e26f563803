"""OPTIMIZE with a predicate: only files with a row that it chooses are written anew."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaApiError
from tests.unit.local_athena.conftest import Lake

FILES = "SELECT file_path FROM \"t$files\" WHERE content = 0 AND file_path LIKE '%k={}/%' ORDER BY 1"


@pytest.fixture
def parted(lake: Lake) -> Lake:
    """Table `t` with five files in each of two partitions."""
    lake.rows(
        "CREATE TABLE t (n int, k string) PARTITIONED BY (k) LOCATION 's3://lake/t' "
        "TBLPROPERTIES ('table_type' = 'ICEBERG')"
    )
    for i in range(5):
        lake.rows(f"INSERT INTO t VALUES ({i}, 'a'), ({i}, 'b')")
    return lake


def test_only_the_partition_of_the_predicate_is_rewritten(parted: Lake) -> None:
    before = parted.rows(FILES.format("b"))
    assert (len(parted.rows(FILES.format("a"))), len(before)) == (5, 5)
    parted.rows("OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE k = 'a'")
    assert len(parted.rows(FILES.format("a"))) == 1
    assert parted.rows(FILES.format("b")) == before
    assert parted.rows("SELECT k, sum(n), count(*) FROM t GROUP BY k ORDER BY k") == [
        ["a", "10", "5"], ["b", "10", "5"],
    ]  # fmt: skip


def test_a_predicate_that_cannot_be_read_changes_nothing(parted: Lake) -> None:
    before = parted.rows('SELECT count(*) FROM "t$snapshots"')
    wrong = "OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE nada = 1"
    assert parted.reason(wrong).startswith(
        f"COLUMN_NOT_FOUND: line 1:{wrong.index('nada') + 1}: Column 'nada'"
    )
    assert parted.rows('SELECT count(*) FROM "t$snapshots"') == before


@pytest.mark.parametrize("after", ["UNION SELECT 'a'", "GROUP BY k", "ORDER BY 1", "LIMIT 1", "OFFSET 1"])
def test_nothing_but_a_predicate_can_follow(parted: Lake, after: str) -> None:
    wrong = f"OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE k = 'a' {after}"
    place = f"line 1:{wrong.index('k =') + 1}"
    assert parted.reason(wrong) == f"SYNTAX_ERROR: {place}: OPTIMIZE takes nothing after its predicate"


@pytest.mark.parametrize("rest", ["", "REWRITE DATA", "REWRITE DATA USING SORT"])
def test_another_form_is_refused(parted: Lake, rest: str) -> None:
    with pytest.raises(AthenaApiError, match="mismatched input"):
        parted.start(f"OPTIMIZE t {rest}")
