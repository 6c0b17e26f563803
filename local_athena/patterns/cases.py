"""What a condition of DEFINE reads at a row, given what the partial match remembers."""

from __future__ import annotations

from collections.abc import Iterator

from local_athena.patterns.navigation import Bounds, Labels, Navigation, Place, Read
from local_athena.patterns.sheet import Computation
from local_athena.patterns.trackers import Chain, Memory, Step, Tracker


def is_current(navigation: Navigation, label: int) -> bool:
    """Whether the last row that is meant is the current one, which has just got `label`."""
    fits = navigation.labels is None or label in navigation.labels
    return navigation.last and navigation.logical == 0 and fits


class Condition:
    """The condition of the variable `label`, and where the trackers have what it reads."""

    def __init__(self, label: int, plan: Computation, trackers: tuple[Tracker, ...]) -> None:
        self.label, self.plan = label, plan
        self._places = {(t.labels, t.last, t.count > 0): i for i, t in enumerate(trackers)}
        self.reads = [(r, r.place) for r in plan.reads if isinstance(r.place, Navigation)]

    def value(self, read: Read, place: Navigation, row: int, memory: Memory, bounds: Bounds) -> int | None:
        """The row that is read at `row`, or the label of it when the label is read; None for none."""
        step = (row, self.label) if is_current(place, self.label) else self._step(place, memory)
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

    def counted(self, memory: Memory) -> tuple[tuple[Step, ...], ...]:
        """For each aggregate the rows that it counts."""
        chains = [memory[self._places[a.labels, True, False]] for a in self.plan.aggregates]
        return tuple(() if chain is None else chain.steps() for chain in chains)


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
        if not is_current(place, label):
            yield Tracker(place.labels, place.last, place.logical + 1, labelled=read.field is None)
        if read.field is None and place.physical:
            yield Tracker(None, labelled=True)
    for aggregate in plan.aggregates:
        yield Tracker(aggregate.labels, labelled=aggregate.labelled)
