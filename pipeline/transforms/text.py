"""Clean text: trimmed, inner spaces collapsed, composed; and fold it for comparing.

Exports carry no-break spaces, tabs and line breaks inside fields, and accents written as a letter and a
combining mark, which look the same and group apart. Everything is a Spark Column expression: a Python
function would carry every cell from the JVM to Python and back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
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


def clean_texts(lines: DataFrame, columns: Iterable[str]) -> DataFrame:
    """`lines` with these columns trimmed, each run of spaces made one, and null when nothing is left.

    Every other rule reads text that was cleaned here, in a step of its own, so that a value is cleaned once
    however often a rule looks at it.
    """
    return lines.withColumns({column: _cleaned(F.col(column)) for column in columns})


def folded(text: Column) -> Column:
    """`text` in lower case and without accents, for comparing only."""
    without_accents = F.translate(text, "".join(_FOLDED), "".join(_FOLDED.values()))
    return F.lower(F.regexp_replace(without_accents, _MARKS, ""))


def identifier(column: str) -> Column:
    """The column's id, in upper case."""
    return F.upper(column).alias(column)


def _cleaned(value: Column) -> Column:
    text = F.trim(F.regexp_replace(value, _SPACES, " "))
    return F.nullif(text, F.lit(""))
