"""`datetime()` of a JSON path: text as a date, time or timestamp, by a template or by its look."""

from __future__ import annotations

import re
from datetime import date, datetime, time

FIELDS = {
    "YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{1,2})",
    "HH24": r"(?P<hour>\d{1,2})", "MI": r"(?P<minute>\d{1,2})", "SS": r"(?P<second>\d{1,2})",
    **{f"FF{n}": rf"(?P<fraction>\d{{1,{n}}})" for n in range(1, 7)},
}  # fmt: skip
"""What each template field reads; the delimiters between them stand for themselves."""
PLAIN = ("YYYY-MM-DD", "HH24:MI:SS", "HH24:MI:SS.FF6", "YYYY-MM-DD HH24:MI:SS", "YYYY-MM-DD HH24:MI:SS.FF6")
_PIECE = re.compile("|".join([*sorted(FIELDS, key=len, reverse=True), r"[-./,';: ]"]))


def read_moment(text: str, template: str | None) -> date | datetime | time | None:
    """The moment that `text` says, None when it does not fit (or the template has an unknown field)."""
    for form in (template,) if template is not None else PLAIN:
        pieces = _PIECE.findall(form)
        if "".join(pieces) != form or len(set(pieces) & set(FIELDS)) != sum(p in FIELDS for p in pieces):
            return None
        found = re.fullmatch("".join(FIELDS.get(p, re.escape(p)) for p in pieces), text)
        if found is not None:
            return _made(found.groupdict())
    return None


def _made(found: dict[str, str]) -> date | datetime | time | None:
    fraction = int(found.get("fraction", "0").ljust(6, "0"))
    hour, minute, second = (int(found.get(name, 0)) for name in ("hour", "minute", "second"))
    try:
        clock = time(hour, minute, second, fraction)
        if "year" not in found:
            return clock
        day = date(int(found["year"]), int(found.get("month", 1)), int(found.get("day", 1)))
        return datetime.combine(day, clock) if "hour" in found else day
    except ValueError:
        return None
