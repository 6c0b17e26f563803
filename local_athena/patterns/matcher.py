"""Finds the preferred match that starts at a row: all paths through the program at once, best first.

Paths advance row by row together. When the best path still alive is done, the worse ones are dropped; the
better ones go on and may yet end in a longer match, which is then preferred.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from local_athena.errors import QueryFailed
from local_athena.patterns.navigation import Bounds
from local_athena.patterns.program import Instruction, Op
from local_athena.patterns.trackers import Memory, Trackers

MOST_PATHS = 100_000


class Conditions(Protocol):
    """DEFINE: tells whether a row fits a variable."""

    trackers: Trackers

    def fits(self, label: int, row: int, memory: Memory, bounds: Bounds, number: int) -> bool:
        """Whether `row` fits `label`; `memory` has it already."""
        ...


class History:
    """The labels of a path, last first."""

    __slots__ = ("before", "label")

    def __init__(self, before: History | None, label: int) -> None:
        self.before, self.label = before, label


Path = tuple[int, Memory, History | None, tuple[int, ...]]
"""The next instruction, what is remembered, the labels, and where exclusions start and end."""


class Found:
    """A match: the label of each row from its start on, and the bounds of what is excluded of it."""

    __slots__ = ("exclusions", "labels")

    def __init__(self, history: History | None, exclusions: tuple[int, ...]) -> None:
        labels = []
        while history is not None:
            labels.append(history.label)
            history = history.before
        self.labels, self.exclusions = labels[::-1], exclusions


class Matcher:
    """Runs a program. `check` is called now and then and raises when the query was stopped."""

    def __init__(self, program: list[Instruction], conditions: Conditions, check: Callable[[], None]) -> None:
        self._program, self._conditions, self._check = program, conditions, check
        self._steps = 0

    def match(self, start: int, bounds: Bounds, number: int, *, at_start: bool) -> Found | None:
        """The preferred match from row `start` on, None without one.

        Args:
            start: the match's first row.
            bounds: the rows it may reach.
            number: its MATCH_NUMBER().
            at_start: whether the partition starts here.

        Raises:
            QueryFailed: too many paths are alive.
        """
        trackers = self._conditions.trackers
        trackers.forget()
        done: Path | None = None
        paths: list[Path] = []
        self._advance(paths, set(), (0, trackers.empty, None, ()), 0, at_start, bounds.end == start)
        for row in range(start, bounds.end):
            if not paths:
                break
            following: list[Path] = []
            seen: set[tuple[int, Memory]] = set()
            for path in paths:
                at, memory, history, exclusions = path
                operation, label, _ = self._program[at]
                if operation is Op.DONE:
                    done = path
                    break
                after = trackers.after(memory, row, label)
                if self._conditions.fits(label, row, after, bounds, number):
                    longer = (at + 1, after, History(history, label), exclusions)
                    self._advance(following, seen, longer, row + 1 - start, False, row + 1 == bounds.end)
            paths = following
            self._count(len(paths))
        done = next((path for path in paths if self._program[path[0]].op is Op.DONE), done)
        return Found(done[2], done[3]) if done is not None else None

    def _count(self, paths: int) -> None:
        if paths > MOST_PATHS:
            raise QueryFailed(
                "EXCEEDED_MEMORY_LIMIT",
                f"Row pattern recognition follows more than {MOST_PATHS} ways to match one row; "
                "make PATTERN or DEFINE more selective",
                error_type=0,
            )
        self._steps += paths + 1
        if self._steps > 1000:
            self._steps = 0
            self._check()

    def _advance(
        self, into: list[Path], seen: set[tuple[int, Memory]], path: Path, length: int, at_start: bool,
        at_end: bool,
    ) -> None:  # fmt: skip
        """Follow a path up to the next row that it wants, and put it and its forks into `into`."""
        waiting = [path]
        while waiting:
            at, memory, history, exclusions = waiting.pop()
            if (at, memory) in seen:
                continue  # a better path was here
            seen.add((at, memory))
            operation, first, second = self._program[at]
            if operation is Op.LABEL or operation is Op.DONE:
                into.append((at, memory, history, exclusions))
            elif operation is Op.SPLIT:
                waiting.append((second, memory, history, exclusions))
                waiting.append((first, memory, history, exclusions))
            elif operation is Op.JUMP:
                waiting.append((first, memory, history, exclusions))
            elif operation is Op.SAVE:
                waiting.append((at + 1, memory, history, (*exclusions, length)))
            elif (at_start and length == 0) if operation is Op.START else at_end:
                waiting.append((at + 1, memory, history, exclusions))
