"""Athena's SQL without Athena: a connection in this process on the server's catalog and objects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import boto3
import pytest

from local_athena.dbapi import Connection, connect
from local_athena.dbapi.connection import InterfaceError, ProgrammingError
from tests.conftest import REGION, LocalAws
from tests.integration.athena_client import AthenaClient

BUCKET = "athena-library"


@pytest.fixture(scope="module")
def connection(aws: LocalAws) -> Iterator[Connection]:
    aws.client("s3").create_bucket(Bucket=BUCKET)
    athena = AthenaClient(aws, BUCKET, "biblioteca")
    athena.run("CREATE DATABASE biblioteca")
    athena.run(
        "CREATE TABLE libros WITH (partitioned_by = ARRAY['idioma']) AS SELECT * FROM (VALUES "
        "(1, 'uno', DECIMAL '1.50', DATE '2025-01-02', 'es'), (2, NULL, NULL, NULL, 'en')) "
        "AS t(id, titulo, precio, fecha, idioma)"
    )
    athena.run(
        f"CREATE EXTERNAL TABLE notas (n int, t string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' "
        f"LOCATION 's3://{BUCKET}/notas/'"
    )
    aws.client("s3").put_object(Bucket=BUCKET, Key="notas/a.csv", Body="1,ñ\n2,\\N\n".encode())
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    with connect(session=session, endpoint_url=aws.endpoint, database="biblioteca") as made:
        yield made


def test_rows_come_as_pythons_values(connection: Connection) -> None:
    cursor = connection.cursor().execute("SELECT * FROM libros ORDER BY id")
    assert [column[0] for column in cursor.description or ()] == ["id", "titulo", "precio", "fecha", "idioma"]
    assert cursor.fetchone() == (1, "uno", Decimal("1.50"), date(2025, 1, 2), "es")
    assert cursor.fetchall() == [(2, None, None, None, "en")]
    assert cursor.fetchone() is None


def test_text_files_and_parameters(connection: Connection) -> None:
    cursor = connection.cursor().execute("SELECT t FROM notas WHERE n = ?", ["1"])
    assert cursor.fetchmany(5) == [("ñ",)]


def test_the_estimate_is_what_the_query_reads(connection: Connection, aws: LocalAws) -> None:
    sql = "SELECT id FROM libros WHERE idioma = 'es'"
    billed = AthenaClient(aws, BUCKET, "biblioteca").scanned(sql)
    assert connection.estimate(sql) == billed > 0


def test_the_catalog_is_shown(connection: Connection) -> None:
    assert connection.cursor().execute("SHOW TABLES").fetchall() == [("libros",), ("notas",)]


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT * FROM nada", "TABLE_NOT_FOUND: line 1:15"),
        ("SELEC 1", "mismatched input 'SELEC'"),
        ("INSERT INTO libros SELECT * FROM libros", "NOT_SUPPORTED: This connection only reads"),
        ("SELECT * FROM read_csv('/etc/passwd')", "mismatched input '\\('"),
        ("SELECT 1 / 0", "DIVISION_BY_ZERO"),
    ],
)
def test_what_fails_fails_in_athenas_words(connection: Connection, sql: str, words: str) -> None:
    with pytest.raises(ProgrammingError, match=words):
        connection.cursor().execute(sql).fetchall()


def test_a_closed_connection_says_so(aws: LocalAws) -> None:
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    closed = connect(session=session, endpoint_url=aws.endpoint)
    closed.close()
    with pytest.raises(InterfaceError, match="closed"):
        closed.cursor()
