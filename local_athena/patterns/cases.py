"""What a condition of DEFINE reads at a row, and what it will probably read at others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from local_athena.patterns.navigation import Bounds, Labels, Navigation, Place, Read
from local_athena.patterns.sheet import Computation, Sheet
from local_athena.patterns.trackers import Chain, Memory, Step, Tracker

MOST_ROWS = 8192
"""The most rows of guesses at once, which are many when an aggregate counts many."""


class Case(NamedTuple):
    """All that a condition reads at a row: a row, or a label, for each of its reads, and, for each aggregate,
    the rows that it counts.
    """

    row: int
    values: tuple[int | None, ...]
    number: int
    counted: tuple[tuple[Step, ...], ...]


def _is_current(navigation: Navigation, label: int) -> bool:
    """Whether the last row that is meant is the current one, which has just got `label`."""
    fits = navigation.labels is None or label in navigation.labels
    return navigation.last and navigation.logical == 0 and fits


class Definition:
    """The condition of the variable `label`, and where the trackers have what it reads."""

    def __init__(self, label: int, plan: Computation, trackers: tuple[Tracker, ...]) -> None:
        self.label, self.plan = label, plan
        self._places = {(t.labels, t.last, t.count > 0): i for i, t in enumerate(trackers)}
        self._reads = [(r, r.place) for r in plan.reads if isinstance(r.place, Navigation)]

    def is_local(self, *, framed: bool) -> bool:
        """Whether it depends on nothing but the current row and those around it."""
        return not (self.plan.aggregates or self.plan.numbered) and all(
            _is_current(place, self.label) and not (place.physical and (framed or read.field is None))
            for read, place in self._reads
        )

    def case(self, row: int, memory: Memory, bounds: Bounds, number: int) -> Case:
        """What it reads at `row`."""
        values = tuple(self._value(read, place, row, memory, bounds) for read, place in self._reads)
        chains = [memory[self._places[a.labels, True, False]] for a in self.plan.aggregates]
        counted = tuple(() if chain is None else chain.steps() for chain in chains)
        return Case(row, values, number if self.plan.numbered else 0, counted)

    def _value(self, read: Read, place: Navigation, row: int, memory: Memory, bounds: Bounds) -> int | None:
        step = (row, self.label) if _is_current(place, self.label) else self._step(place, memory)
        if step is None:
            return None
        target = step[0] + place.physical
        if not bounds.start <= target < bounds.end:
            return None
        if read.field is not None:
            return target
        return step[1] if place.physical == 0 else self._label_at(target, memory)

    def _step(self, place: Navigation, memory: Memory) -> Step | None:
        kept: tuple[Step, ...] = memory[self._places[place.labels, place.last, True]]
        if place.logical >= len(kept):
            return None
        return kept[-1 - place.logical] if place.last else kept[place.logical]

    def _label_at(self, row: int, memory: Memory) -> int | None:
        chain: Chain | None = memory[self._places[None, True, False]]
        while chain is not None and chain.step[0] > row:
            chain = chain.before
        return chain.step[1] if chain is not None and chain.step[0] == row else None

    def guesses(
        self, case: Case, ahead: int, count: int, partition_of: Callable[[int], Bounds]
    ) -> Iterator[Case]:
        """Cases at up to `ahead` rows after that of `case`, of `count` rows in all."""
        width = 1 + max((len(counted) for counted in case.counted), default=0)
        for by in range(1, min(ahead, MOST_ROWS // width, count - case.row - 1) + 1):
            bounds = partition_of(case.row + by)
            for guess in (self._seen_from(case, by, bounds), self._moved(case, by, bounds)):
                if guess is not None:
                    yield guess

    def _seen_from(self, case: Case, by: int, bounds: Bounds) -> Case | None:
        """The same rows seen from a later one, up to which all rows have fitted too."""
        if case.row < bounds.start:
            return None
        values = tuple(
            self._around(read, place, value, by, bounds) if _is_current(place, self.label) else value
            for (read, place), value in zip(self._reads, case.values, strict=True)
        )
        counted = tuple(
            (*steps, *((case.row + i, self.label if a.labelled else -1) for i in range(1, by + 1)))
            if a.labels is None or self.label in a.labels
            else steps
            for a, steps in zip(self.plan.aggregates, case.counted, strict=True)
        )
        return Case(case.row + by, values, case.number, counted)

    def _around(
        self, read: Read, place: Navigation, value: int | None, by: int, bounds: Bounds
    ) -> int | None:
        if value is None or read.field is None:
            return value
        return value + by if bounds.start <= value + by < bounds.end else None

    def _moved(self, case: Case, by: int, bounds: Bounds) -> Case | None:
        """The same distances from a later row."""
        values = tuple(
            self._around(read, place, value, by, bounds)
            for (read, place), value in zip(self._reads, case.values, strict=True)
        )
        counted = tuple(tuple((row + by, label) for row, label in steps) for steps in case.counted)
        if any(steps and steps[0][0] < bounds.start for steps in counted):
            return None
        return Case(case.row + by, values, case.number, counted)

    def lay_out(self, sheet: Sheet, group: int, case: Case) -> None:
        """Put a case into a sheet: the rows that aggregates count, at last the one that is asked about."""
        steps = sorted((step for counted in case.counted for step in counted), key=_by_label)
        members: dict[int, int | None] = {row: None if label < 0 else label for row, label in steps}
        members.pop(case.row, None)
        counted = [{row for row, _ in steps} for steps in case.counted]
        for position, row in enumerate(sorted(members)):
            head = (row, group, position, members[row], case.number, False)
            sheet.add(head, (row in rows for rows in counted), self._cells(row, members[row], ()))
        head = (case.row, group, len(members), self.label, case.number, True)
        cells = self._cells(case.row, self.label, case.values)
        sheet.add(head, (case.row in rows for rows in counted), cells)

    def _cells(self, row: int, label: int | None, asked: tuple[int | None, ...]) -> list[int | None]:
        """What a row of a sheet has for each read; `asked` are the values of navigations, if it has any."""
        values = iter(asked)
        return [
            next(values, None) if isinstance(read.place, Navigation) else label if read.field is None else row
            for read in self.plan.reads
        ]


def _by_label(step: Step) -> int:
    return step[1]


def needed_trackers(plans: list[Computation | None]) -> tuple[Tracker, ...]:
    """What must be remembered for conditions, which are given by their variables' numbers."""
    needed: dict[tuple[Labels, bool, bool], Tracker] = {}
    for label, plan in enumerate(plans):
        for wanted in _wanted(label, plan) if plan is not None else ():
            key = (wanted.labels, wanted.last, wanted.count > 0)
            kept = needed.get(key, wanted)
            count, labelled = max(kept.count, wanted.count), kept.labelled or wanted.labelled
            needed[key] = Tracker(wanted.labels, wanted.last, count, labelled)
    return tuple(needed.values())


def _wanted(label: int, plan: Computation) -> Iterator[Tracker]:
    for read in plan.reads:
        place = read.place
        if isinstance(place, Place):
            continue
        if not _is_current(place, label):
            yield Tracker(place.labels, place.last, place.logical + 1, labelled=read.field is None)
        if read.field is None and place.physical:
            yield Tracker(None, labelled=True)
    for aggregate in plan.aggregates:
        yield Tracker(aggregate.labels, labelled=aggregate.labelled)
