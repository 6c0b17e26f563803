"""dbt-athena: a small project with seeds, views, a table, incremental and Iceberg models, tests and docs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

Dbt = Callable[..., str]
ROWS = "select venta_id, kwh from {{ ref('ventas_hielo') }} order by 1"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dbt") / "project"
    shutil.copytree(Path(__file__).parent / "dbt_project", folder)
    return folder


@pytest.fixture(scope="module")
def dbt(project: Path, bucket: str, database: str) -> Dbt:
    """Runs a dbt command, which must succeed, and gives what it printed."""
    environment = {
        **os.environ, "CLIENTS_BUCKET": bucket, "CLIENTS_SCHEMA": f"{database}_dbt",
        "DBT_PROFILES_DIR": str(project), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }  # fmt: skip

    def run(*arguments: str) -> str:
        command = [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", *arguments]
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_a_project_is_built_tested_and_built_again(
    dbt: Dbt, project: Path, bucket: str, database: str
) -> None:
    assert "ERROR=0" in dbt("build")
    more = "4,Medellín,7.5,2025-01-03\n2,Cali,99.0,2025-01-01\n"
    seed = project / "seeds" / "ventas.csv"
    seed.write_text(seed.read_text().replace("2,Cali,20.25,2025-01-01\n", "") + more)
    assert "ERROR=0" in dbt("build")
    shown = json.loads(dbt("show", "--inline", ROWS,
                           "--output", "json", "--quiet"))  # fmt: skip
    assert [(row["venta_id"], float(row["kwh"])) for row in shown["show"]] == [
        (1, 10.5), (2, 99.0), (3, 5.0), (4, 7.5),
    ]  # fmt: skip


def test_docs_describe_the_tables(dbt: Dbt, project: Path) -> None:
    dbt("docs", "generate")
    catalog = json.loads((project / "target" / "catalog.json").read_text())
    assert "ventas_hielo" in {node["metadata"]["name"] for node in catalog["nodes"].values()}


def test_the_models_are_tables_of_the_catalog(database: str) -> None:
    tables = boto3.client("glue").get_tables(DatabaseName=f"{database}_dbt")["TableList"]
    kinds = {table["Name"]: table.get("TableType") for table in tables}
    assert kinds["ventas_limpias"] == "VIRTUAL_VIEW"
    assert kinds["ventas_por_ciudad"] == "EXTERNAL_TABLE"
