"""Spark SQL on the Glue Data Catalog, by `--enable-glue-datacatalog`, seen from Spark, Glue and Athena."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import LocalAws
from tests.integration.athena_client import AthenaClient
from tests.integration.glue_jobs import Jobs

pytestmark = pytest.mark.spark

SPARK = """
import json
from pyspark.context import SparkContext
from awsglue.context import GlueContext
spark = GlueContext(SparkContext.getOrCreate()).spark_session
spark.sql("USE ventas")
def rows(sql):
    print(json.dumps([[str(value) for value in row] for row in spark.sql(sql).collect()]))
def fails(sql):
    try:
        spark.sql(sql).collect()
        print(json.dumps("no error"))
    except Exception as error:
        print(json.dumps(str(error).splitlines()[0]))
"""
ARGUMENTS = {"--enable-glue-datacatalog": "true"}
LAKE = "catalog-lake"


@pytest.fixture(scope="module")
def jobs(aws: LocalAws) -> Jobs:
    jobs = Jobs(aws, LAKE)
    jobs.glue.create_database(DatabaseInput={"Name": "ventas", "LocationUri": f"s3://{LAKE}/ventas/"})
    return jobs


def answers(jobs: Jobs, script: str) -> list[Any]:
    """What the script printed, each line read as JSON."""
    return jobs.answers(SPARK + script, DefaultArguments=ARGUMENTS)


def parameters(jobs: Jobs, table: str) -> dict[str, Any]:
    found: dict[str, Any] = jobs.glue.get_table(DatabaseName="ventas", Name=table)["Table"]
    return found


def test_tables_that_spark_saves_are_tables_of_the_catalog(jobs: Jobs, aws: LocalAws) -> None:
    assert answers(
        jobs,
        f"""
df = spark.createDataFrame([(1, "a", "norte"), (2, "b", "sur")], "id int, Nombre string, region string")
df.write.saveAsTable("ventas.gestionada")
df.write.partitionBy("region").option("path", "s3://{LAKE}/externa/").saveAsTable("externa")
df.createOrReplaceTempView("temporal")
rows("SELECT Nombre FROM gestionada ORDER BY id")
rows("SELECT id, nombre FROM externa WHERE region = 'norte'")
rows("SHOW PARTITIONS externa")
rows("SELECT t.id FROM temporal t JOIN externa e ON t.id = e.id AND e.region > 'o'")
spark.sql("DROP TABLE gestionada")
""",
    ) == [
        [["a"], ["b"]],
        [["1", "a"]],
        [["region=norte"], ["region=sur"]],
        [["2"]],
    ]
    table = parameters(jobs, "externa")
    assert table["TableType"] == "EXTERNAL_TABLE"
    assert [column["Name"] for column in table["PartitionKeys"]] == ["region"]
    names = [one["Name"] for one in jobs.glue.get_tables(DatabaseName="ventas")["TableList"]]
    assert "gestionada" not in names
    assert jobs.keys("ventas/gestionada") == []
    asked = AthenaClient(aws, LAKE, "ventas").rows(
        "SELECT id, nombre, region FROM ventas.externa ORDER BY id"
    )
    assert asked == [["1", "a", "norte"], ["2", "b", "sur"]]


def test_hive_s_statements_work_on_tables_of_the_catalog(jobs: Jobs, aws: LocalAws) -> None:
    assert answers(
        jobs,
        f"""
spark.sql('''CREATE TABLE csv (id int, n string) PARTITIONED BY (dia string)
    ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' STORED AS TEXTFILE LOCATION "s3://{LAKE}/csv/"''')
spark.sql("INSERT INTO csv PARTITION (dia='2025-01-01') VALUES (1, 'x'), (2, \\"it's\\")")
spark.sql("SET hive.exec.dynamic.partition.mode=nonstrict")
spark.sql("INSERT INTO csv SELECT 3, 'z', \\"o'dia\\"")
rows("SELECT * FROM csv ORDER BY id")
rows("SELECT id FROM csv WHERE dia = \\\"o'dia\\\"")
spark.sql("ALTER TABLE csv DROP PARTITION (dia='2025-01-01')")
spark.sql("ALTER TABLE csv ADD IF NOT EXISTS PARTITION (dia='2025-01-02') LOCATION 's3://{LAKE}/otra/'")
rows("SHOW PARTITIONS csv")
spark.sql("MSCK REPAIR TABLE csv")
rows("SHOW PARTITIONS csv")
spark.sql("CREATE EXTERNAL TABLE vacia (id int, n string) STORED AS ORC LOCATION 's3://{LAKE}/vacia/'")
rows("SELECT * FROM vacia")
spark.sql("INSERT INTO vacia VALUES (1, 'x')")
spark.sql("ALTER TABLE vacia ADD COLUMNS (m double)")
rows("SELECT * FROM vacia")
spark.sql("CREATE VIEW vista AS SELECT id FROM vacia")
rows("SELECT * FROM vista")
""",
    ) == [
        [["1", "x", "2025-01-01"], ["2", "it's", "2025-01-01"], ["3", "z", "o'dia"]],
        [["3"]],
        [["dia=2025-01-02"], ["dia=o%27dia"]],
        [["dia=2025-01-01"], ["dia=2025-01-02"], ["dia=o%27dia"]],
        [],
        [["1", "x", "None"]],
        [["1"]],
    ]
    assert not [key for key in jobs.keys() if "staging" in key or "_temporary" in key]  # noqa: SIM118
    assert AthenaClient(aws, LAKE, "ventas").rows(
        "SELECT id FROM ventas.csv WHERE dia = '2025-01-01' ORDER BY 1"
    ) == [["1"], ["2"]]


def test_what_the_catalog_refuses_spark_says(jobs: Jobs) -> None:
    jobs.glue.create_table(
        DatabaseName="ventas",
        TableInput={"Name": "sin_formato", "StorageDescriptor": {"Columns": [{"Name": "a", "Type": "int"}]}},
    )
    said = answers(
        jobs,
        f"""
spark.sql("CREATE TABLE una (id int) STORED AS PARQUET LOCATION 's3://{LAKE}/una/'")
fails("CREATE TABLE una (id int) STORED AS PARQUET")
fails("ALTER TABLE una RENAME TO dos")
fails("SELECT * FROM nada")
fails("SELECT * FROM sin_formato")
fails("DROP DATABASE ventas")
fails("CREATE TABLE ninguna.una (id int)")
rows("SHOW TABLES LIKE 'un*'")
""",
    )
    assert "Cannot create table or view `ventas`.`una` because it already exists" in said[0]
    assert "Table rename is not supported" in said[1]
    assert "cannot be found" in said[2]
    assert "StorageDescriptor#InputFormat cannot be null for table: sin_formato" in said[3]
    assert "SCHEMA_NOT_EMPTY" in said[4]
    assert "SCHEMA_NOT_FOUND" in said[5]
    assert said[6] == [["ventas", "una", "False"]]


def test_without_the_argument_spark_sees_no_tables_of_the_catalog(jobs: Jobs) -> None:
    run = jobs.run(SPARK, DefaultArguments={"--enable-glue-datacatalog": "false"})
    assert run["JobRunState"] == "FAILED"
    assert "SCHEMA_NOT_FOUND" in run["ErrorMessage"]
