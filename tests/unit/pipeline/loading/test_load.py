"""Loads on a folder: what lies in the lake before and after."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from pipeline.loading.lake import Lake
from pipeline.loading.load import LoadFailed, load_table
from pipeline.transforms.proveedores import PROVEEDORES
from tests.unit.pipeline.loading.folder_s3 import FolderS3

pytestmark = pytest.mark.spark

HEADER = "proveedor_id,nombre_proveedor,tipo_energia,fecha_registro\n"
D25, D26 = "year=2025/month=07/day=25", "year=2025/month=07/day=26"


class TestLake:
    """A lake on a folder, and what its tables hold."""

    __test__ = False

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.spark, self.folder, self.s3 = spark, folder, FolderS3(folder)
        self.lake = Lake(self.s3, "lake", f"file:{folder}")

    def put(self, name: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        self.s3.put_object(Bucket="lake", Key=f"raw/proveedores/{name}", Body=data, ContentType="text/csv")

    def load(self, asked: str = "pending") -> list[dict[str, Any]]:
        reports = load_table(self.spark, self.lake, PROVEEDORES, asked)
        return [json.loads(report.to_json()) for report in reports]

    def rows(self, folder: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.spark.read.parquet(f"file:{self.folder}/{folder}").collect()]

    def objects(self, folder: str) -> dict[str, str]:
        pages = self.s3.paginate(Bucket="lake", Prefix=folder)
        return {item["Key"]: item["ETag"] for page in pages for item in page["Contents"]}


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> TestLake:
    return TestLake(spark, tmp_path)


def test_a_load_writes_two_partitions_and_a_report_and_is_then_no_longer_pending(lake: TestLake) -> None:
    name = f"{D25}/proveedores ñ %20[1].csv"
    lake.put(name, HEADER + "p1,Uno,SOLAR,25/07/2025\n,Dos,solar,25/07/2025\n")
    lake.put(f"{D25}/proveedores_2.csv", b"")
    (report,) = lake.load()
    assert {key: report[key] for key in ("read", "written", "rejected", "duplicates", "reasons")} == {
        "read": 2,
        "written": 1,
        "rejected": 1,
        "duplicates": 0,
        "reasons": {"proveedor_id: sin identificador": 1},
    }
    assert [(file["key"], file["rejected_whole"]) for file in report["files"]] == [
        (f"raw/proveedores/{name}", None),
        (f"raw/proveedores/{D25}/proveedores_2.csv", "archivo vacío"),
    ]
    assert [row[:3] for row in lake.rows(f"processed/proveedores/{D25}")] == [("P1", "Uno", "solar")]
    (refused,) = lake.rows(f"rejected/proveedores_rechazados/{D25}")
    assert refused[:6] == (
        "",
        "Dos",
        "solar",
        "25/07/2025",
        "proveedor_id: sin identificador",
        f"raw/proveedores/{name}",
    )
    assert all(key.endswith(".snappy.parquet") for key in lake.objects("processed/"))
    assert lake.load() == []
    lake.put(f"{D25}/proveedores_3.csv", HEADER)
    assert len(lake.load()) == 1


def test_a_rerun_gives_the_same_rows_and_leaves_other_load_dates_alone(lake: TestLake) -> None:
    rows = "".join(f"p{n},Nombre {n},solar,25/07/2025\n" for n in range(300))
    lake.put(f"{D25}/proveedores.csv", HEADER + rows)
    lake.put(f"{D26}/proveedores.csv", HEADER + "p1,Uno,solar,26/07/2025\n")
    lake.load("all")
    others = lake.objects(f"processed/proveedores/{D26}") | lake.objects(
        f"rejected/proveedores_rechazados/{D26}"
    )
    before = lake.rows(f"processed/proveedores/{D25}")

    lake.load("2025-07-25")
    assert lake.rows(f"processed/proveedores/{D25}") == before
    assert [row[0] for row in before] == [f"P{n}" for n in range(300)]
    after = lake.objects(f"processed/proveedores/{D26}") | lake.objects(
        f"rejected/proveedores_rechazados/{D26}"
    )
    assert after == others
    assert len(lake.objects(f"processed/proveedores/{D25}")) == 1


def test_a_load_date_whose_every_row_is_refused_leaves_no_stale_rows(lake: TestLake) -> None:
    lake.put(f"{D25}/proveedores.csv", HEADER + "p1,Uno,solar,25/07/2025\n")
    lake.load()
    lake.put(f"{D25}/proveedores.csv", HEADER + "p1,Uno,carbón,25/07/2025\n")
    (report,) = lake.load()
    assert (report["written"], report["rejected"]) == (0, 1)
    assert lake.rows(f"processed/proveedores/{D25}") == []
    (only,) = lake.objects(f"processed/proveedores/{D25}")
    assert [field.name for field in lake.spark.read.parquet(f"file:{lake.folder}/{only}").schema] == [
        *("proveedor_id", "nombre_proveedor", "tipo_energia", "fecha_registro")
    ]


def test_a_date_before_the_gregorian_calendar_does_not_stop_a_load(lake: TestLake) -> None:
    lake.put(f"{D25}/proveedores.csv", HEADER + "p1,Uno,solar,0202-07-25\n")
    lake.load()
    (row,) = lake.rows(f"processed/proveedores/{D25}")
    assert row[3].isoformat() == "0202-07-25"


def test_a_load_that_fails_says_where_and_stays_pending(lake: TestLake) -> None:
    lake.put(f"{D25}/proveedores.csv", HEADER + "p1,Uno,solar,25/07/2025\n")
    (lake.folder / "processed").write_text("a file where a folder must be")
    with pytest.raises(LoadFailed, match="proveedores, load date 2025-07-25: "):
        lake.load()
    (lake.folder / "processed").unlink()
    assert len(lake.load()) == 1


def test_a_lake_without_raw_files_has_nothing_to_load(lake: TestLake) -> None:
    assert lake.load("all") == lake.load("pending") == lake.load("2025-07-25") == []


def test_a_file_that_goes_while_it_is_loaded_stops_the_load(
    lake: TestLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.put(f"{D25}/proveedores.csv", HEADER + "p1,Uno,solar,25/07/2025\n")
    lake.put(f"{D25}/proveedores_2.csv", HEADER + "p2,Dos,solar,25/07/2025\n")
    elsewhere = lake.folder.parent / "elsewhere.csv"
    listed = lake.objects("raw/")
    shutil.move(lake.folder / f"raw/proveedores/{D25}/proveedores_2.csv", elsewhere)
    monkeypatch.setattr(lake.lake, "etags", lambda prefix: listed if prefix.startswith("raw/") else {})
    with pytest.raises(LoadFailed, match=r"proveedores_2\.csv"):
        lake.load()
