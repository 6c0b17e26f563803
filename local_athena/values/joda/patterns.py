"""Reads patterns into pieces: Joda's own (`yyyy-MM-dd`), and MySQL's (`%Y-%m-%d`) as Athena has them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from local_athena.values.binary import bad_argument
from local_athena.values.joda.pieces import DAYS, MONTHS, Fraction, Literal, Name, Number, Piece, TwoDigitYear
from local_athena.values.joda.zones import Offset, ZoneId, ZoneName

Pieces = tuple[Piece, ...]
TOKEN = re.compile(r"([A-Za-z])\1*|((?:''|'[^']*(?:''[^']*)*'?|[^A-Za-z'])+)", re.DOTALL)
NUMERIC = "CxyYdhHmsSeDFwWkK"
MYSQL_PIVOT = 2020
REFUSED = "DUuVwX"
HALVES, ERAS = ("AM", "PM"), ("BC", "AD")

TWO = {"d": "dayOfMonth", "h": "clockhourOfHalfday", "H": "hourOfDay", "k": "clockhourOfDay",
       "K": "hourOfHalfday", "m": "minuteOfHour", "s": "secondOfMinute", "w": "weekOfWeekyear"}  # fmt: skip


def _month_name(short: bool) -> Piece:
    return Name("monthOfYear", MONTHS, short, 1)


def _day_name(short: bool) -> Piece:
    return Name("dayOfWeek", DAYS, short, 1)


HALF = Name("halfdayOfDay", HALVES, False, 0)


@lru_cache(maxsize=256)
def joda(pattern: str) -> Pieces:
    """The pieces of a pattern in Joda's notation.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, a letter that means nothing.
    """
    found = list(TOKEN.finditer(pattern))
    if not found:
        raise bad_argument("Invalid pattern specification")
    return tuple(
        _joda_piece(f[0], found[i + 1][0] if i + 1 < len(found) else "") for i, f in enumerate(found)
    )


def _joda_piece(token: str, following: str) -> Piece:
    letter, count = token[0], len(token)
    if not (letter.isascii() and letter.isalpha()):
        return Literal(_unquoted(token))
    if letter in TWO:
        return Number(TWO[letter], count, 2)
    if letter in "xyY":
        return _year(letter, count, _is_numeric(following))
    if letter == "M":
        return _month_name(count == 3) if count > 2 else Number("monthOfYear", count, 2)
    others: dict[str, Piece] = {
        "G": Name("era", ERAS, False, 0),
        "C": Number("centuryOfEra", count, count, signed=True),
        "E": _day_name(count < 4),
        "e": Number("dayOfWeek", count, 1),
        "D": Number("dayOfYear", count, 3),
        "a": HALF,
        "S": Fraction(count, count),
        "z": ZoneName(count > 3),
        "Z": ZoneId() if count > 2 else Offset(count == 2),
    }
    if letter not in others:
        raise bad_argument(f"Illegal pattern component: {token}")
    return others[letter]


def _is_numeric(token: str) -> bool:
    return bool(token) and (token[0] in NUMERIC or (token[0] == "M" and len(token) < 3))


def _year(letter: str, count: int, packed: bool) -> Piece:
    """A year; beside another number it has as many digits as there are letters."""
    name = {"x": "weekyear", "y": "year", "Y": "yearOfEra"}[letter]
    if count == 2:
        return TwoDigitYear("weekyear" if letter == "x" else "year", datetime.now(UTC).year - 30, not packed)
    return Number(name, count, count if packed else 9, signed=letter != "Y")


def _unquoted(text: str) -> str:
    """A literal without its quotes; two quotes are one."""
    made, quoted, at = "", False, 0
    while at < len(text):
        if text.startswith("''", at):
            made, at = made + "'", at + 2
        elif text[at] == "'":
            quoted, at = not quoted, at + 1
        else:
            made, at = made + text[at], at + 1
    return made


MYSQL: dict[str, Pieces] = {
    "a": (_day_name(True),), "b": (_month_name(True),), "c": (Number("monthOfYear", 1, 2),),
    "d": (Number("dayOfMonth", 2, 2),), "e": (Number("dayOfMonth", 1, 2),), "f": (Fraction(6, 9),),
    "H": (Number("hourOfDay", 2, 2),), "h": (Number("clockhourOfHalfday", 2, 2),),
    "I": (Number("clockhourOfHalfday", 2, 2),), "i": (Number("minuteOfHour", 2, 2),),
    "j": (Number("dayOfYear", 3, 3),), "k": (Number("hourOfDay", 1, 2),),
    "l": (Number("clockhourOfHalfday", 1, 2),), "M": (_month_name(False),),
    "m": (Number("monthOfYear", 2, 2),),
    "p": (HALF,), "S": (Number("secondOfMinute", 2, 2),), "s": (Number("secondOfMinute", 2, 2),),
    "v": (Number("weekOfWeekyear", 2, 2),), "W": (_day_name(False),),
    "x": (Number("weekyear", 4, 4, signed=True),), "Y": (Number("year", 4, 4, signed=True),),
    "y": (TwoDigitYear("year", MYSQL_PIVOT, False),),
}  # fmt: skip
COLON = (Literal(":"),)
MYSQL["T"] = MYSQL["H"] + COLON + MYSQL["i"] + COLON + MYSQL["s"]
MYSQL["r"] = MYSQL["h"] + COLON + MYSQL["i"] + COLON + MYSQL["s"] + (Literal(" "), HALF)


@lru_cache(maxsize=256)
def mysql(pattern: str) -> Pieces:
    """The pieces of a pattern in MySQL's notation; a letter that means nothing is itself.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, a letter that MySQL has and Athena does not.
    """
    if pattern == "%Y-%m-%d":
        # Athena's engine reads this one by itself, and years of more than four digits in it.
        return (Number("year", 4, 9, signed=True), Literal("-"), *MYSQL["m"], Literal("-"), *MYSQL["d"])
    made: list[Piece] = []
    for found in re.finditer(r"%(.)|([^%]+)", pattern, re.DOTALL):
        if found[2] is not None:
            made.append(Literal(found[2]))
        elif found[1] in REFUSED:
            raise bad_argument(f"%{found[1]} not supported in date format string")
        else:
            made += MYSQL.get(found[1], (Literal(found[1]),))
    return tuple(made)
