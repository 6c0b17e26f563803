"""What an entry of the function library says, and the little language of its signatures.

`"array(T), T -> boolean"`: a capital letter is any type, the same everywhere it stands; `any` is a type of
its own each time; `varchar...` repeats;
`function(T, U)` is a lambda; `decimal` is a decimal of any size.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from local_athena.types.coercion import can_coerce, common_type
from local_athena.types.trino import TrinoType, parse_type

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator
    from local_athena.translate.typed import Typed

Rewrite = Callable[["Translator", list["Typed"]], "Typed"]
_TOKENS = re.compile(r"[A-Za-z_]\w*|\d+|\.\.\.|[(),]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A type with holes: `name` is a base or a capital letter; `parts` are inside its brackets."""

    name: str
    parts: tuple[Pattern, ...] = ()
    numbers: tuple[int, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Entry:
    """One function and how DuckDB does it: `sql` with {0}, {1}; `python`; or `rewrite`.

    `kind` is scalar, aggregate or window. `{all}` in `sql` is every argument. Python functions get no NULLs
    and answer
    NULL for one, unless `takes_null`. `over` is the rewrite of an aggregate in a window, where it differs.
    """

    name: str
    signatures: tuple[Signature, ...]
    sql: str | None = None
    python: Callable[..., Any] | None = None
    rewrite: Rewrite | None = None
    kind: str = "scalar"
    takes_null: bool = False
    over: Rewrite | None = None


def function(
    name: str,
    signatures: str | tuple[str, ...],
    sql: str | None = None,
    *,
    python: Callable[..., Any] | None = None,
    rewrite: Rewrite | None = None,
    kind: str = "scalar",
    takes_null: bool = False,
    over: Rewrite | None = None,
) -> Entry:
    """An entry, from the text of its signatures."""
    texts = (signatures,) if isinstance(signatures, str) else signatures
    return Entry(name, tuple(map(signature, texts)), sql, python, rewrite, kind, takes_null, over)


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
    if at < len(tokens) and tokens[at] == "(":
        at += 1
        while tokens[at] != ")":
            if tokens[at] == ",":
                at += 1
            elif tokens[at].isdigit():
                numbers.append(int(tokens[at]))
                at += 1
            else:
                part, at = _pattern(tokens, at)
                parts.append(part)
        at += 1
    return Pattern(name, tuple(parts), tuple(numbers)), at


Bindings = dict[str, TrinoType]
OPEN = ("decimal", "varchar", "char", "timestamp", "timestamp with time zone", "time", "time with time zone")


def match(pattern: Pattern, given: TrinoType, bound: Bindings) -> int | None:
    """How far `given` is from `pattern` (0: it fits as it is), binding variables; None when it does not
    fit.
    """
    if pattern.name == "any":
        return 0
    if pattern.is_variable:
        return _bind(pattern.name, given, bound)
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
        inner = (
            given.parts
            if given is not None and len(given.parts) == len(pattern.parts)
            else (None,) * len(pattern.parts)
        )
        parts = tuple(instance(p, g, bound) for p, g in zip(pattern.parts, inner, strict=True))
        return TrinoType(pattern.name, (), parts, (None,) * len(parts) if pattern.name == "row" else ())
    if pattern.numbers:
        return TrinoType(pattern.name, pattern.numbers)
    if given is not None and given.base == pattern.name:
        return given
    if pattern.name == "decimal":
        digits = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
        return TrinoType("decimal", (digits.get(given.base if given else "", 38), 0))
    if (
        pattern.name in OPEN
        and given is not None
        and given.numbers
        and given.base in OPEN
        and pattern.name != "varchar"
    ):
        return TrinoType(pattern.name, given.numbers)
    return parse_type(pattern.name) if "interval" not in pattern.name else TrinoType(pattern.name)
