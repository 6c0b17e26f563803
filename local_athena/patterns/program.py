"""A row pattern as a small program, whose paths are tried in the order of preference.

A SPLIT prefers its first target: the first part of an alternation, one more round of a greedy loop.
"""

from __future__ import annotations

from enum import IntEnum
from itertools import permutations
from math import factorial
from typing import NamedTuple

from local_athena.errors import not_supported
from local_athena.parse.pattern_syntax import (
    Anchor,
    Choice,
    Empty,
    Exclusion,
    Permutation,
    Repetition,
    RowPattern,
    Sequence,
    Variable,
    walk,
)

MOST_INSTRUCTIONS = 200_000


class Op(IntEnum):
    """What an instruction does."""

    LABEL = 0
    SPLIT = 1
    JUMP = 2
    START = 3
    END = 4
    SAVE = 5
    DONE = 6


class Instruction(NamedTuple):
    """`first` is a label's number or a target, `second` the other target of a SPLIT."""

    op: Op
    first: int = 0
    second: int = 0


def compile_pattern(pattern: RowPattern, labels: dict[str, int]) -> list[Instruction]:
    """The program of a pattern, whose variables have the numbers in `labels`.

    Raises:
        QueryFailed: NOT_SUPPORTED, it has too many steps.
    """
    compiler = _Compiler(labels)
    compiler.add(pattern, excluded=False)
    compiler.emit(Instruction(Op.DONE))
    return compiler.program


class _Compiler:
    def __init__(self, labels: dict[str, int]) -> None:
        self.program: list[Instruction] = []
        self._labels = labels

    def emit(self, instruction: Instruction) -> int:
        """Append an instruction and give its place."""
        if len(self.program) >= MOST_INSTRUCTIONS:
            raise not_supported(f"A row pattern of more than {MOST_INSTRUCTIONS} steps is not supported")
        self.program.append(instruction)
        return len(self.program) - 1

    def add(self, pattern: RowPattern, *, excluded: bool) -> None:
        """Append a pattern's instructions; exclusions inside an exclusion say nothing new."""
        match pattern:
            case Variable(name):
                self.emit(Instruction(Op.LABEL, self._labels[name]))
            case Empty():
                pass
            case Anchor(at_start):
                self.emit(Instruction(Op.START if at_start else Op.END))
            case Sequence(parts):
                self._sequence(parts, excluded)
            case Choice(parts):
                self._choice([(part,) for part in parts], excluded)
            case Permutation(parts):
                if factorial(min(len(parts), 12)) > MOST_INSTRUCTIONS:
                    raise not_supported(f"PERMUTE of {len(parts)} parts is not supported")
                self._choice(list(permutations(parts)), excluded)
            case Exclusion(inner):
                self._exclusion(inner, excluded)
            case Repetition():
                self._repetition(pattern, excluded)

    def _sequence(self, parts: tuple[RowPattern, ...], excluded: bool) -> None:
        for part in parts:
            self.add(part, excluded=excluded)

    def _exclusion(self, inner: RowPattern, excluded: bool) -> None:
        if excluded:
            self.add(inner, excluded=True)
            return
        self.emit(Instruction(Op.SAVE))
        self.add(inner, excluded=True)
        self.emit(Instruction(Op.SAVE))

    def _choice(self, choices: list[tuple[RowPattern, ...]], excluded: bool) -> None:
        jumps = []
        for choice in choices[:-1]:
            split = self.emit(Instruction(Op.SPLIT))
            self._sequence(choice, excluded)
            jumps.append(self.emit(Instruction(Op.JUMP)))
            self.program[split] = Instruction(Op.SPLIT, split + 1, len(self.program))
        self._sequence(choices[-1], excluded)
        for jump in jumps:
            self.program[jump] = Instruction(Op.JUMP, len(self.program))

    def _repetition(self, pattern: Repetition, excluded: bool) -> None:
        if all(isinstance(part, Empty | Sequence) for part in walk(pattern.pattern)):
            return
        if pattern.most is None:
            self._loop(pattern, excluded)
            return
        for _ in range(pattern.least):
            self.add(pattern.pattern, excluded=excluded)
        splits = []
        for _ in range(pattern.most - pattern.least):
            splits.append(self.emit(Instruction(Op.SPLIT)))
            self.add(pattern.pattern, excluded=excluded)
        for split in splits:
            self._aim(split, split + 1, len(self.program), pattern.greedy)

    def _loop(self, pattern: Repetition, excluded: bool) -> None:
        """The last of the wanted rounds, again and again; with none wanted, a way around it too."""
        around = self.emit(Instruction(Op.SPLIT)) if pattern.least == 0 else None
        for _ in range(pattern.least - 1):
            self.add(pattern.pattern, excluded=excluded)
        body = len(self.program)
        self.add(pattern.pattern, excluded=excluded)
        again = self.emit(Instruction(Op.SPLIT))
        self._aim(again, body, again + 1, pattern.greedy)
        if around is not None:
            self._aim(around, body, len(self.program), pattern.greedy)

    def _aim(self, split: int, inside: int, outside: int, greedy: bool) -> None:
        targets = (inside, outside) if greedy else (outside, inside)
        self.program[split] = Instruction(Op.SPLIT, *targets)
