"""Write a city one way: title case, with the accents that Colombia's main cities have.

Only names that case alone does not restore are listed. `Bogotá` has an official long form that exports mix
with the short one, and both are one city.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

from pipeline.transforms.categories import lookup, plain

ACCENTED = (
    "Acacías", "Agustín Codazzi", "Andalucía", "Apartadó", "Bogotá", "Cajicá", "Calarcá", "Cereté", "Chía",
    "Chinchiná", "Chiquinquirá", "Ciénaga", "Cúcuta", "El Carmen de Bolívar", "Facatativá", "Fundación",
    "Fusagasugá", "Gachancipá", "Garzón", "Girón", "Ibagué", "Inírida", "Itagüí", "Jamundí", "Magangué",
    "Málaga", "Medellín", "Mitú", "Montelíbano", "Montería", "Ocaña", "Popayán", "Puerto Asís",
    "Puerto Inírida", "Quibdó", "Sahagún", "San Andrés", "San José del Guaviare", "San Vicente del Caguán",
    "Sopó", "Tocancipá", "Tuluá", "Vélez", "Villamaría", "Zipaquirá",
)  # fmt: skip

_ALSO_BOGOTA = (
    "bogota d.c.",
    "bogota, d.c.",
    "bogota dc",
    "bogota d.c",
    "bogota d. c.",
    "santa fe de bogota",
)

_SMALL_WORDS = ("De La", "De Las", "De Los", "De", "Del", "Y")

_NAMES = {plain(name): name for name in ACCENTED} | dict.fromkeys(_ALSO_BOGOTA, "Bogotá")


def city(column: str) -> Column:
    """The column's city; null when it is blank."""
    value = F.col(column)
    return F.coalesce(lookup(value, _NAMES), _title_case(value)).alias(column)


def _title_case(text: Column) -> Column:
    """`text` with capitals as Spanish names have them: `Villa de Leyva`."""
    titled = F.initcap(text)
    for words in _SMALL_WORDS:
        titled = F.replace(titled, F.lit(f" {words} "), F.lit(f" {words.lower()} "))
    return titled
