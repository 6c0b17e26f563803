"""The values that a category may have, matched whatever their case and accents, stored as they are written
here."""

from __future__ import annotations

import unicodedata
from itertools import chain

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

from pipeline.transforms.text import folded

TIPO_ENERGIA = ("hidroeléctrica", "eólica", "solar", "nuclear", "térmica", "biomasa", "geotérmica")
TIPO_TRANSACCION = ("compra", "venta")
SEGMENTO = ("residencial", "comercial", "industrial")


def category(column: str, values: tuple[str, ...]) -> Column:
    """The one of `values` that the column's text means; null when it is blank or none of them."""
    return lookup(F.col(column), {plain(value): value for value in values}).alias(column)


def lookup(value: Column, meanings: dict[str, str]) -> Column:
    """What `value` means, given meanings by folded text; null for any other."""
    pairs = F.create_map(*map(F.lit, chain.from_iterable(meanings.items())))
    return pairs[folded(value)]


def plain(text: str) -> str:
    """`text` as `folded` makes it."""
    letters = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
