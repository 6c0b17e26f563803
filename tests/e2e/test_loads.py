"""Acceptance 3: a new load date adds its partitions and leaves the others as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Installation

pytestmark = pytest.mark.spark

BUCKET = "datalake-energy-company-dev"
FILES = {
    "clientes_nuevos.csv": (
        "cliente_id,tipo_identificacion,identificacion,nombre,ciudad,segmento,fecha_registro\n"
        "zz-c1,CC,1001,Ana  Pérez,BOGOTA,Residencial,01/08/2030\n"
        "zz-c1,CC,1001,Ana  Pérez,BOGOTA,Residencial,01/08/2030\n"
        ",CC,1002,Sin Id,Cali,comercial,2030-08-01\n"
    ),
    "proveedores_nuevos.csv": (
        "proveedor_id;nombre_proveedor;tipo_energia;fecha_registro\n"
        "zz-p1;Sol del Sur;SOLAR;2030/08/01\n"
        "zz-p2;Carbón;carbon;2030-08-01\n"
    ),
    "transacciones_nuevas.csv": (
        "transaccion_id,tipo_transaccion,id_cliente_proveedor,cantidad_comprada_kwh,precio_kwh_cop,tipo_energia,"
        "fecha_transaccion\n"
        'zz-t1,Compra,zz-p1,"1.234,56","450,5",solar,2030-08-01\n'
        "zz-t2,venta,zz-c1,-5,450.5,solar,2030-08-01\n"
    ),
}


def objects(lake: Installation, prefix: str) -> dict[str, str]:
    pages = lake.client("s3").get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    return {item["Key"]: item["ETag"] for page in pages for item in page.get("Contents", [])}


def partitions(lake: Installation, table: str) -> set[tuple[str, ...]]:
    pages = (
        lake.client("glue")
        .get_paginator("get_partitions")
        .paginate(DatabaseName="energy_processed_db", TableName=table)
    )
    return {tuple(partition["Values"]) for page in pages for partition in page["Partitions"]}


@pytest.fixture(scope="module")
def loaded(installation: Installation, demo: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The state before, and after a new date was ingested and run."""
    assert demo["tables"]
    folder: Path = tmp_path_factory.mktemp("exports")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    tables = ("clientes", "proveedores", "transacciones")
    before = {
        "objects": objects(installation, "processed/") | objects(installation, "rejected/"),
        "partitions": {table: partitions(installation, table) for table in tables},
        "report": installation.done("report")["tables"],
    }
    ingested = installation.done("ingest", str(folder), "--date", "2030-08-02")
    assert [file["sent"] for file in ingested["files"]] == [True] * 3
    installation.done("run")
    after = {
        "objects": objects(installation, "processed/") | objects(installation, "rejected/"),
        "partitions": {table: partitions(installation, table) for table in tables},
        "report": installation.done("report")["tables"],
    }
    return before, after


def test_each_table_has_one_partition_more(loaded: Any) -> None:
    before, after = loaded
    for table, known in before["partitions"].items():
        assert after["partitions"][table] - known == {("2030", "08", "02")}
        assert known <= after["partitions"][table]


def test_the_objects_of_earlier_partitions_keep_their_etags(loaded: Any) -> None:
    before, after = loaded
    assert before["objects"]
    assert before["objects"].items() <= after["objects"].items()


def test_the_totals_grow_by_what_the_files_hold(loaded: Any) -> None:
    before, after = loaded
    grown = {
        table: [after["report"][table][count] - before["report"][table][count] for count in COUNTS]
        for table in before["report"]
    }
    assert grown == {"clientes": [3, 1, 1, 1], "proveedores": [2, 1, 1, 0], "transacciones": [2, 1, 1, 0]}


def test_the_new_rows_are_clean_and_exact(installation: Installation, loaded: Any) -> None:
    rows = installation.done(
        "query",
        "SELECT c.nombre, c.ciudad, c.segmento, c.fecha_registro, t.cantidad_comprada_kwh, t.precio_kwh_cop "
        "FROM clientes c CROSS JOIN transacciones t "
        "WHERE c.cliente_id = 'ZZ-C1' AND t.transaccion_id = 'ZZ-T1'",
    )["rows"]
    assert rows == [["Ana Pérez", "Bogotá", "residencial", "2030-08-01", "1234.560", "450.50"]]


COUNTS = ("read", "written", "rejected", "duplicates")


def test_running_a_date_again_gives_the_same_totals(installation: Installation, loaded: Any) -> None:
    _, after = loaded
    installation.done("run", "--load-date", "2030-08-02")
    assert installation.done("report")["tables"] == after["report"]
