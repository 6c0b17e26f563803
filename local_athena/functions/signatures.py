"""The little language of signatures: `"array(T), T -> boolean"`, and how types fit them.

A capital letter is any type, the same everywhere it stands; `any` is a type of its own each time;
`varchar...` repeats; `function(T, U)` is a lambda; `decimal` is a decimal of any size. A small letter is the
length of a text, `varchar(x) -> varchar(x)`, and a word the length that `LENGTHS` makes of those; a result of
plain `varchar` has no length.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from local_athena.types.coercion import can_coerce, common_type
from local_athena.types.trino import UNBOUNDED, TrinoType, parse_type, varchar

_TOKENS = re.compile(r"[A-Za-z_]\w*|\d+|\.\.\.|[(),]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A type with holes: `name` is a base or a capital letter; `parts` are inside its brackets."""

    name: str
    parts: tuple[Pattern, ...] = ()
    numbers: tuple[int, ...] = ()
    length: str | None = None
    """What names the length of a text."""

    @property
    def is_variable(self) -> bool:
        """Whether any type fits."""
        return len(self.name) == 1 and self.name.isupper()


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameter patterns, whether the last repeats, and the result."""

    text: str
    parameters: tuple[Pattern, ...]
    variadic: bool
    result: Pattern


@cache
def signature(text: str) -> Signature:
    """Read a signature."""
    left, _, right = text.rpartition("->")
    tokens = _TOKENS.findall(left)
    parameters: list[Pattern] = []
    at, variadic = 0, False
    while at < len(tokens):
        if tokens[at] == "...":
            variadic, at = True, at + 1
        elif tokens[at] == ",":
            at += 1
        else:
            pattern, at = _pattern(tokens, at)
            parameters.append(pattern)
    return Signature(text, tuple(parameters), variadic, _pattern(_TOKENS.findall(right), 0)[0])


LONG_NAMES = {
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
    "interval_day": "interval day to second",
    "interval_year": "interval year to month",
}


def _pattern(tokens: list[str], at: int) -> tuple[Pattern, int]:
    name, at = LONG_NAMES.get(tokens[at], tokens[at]), at + 1
    parts: list[Pattern] = []
    numbers: list[int] = []
    length = None
    if at < len(tokens) and tokens[at] == "(":
        at += 1
        while tokens[at] != ")":
            if tokens[at] == ",":
                at += 1
            elif tokens[at].isdigit():
                numbers.append(int(tokens[at]))
                at += 1
            elif name in ("varchar", "char"):
                length, at = tokens[at], at + 1
            else:
                part, at = _pattern(tokens, at)
                parts.append(part)
        at += 1
    return Pattern(name, tuple(parts), tuple(numbers), length), at


def expand(signature: Signature, count: int) -> tuple[Pattern, ...] | None:
    """The pattern of each of `count` arguments, None when there are too many or too few."""
    parameters = signature.parameters
    if signature.variadic:
        if count < len(parameters) - 1:
            return None
        return parameters[: min(count, len(parameters))] + (parameters[-1],) * (count - len(parameters))
    return parameters if len(parameters) == count else None


Bindings = dict[str, TrinoType]
"""The type of each letter; a small one has the varchar of its length."""
OPEN = ("decimal", "char", "timestamp", "timestamp with time zone", "time", "time with time zone")


def match(pattern: Pattern, given: TrinoType, bound: Bindings) -> int | None:
    """How far `given` is from `pattern` (0: it fits as it is), binding variables; None when it does not
    fit.
    """
    if pattern.name == "any":
        return 0
    if pattern.is_variable:
        return _bind(pattern.name, given, bound)
    if pattern.length is not None:
        _bind(pattern.length, varchar(given.precision if given.base in ("varchar", "char") else 0), bound)
    if given.base == "unknown":
        for part in pattern.parts:
            match(part, given, bound)
        return 1
    if pattern.parts or pattern.name in ("array", "map", "row"):
        return _match_parts(pattern, given, bound)
    if given.base == pattern.name and not pattern.numbers:
        return 0
    target = instance(pattern, given)
    return (2 + _distance(given, target)) if can_coerce(given, target) else None


def _bind(name: str, given: TrinoType, bound: Bindings) -> int | None:
    known = bound.get(name)
    common = given if known is None else common_type(known, given)
    if common is None:
        return None
    bound[name] = common
    return 0 if known is None or known == common == given else 1


def _match_parts(pattern: Pattern, given: TrinoType, bound: Bindings) -> int | None:
    if given.base != pattern.name or (pattern.parts and len(pattern.parts) != len(given.parts)):
        return None
    costs = [match(p, g, bound) for p, g in zip(pattern.parts, given.parts, strict=False)]
    return None if None in costs else sum(c for c in costs if c is not None)


RANKS = {
    name: i
    for i, name in enumerate(("tinyint", "smallint", "integer", "bigint", "decimal", "real", "double"))
}


def _distance(given: TrinoType, target: TrinoType) -> int:
    return abs(RANKS.get(target.base, 0) - RANKS.get(given.base, 0))


def instance(pattern: Pattern, given: TrinoType | None, bound: Bindings | None = None) -> TrinoType:
    """The type a pattern stands for; an open one takes its numbers from what was given."""
    if pattern.name == "any":
        return given or TrinoType("unknown")
    if pattern.is_variable:
        return (bound or {}).get(pattern.name, TrinoType("unknown"))
    if pattern.parts:
        inner = _parts(given, len(pattern.parts))
        parts = tuple(instance(p, g, bound) for p, g in zip(pattern.parts, inner, strict=True))
        return TrinoType(pattern.name, (), parts, (None,) * len(parts) if pattern.name == "row" else ())
    if pattern.numbers:
        return TrinoType(pattern.name, pattern.numbers)
    if given is not None and given.base == pattern.name:
        return given
    if pattern.length is not None and given is not None and given.base in ("char", "unknown"):
        return varchar(given.precision if given.numbers else 0)
    if pattern.name == "decimal":
        digits = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
        return TrinoType("decimal", (digits.get(given.base if given else "", 38), 0))
    if pattern.name in OPEN and given is not None and given.numbers and given.base in (*OPEN, "varchar"):
        return TrinoType(pattern.name, given.numbers)
    return parse_type(pattern.name) if "interval" not in pattern.name else TrinoType(pattern.name)


def _parts(given: TrinoType | None, count: int) -> tuple[TrinoType | None, ...]:
    return given.parts if given is not None and len(given.parts) == count else (None,) * count


def result_of(pattern: Pattern, first: TrinoType | None, bound: Bindings) -> TrinoType:
    """The type of a result, whose numbers but for the length of a text are those of the first argument."""
    if pattern.length is not None:
        return varchar(_length(pattern.length, bound))
    if pattern.name == "varchar":
        return instance(pattern, None)
    if not pattern.parts:
        return instance(pattern, first, bound)
    inner = _parts(first, len(pattern.parts))
    parts = tuple(result_of(p, g, bound) for p, g in zip(pattern.parts, inner, strict=True))
    return TrinoType(pattern.name, (), parts, (None,) * len(parts) if pattern.name == "row" else ())


def _length(name: str, bound: Bindings) -> int:
    known = bound.get(name)
    if known is not None:
        return known.precision
    given = [bound[letter].precision for letter in "xyz" if letter in bound]
    return min(UNBOUNDED, LENGTHS[name](given))


LENGTHS: dict[str, Callable[[list[int]], int]] = {
    "replaced": lambda given: given[0] + given[2] * (given[0] + 1),
    "rewritten": lambda given: given[0] + max(given[0] * given[2] // 2, given[2]) * (given[0] + 1),
    "encoded": lambda given: 12 * given[0],
    "coloured": lambda given: given[0] + 15,
}
"""The greatest length of what is made of texts as long as x, y and z."""
