"""What a user can do wrong is answered by one sentence and exit code 1, and harms nothing."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from laguna.testing.running import free_port
from tests.e2e.conftest import Installation

pytestmark = pytest.mark.spark


def refused(lake: Installation, *arguments: str) -> str:
    """The sentence of a command that must fail."""
    result = lake.laguna(*arguments)
    assert (result.code, result.out) == (1, "")
    sentence = result.err.splitlines()[-1]
    assert sentence.startswith("laguna: ")
    return sentence


def test_a_missing_path_uploads_nothing(lake: Installation) -> None:
    assert "nowhere/at/all does not exist" in refused(lake, "ingest", "sample_csv", "nowhere/at/all")


def test_a_file_of_no_table_uploads_nothing(lake: Installation, tmp_path: Path) -> None:
    (tmp_path / "ventas.csv").write_text("a,b\n")
    (tmp_path / "clientes_x.csv").write_text("a,b\n")
    before = lake.client("s3").list_objects_v2(Bucket="datalake-energy-company-dev", Prefix="raw/")[
        "KeyCount"
    ]
    assert "ventas.csv belongs to no table" in refused(lake, "ingest", str(tmp_path))
    after = lake.client("s3").list_objects_v2(Bucket="datalake-energy-company-dev", Prefix="raw/")["KeyCount"]
    assert after == before


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT * FROM nada", "TABLE_NOT_FOUND"),
        ("SELECT nada FROM clientes", "COLUMN_NOT_FOUND"),
        ("SELEKT 1", "SELEKT"),
    ],
)
def test_a_wrong_query_gives_athenas_reason(lake: Installation, sql: str, said: str) -> None:
    assert said in refused(lake, "query", sql)


def test_logs_of_a_job_that_is_not_there_name_those_that_are(lake: Installation) -> None:
    assert "clientes, proveedores, transacciones" in refused(lake, "logs", "ventas")


def test_a_port_in_use_is_named(lake: Installation, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        sentence = refused(lake, "up", "--port", port, "--state", str(tmp_path))
    assert f"Port {port} is in use" in sentence


def test_a_state_folder_in_use_is_named(lake: Installation) -> None:
    assert str(lake.state) in refused(lake, "up", "--port", str(free_port()))


def test_a_server_that_is_not_up_is_told_how_to_start(lake: Installation, tmp_path: Path) -> None:
    port = str(free_port())
    sentence = refused(lake, "query", "SELECT 1", "--port", port, "--state", str(tmp_path))
    assert "laguna up" in sentence


def test_files_that_are_no_tables_are_rejected_whole_and_the_others_go_on(
    lake: Installation, tmp_path: Path
) -> None:
    header = "proveedor_id,nombre_proveedor,tipo_energia,fecha_registro\n"
    (tmp_path / "proveedores_bueno.csv").write_text(header + "ZZ-P9,Viento,eolica,2031-01-01\n")
    (tmp_path / "proveedores_vacio.csv").write_bytes(b"")
    (tmp_path / "proveedores_binario.csv").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "proveedores_sin_columna.csv").write_text(
        "nombre_proveedor,fecha_registro\nViento,2031-01-01\n"
    )
    lake.done("ingest", str(tmp_path), "--date", "2031-01-02")
    lake.done("run")
    table = lake.done("report")["tables"]["proveedores"]
    rejected = {Path(file["key"]).name for file in table["rejected_files"] if "day=02" in file["key"]}
    assert {"proveedores_vacio.csv", "proveedores_binario.csv", "proveedores_sin_columna.csv"} <= rejected
    assert "proveedores_bueno.csv" not in rejected
    found = lake.done("query", "SELECT tipo_energia FROM proveedores WHERE proveedor_id = 'ZZ-P9'")
    assert found["rows"] == [["eólica"]]


BROKEN = b"""import sys
if sys.argv[sys.argv.index("--table") + 1] == "clientes":
    raise ValueError("the river is dry")
"""


def test_a_job_that_fails_stops_the_run_where_it_is_and_its_logs_say_why(lake: Installation) -> None:
    """The jobs' script is broken for one of them in its place in S3, and put right again."""
    s3, bucket = lake.client("s3"), "datalake-energy-company-dev"
    version = lake.done("deploy")["code_version"]
    key = f"scripts/{version}/jobs/load_table.py"
    script = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.put_object(Bucket=bucket, Key=key, Body=BROKEN)
    try:
        sentence = refused(lake, "run")
        assert "the river is dry" in sentence
        assert "laguna logs clientes" in sentence
        logs = lake.done("logs", "clientes")
        assert logs["state"] == "FAILED"
        assert any("the river is dry" in event["message"] for event in logs["events"])
    finally:
        s3.put_object(Bucket=bucket, Key=key, Body=script)
    lake.done("run")
