"""What a table of the lake is to the code that loads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

from pipeline.transforms.checks import Check
from pipeline.transforms.csv_lines import Layout

ORIGINAL = "original"
"""The struct column that carries a line as it was read beside what it means."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its files' layout, what its columns mean, and which rows are refused."""

    name: str
    layout: Layout
    identifier: str
    """The column that no two rows may share."""
    date: str
    """The column that decides which row of a repeated identifier is kept: the latest."""
    clean: Callable[[DataFrame], DataFrame]
    """Of lines with their `ORIGINAL`: that, and the table's columns in their types."""
    checks: Callable[[], list[Check]]
    """What is looked at in turn. A function, because Spark's columns need a session."""


def original(column: str) -> Column:
    """The text that a cleaned column was made of; null when the file lacks it."""
    return F.col(f"{ORIGINAL}.{column}")
