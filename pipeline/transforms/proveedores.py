"""`proveedores`: the generators who sell energy. Only the name may be missing from a file."""

from __future__ import annotations

from pyspark.sql import DataFrame

from pipeline.transforms.categories import TIPO_ENERGIA, category
from pipeline.transforms.checks import Check, no_id, unknown_category, unreadable_date
from pipeline.transforms.csv_lines import Layout
from pipeline.transforms.dates import date
from pipeline.transforms.table import ORIGINAL, Table
from pipeline.transforms.text import identifier

LAYOUT = Layout(
    columns=("proveedor_id", "nombre_proveedor", "tipo_energia", "fecha_registro"),
    required=frozenset({"proveedor_id", "tipo_energia", "fecha_registro"}),
)


def checks() -> list[Check]:
    """What makes a row unusable, in the order in which it is looked for."""
    return [no_id("proveedor_id"), unreadable_date("fecha_registro"), unknown_category("tipo_energia")]


def clean(lines: DataFrame) -> DataFrame:
    """Give every line's columns their type and canonical form; what cannot be read is null."""
    return lines.select(
        ORIGINAL,
        identifier("proveedor_id"),
        "nombre_proveedor",
        category("tipo_energia", TIPO_ENERGIA),
        date("fecha_registro"),
    )


PROVEEDORES = Table("proveedores", LAYOUT, "proveedor_id", "fecha_registro", clean, checks)
