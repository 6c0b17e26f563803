"""The MATCH_RECOGNIZE clauses of a query, which run before it on its connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_athena.patterns.step import PatternStep
from local_athena.sql.build import ident, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.query import table_of, with_query
from local_athena.sql.reads import definitions_for, names_in
from local_athena.translate.context import QueryContext


@dataclass(frozen=True, slots=True)
class PatternSteps:
    """Steps in order, and the definitions of the scans and WITH queries that they may read."""

    steps: tuple[PatternStep, ...]
    definitions: Mapping[str, Sql]

    def run(self, connection: Any) -> None:
        """Give the connection every relation that the query reads of these.

        Raises:
            QueryFailed: while matching.
        """
        for step in self.steps:
            step.run(connection, self._completed)

    def pretend(self, connection: Any) -> None:
        """The same relations without rows, for a query that is only planned."""
        for step in self.steps:
            step.run(connection, lambda query: _without_rows(self._completed(query)))

    def _completed(self, query: Sql) -> Sql:
        return with_query(definitions_for(query, self.definitions), query, recursive=True)


def _without_rows(query: Sql) -> Sql:
    return sql("SELECT * FROM ({}) LIMIT 0", query)


def pattern_steps(context: QueryContext, query: Sql, scans: Mapping[str, Sql]) -> PatternSteps:
    """The steps that a translated query needs; a translation tried in vain leaves some that none needs."""
    definitions = {name: table_of(ident(name), scan) for name, scan in scans.items()} | context.with_parts
    steps: list[PatternStep] = []
    reads = names_in(query)
    for step in reversed(context.patterns):
        if step.name in reads:
            steps.append(step)
            reads.update(*map(names_in, step.reads(definitions)))
    return PatternSteps(tuple(reversed(steps)), definitions)
