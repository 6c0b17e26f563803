"""Sets of code points, as sorted ranges that do not touch."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

Ranges = tuple[tuple[int, int], ...]
LAST = 0x10FFFF
EVERYTHING: Ranges = ((0, LAST),)


def union(*sets: Iterable[tuple[int, int]]) -> Ranges:
    """What is in any of the sets."""
    made: list[tuple[int, int]] = []
    for low, high in sorted(pair for one in sets for pair in one):
        if made and low <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(made[-1][1], high))
        else:
            made.append((low, high))
    return tuple(made)


def complement(ranges: Ranges) -> Ranges:
    """What is not in the set."""
    made, at = [], 0
    for low, high in ranges:
        if low > at:
            made.append((at, low - 1))
        at = high + 1
    if at <= LAST:
        made.append((at, LAST))
    return tuple(made)


def intersection(left: Ranges, right: Ranges) -> Ranges:
    """What is in both sets."""
    return complement(union(complement(left), complement(right)))


def of(characters: str) -> Ranges:
    """The set of some characters."""
    return union([(ord(c), ord(c)) for c in characters])


def holds(ranges: Ranges, code: int) -> bool:
    """Whether a code point is in the set."""
    return any(low <= code <= high for low, high in ranges)


NEWLINE = of("\n")
DIGIT: Ranges = ((48, 57),)
WORD = union(DIGIT, [(65, 90), (95, 95), (97, 122)])
SPACE = of(" \t\n\v\f\r")


@lru_cache(maxsize=1)
def cases() -> tuple[dict[int, tuple[int, ...]], dict[str, int]]:
    """The other cases of each code point, and the code points that are several letters without case."""
    alike: dict[int, set[int]] = {}
    longer: dict[str, int] = {}
    for code in range(LAST + 1):
        character = chr(code)
        folded = character.casefold()
        if len(folded) > 1:
            # Joni's tables have the capital sharp s by itself.
            if code != 0x1E9E:
                longer.setdefault(folded, code)
            folded = character.lower()
        if len(folded) == 1 and folded != character:
            alike.setdefault(ord(folded), {ord(folded)}).add(code)
    others = {code: tuple(sorted(group)) for group in alike.values() for code in group}
    return others, longer


def any_case(ranges: Ranges) -> Ranges:
    """The set with the other cases of its members."""
    others, _ = cases()
    return union(ranges, [(o, o) for code, group in others.items() if holds(ranges, code) for o in group])
