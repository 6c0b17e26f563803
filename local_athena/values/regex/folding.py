"""Text without regard to case, as Joni folds it.

Letters that stand together may be one sign: `ss` is also `ß`, `ffl` also `ﬄ`; `(s)s` and `s+` are not.
"""

from __future__ import annotations

from functools import lru_cache

from local_athena.values.regex import sets
from local_athena.values.regex.nodes import Choice, Node, OneOf, Sequence


def any_case_text(text: str) -> list[Node]:
    """What matches a text in any case."""
    made: list[Node] = []
    at = 0
    while at < len(text):
        size, node = _at(text.lower() if len(text.lower()) == len(text) else text, text, at)
        made.append(node)
        at += size
    return made


@lru_cache(maxsize=1)
def _starts() -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for folded in sorted(sets.cases()[1], key=len, reverse=True):
        made.setdefault(folded[0], []).append(folded)
    return made


def _at(lowered: str, text: str, at: int) -> tuple[int, Node]:
    """The number of characters that one node is for, and the node."""
    _, longer = sets.cases()
    for folded in _starts().get(lowered[at], ()):
        if lowered.startswith(folded, at):
            inner = Sequence(tuple(_within(folded)))
            return len(folded), Choice((inner, OneOf(sets.of(chr(longer[folded])))))
    own = next((f for f, code in longer.items() if code == ord(text[at])), None)
    several = (tuple(sets.any_case(sets.of(c)) for c in own),) if own else ()
    return 1, OneOf(sets.any_case(sets.of(text[at])), several)


def _within(folded: str) -> list[Node]:
    """The letters of a folded text, of which the last may be one sign too."""
    rest = folded[1:]
    first = OneOf(sets.any_case(sets.of(folded[0])))
    if rest in sets.cases()[1]:
        return [first, *any_case_text(rest)]
    return [first, *(OneOf(sets.any_case(sets.of(c))) for c in rest)]


def longer_members(members: sets.Ranges) -> tuple[tuple[sets.Ranges, ...], ...]:
    """The texts of several letters that are a member of a class, as `ss` is of `[ß]`."""
    _, longer = sets.cases()
    found = (folded for folded, code in longer.items() if sets.holds(members, code))
    return tuple(tuple(sets.any_case(sets.of(c)) for c in folded) for folded in found)
