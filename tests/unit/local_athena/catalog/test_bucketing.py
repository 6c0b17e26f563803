"""Bucketed tables: only the files of the buckets that a query names are read."""

from __future__ import annotations

import pytest

from local_athena.types.buckets import bucket_of
from local_athena.types.trino import INTEGER
from tests.unit.local_athena.conftest import Lake

DDL = (
    "CREATE EXTERNAL TABLE t (n int, s string) {} CLUSTERED BY (n) INTO 4 BUCKETS "
    "ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/t/'"
)


def with_buckets(lake: Lake, folder: str = "", name: str = "x_bucket-{:05d}.csv") -> None:
    """Rows 0 to 7 in the file of their bucket, of two rows and 8 bytes each."""
    for bucket in range(4):
        rows = [n for n in range(8) if bucket_of((n,), (INTEGER,), 4) == bucket]
        lake.store.put("lake", f"t/{folder}{name.format(bucket)}", "".join(f"{n},x\n" for n in rows).encode())


@pytest.mark.parametrize(
    ("condition", "files", "rows"),
    [
        ("n = 5", 1, ["5"]), ("n = 2 + 3", 1, ["5"]), ("n IN (1, 5)", 1, ["1", "5"]),
        ("n IN (1, 2)", 2, ["1", "2"]),
        ("n = 5 AND n IN (5, 6)", 1, ["5"]), ("n > 6", 4, ["7"]),
        ("s = 'x' AND n = 9", 1, []), ("n = 5 OR n = 6", 4, ["5", "6"]),
    ],
)  # fmt: skip
def test_a_value_of_the_bucketing_column_chooses_files(
    lake: Lake, condition: str, files: int, rows: list[str]
) -> None:
    lake.rows(DDL.format(""))
    with_buckets(lake)
    done = lake.run(f"SELECT n FROM t WHERE {condition}")
    assert done["Statistics"]["DataScannedInBytes"] == 8 * files
    assert sorted(row[0] or "" for row in lake.rows(f"SELECT n FROM t WHERE {condition}")) == rows


def test_what_athena_wrote_in_buckets_is_read_by_bucket(lake: Lake) -> None:
    properties = "format = 'PARQUET', bucketed_by = ARRAY['k', 'f'], bucket_count = 3"
    lake.rows(
        f"CREATE TABLE b WITH ({properties}) AS SELECT CAST(n AS varchar) k, n % 2 = 0 f, n "
        "FROM UNNEST(sequence(1, 30)) AS u(n)"
    )
    whole = lake.run("SELECT k, f, n FROM b")["Statistics"]["DataScannedInBytes"]
    done = lake.run("SELECT k, f, n FROM b WHERE k = '7' AND f = false")
    assert 0 < done["Statistics"]["DataScannedInBytes"] < whole
    for n in range(1, 31):
        assert lake.rows(f"SELECT n FROM b WHERE k = '{n}' AND f = ({n} % 2 = 0)") == [[str(n)]]


def test_partitions_are_looked_at_one_by_one(lake: Lake) -> None:
    lake.rows(DDL.format("PARTITIONED BY (p int)"))
    with_buckets(lake, "p=1/")
    with_buckets(lake, "p=2/", "part-{}.csv")
    lake.rows("MSCK REPAIR TABLE t")
    assert lake.run("SELECT n FROM t WHERE n = 5")["Statistics"]["DataScannedInBytes"] == 8 + 32
    assert lake.rows("SELECT n, p FROM t WHERE n = 5 ORDER BY p") == [["5", "1"], ["5", "2"]]


def test_hives_second_bucketing_is_read_whole(lake: Lake) -> None:
    lake.rows(DDL.format("") + " TBLPROPERTIES ('bucketing_version' = '2')")
    with_buckets(lake, name="{:06d}_0")
    assert lake.run("SELECT n FROM t WHERE n = 5")["Statistics"]["DataScannedInBytes"] == 32
