"""The MATCH_RECOGNIZE clauses of a query, which run before it on its connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from local_athena.patterns.step import PatternStep
from local_athena.translate.context import Context
from local_athena.translate.definitions import definitions_for


@dataclass(frozen=True, slots=True)
class PatternSteps:
    """Steps in order, and the definitions of the scans and WITH queries that they may read."""

    steps: tuple[PatternStep, ...]
    definitions: dict[str, str]

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
            step.run(connection, lambda sql: f"SELECT * FROM ({self._completed(sql)}) LIMIT 0")  # noqa: S608

    def _completed(self, sql: str) -> str:
        needed = definitions_for(sql, self.definitions)
        return f"WITH RECURSIVE {', '.join(needed)} {sql}" if needed else sql


def pattern_steps(context: Context, sql: str, scans: dict[str, str]) -> PatternSteps:
    """The steps that a translated query needs; a translation tried in vain leaves some that none needs."""
    definitions = {name: f"{name} AS ({text})" for name, text in scans.items()} | context.with_parts
    steps: list[PatternStep] = []
    texts = [sql, *definitions.values()]
    for step in reversed(context.patterns):
        if any(re.search(rf"\b{step.name}\b", text) for text in texts):
            steps.append(step)
            texts += step.texts()
    return PatternSteps(tuple(reversed(steps)), definitions)
