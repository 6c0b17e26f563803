"""What a pattern says, once it is read: every flag is resolved, every class is its code points.

A reader makes these values and a writer makes text of them for an engine, so no engine's own idea of
`\\w`, of case or of a line decides an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from local_athena.values.regex.sets import Ranges


class Anchor(Enum):
    """Where, not what: Joni's anchors."""

    BEGIN = "\\A"
    END = "\\z"
    SEMI_END = "\\Z"
    LINE_BEGIN = "(?m)^"
    LINE_END = "(?m)$"
    WORD = "\\b"
    NOT_WORD = "\\B"
    SEARCH_BEGIN = "\\G"


class Mode(Enum):
    """How a repetition chooses."""

    GREEDY = ""
    LAZY = "?"
    POSSESSIVE = "+"


@dataclass(frozen=True, slots=True)
class OneOf:
    """A character of a set, or one of some longer texts that are a member of it without regard to case."""

    ranges: Ranges
    longer: tuple[tuple[Ranges, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after another."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first that leads to a match."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """From `least` to `most` times; None: without end."""

    part: Node
    least: int
    most: int | None
    mode: Mode


@dataclass(frozen=True, slots=True)
class Group:
    """What is remembered under a number."""

    part: Node
    number: int


@dataclass(frozen=True, slots=True)
class Atomic:
    """What is not tried in another way once it matched."""

    part: Node


@dataclass(frozen=True, slots=True)
class Look:
    """What must, or must not, follow or come before."""

    part: Node
    ahead: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Again:
    """The text of a group once more."""

    number: int
    any_case: bool


Node = OneOf | Sequence | Choice | Repeat | Group | Atomic | Look | Again | Anchor


@dataclass(frozen=True, slots=True)
class Regex:
    """A whole pattern: its number of groups and the numbers of those with names."""

    root: Node
    groups: int
    names: dict[str, int]


def is_nullable(node: Node) -> bool:
    """Whether it may match nothing."""
    match node:
        case OneOf():
            return False
        case Sequence(parts):
            return all(map(is_nullable, parts))
        case Choice(options):
            return any(map(is_nullable, options))
        case Repeat(part, least, _, _):
            return least == 0 or is_nullable(part)
        case Group(part, _) | Atomic(part):
            return is_nullable(part)
    return True


def parts_of(node: Node) -> tuple[Node, ...]:
    """What a node is made of."""
    match node:
        case Sequence(parts):
            return parts
        case Choice(options):
            return options
        case Repeat(part, _, _, _) | Group(part, _) | Atomic(part) | Look(part, _, _):
            return (part,)
    return ()


def width(node: Node) -> int | None:
    """The number of characters it always matches; None when that varies."""
    match node:
        case OneOf(_, longer):
            return None if longer else 1
        case Sequence(parts):
            each = [width(part) for part in parts]
            return None if None in each else sum(w for w in each if w is not None)
        case Choice(options):
            found = {width(option) for option in options}
            return found.pop() if len(found) == 1 else None
        case Repeat(part, least, most, _):
            one = width(part)
            return one * least if one is not None and least == most else None
        case Group(part, _) | Atomic(part):
            return width(part)
        case Again():
            return None
    return 0
