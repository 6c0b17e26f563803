"""What a pattern is made of: each piece writes its part of a moment, and reads it again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from local_athena.values.joda.fields import FIELDS

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
DIGITS = "0123456789"


@dataclass(slots=True)
class Shown:
    """A moment to write: milliseconds by its zone's clock, the offset in minutes, the names of the zone."""

    millis: int
    offset: str = "+00:00"
    zone: str = "UTC"
    short_name: str = "UTC"


@dataclass(slots=True)
class Read:
    """What was read: the fields with their values, and the zone or offset."""

    values: list[tuple[str, int]] = field(default_factory=list)
    zone: str | None = None


class Piece(ABC):
    """A part of a pattern."""

    is_number = False

    @abstractmethod
    def write(self, shown: Shown) -> str:
        """The text of a moment's part."""

    @abstractmethod
    def read(self, text: str, at: int, into: Read) -> int:
        """Where the part ends; less than 0, `~` the place, where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Literal(Piece):
    """Text that stands for itself."""

    text: str

    def write(self, shown: Shown) -> str:
        """The text."""
        return self.text

    def read(self, text: str, at: int, into: Read) -> int:
        """The text in any case."""
        end = at + len(self.text)
        return end if text[at:end].lower() == self.text.lower() else ~at


def _digits(text: str, at: int, most: int) -> int:
    count = 0
    while count < most and text[at + count : at + count + 1] and text[at + count] in DIGITS:
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Number(Piece):
    """A number of a least and a most number of digits; a signed one may begin with `+` or `-`."""

    name: str
    least: int
    most: int
    signed: bool = False

    def write(self, shown: Shown) -> str:
        """With zeros before it."""
        value = FIELDS[self.name].get(shown.millis)
        return f"{'-' if value < 0 else ''}{abs(value):0{self.least}d}"

    def read(self, text: str, at: int, into: Read) -> int:
        """As many digits as there may be, which are never fewer than are written."""
        start, sign = at, text[at : at + 1]
        if self.signed and sign in ("+", "-") and _digits(text, at + 1, 1):
            at += 1
        count = _digits(text, at, max(self.most, self.least))
        if not count:
            return ~start
        value = int(text[at : at + count])
        into.values.append((self.name, -value if self.signed and sign == "-" else value))
        return at + count


@dataclass(frozen=True, slots=True)
class TwoDigitYear(Piece):
    """A year of its century's hundred years around a pivot; a lenient one may also be written in full."""

    name: str
    pivot: int
    lenient: bool

    def write(self, shown: Shown) -> str:
        """Its last two digits."""
        return f"{abs(FIELDS[self.name].get(shown.millis)) % 100:02d}"

    def read(self, text: str, at: int, into: Read) -> int:
        """Two digits, or when lenient any number of them with a sign."""
        sign = text[at : at + 1] if self.lenient else ""
        start = at + (sign in ("+", "-") and bool(sign))
        count = _digits(text, start, 9 if self.lenient else 2)
        if not count or (not self.lenient and count < 2):
            return ~at
        value = int(text[start : start + count])
        if start > at or count != 2:
            into.values.append((self.name, -value if sign == "-" else value))
            return start + count
        low = self.pivot - 50
        into.values.append((self.name, value + low + (100 if value < low % 100 else 0) - low % 100))
        return start + count


@dataclass(frozen=True, slots=True)
class Name(Piece):
    """A name of a value: of a month, a day, a half of the day, an era; read in its case, lower or upper."""

    name: str
    names: tuple[str, ...]
    short: bool
    first: int

    def write(self, shown: Shown) -> str:
        """Whole, or its first three letters."""
        found = self.names[FIELDS[self.name].get(shown.millis) - self.first]
        return found[:3] if self.short else found

    def read(self, text: str, at: int, into: Read) -> int:
        """The longest name that stands there, short or whole."""
        best = ~at
        for value, name in enumerate(self.names, self.first):
            for form in {name, name[:3]}:
                there = text[at : at + len(form)]
                if there in (form, form.lower(), form.upper()) and at + len(form) > best:
                    best, found = at + len(form), value
        if best >= 0:
            into.values.append((self.name, found))
        return best


@dataclass(frozen=True, slots=True)
class Fraction(Piece):
    """The fraction of a second, which has milliseconds."""

    least: int
    most: int

    def write(self, shown: Shown) -> str:
        """With zeros behind it, or cut."""
        return f"{shown.millis % 1000:03d}".ljust(self.least, "0")[: max(self.least, 0) or 3]

    def read(self, text: str, at: int, into: Read) -> int:
        """Digits, of which three count."""
        count = _digits(text, at, self.most)
        if not count:
            return ~at
        into.values.append(("millisOfSecond", int(text[at : at + min(3, count)].ljust(3, "0"))))
        return at + count
