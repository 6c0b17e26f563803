"""Constants that are computed leave partitions and files out as literals do."""

from __future__ import annotations

import pytest

from tests.unit.local_athena.conftest import Lake

TODAY = "CAST(current_date AS varchar)"


@pytest.fixture
def daily(lake: Lake) -> Lake:
    """Table `daily` with a file of 2 bytes for today and one of 4 for the first of 2024, in text and date keys."""  # noqa: E501
    today = lake.rows(f"SELECT {TODAY}")[0][0]
    lake.rows(
        "CREATE EXTERNAL TABLE daily (n int) PARTITIONED BY (dia string, fecha date, hora int) "
        "LOCATION 's3://lake/daily/'"
    )
    for day, hour, content in ((today, 1, b"1\n"), ("2024-01-01", 23, b"222\n")):
        lake.store.put("lake", f"daily/dia={day}/fecha={day}/hora={hour}/f", content)
    lake.rows("MSCK REPAIR TABLE daily")
    return lake


@pytest.mark.parametrize(
    ("condition", "scanned"),
    [
        (f"dia = {TODAY}", 2),
        ("dia = '2024' || '-01-01'", 4),
        ("dia = date_format(DATE '2024-01-01', '%Y-%m-%d')", 4),
        ("dia IN ('2024-01-01', concat('2024-', '01-02'))", 4),
        ("fecha > current_date - interval '1' day", 2),
        ("fecha = CAST('2024-01-01' AS date)", 4),
        ("date_add('day', -7, current_date) < fecha", 2),
        ("fecha BETWEEN DATE '2023-12-31' AND DATE '2023-12-31' + interval '1' day", 4),
        ("hora = 20 + 3", 4),
        ("hora > -1", 6),
        ("hora = CAST(rand() * 0 AS integer) + 1 AND dia = '2024-01-01'", 4),
        ("hora = 1 / 0 AND false", 6),
    ],
)
def test_a_computed_constant_chooses_partitions(daily: Lake, condition: str, scanned: int) -> None:
    done = daily.run(f"SELECT n FROM daily WHERE {condition}")
    if "1 / 0" not in condition:
        assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
        assert done["Statistics"]["DataScannedInBytes"] == scanned


def test_a_computed_constant_serves_an_injected_projection(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE inj (n int) PARTITIONED BY (k string) LOCATION 's3://lake/inj/' "
        "TBLPROPERTIES ('projection.enabled' = 'true', 'projection.k.type' = 'injected')"
    )
    lake.store.put("lake", "inj/k=ab/f", b"7\n")
    assert lake.rows("SELECT n FROM inj WHERE k = lower('A') || 'b'") == [["7"]]
    assert lake.reason("SELECT n FROM inj WHERE k = CAST(uuid() AS varchar)").startswith(
        "CONSTRAINT_VIOLATION"
    )


def test_an_iceberg_table_leaves_out_files_of_other_days(lake: Lake) -> None:
    lake.rows(
        "CREATE TABLE ice (n int, ts timestamp) PARTITIONED BY (day(ts)) LOCATION 's3://lake/ice' "
        "TBLPROPERTIES ('table_type' = 'ICEBERG')"
    )
    lake.rows(
        "INSERT INTO ice SELECT n, CAST(current_timestamp AS timestamp(6)) - interval '1' day * n "
        "FROM UNNEST(sequence(0, 3)) AS u(n)"
    )
    whole = lake.run("SELECT n FROM ice")["Statistics"]["DataScannedInBytes"]
    for condition in (
        "ts > current_timestamp - interval '12' hour",
        "ts > TIMESTAMP '2026-01-01' - interval '9' year",
    ):
        done = lake.run(f"SELECT count(n) FROM ice WHERE {condition}")
        assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
        part = done["Statistics"]["DataScannedInBytes"]
        assert (part < whole) is ("12" in condition)
    assert lake.rows("SELECT n FROM ice WHERE ts >= current_date - interval '1' day AND n = 0") == [["0"]]
