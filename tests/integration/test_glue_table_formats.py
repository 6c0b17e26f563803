"""Glue jobs with `--datalake-formats` and `--extra-jars`: Spark's own Iceberg and Delta on this AWS."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest

from tests.conftest import LocalAws
from tests.integration.athena_client import AthenaClient
from tests.integration.glue_jobs import Jobs

pytestmark = [pytest.mark.spark, pytest.mark.extended]

LAKE = "formats-lake"
ICEBERG = {
    "--datalake-formats": "iceberg",
    "--conf": " --conf ".join(
        f"spark.sql.{name}"
        for name in (
            "extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
            "catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog",
            f"catalog.glue_catalog.warehouse=s3://{LAKE}/almacen/",
            "catalog.glue_catalog.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
            "catalog.glue_catalog.io-impl=org.apache.iceberg.aws.s3.S3FileIO",
        )
    ),
}
DELTA = {
    "--datalake-formats": "delta",
    "--conf": "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension "
    "--conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
}
SPARK = """
import json
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
def rows(sql):
    print(json.dumps([[str(value) for value in row] for row in spark.sql(sql).collect()]))
"""


@pytest.fixture(scope="module")
def jobs(aws: LocalAws) -> Jobs:
    jobs = Jobs(aws, LAKE)
    jobs.glue.create_database(DatabaseInput={"Name": "formatos"})
    return jobs


def answers(jobs: Jobs, script: str, arguments: dict[str, str]) -> list[Any]:
    return jobs.answers(SPARK + script, DefaultArguments=arguments)


def test_iceberg_tables_are_the_same_for_spark_and_athena(jobs: Jobs, aws: LocalAws) -> None:
    athena = AthenaClient(aws, LAKE, "formatos")
    assert answers(
        jobs,
        """
spark.sql("CREATE TABLE glue_catalog.formatos.ventas (id bigint, n string, dia date) "
          "USING iceberg PARTITIONED BY (month(dia))")
spark.sql("INSERT INTO glue_catalog.formatos.ventas VALUES "
          "(1, 'a', date'2025-01-01'), (2, 'b', date'2025-02-01')")
rows("SELECT id, n FROM glue_catalog.formatos.ventas ORDER BY id")
""",
        ICEBERG,
    ) == [[["1", "a"], ["2", "b"]]]
    assert athena.rows("SELECT id, n, dia FROM ventas ORDER BY id") == [
        ["1", "a", "2025-01-01"],
        ["2", "b", "2025-02-01"],
    ]
    athena.run("UPDATE ventas SET n = 'c' WHERE id = 2")
    athena.run("INSERT INTO ventas VALUES (3, 'd', date '2025-02-03')")
    assert answers(
        jobs,
        """
spark.sql("MERGE INTO glue_catalog.formatos.ventas t "
          "USING (SELECT 3 id, 'z' n UNION ALL SELECT 4, 'y') s ON t.id = s.id "
          "WHEN MATCHED THEN UPDATE SET n = s.n WHEN NOT MATCHED THEN INSERT (id, n) VALUES (s.id, s.n)")
rows("SELECT id, n FROM glue_catalog.formatos.ventas ORDER BY id")
rows("SELECT count(*) FROM glue_catalog.formatos.ventas.snapshots")
""",
        ICEBERG,
    ) == [[["1", "a"], ["2", "c"], ["3", "z"], ["4", "y"]], [["4"]]]
    assert athena.rows("SELECT n FROM ventas WHERE id = 4") == [["y"]]


def test_delta_tables_of_spark_are_read_by_athena(jobs: Jobs, aws: LocalAws) -> None:
    assert answers(
        jobs,
        f"""
path = "s3://{LAKE}/delta/"
spark.range(5).selectExpr("id", "id * 2 AS doble").write.format("delta").save(path)
spark.sql(f"DELETE FROM delta.`{{path}}` WHERE id = 3")
rows(f"SELECT count(*), sum(doble) FROM delta.`{{path}}`")
rows(f"SELECT count(*) FROM delta.`{{path}}` VERSION AS OF 0")
""",
        DELTA,
    ) == [[["4", "14"]], [["5"]]]
    athena = AthenaClient(aws, LAKE, "formatos")
    athena.run(
        f"CREATE EXTERNAL TABLE delta_ventas LOCATION 's3://{LAKE}/delta/' "
        "TBLPROPERTIES ('table_type'='DELTA')"
    )
    assert athena.rows("SELECT count(*), sum(doble) FROM delta_ventas") == [["4", "14"]]


def test_a_job_s_own_jars_are_on_spark_s_class_path_for_that_run_only(jobs: Jobs) -> None:
    jar = BytesIO()
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr("de_la_prueba.txt", "hola")
    jobs.s3.put_object(Bucket=LAKE, Key="jars/uno.jar", Body=jar.getvalue())
    script = """
loader = spark._jvm.Thread.currentThread().getContextClassLoader()
print(json.dumps(loader.getResource("de_la_prueba.txt") is not None))
"""
    assert answers(jobs, script, {"--extra-jars": f"s3://{LAKE}/jars/uno.jar"}) == [True]
    assert answers(jobs, script, {}) == [False]


def test_hudi_and_jars_that_are_not_there_are_refused(jobs: Jobs) -> None:
    run = jobs.run(SPARK, DefaultArguments={"--datalake-formats": "hudi"})
    assert "does not support --datalake-formats hudi" in run["ErrorMessage"]
    run = jobs.run(SPARK, DefaultArguments={"--extra-jars": f"s3://{LAKE}/jars/dos.jar"})
    assert "File does not exist" in run["ErrorMessage"]
