"""Athena's tables through the gateway: written by one client, read by another, billed as Athena bills."""

from __future__ import annotations

import gzip
import io
import json
import time
from typing import Any

import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws

BUCKET = "athena-tables"


class Tables:
    """Statements on database `tablas`, and the bucket that holds its files."""

    def __init__(self, aws: LocalAws) -> None:
        self.athena, self.s3, self.glue = aws.client("athena"), aws.client("s3"), aws.client("glue")
        self.s3.create_bucket(Bucket=BUCKET)
        self.run("CREATE DATABASE tablas")

    def execution(self, sql: str) -> dict[str, Any]:
        query_id = self.athena.start_query_execution(
            QueryString=sql,
            ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/results/"},
            QueryExecutionContext={"Database": "tablas"},
        )["QueryExecutionId"]
        deadline = time.monotonic() + 60
        while True:
            found: dict[str, Any] = self.athena.get_query_execution(QueryExecutionId=query_id)[
                "QueryExecution"
            ]
            if found["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                return found
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def run(self, sql: str) -> dict[str, Any]:
        done = self.execution(sql)
        assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
        return done

    def rows(self, sql: str) -> list[list[str | None]]:
        answer = self.athena.get_query_results(QueryExecutionId=self.run(sql)["QueryExecutionId"])
        found = [[cell.get("VarCharValue") for cell in row["Data"]] for row in answer["ResultSet"]["Rows"]]
        return found[1:] if sql.startswith("SELECT") else found

    def put(self, key: str, content: bytes) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=content)

    def keys(self, prefix: str) -> list[str]:
        answer = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [item["Key"] for item in answer.get("Contents", [])]

    def get(self, key: str) -> bytes:
        return bytes(self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())


@pytest.fixture(scope="module")
def tables(aws: LocalAws) -> Tables:
    return Tables(aws)


def test_a_projected_table_reads_only_the_days_that_are_asked(tables: Tables) -> None:
    for day in (1, 2, 3):
        tables.put(f"eventos/2024/01/0{day}/e.json.gz", gzip.compress(b'{"n": %d}\n' % day))
    tables.run(
        "CREATE EXTERNAL TABLE eventos (n int) PARTITIONED BY (dia string) "
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' "
        f"LOCATION 's3://{BUCKET}/eventos/' TBLPROPERTIES ('projection.enabled' = 'true', "
        "'projection.dia.type' = 'date', 'projection.dia.range' = '2024/01/01,NOW', "
        f"'projection.dia.format' = 'yyyy/MM/dd', 'storage.location.template' = 's3://{BUCKET}/eventos/${{dia}}')"
    )
    done = tables.run("SELECT n FROM eventos WHERE dia = '2024/01/02'")
    assert done["Statistics"]["DataScannedInBytes"] == len(gzip.compress(b'{"n": 2}\n'))
    assert tables.rows("SELECT n, dia FROM eventos WHERE dia > '2024/01/01' ORDER BY n") == [
        ["2", "2024/01/02"], ["3", "2024/01/03"],
    ]  # fmt: skip


def test_unload_leaves_files_and_a_manifest_that_names_them(tables: Tables) -> None:
    done = tables.run(
        f"UNLOAD (SELECT n, n % 2 AS par FROM UNNEST(sequence(1, 10)) AS t(n)) TO 's3://{BUCKET}/salida/' "
        "WITH (format = 'ORC', partitioned_by = ARRAY['par'])"
    )
    keys = tables.keys("salida/")
    assert sorted({key.split("/")[1] for key in keys}) == ["par=0", "par=1"]
    assert sum(orc.read_table(io.BytesIO(tables.get(key))).num_rows for key in keys) == 10
    manifest = done["Statistics"]["DataManifestLocation"].removeprefix(f"s3://{BUCKET}/")
    assert sorted(tables.get(manifest).decode().split("\n")) == sorted(f"s3://{BUCKET}/{key}" for key in keys)


def test_a_ctas_table_is_parquet_for_everyone_and_takes_rows(tables: Tables) -> None:
    tables.run(
        f"CREATE TABLE ventas WITH (external_location = 's3://{BUCKET}/ventas/', partitioned_by = ARRAY['sede']) AS "  # noqa: E501
        "SELECT 1 AS n, CAST(ROW(1, 'x') AS row(a int, b varchar)) AS r, CAST('cali' AS varchar) AS sede"
    )
    tables.run("INSERT INTO ventas SELECT 2, NULL, 'pasto'")
    (cali,) = tables.keys("ventas/sede=cali/")
    assert pq.read_table(io.BytesIO(tables.get(cali))).to_pylist() == [{"n": 1, "r": {"a": 1, "b": "x"}}]
    assert tables.rows('SELECT n, r, sede, "$path" FROM ventas ORDER BY n')[0] == [
        "1", "{a=1, b=x}", "cali", f"s3://{BUCKET}/{cali}",
    ]  # fmt: skip
    found = tables.glue.get_partitions(DatabaseName="tablas", TableName="ventas")["Partitions"]
    assert sorted(one["Values"] for one in found) == [["cali"], ["pasto"]]


