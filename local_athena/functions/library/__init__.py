"""The library: every function that is known, by name. To add one, add an entry to the file of its area."""

from __future__ import annotations

from local_athena.functions.entry import Entry
from local_athena.functions.library import (
    aggregates,
    arrays,
    colors,
    dates,
    gathering,
    geospatial,
    json_functions,
    maths,
    statistics,
    strings,
    text_parts,
    window_functions,
)

AREAS = (
    aggregates, statistics, gathering, window_functions, arrays, colors, dates, geospatial, json_functions,
    maths, strings, text_parts,
)  # fmt: skip


def _by_name() -> dict[str, list[Entry]]:
    library: dict[str, list[Entry]] = {}
    for area in AREAS:
        for entry in area.ENTRIES:
            library.setdefault(entry.name, []).append(entry)
    return library


LIBRARY = _by_name()
