"""Java's Formatter, for `format(...)`, with flags, widths, precisions and positions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from local_athena.types.trino import TrinoType
from local_athena.values import java_numbers, stamps
from local_athena.values.binary import bad_argument
from local_athena.values.limits import fits
from local_athena.values.shown import writer

SPEC = re.compile(r"%(?:(\d+)\$|(?P<again><))?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([tT][a-zA-Z]|[a-zA-Z%])")
CLOCK_PARTS = {
    "H": "%H", "I": "%I", "M": "%M", "S": "%S", "L": "%f", "N": "%f", "p": "%p", "Y": "%Y", "y": "%y",
    "m": "%m", "d": "%d", "j": "%j", "R": "%H:%M", "T": "%H:%M:%S", "F": "%Y-%m-%d", "D": "%m/%d/%y",
    "B": "%B", "b": "%b", "A": "%A", "a": "%a",
}  # fmt: skip
"""What follows `%t`, as Python writes it (in English, as Athena does)."""


def _java_clock(micros: int, picos: int) -> str:
    """toString of LocalTime: no seconds when they are 0, a fraction of 3, 6 or 9 digits."""
    seconds, fraction = divmod(micros, stamps.SECOND)
    shown = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    nanos = f"{fraction * 1000 + picos // 1000:09d}"
    if seconds % 60 or int(nanos):
        shown += f":{seconds % 60:02d}"
    if int(nanos):
        shown += "." + nanos.removesuffix("000").removesuffix("000")
    return shown


def _java_time(value: Any) -> str:
    return _java_clock(*stamps.unpacked(value)[:2])


def _java_stamp(value: Any) -> str:
    """toString of LocalDateTime."""
    micros, picos, _ = stamps.unpacked(value)
    return _java_wall(*stamps.rounded(micros, picos, 9))


def _java_wall(micros: int, picos: int) -> str:
    days, clock = divmod(micros, stamps.DAY)
    return f"{stamps.shown_day(days)}T{_java_clock(clock, picos)}"


def _java_zoned(value: dict[str, Any]) -> str:
    """toString of ZonedDateTime: the offset, then the zone's name in brackets when it has one."""
    micros, picos, zone = stamps.unpacked(value)
    ahead = stamps.offset_at(micros, zone)
    minutes, seconds = divmod(abs(ahead) // stamps.SECOND, 60)
    offset = f"{'-' if ahead < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    offset = "Z" if ahead == 0 else offset + (f":{seconds:02d}" if seconds else "")
    wall = _java_wall(*stamps.rounded(micros + ahead, picos, 9))
    return f"{wall}{offset}" + ("" if zone[0] in "+-" else f"[{zone}]")


JAVA_TIMES: dict[str, Callable[[Any], str]] = {
    "time": _java_time,
    "timestamp": _java_stamp,
    "timestamp with time zone": _java_zoned,
}
"""How `%s` shows what is an object of java.time there."""


@cache
def formatter(types: tuple[TrinoType, ...]) -> Callable[..., str | None]:
    """A function from the pattern and values of these types to text."""
    writers = [JAVA_TIMES.get(type_.base) or writer(type_) for type_ in types]

    def write(pattern: str | None, *values: Any) -> str | None:
        if pattern is None:
            return None
        position, last = 0, -1

        def one(found: re.Match[str]) -> str:
            nonlocal position, last
            if found[6] in "%n":
                return _plain(found, pattern)
            at = last if found["again"] else int(found[1]) - 1 if found[1] else position
            position += 0 if found[1] or found["again"] else 1
            last = at
            if not 0 <= at < len(values):
                raise bad_argument(
                    f"Invalid format string: {pattern} (MissingFormatArgumentException: Format "
                    f"specifier '{found[0]}')"
                )
            return _convert(found, values[at], writers[at], pattern)

        if "%" in SPEC.sub("", pattern):
            raise bad_argument(f"Invalid format string: {pattern} (UnknownFormatConversion)")
        return SPEC.sub(one, pattern)

    return write


def _plain(found: re.Match[str], pattern: str) -> str:
    """`%%` or `%n`, of which the second takes nothing."""
    if found[6] == "n" and (found[3] or found[4] or found[5]):
        raise bad_argument(f"Invalid format string: {pattern} (IllegalFormatWidth)")
    return "%".rjust(int(found[4] or 0)) if found[6] == "%" else "\n"


def _convert(found: re.Match[str], value: Any, text: Callable[[Any], str], pattern: str) -> str:
    flags, width, precision, kind = found[3], fits(int(found[4] or 0)), found[5], found[6]
    fits(int(precision or 0))
    if len(set(flags)) < len(flags):
        raise bad_argument(f"Invalid format string: {pattern} (DuplicateFormatFlags)")
    if found[4] is None and set("-0") & set(flags):
        raise bad_argument(f"Invalid format string: {pattern} (MissingFormatWidth)")
    if precision is not None and kind[0] in "dxXoctT":
        raise bad_argument(f"Invalid format string: {pattern} (IllegalFormatPrecision: {precision})")
    try:
        made = (
            _nothing(kind)[: int(precision) if precision is not None else None]
            if value is None
            else _moment(kind, value)
            if kind[0] in "tT"
            else java_numbers.shown(flags, precision, kind, value)
            if kind in "dfeEgGxXo"
            else _word(precision, kind, value, text)
        )
    except (TypeError, ValueError, ArithmeticError) as error:
        raise bad_argument(f"Invalid format string: {pattern} (IllegalFormatConversion)") from error
    if "0" in flags and kind in "dfeEgGxXo" and any(map(str.isdigit, made)):
        sign = made[:1] if made[:1] in "+- (" else ""
        return sign + made[len(sign) :].rjust(width - len(sign), "0")
    return made.ljust(width) if "-" in flags else made.rjust(width)


def _nothing(kind: str) -> str:
    """NULL: `null`, and false where a truth is asked."""
    made = "false" if kind in "bB" else "null"
    return made.upper() if kind[0].isupper() else made


def _moment(kind: str, value: Any) -> str:
    """`%tF` and its sisters of a date, time or timestamp."""
    if isinstance(value, date) and not isinstance(value, datetime):
        moment = datetime.combine(value, time())
    else:
        micros, _, zone = stamps.unpacked(value)
        moment = stamps.EPOCH + timedelta(
            microseconds=micros + (stamps.offset_at(micros, zone) if zone else 0)
        )
    form = CLOCK_PARTS.get(kind[1])
    if form is None:
        raise ValueError(kind)
    made = moment.strftime(form)
    made = made[:3] if kind[1] == "L" else made + "000" if kind[1] == "N" else made
    return made.upper() if kind[0] == "T" else made.lower() if kind[1] == "p" else made


def _word(precision: str | None, kind: str, value: Any, text: Callable[[Any], str]) -> str:
    if kind in "sS":
        made = text(value)
    elif kind in "bB":
        made = str(value).lower() if isinstance(value, bool) else "true"
    elif kind in "hH" and isinstance(value, str):
        made = f"{_java_hash(value):x}"
    else:
        raise ValueError(kind)  # Trino hands Java no character, so that %c takes nothing
    made = made[: int(precision)] if precision is not None else made
    return made.upper() if kind.isupper() else made


def _java_hash(text: str) -> int:
    """hashCode of a String, as the 32 bits that it has."""
    units = text.encode("utf-16-be", "surrogatepass")
    made = 0
    for high, low in zip(units[::2], units[1::2], strict=True):
        made = (31 * made + (high << 8 | low)) & 0xFFFFFFFF
    return made