def test_the_catalog_is_a_table_too(tables: Tables) -> None:
    tables.run("CREATE EXTERNAL TABLE info (a int, b array<string>) LOCATION 's3://" + BUCKET + "/info/'")
    sql = (
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'tablas' AND table_name = 'info' ORDER BY ordinal_position"
    )
    assert tables.rows(sql) == [["a", "integer"], ["b", "array(varchar)"]]


def test_one_partition_of_a_thousand_is_found(tables: Tables) -> None:
    tables.run(
        "CREATE EXTERNAL TABLE ancha (n int) PARTITIONED BY (dia int, hora int) "
        f"LOCATION 's3://{BUCKET}/ancha/'"
    )
    described = tables.glue.get_table(DatabaseName="tablas", Name="ancha")["Table"]["StorageDescriptor"]
    for day in range(10):
        made = [
            {"Values": [str(day), str(hour)],
             "StorageDescriptor": {**described, "Location": f"s3://{BUCKET}/ancha/{day}/{hour}/"}}
            for hour in range(100)
        ]  # fmt: skip
        tables.glue.batch_create_partition(DatabaseName="tablas", TableName="ancha", PartitionInputList=made)
    tables.put("ancha/7/7/f", b"77\n")
    assert tables.rows("SELECT n FROM ancha WHERE dia = 7 AND hora = 7") == [["77"]]
    assert tables.rows("SELECT count(*) FROM ancha WHERE dia IN (7, 8)") == [["1"]]


def test_a_broken_file_is_named(tables: Tables) -> None:
    tables.put("roto/f.parquet", b"not parquet")
    tables.run(f"CREATE EXTERNAL TABLE roto (n int) STORED AS PARQUET LOCATION 's3://{BUCKET}/roto/'")
    status = tables.execution("SELECT n FROM roto")["Status"]
    assert (
        status["StateChangeReason"] == f"HIVE_BAD_DATA: Not valid Parquet file: s3://{BUCKET}/roto/f.parquet"
    )


def test_a_manifest_of_links_and_a_delta_log_say_which_files_are_read(tables: Tables) -> None:
    tables.put("lejos/1.csv", b"1,x\n")
    tables.put("lejos/2.csv", b"2,y\n")
    tables.put("enlaces/manifest", f"s3://{BUCKET}/lejos/1.csv\n".encode())
    tables.run(
        "CREATE EXTERNAL TABLE enlaces (n int, s string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' STORED AS "  # noqa: E501
        "INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat' OUTPUTFORMAT "
        f"'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' LOCATION 's3://{BUCKET}/enlaces/'"
    )
    assert tables.rows("SELECT * FROM enlaces") == [["1", "x"]]
    schema = json.dumps(
        {"type": "struct", "fields": [{"name": "n", "type": "long", "nullable": True, "metadata": {}}]}
    )
    written = io.BytesIO()
    pq.write_table(pa.table({"n": [1]}), written)
    for name in ("a", "b"):
        tables.put(f"delta/{name}.parquet", written.getvalue())
    first = [
        {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
        {"metaData": {"schemaString": schema, "partitionColumns": [], "configuration": {}}},
        *({"add": {"path": f"{name}.parquet", "partitionValues": {}, "size": 1}} for name in ("a", "b")),
    ]
    commits = (first, [{"remove": {"path": "a.parquet"}}])
    for version, actions in enumerate(commits):
        tables.put(f"delta/_delta_log/{version:020}.json", "\n".join(map(json.dumps, actions)).encode())
    tables.run(
        f"CREATE EXTERNAL TABLE delta LOCATION 's3://{BUCKET}/delta/' TBLPROPERTIES ('table_type'='DELTA')"
    )
    assert tables.rows("SELECT n, count(*) FROM delta GROUP BY n") == [["1", "1"]]


def test_what_only_other_databases_have_starts_no_execution(tables: Tables) -> None:
    for sql in (
        "SELECT 1 ILIKE 'x'",
        "SELECT 1 LIMIT 1 OFFSET 1",
        "CREATE EXTERNAL TABLE t (date int) LOCATION 's3://x/'",
    ):
        with pytest.raises(ClientError) as raised:
            tables.execution(sql)
        assert raised.value.response["AthenaErrorCode"] == "MALFORMED_QUERY"
