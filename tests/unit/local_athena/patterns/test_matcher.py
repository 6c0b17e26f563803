"""The matcher against a plain backtracking one, on patterns and conditions drawn at random."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from local_athena.errors import QueryFailed
from local_athena.parse.pattern_syntax import (
    Anchor,
    Choice,
    Empty,
    Exclusion,
    Repetition,
    RowPattern,
    Sequence,
    Variable,
    variables,
)
from local_athena.parse.row_pattern import PatternError, parse_row_pattern
from local_athena.patterns.matcher import Matcher
from local_athena.patterns.navigation import Bounds
from local_athena.patterns.program import compile_pattern
from local_athena.patterns.trackers import Memory, Tracker, Trackers

Fits = Callable[[str, list[str]], bool]
"""Whether the next row fits a variable, after these labels."""
Rest = Callable[[list[str]], Iterator[list[str]]]


def backtracked(pattern: RowPattern, count: int, fits: Fits) -> list[str] | None:
    """The first match that trying one way after the other finds."""

    def ways(part: RowPattern, labels: list[str], rest: Rest) -> Iterator[list[str]]:
        match part:
            case Empty():
                yield from rest(labels)
            case Anchor(at_start):
                if len(labels) == (0 if at_start else count):
                    yield from rest(labels)
            case Variable(name):
                if len(labels) < count and fits(name, labels):
                    yield from rest([*labels, name])
            case Exclusion(inner):
                yield from ways(inner, labels, rest)
            case Sequence(parts):
                first, *others = parts
                tail: RowPattern = Sequence(tuple(others)) if others else Empty()
                yield from ways(first, labels, lambda found: ways(tail, found, rest))
            case Choice(parts):
                for one in parts:
                    yield from ways(one, labels, rest)
            case Repetition(inner, least, most, greedy):
                yield from repeated(inner, least, most, greedy, labels, rest)
            case _:
                raise AssertionError(part)

    def repeated(
        inner: RowPattern, least: int, most: int | None, greedy: bool, labels: list[str], rest: Rest
    ) -> Iterator[list[str]]:  # fmt: skip
        def again(found: list[str]) -> Iterator[list[str]]:
            if most is None and len(found) == len(labels) and least <= 1:
                return rest(found)  # after an empty round there is no other
            return repeated(inner, max(least - 1, 0), None if most is None else most - 1, greedy, found, rest)

        more = ways(inner, labels, again) if most is None or most > 0 else iter(())
        if least > 0:
            yield from more
        elif greedy:
            yield from more
            yield from rest(labels)
        else:
            yield from rest(labels)
            yield from more

    return next(ways(pattern, [], lambda labels: iter((labels,))), None)


class Given:
    """Conditions from a function of the labels so far; all labels are remembered."""

    def __init__(self, names: list[str], fits: Fits) -> None:
        self.trackers = Trackers((Tracker(None, labelled=True),))
        self._names, self._fits = names, fits

    def fits(self, label: int, row: int, memory: Memory, bounds: Bounds, number: int) -> bool:
        labels = [self._names[step[1]] for step in memory[0].steps()]
        return self._fits(self._names[label], labels[:-1])


def found(text: str, count: int, fits: Fits) -> list[str] | None:
    pattern = parse_row_pattern(text)
    names = variables(pattern)
    program = compile_pattern(pattern, {name: i for i, name in enumerate(names)})
    matcher = Matcher(program, Given(names, fits), lambda: None)
    match = matcher.match(0, Bounds(0, count), 1, at_start=True)
    return None if match is None else [names[label] for label in match.labels]


def drawn(chance: random.Random, depth: int) -> str:
    """The text of a pattern."""
    if depth == 0:
        return chance.choice(["A", "B", "C"])
    one, two = (drawn(chance, depth - 1) for _ in range(2))
    quantifier = chance.choice(["*", "+", "?", "{2}", "{1,2}", "{,2}", "{1,}"]) + chance.choice(["", "?"])
    shapes = (f"{one} {two}", f"{one} | {two}", f"({one}){quantifier}", f"() {one} | ()", f"{one} {two} $")
    return f"({chance.choice(shapes)})"


@pytest.mark.parametrize("seed", range(150))
def test_the_match_is_the_one_that_backtracking_finds_first(seed: int) -> None:
    chance = random.Random(seed)
    text = drawn(chance, 3)
    known: dict[tuple[str, tuple[str, ...]], bool] = {}

    def fits(name: str, labels: list[str]) -> bool:
        # A condition of the variable and of all labels before, as DEFINE may have.
        return known.setdefault((name, tuple(labels)), chance.random() < 0.7)

    for count in (1, 3, 5):
        expected = backtracked(parse_row_pattern(text), count, fits)
        assert found(text, count, fits) == expected, text


def always(name: str, labels: list[str]) -> bool:
    return True


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("A | B", "A"),
        ("A* B", "AAAB"),
        ("A*? B", "B"),
        ("A?? B", "B"),
        ("A{2} B{1,}?", "AAB"),
        ("A{,2} B", "AAB"),
        ("PERMUTE(A, B, C)", "ABC"),
        ("(() | A)+ B", "B"),
        ("(A | B){3} $", None),
        ("^ A B C D $", "ABCD"),
        ("A $ B", None),
        ("A ^ B", None),
        ('"a b" A', ["a b", "A"]),
        ("A {- B C -} D", "ABCD"),
        ("a", "A"),
        ("(()*)*", ""),
    ],
)
def test_patterns_prefer_what_their_operators_say(text: str, labels: str | list[str] | None) -> None:
    assert found(text, 4, always) == (labels if labels is None else list(labels))


def test_a_permutation_prefers_the_order_in_which_its_parts_are_written() -> None:
    # A fits no first row, so the best order that is left starts with B.
    def fits(name: str, labels: list[str]) -> bool:
        return bool(labels) or name != "A"

    assert found("PERMUTE(A, B, C)", 3, fits) == ["B", "A", "C"]


@pytest.mark.parametrize(
    "text", ["A |", "A ** ", "(A", "A)", "A & B", "{- A }", "A{x}", "PERMUTE()", "", "A{1,2"]
)
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(PatternError):
        parse_row_pattern(text)


def test_nested_loops_of_everything_end_soon() -> None:
    # Backtracking would try 2 to the power of 300 ways before it gave up.

    pattern = parse_row_pattern("((A | B)* (A | B)*)* C")
    program = compile_pattern(pattern, {"A": 0, "B": 1, "C": 2})

    class Forgetful:
        trackers = Trackers(())

        def fits(self, label: int, row: int, memory: Memory, bounds: Bounds, number: int) -> bool:
            return label != 2

    matcher = Matcher(program, Forgetful(), lambda: None)
    assert matcher.match(0, Bounds(0, 300), 1, at_start=True) is None


def test_a_long_match_is_found_and_freed() -> None:
    class All:
        trackers = Trackers(())

        def fits(self, label: int, row: int, memory: Memory, bounds: Bounds, number: int) -> bool:
            return True

    matcher = Matcher(compile_pattern(parse_row_pattern("A+"), {"A": 0}), All(), lambda: None)
    match = matcher.match(0, Bounds(0, 100_000), 1, at_start=True)
    assert match is not None
    assert len(match.labels) == 100_000


def test_more_ways_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_athena.patterns.matcher.MOST_PATHS", 100)
    with pytest.raises(
        QueryFailed, match="EXCEEDED_MEMORY_LIMIT: Row pattern recognition follows more than 100"
    ):
        found("(A | B)* C $", 30, lambda name, labels: name != "C")


@pytest.mark.parametrize("text", ["A{300000}", "PERMUTE(A,B,C,D,E,F,G,H,I,J,K)", "(A{1000}){1000}"])
def test_a_pattern_of_too_many_steps_is_refused(text: str) -> None:
    with pytest.raises(QueryFailed, match="NOT_SUPPORTED"):
        found(text, 3, always)
