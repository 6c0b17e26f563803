"""A table whose folders and files are of several versions has the columns of all."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.local_aws.glue.crawlers.conftest import Lake


def parquet(folder: Path, *names: str) -> bytes:
    pq.write_table(pa.table({name: [1] for name in names}), folder / "x.parquet")
    return (folder / "x.parquet").read_bytes()


def text(form: str, names: str) -> str:
    if form == "json":
        return json.dumps(dict.fromkeys(names, 1)) + "\n"
    return f"{','.join(names)}\n{','.join('1' for _ in names)}\n"


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize(
    "versions", [("ab", "ab", "abc"), ("ab", "abcdef"), ("abc", "abd", "abe"), ("abc", "ab")]
)
def test_partitions_of_several_versions_are_one_table_with_all_columns(
    lake: Lake, form: str, versions: tuple[str, ...]
) -> None:
    for number, names in enumerate(versions):
        lake.put(f"raw/sales/dt={number}/a.{form}", text(form, names))
    lake.crawler()
    lake.crawl()
    if versions == ("abc", "abd", "abe"):
        assert "sales" not in lake.tables(), "two thirds in common are less than seven tenths"
        return
    assert sorted(lake.columns("sales")) == sorted(set("".join(versions)))
    for number, names in enumerate(versions):
        shown = lake.partitions("sales")[str(number),]["StorageDescriptor"]["Columns"]
        assert [column["Name"] for column in shown] == list(names)


def test_a_partition_that_replaced_half_of_its_columns_adds_the_new_ones(lake: Lake) -> None:
    for number, names in enumerate(("abcd", "abcd", "abxy")):
        lake.put(f"raw/sales/dt={number}/a.csv", text("csv", names))
    lake.crawler()
    lake.crawl()
    assert list(lake.columns("sales")) == list("abcdxy")


def test_files_of_one_folder_add_their_columns_and_a_stray_one_adds_nothing(
    lake: Lake, tmp_path: Path
) -> None:
    for number, names in enumerate(("ab", "ab", "ab", "abc", "xyz")):
        lake.put(f"raw/sales/{number}.parquet", parquet(tmp_path, *names))
    lake.crawler("s3://lake/raw/sales/")
    lake.crawl()
    assert list(lake.columns("sales")) == list("abc")


def test_a_later_version_is_added_by_a_later_crawl(lake: Lake) -> None:
    lake.put("raw/sales/dt=1/a.csv", text("csv", "ab"))
    lake.crawler()
    lake.crawl()
    lake.put("raw/sales/dt=2/a.csv", text("csv", "abcd"))
    lake.crawl()
    assert list(lake.columns("sales")) == list("abcd")


def test_json_paths_are_in_the_case_of_the_data_and_sorted(lake: Lake) -> None:
    lake.put(
        "raw/e/a.json", '{"user": {"principalId": "p", "Seen": [{"AtTime": 1}]}, "timeStamp": 1, "z": 1}'
    )
    lake.put("raw/e/b.json", '{"timeStamp": 1, "x": 2, "y": 1, "z": 1, "user": {"PRINCIPALID": "q"}}')
    lake.crawler("s3://lake/raw/e/")
    lake.crawl()
    serde = lake.tables()["e"]["StorageDescriptor"]["SerdeInfo"]
    assert serde["Parameters"]["paths"] == "timeStamp,user,x,y,z"
    assert lake.columns("e")["user"] == "struct<principalId:string,Seen:array<struct<AtTime:int>>>"
    assert "timestamp" in lake.columns("e")


def test_parquet_members_keep_their_case(lake: Lake, tmp_path: Path) -> None:
    table = pa.table({"User": [{"principalId": "p", "Tags": [{"Name": "n"}]}]})
    pq.write_table(table, tmp_path / "x.parquet")
    lake.put("raw/e/x.parquet", (tmp_path / "x.parquet").read_bytes())
    lake.crawler("s3://lake/raw/e/")
    lake.crawl()
    assert lake.columns("e") == {"user": "struct<principalId:string,Tags:array<struct<Name:string>>>"}
