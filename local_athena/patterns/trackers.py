"""What a partial match must remember for the conditions to come, and nothing more.

Two partial matches that stand at the same place of the pattern and remember the same will go on alike, so the
less preferred one is given up. This keeps matching from growing exponentially, as Trino's does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local_athena.patterns.navigation import Labels

Memory = tuple[Any, ...]
"""What each tracker remembers, in their order."""
Step = tuple[int, int]
"""A row and its label; the label is -1 where nobody asks for it."""


class Chain:
    """A row more than `before`; one object for equal histories, so that they compare at once."""

    __slots__ = ("before", "step")

    def __init__(self, before: Chain | None, step: Step) -> None:
        self.before, self.step = before, step

    def steps(self) -> tuple[Step, ...]:
        """All rows, first to last."""
        found, here = [], self
        while True:
            found.append(here.step)
            if here.before is None:
                return tuple(reversed(found))
            here = here.before


@dataclass(frozen=True, slots=True)
class Tracker:
    """Remembers rows of `labels`: the last `count` of them, the first, or (0) all."""

    labels: Labels
    last: bool = True
    count: int = 0
    labelled: bool = False


class Trackers:
    """The trackers of one DEFINE."""

    def __init__(self, trackers: tuple[Tracker, ...]) -> None:
        self._trackers = trackers
        self._chains: dict[tuple[int, Step], Chain] = {}
        self.empty: Memory = tuple(() if tracker.count else None for tracker in trackers)

    def forget(self) -> None:
        """Drop the histories of earlier matches."""
        self._chains.clear()

    def after(self, memory: Memory, row: int, label: int) -> Memory:
        """What is remembered when `row` has got `label`."""
        if not memory:
            return memory
        return tuple(
            self._added(tracker, kept, row, label)
            if tracker.labels is None or label in tracker.labels
            else kept
            for tracker, kept in zip(self._trackers, memory, strict=True)
        )

    def _added(self, tracker: Tracker, kept: Any, row: int, label: int) -> Any:
        step = (row, label if tracker.labelled else -1)
        if not tracker.count:
            key = (id(kept), step)
            chain = self._chains.get(key)
            if chain is None:
                chain = self._chains[key] = Chain(kept, step)
            return chain
        if tracker.last:
            return (*kept[-tracker.count + 1 :], step) if tracker.count > 1 else (step,)
        return kept if len(kept) >= tracker.count else (*kept, step)
