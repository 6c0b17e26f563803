"""Clean text: trimmed, inner spaces collapsed, composed; and fold it for comparing.

Exports carry no-break spaces, tabs and line breaks inside fields, and accents written as a letter and a
combining mark, which look the same and group apart. Everything is a Spark Column expression: a Python
function would carry every cell from the JVM to Python and back.
"""

from __future__ import annotations

import unicodedata

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

# Java's \s is ASCII only; \p{Z} are Unicode's spaces, \p{Cc} its control characters; the rest are invisible.
_SPACES = r"[\s\p{Z}\p{Cc}\x{200B}\x{2060}\x{FEFF}]+"
_MARKS = r"\p{M}+"


def _foldable() -> dict[str, str]:
    """Every composed Latin letter below U+2000 whose base is an ASCII letter, with that base in lower
    case."""
    found = {}
    for letter in map(chr, range(0xC0, 0x2000)):
        base, *marks = list(unicodedata.normalize("NFD", letter))
        if marks and base.isascii() and base.isalpha():
            found[letter] = base.lower()
    return found


_FOLDED = _foldable()
_SPANISH_LETTERS = "áéíóúüñçÁÉÍÓÚÜÑÇ"


def cleaned(value: Column) -> Column:
    """`value` trimmed, each run of spaces of any kind made one space, and null when nothing is left."""
    text = F.trim(F.regexp_replace(_composed(value), _SPACES, " "))
    return F.when(text != "", text)


def folded(value: Column) -> Column:
    """`value` cleaned, in lower case and without accents, for comparing only."""
    without_accents = F.translate(cleaned(value), "".join(_FOLDED), "".join(_FOLDED.values()))
    return F.lower(F.regexp_replace(without_accents, _MARKS, ""))


def clean_text(column: str) -> Column:
    """The column's text, cleaned."""
    return cleaned(F.col(column)).alias(column)


def identifier(column: str) -> Column:
    """The column's id: cleaned, in upper case."""
    return F.upper(cleaned(F.col(column))).alias(column)


def _composed(value: Column) -> Column:
    """`value` with Spanish letters that were written with a combining mark as one character each."""
    composed = value
    for letter in _SPANISH_LETTERS:
        composed = F.replace(composed, F.lit(unicodedata.normalize("NFD", letter)), F.lit(letter))
    return F.when(value.rlike(_MARKS), composed).otherwise(value)
