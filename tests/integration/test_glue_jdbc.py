"""Glue jobs with a database, a real PostgreSQL: options, connections of the Data Catalog, secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws
from tests.integration.glue_jobs import Jobs
from tests.postgres import postgres

pytestmark = [pytest.mark.spark, pytest.mark.extended]

LAKE = "jdbc-lake"
SPARK = """
import json
from pyspark.context import SparkContext
from awsglue.context import GlueContext
glue = GlueContext(SparkContext.getOrCreate())
def rows(frame):
    print(json.dumps(sorted([str(value) for value in row] for row in frame.toDF().collect())))
"""

TABLE = """
CREATE SCHEMA ventas;
CREATE TABLE ventas.pedidos (id int primary key, n text, precio numeric(8,2));
INSERT INTO ventas.pedidos
    SELECT i, CASE WHEN i % 5 > 0 THEN 'n' || i END, i * 1.25 FROM generate_series(1, 20) i;
"""


@pytest.fixture(scope="module")
def jobs(aws: LocalAws) -> Jobs:
    jobs = Jobs(aws, LAKE)
    jobs.glue.create_database(DatabaseInput={"Name": "bases"})
    return jobs


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The JDBC URL of a PostgreSQL with a table `ventas.pedidos`."""
    with postgres(TABLE) as port:
        yield f"jdbc:postgresql://127.0.0.1:{port}/postgres"


@pytest.fixture(scope="module")
def connection(jobs: Jobs, url: str) -> str:
    jobs.aws.client("secretsmanager").create_secret(
        Name="base", SecretString=json.dumps({"username": "postgres", "password": "clave"})
    )
    jobs.glue.create_connection(
        ConnectionInput={
            "Name": "ventas-pg",
            "ConnectionType": "JDBC",
            "ConnectionProperties": {"JDBC_CONNECTION_URL": url, "SECRET_ID": "base"},
        }
    )
    return "ventas-pg"


def answers(jobs: Jobs, script: str, **definition: Any) -> list[Any]:
    return jobs.answers(SPARK + script, **definition)


def test_a_database_is_read_by_options_and_connections_and_written(
    jobs: Jobs, url: str, connection: str
) -> None:
    jobs.glue.create_table(
        DatabaseName="bases",
        TableInput={
            "Name": "pedidos",
            "Parameters": {"classification": "postgresql", "connectionName": connection},
            "StorageDescriptor": {
                "Location": "postgres.ventas.pedidos",
                "Columns": [{"Name": "id", "Type": "int"}],
            },
        },
    )
    found = answers(
        jobs,
        f"""
options = {{"url": "{url}", "user": "postgres", "password": "clave", "dbtable": "ventas.pedidos"}}
frame = glue.create_dynamic_frame.from_options("postgresql", options)
print(json.dumps([frame.count(), str(frame.toDF().schema["precio"].dataType)]))
split = glue.create_dynamic_frame.from_options("postgresql",
    {{**options, "hashfield": "n", "hashpartitions": "3"}})
print(json.dumps([split.count(), split.toDF().rdd.getNumPartitions()]))
query = glue.create_dynamic_frame.from_options("postgresql", {{"useConnectionProperties": "true",
    "connectionName": "{connection}", "dbtable": "x",
    "sampleQuery": "SELECT id, n FROM ventas.pedidos WHERE id < 3"}})
rows(query)
glue.write_dynamic_frame.from_jdbc_conf(query, "{connection}",
    connection_options={{"database": "postgres", "dbtable": "ventas.copia"}})
glue.write_dynamic_frame.from_options(query, "postgresql", {{**options, "dbtable": "ventas.copia",
    "postactions": "DELETE FROM ventas.copia WHERE id = 2;"}})
rows(glue.create_dynamic_frame.from_options("postgresql", {{**options, "dbtable": "ventas.copia"}}))
print(json.dumps(glue.create_dynamic_frame.from_catalog("bases", "pedidos").count()))
conf = glue.extract_jdbc_conf("{connection}")
print(json.dumps([conf["fullUrl"], conf["url"], conf["user"], conf["password"], conf["vendor"]]))
plain = glue.spark_session.read.jdbc(conf["fullUrl"], "ventas.pedidos",
    properties={{"user": conf["user"], "password": conf["password"]}})
print(json.dumps(plain.count()))
""",
        Connections={"Connections": [connection]},
    )
    assert found == [
        [20, "DecimalType(8,2)"],
        [20, 3],
        [["1", "n1"], ["2", "n2"]],
        [["1", "n1"], ["1", "n1"]],
        20,
        [url, url.rsplit("/", 1)[0], "postgres", "clave", "postgresql"],
        20,
    ]


def test_what_a_database_refuses_fails_the_run(jobs: Jobs, url: str) -> None:
    wrong = jobs.run(
        SPARK
        + f"""
glue.create_dynamic_frame.from_options("postgresql",
    {{"url": "{url}", "user": "postgres", "password": "clave", "dbtable": "nada"}}).count()
"""
    )
    assert 'relation "nada" does not exist' in wrong["ErrorMessage"]
    absent = jobs.run(
        SPARK
        + 'glue.create_dynamic_frame.from_options("oracle", {"url": "jdbc:oracle:thin:@h", "dbtable": "t"})'
    )
    assert "the connection type 'oracle'" in absent["ErrorMessage"]


def test_a_connection_is_tested_by_entering_the_database(jobs: Jobs, url: str, connection: str) -> None:
    jobs.glue.test_connection(ConnectionName=connection)
    described = {
        "ConnectionType": "JDBC",
        "ConnectionProperties": {
            "JDBC_CONNECTION_URL": url.replace("/postgres", "/nada"),
            "USERNAME": "postgres",
            "PASSWORD": "x",
        },
    }
    with pytest.raises(ClientError, match=r'InvalidInputException.*database "nada" does not exist'):
        jobs.glue.test_connection(TestConnectionInput=described)
