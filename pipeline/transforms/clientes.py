"""`clientes`: the end users who buy energy.

An id and a registration date make a row usable; the rest may be missing from a whole file. A `segmento` that
a file does have must be a known one.
"""

from __future__ import annotations

from pyspark.sql import DataFrame

from pipeline.transforms.categories import SEGMENTO, category
from pipeline.transforms.checks import Check, no_id, unknown_category, unreadable_date
from pipeline.transforms.cities import city
from pipeline.transforms.csv_lines import Layout
from pipeline.transforms.dates import date
from pipeline.transforms.table import ORIGINAL, Table, original
from pipeline.transforms.text import identifier

LAYOUT = Layout(
    columns=(
        "cliente_id",
        "tipo_identificacion",
        "identificacion",
        "nombre",
        "ciudad",
        "segmento",
        "fecha_registro",
    ),
    required=frozenset({"cliente_id", "fecha_registro"}),
)


def checks() -> list[Check]:
    """What makes a row unusable, in the order in which it is looked for."""
    return [
        no_id("cliente_id"),
        unreadable_date("fecha_registro"),
        unknown_category("segmento", original("segmento")),
    ]


def clean(lines: DataFrame) -> DataFrame:
    """Give every line's columns their type and canonical form; what cannot be read is null."""
    return lines.select(
        ORIGINAL,
        identifier("cliente_id"),
        "tipo_identificacion",
        "identificacion",
        "nombre",
        city("ciudad"),
        category("segmento", SEGMENTO),
        date("fecha_registro"),
    )


CLIENTES = Table("clientes", LAYOUT, "cliente_id", "fecha_registro", clean, checks)
