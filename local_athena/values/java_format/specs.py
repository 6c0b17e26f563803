"""The specifiers of a pattern, checked as Java does before it looks at any value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from local_athena.errors import QueryFailed
from local_athena.values.binary import bad_argument
from local_athena.values.limits import fits

SPEC = re.compile(
    r"%(?:(?P<index>\d+)\$)?(?P<flags>[-#+ 0,(<]*)(?P<width>\d+)?(?:\.(?P<precision>\d+))?"
    r"(?P<t>[tT])?(?P<kind>[a-zA-Z%])"
)
ORDER = "-#+ 0,(<"
"""Flags in the order in which Java shows several."""
GENERAL, INTEGRAL, FLOAT = "bBsShH", "doxX", "eEfgGaA"
MOMENTS = "HIklMNLQpzZsSTRrcBbhAaCYyjmdeDF"
UNFIT = {
    **dict.fromkeys(GENERAL, "+ 0,("), **dict.fromkeys("bBhH", "#+ 0,("), **dict.fromkeys("cC", "#+ 0,("),
    "d": "#", "o": ",", "x": ",", "X": ",", "e": ",", "E": ",", "g": "#", "G": "#", "a": "(,", "A": "(,",
}  # fmt: skip
"""The flags that a conversion cannot have."""


LARGEST = 2**31 - 1


class Wrong(Exception):
    """What is wrong with a pattern, as Java names and tells it."""

    def in_pattern(self, pattern: str) -> QueryFailed:
        """The error that the query ends with."""
        return bad_argument(f"Invalid format string: {pattern} ({self})")


@dataclass(frozen=True, slots=True)
class Spec:
    """One specifier. `index` counts from 1; 0 is the next value, -1 the one before."""

    text: str
    index: int
    flags: str
    width: int | None
    precision: int | None
    kind: str
    moment: str = ""

    @property
    def upper(self) -> bool:
        """Whether all is written in capitals."""
        return (self.moment or self.kind).isupper()

    def justified(self, made: str) -> str:
        """A text in the width that is wanted."""
        width = self.width or 0
        return made.ljust(width) if "-" in self.flags else made.rjust(width)

    def mismatch(self, flag: str) -> Wrong:
        """A flag that the conversion cannot have."""
        return Wrong(f"FormatFlagsConversionMismatch: Conversion = {self.kind}, Flags = {flag}")


@lru_cache(256)
def specs(pattern: str) -> tuple[str | Spec, ...]:
    """The specifiers of a pattern, and the texts between them.

    Raises:
        Wrong: it has none there, or a wrong one.
    """
    parts: list[str | Spec] = []
    at = 0
    for found in SPEC.finditer(pattern):
        parts += [_between(pattern[at : found.start()]), _spec(found)]
        at = found.end()
    return (*parts, _between(pattern[at:]))


def _between(text: str) -> str:
    if "%" in text:
        raise Wrong("UnknownFormatConversion: Conversion = '%'")
    return text


def _spec(found: re.Match[str]) -> Spec:
    problem = "IllegalFormatArgumentIndex: Format argument index: (not representable as int)"
    flags, index = found["flags"], _number(found["index"], problem) or 0
    twice = [flag for i, flag in enumerate(flags) if flag in flags[:i]]
    if twice:
        raise Wrong(f"DuplicateFormatFlags: Flags = '{twice[0]}'")
    if found["index"] and not index:
        raise Wrong("IllegalFormatArgumentIndex: Illegal format argument index = 0")
    width = _number(found["width"], f"IllegalFormatWidth: {-LARGEST - 1}")
    precision = _number(found["precision"], f"IllegalFormatPrecision: {-LARGEST - 1}")
    fits(max(width or 0, precision or 0))
    plain = "".join(flag for flag in ORDER if flag in flags and flag != "<")
    index = -1 if "<" in flags else index
    spec = Spec(found[0], index, plain, width, precision, found["kind"], found["t"] or "")
    _check(spec)
    return spec


def _number(digits: str | None, problem: str) -> int | None:
    """A number of a specifier, which Java has in an int."""
    if digits is None:
        return None
    plain = digits.lstrip("0") or "0"
    if len(plain) > len(str(LARGEST)) or int(plain) > LARGEST:
        raise Wrong(problem)
    return int(plain)


def _check(spec: Spec) -> None:
    kind, flags, width = spec.kind, spec.flags, spec.width
    if kind == "n" and not spec.moment:
        _check_line(spec)
        return
    if spec.moment and kind not in MOMENTS:
        raise Wrong(f"UnknownFormatConversion: Conversion = '{spec.moment}{kind}'")
    if not spec.moment and kind not in f"{GENERAL}{INTEGRAL}{FLOAT}cC%":
        raise Wrong(f"UnknownFormatConversion: Conversion = '{kind}'")
    numeric = not spec.moment and kind in INTEGRAL + FLOAT
    if width is None and ("-" in flags or (numeric and "0" in flags)):
        raise Wrong(f"MissingFormatWidth: {spec.text}")
    if numeric and ({"+", " "} <= set(flags) or {"-", "0"} <= set(flags)):
        raise Wrong(f"IllegalFormatFlags: Flags = '{flags}'")
    if kind == "%" and flags.strip("-"):
        raise Wrong(f"IllegalFormatFlags: Flags = '{flags}'")
    if spec.precision is not None and (spec.moment or kind in f"{INTEGRAL}cC%"):
        raise Wrong(f"IllegalFormatPrecision: {spec.precision}")
    unfit = "#+ 0,(" if spec.moment else UNFIT.get(kind, "")
    for flag in unfit:
        if flag in flags:
            raise spec.mismatch(flag)


def _check_line(spec: Spec) -> None:
    if spec.width is not None:
        raise Wrong(f"IllegalFormatWidth: {spec.width}")
    if spec.precision is not None:
        raise Wrong(f"IllegalFormatPrecision: {spec.precision}")
    if spec.flags:
        raise Wrong(f"IllegalFormatFlags: Flags = '{spec.flags}'")
