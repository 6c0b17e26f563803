"""How exports spoil a value without spoiling its meaning, and how they spoil a row beyond use."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from random import Random

from scripts.sample_data.clean_rows import Row, Value

TextRow = dict[str, str]

DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%Y-%m-%dT08:15:30",
    "%Y-%m-%dT23:40:00.5-05:00",
)
CATEGORIES = ("tipo_energia", "tipo_transaccion", "segmento")
NUMBERS = ("cantidad_comprada_kwh", "precio_kwh_cop")


def dirty_row(random: Random, row: Row) -> TextRow:
    """A row as text that still means the same."""
    return {column: _dirty(random, column, value) for column, value in row.items()}


def _dirty(random: Random, column: str, value: Value) -> str:
    if isinstance(value, date):
        return value.strftime(random.choice(DATE_FORMATS))
    if isinstance(value, Decimal):
        return _number(random, value)
    if column in CATEGORIES or column == "ciudad":
        return _stray_spaces(random, _other_letters(random, value))
    if column.endswith("_id") or column.startswith("id_"):
        return _stray_spaces(random, value.lower() if random.random() < 0.1 else value)
    return _stray_spaces(random, _inner_dirt(random, value))


def _number(random: Random, value: Decimal) -> str:
    english = f"{value:,}"
    return random.choice(
        (
            f"{value}",
            f"{value}".replace(".", ","),
            english,
            english.translate(str.maketrans(",.", ".,")),
        )
    )


def _other_letters(random: Random, text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return random.choices((text, text.upper(), text.title(), bare, bare.upper()), (50, 12, 12, 14, 12))[0]


def _stray_spaces(random: Random, text: str) -> str:
    return random.choices((text, f" {text}", f"{text}  ", f"\t{text}", f"{text}\xa0"), (80, 8, 8, 2, 2))[0]


def _inner_dirt(random: Random, text: str) -> str:
    """Doubled and no-break spaces, line breaks, quotes and commas inside a name."""
    first, _, rest = text.partition(" ")
    choices = (
        text,
        f"{first}  {rest}",
        f"{first}\xa0{rest}",
        f"{first}\n{rest}",
        f'{first} "{rest}"',
        f"{first}, {rest}",
    )
    return random.choices(choices, (84, 5, 2, 2, 3, 4))[0] if rest else text


def without_id(column: str, row: TextRow) -> TextRow:
    """A row whose id is blank."""
    return row | {column: "  "}


def bad_date(random: Random, column: str, row: TextRow) -> TextRow:
    """A row whose date is none."""
    return row | {column: random.choice(("31/02/2025", "2025-13-01", "ayer", "", "25 de julio", "2025-7-5"))}


def bad_number(random: Random, column: str, row: TextRow) -> TextRow:
    """A row whose number is none."""
    return row | {column: random.choice(("N/D", "12a4", "", "$ 420,50", "1.23.45", "12,34.56,7"))}


def not_positive(random: Random, column: str, row: TextRow) -> TextRow:
    """A row whose number is zero or less."""
    return row | {column: random.choice(("0", "0,00", "-15,5", "-1.250,75"))}


def bad_category(random: Random, column: str, row: TextRow) -> TextRow:
    """A row whose category is none of the known ones."""
    unknown = {
        "tipo_energia": ("carbón", "diésel", "desconocida"),
        "tipo_transaccion": ("permuta", "traslado"),
        "segmento": ("oficial", "mixto"),
    }
    return row | {column: random.choice(unknown[column])}
