"""Why a row is refused: each check is a reason and the condition under which it holds.

A check looks at cleaned columns, where a value that could not be read is null. The reason (`motivo`) names
the column, so that whoever exports the file knows what to mend.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)


@dataclass(frozen=True, slots=True)
class Check:
    """A reason to refuse a row, and when it holds."""

    motivo: str
    fails: Column


def no_id(column: str) -> Check:
    """The id is blank."""
    return Check(f"{column}: sin identificador", F.col(column).isNull())


def unreadable_date(column: str) -> Check:
    """The date is blank, in no known format, or not in the calendar."""
    return Check(f"{column}: fecha ilegible", F.col(column).isNull())


def unreadable_number(column: str) -> Check:
    """The number is blank, not written as a number, or too large for its type."""
    return Check(f"{column}: número ilegible", F.col(column).isNull())


def not_positive(column: str) -> Check:
    """The number, rounded to its scale, is zero or less."""
    return Check(f"{column}: no es mayor que cero", F.col(column) <= 0)


def unknown_category(column: str, original: Column | None = None) -> Check:
    """The category is none of the known ones.

    Args:
        column: the cleaned column.
        original: for a column that a file may lack, its text, which is null then; a lacking column is no
        fault.
    """
    is_unknown = F.col(column).isNull()
    return Check(
        f"{column}: categoría desconocida",
        is_unknown if original is None else is_unknown & original.isNotNull(),
    )


def first_motivo(checks: list[Check]) -> Column:
    """The reason of the first check that fails, or null."""
    return F.coalesce(*(F.when(check.fails, F.lit(check.motivo)) for check in checks))
