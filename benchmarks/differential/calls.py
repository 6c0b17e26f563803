"""Calls of every function of the library with arguments of the types of its signatures, at their edges."""

from __future__ import annotations

from random import Random

from benchmarks.differential.edges import EDGES, SAMPLES
from local_athena.functions.catalogue import TOPICS
from local_athena.functions.library import LIBRARY
from local_athena.functions.signatures import Pattern, Signature

APART = """
    now random rand shuffle uuid current_timezone version approx_distinct approx_percentile
    numeric_histogram approx_most_frequent arbitrary any_value max_by min_by checksum localtimestamp
    localtime current_timestamp current_time current_date murmur3 bar render color rgb position index
    char2hexint t_pdf t_cdf bitwise_xor_agg ends_with
"""
"""Functions whose answer differs each time, is one of several right ones, or that Trino 435 has not."""

LETTERS = (
    "integer", "varchar", "double", "bigint", "date", "array(integer)", "timestamp", "decimal", "boolean",
    "row(x integer, y varchar)",
)  # fmt: skip
"""What a letter of a signature stands for."""

NESTED = {
    "array": "array(integer)", "map": "map(varchar, integer)", "row": "row(x integer, y varchar)",
}  # fmt: skip


def _names(kind: str) -> tuple[str, ...]:
    outside = {*APART.split(), *TOPICS["Geospatial"].split(), *TOPICS["Machine learning"].split()}
    return tuple(sorted(n for n, entries in LIBRARY.items() if entries[0].kind == kind and n not in outside))


SCALARS, AGGREGATES = _names("scalar"), _names("aggregate")


class Calls:
    """Draws calls."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def scalar(self) -> str:
        """A call of a function of one row."""
        name, chosen = self._chosen(SCALARS)
        return f"{name}({', '.join(self._arguments(chosen, None))})"

    def over_columns(self) -> tuple[str, list[tuple[str, ...]]]:
        """A call of a function of one row over columns, and the values of each column."""
        name, chosen = self._chosen(SCALARS)
        columns: list[tuple[str, ...]] = []
        return f"{name}({', '.join(self._arguments(chosen, columns))})", columns

    def aggregate(self) -> tuple[str, list[tuple[str, ...]]]:
        """A call of an aggregate over columns, and the values of each column."""
        name, chosen = self._chosen(AGGREGATES)
        columns: list[tuple[str, ...]] = []
        arguments = self._arguments(chosen, columns)
        distinct = "DISTINCT " if arguments and name != "map_agg" and self.random.random() < 0.2 else ""
        where = " FILTER (WHERE id > 0)" if self.random.random() < 0.2 else ""
        order = f" ORDER BY {arguments[0]}" if name in ("array_agg", "map_agg") else ""
        return f"{name}({distinct}{', '.join(arguments)}{order}){where}", columns

    def _chosen(self, names: tuple[str, ...]) -> tuple[str, Signature]:
        name = self.random.choice(names)
        return name, self.random.choice([s for entry in LIBRARY[name] for s in entry.signatures])

    def _arguments(self, chosen: Signature, columns: list[tuple[str, ...]] | None) -> list[str]:
        patterns = list(chosen.parameters)
        if chosen.variadic:
            patterns += patterns[-1:] * self.random.randint(0, 1)
        bound = {letter: self.random.choice(LETTERS) for letter in "TUKVRSE"}
        made = []
        for at, pattern in enumerate(patterns):
            if pattern.name == "function":
                made.append(self._lambda(pattern))
            elif columns is not None and at < 2:
                columns.append(self._values(pattern, bound, columns=True))
                made.append(f"c{at}")
            else:
                made.append(self.random.choice(self._values(pattern, bound)))
        return made

    def _values(self, pattern: Pattern, bound: dict[str, str], *, columns: bool = False) -> tuple[str, ...]:
        if pattern.is_variable or pattern.name == "any":
            return EDGES[bound.get(pattern.name) or self.random.choice(LETTERS)]
        if pattern.name in NESTED:
            of = bound.get(pattern.parts[0].name, pattern.parts[0].name) if pattern.parts else ""
            named = f"array({of})"
            return EDGES[named if pattern.name == "array" and named in EDGES else NESTED[pattern.name]]
        if not columns and pattern.name in SAMPLES and self.random.random() < 0.7:
            return SAMPLES[pattern.name]
        return EDGES.get(pattern.name, ("NULL",))

    def _lambda(self, pattern: Pattern) -> str:
        names = [f"p{at}" for at in range(max(1, len(pattern.parts) - 1))]
        if pattern.parts[-1].name == "boolean":
            return f"({', '.join(names)}) -> {names[0]} IS NOT NULL"
        body = self.random.choice((names[-1], names[0], "1", f"coalesce({names[0]}, {names[0]})"))
        return f"({', '.join(names)}) -> {body}"
