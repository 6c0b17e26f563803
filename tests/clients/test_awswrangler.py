"""awswrangler (AWS SDK for pandas): reading by three ways, writing tables with their catalog, Iceberg."""

from __future__ import annotations

from typing import Any

import awswrangler as wr
import pandas as pd
import pytest

FRAME = pd.DataFrame(
    {
        "id": [1, 2, 3],
        "ciudad": ["Bogotá", "Cali", None],
        "kwh": [1.5, 2.5, None],
        "alta": pd.to_datetime(["2025-01-01 10:00:00", "2025-01-02 11:00:00", None]),
        "mes": ["2025-01", "2025-01", "2025-02"],
    }
)


@pytest.fixture(scope="module")
def table(bucket: str, database: str) -> str:
    written = wr.s3.to_parquet(
        FRAME, f"s3://{bucket}/medidas/", dataset=True, database=database, table="medidas",
        partition_cols=["mes"], mode="overwrite",
    )  # fmt: skip
    assert len(written["partitions_values"]) == 2
    return "medidas"


READS: dict[str, dict[str, Any]] = {
    "plain": {"ctas_approach": False},
    "ctas": {"ctas_approach": True},
    "unload": {"ctas_approach": False, "unload_approach": True},
}


@pytest.mark.parametrize("how", READS)
def test_a_query_is_read(how: str, table: str, bucket: str, database: str, staging: str) -> None:
    more = dict(READS[how])
    if how == "unload":
        more["s3_output"] = f"s3://{bucket}/unload/"
    else:
        more["s3_output"] = staging
    frame = wr.athena.read_sql_query(f"SELECT * FROM {table} ORDER BY id", database=database, **more)
    assert frame.sort_values("id")["ciudad"].fillna("-").tolist() == ["Bogotá", "Cali", "-"]
    assert frame["kwh"].sum() == 4.0
    assert sorted(frame["mes"].astype(str)) == ["2025-01", "2025-01", "2025-02"]


def test_chunks_and_parameters(table: str, database: str, staging: str) -> None:
    chunks = wr.athena.read_sql_query(
        f"SELECT id FROM {table} WHERE ciudad = :ciudad OR id > 1", database=database, s3_output=staging,
        ctas_approach=False, params={"ciudad": "Bogotá"}, chunksize=2,
    )  # fmt: skip
    assert sorted(i for chunk in chunks for i in chunk["id"]) == [1, 2, 3]


def test_the_catalog_tells_types_and_partitions(table: str, database: str) -> None:
    assert wr.catalog.get_table_types(database=database, table=table)["alta"] == "timestamp"
    partitions = wr.catalog.get_partitions(database=database, table=table)
    assert sorted(values[0] for values in partitions.values()) == ["2025-01", "2025-02"]


def test_an_append_adds_a_partition(table: str, bucket: str, database: str, staging: str) -> None:
    more = FRAME.head(1).assign(mes="2025-03")
    wr.s3.to_parquet(
        more, f"s3://{bucket}/medidas/", dataset=True, database=database, table=table, partition_cols=["mes"],
        mode="append",
    )  # fmt: skip
    frame = wr.athena.read_sql_query(
        f"SELECT count(*) n FROM {table} WHERE mes = '2025-03'", database=database, s3_output=staging,
        ctas_approach=False,
    )  # fmt: skip
    assert frame["n"].tolist() == [1]


def test_an_iceberg_table_is_made_and_merged(bucket: str, database: str, staging: str) -> None:
    frame = FRAME[["id", "ciudad", "kwh"]]
    where = {
        "database": database, "table": "hielo", "table_location": f"s3://{bucket}/hielo/",
        "temp_path": f"s3://{bucket}/hielo-temp/", "s3_output": staging, "keep_files": False,
    }  # fmt: skip
    wr.athena.to_iceberg(frame, partition_cols=["ciudad"], **where)
    changed = pd.DataFrame({"id": [2, 9], "ciudad": ["Cali", "Leticia"], "kwh": [20.0, 9.0]})
    wr.athena.to_iceberg(changed, merge_cols=["id"], **where)
    read = wr.athena.read_sql_query(
        "SELECT id, kwh FROM hielo ORDER BY id", database=database, s3_output=staging, ctas_approach=False
    )
    assert read["id"].tolist() == [1, 2, 3, 9]
    assert read["kwh"].fillna(0).tolist() == [1.5, 20.0, 0.0, 9.0]


def test_rows_of_an_iceberg_table_are_deleted(bucket: str, database: str, staging: str) -> None:
    wr.athena.delete_from_iceberg_table(
        pd.DataFrame({"id": [9]}), database=database, table="hielo", merge_cols=["id"],
        temp_path=f"s3://{bucket}/hielo-temp/", s3_output=staging, keep_files=False,
    )  # fmt: skip
    read = wr.athena.read_sql_query(
        "SELECT count(*) n FROM hielo", database=database, s3_output=staging, ctas_approach=False
    )
    assert read["n"].tolist() == [3]
