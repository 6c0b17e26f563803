"""`transacciones`: purchases from suppliers and sales to clients. Every column is needed.

A transaction that names no party is refused like one without an id: it could be joined to nobody.
"""

from __future__ import annotations

from pyspark.sql import DataFrame

from pipeline.transforms.categories import TIPO_ENERGIA, TIPO_TRANSACCION, category
from pipeline.transforms.checks import (
    Check,
    no_id,
    not_positive,
    unknown_category,
    unreadable_date,
    unreadable_number,
)
from pipeline.transforms.csv_lines import Layout
from pipeline.transforms.dates import date
from pipeline.transforms.numbers import number
from pipeline.transforms.table import ORIGINAL, Table
from pipeline.transforms.text import identifier

COLUMNS = (
    "transaccion_id",
    "tipo_transaccion",
    "id_cliente_proveedor",
    "cantidad_comprada_kwh",
    "precio_kwh_cop",
    "tipo_energia",
    "fecha_transaccion",
)
LAYOUT = Layout(columns=COLUMNS, required=frozenset(COLUMNS))


def checks() -> list[Check]:
    """What makes a row unusable, in the order in which it is looked for."""
    return [
        no_id("transaccion_id"),
        no_id("id_cliente_proveedor"),
        unreadable_date("fecha_transaccion"),
        unreadable_number("cantidad_comprada_kwh"),
        unreadable_number("precio_kwh_cop"),
        not_positive("cantidad_comprada_kwh"),
        not_positive("precio_kwh_cop"),
        unknown_category("tipo_transaccion"),
        unknown_category("tipo_energia"),
    ]


def clean(lines: DataFrame) -> DataFrame:
    """Give every line's columns their type and canonical form; what cannot be read is null."""
    return lines.select(
        ORIGINAL,
        identifier("transaccion_id"),
        category("tipo_transaccion", TIPO_TRANSACCION),
        identifier("id_cliente_proveedor"),
        number("cantidad_comprada_kwh", scale=3),
        number("precio_kwh_cop", scale=2),
        category("tipo_energia", TIPO_ENERGIA),
        date("fecha_transaccion"),
    )


TRANSACCIONES = Table("transacciones", LAYOUT, "transaccion_id", "fecha_transaccion", clean, checks)
