"""Where in the statement a node stands, from its first to its last character.

Only some nodes know their places, so the place of an expression is that of what is inside. Each is looked at
once, since every operator of a long chain is asked for its place.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from sqlglot import exp


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last character, None where nothing inside has a place."""

    start: int | None
    end: int | None


class Positions:
    """The places of the nodes of one statement."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[exp.Expr, Span]] = {}

    def of(self, node: exp.Expr) -> Span:
        """The place of a node."""
        left = [node]
        while left:
            last = left[-1]
            missing = [child for child in last.iter_expressions() if id(child) not in self._known]
            if missing:
                left += missing
                continue
            self._known[id(last)] = (last, self._summed(last))
            left.pop()
        return self._known[id(node)][1]

    def _summed(self, node: exp.Expr) -> Span:
        spans = [self._known[id(child)][1] for child in node.iter_expressions()]
        own = node.meta if node._meta else {}
        starts = [int(own["start"])] if "start" in own else []
        ends = [int(own["end"])] if "end" in own else []
        starts += [span.start for span in spans if span.start is not None]
        ends += [span.end for span in spans if span.end is not None]
        return Span(min(starts, default=None), max(ends, default=None))


def place(text: str, offset: int) -> str:
    """`line L:C: ` of an offset, both from 1."""
    starts = _line_starts(text)
    line = bisect_right(starts, offset)
    return f"line {line}:{offset - starts[line - 1] + 1}: "


@lru_cache(maxsize=4)
def _line_starts(text: str) -> list[int]:
    return [0, *accumulate(len(line) + 1 for line in text.split("\n")[:-1])]
