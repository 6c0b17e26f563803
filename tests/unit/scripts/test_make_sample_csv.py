from __future__ import annotations

from pathlib import Path

from laguna.lake.ingestion import load_date_in, table_of
from laguna.project import own_project
from pipeline.transforms.clientes import CLIENTES
from pipeline.transforms.csv_lines import FileFacts, lines_of
from pipeline.transforms.proveedores import PROVEEDORES
from pipeline.transforms.transacciones import TRANSACCIONES
from scripts.make_sample_csv import main
from scripts.sample_data.clean_rows import nit

PROJECT = own_project()
SAMPLES, LAKE = PROJECT.samples, PROJECT.lake
LAYOUTS = {table.name: table.layout for table in (CLIENTES, PROVEEDORES, TRANSACCIONES)}


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_script_makes_the_samples_byte_for_byte(tmp_path: Path) -> None:
    main(tmp_path)
    assert files_below(tmp_path) == files_below(SAMPLES)


def test_the_samples_have_three_load_dates_and_rows_of_every_table() -> None:
    rows = dict.fromkeys(LAKE.ingest, 0)
    facts = []
    for path in SAMPLES.rglob("*.csv"):
        table = table_of(path.name, LAKE.ingest)
        assert table is not None
        *lines, last = lines_of(path.name, path.read_bytes(), LAYOUTS[table])
        rows[table] += len(lines)
        facts.append(FileFacts.from_json(str(last[-1])))
    dates = {load_date_in(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*.csv")}
    assert len(dates) == 3
    assert rows["proveedores"] >= 40
    assert rows["clientes"] >= 600
    assert rows["transacciones"] >= 6_000
    assert {fact.encoding for fact in facts} == {"utf-8", "utf-8-bom", "latin-1", None}
    assert {fact.delimiter for fact in facts} == {",", ";", None}
    assert {fact.rejected_whole for fact in facts} == {
        *(None, "archivo vacío", "archivo binario", "falta la columna precio_kwh_cop")
    }
    assert any(fact.extra_columns for fact in facts)
    assert any(fact.missing_columns for fact in facts if not fact.rejected_whole)


def test_a_tax_number_ends_in_dians_check_digit() -> None:
    # Public ones: Ecopetrol S.A., Bancolombia S.A.
    assert nit(899_999_068) == "899999068-1"
    assert nit(890_903_938) == "890903938-8"
