"""What a condition compares with: numbers and arithmetic, texts, keywords, dates, durations, sizes.

Each prints as AWS prints it in the outcomes of rules, which is DQDL again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from awsgluedq.dqdl.tokens import quoted

KEYWORDS = ("NULL", "EMPTY", "WHITESPACES_ONLY")
DURATIONS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}
SIZES = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}
_TIME = re.compile(r"\d{1,2}:\d{2}( [AP]M)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Call:
    """A function of earlier results, such as `avg(last(10))`."""

    name: str
    arguments: tuple[Arithmetic, ...]

    def __str__(self) -> str:
        return f"{self.name}({','.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two numbers and one of + - * / between them; AWS's grammar knows no precedence."""

    left: Arithmetic
    sign: str
    right: Arithmetic

    def __str__(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


@dataclass(frozen=True, slots=True)
class Group:
    """Arithmetic in parentheses."""

    inner: Arithmetic

    def __str__(self) -> str:
        return f"({self.inner})"


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text."""

    value: str

    def __str__(self) -> str:
        return quoted(self.value)

    @property
    def is_date(self) -> bool:
        """Whether it is written like a date, which makes it one."""
        try:
            return _DATE.fullmatch(self.value) is not None and bool(date.fromisoformat(self.value))
        except ValueError:
            return False

    @property
    def is_time(self) -> bool:
        """Whether it is written like a time of day, which makes it one."""
        return _TIME.fullmatch(self.value) is not None


@dataclass(frozen=True, slots=True)
class Keyword:
    """NULL, EMPTY or WHITESPACES_ONLY."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Duration:
    """A count of days, hours or minutes."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"

    @property
    def span(self) -> timedelta:
        """How long it is."""
        return self.count * DURATIONS[self.unit]


@dataclass(frozen=True, slots=True)
class Now:
    """The time of the evaluation, or one before or after it."""

    sign: str = ""
    offset: Duration | None = None

    def __str__(self) -> str:
        return "now()" if self.offset is None else f"(now() {self.sign} {self.offset})"

    @property
    def shift(self) -> timedelta:
        """What is added to the time of the evaluation."""
        if self.offset is None:
            return timedelta()
        return -self.offset.span if self.sign == "-" else self.offset.span


@dataclass(frozen=True, slots=True)
class Size:
    """A size of a file."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"


Arithmetic: TypeAlias = Number | Call | Operation | Group
Operand: TypeAlias = Arithmetic | Text | Keyword | Now | Duration | Size
ARITHMETIC = (Number, Call, Operation, Group)
