"""Arithmetic with a bare NULL of unknown type: what Trino takes it for, or that it cannot choose.

Asked of Trino 435, operator by operator: it follows from the signatures that an unknown fits.
"""

from __future__ import annotations

from local_athena.errors import QueryFailed
from local_athena.sql.build import null_of
from local_athena.sql.typed import Typed
from local_athena.types.coercion import NUMERIC
from local_athena.types.trino import INTERVAL_DAY, TINYINT, TrinoType, decimal

AMBIGUOUS = "Could not choose a best candidate operator. Explicit type casts must be added."
DIGIT = decimal(1, 0)
"""What a NULL beside a decimal is."""
INTERVALS = ("interval day to second", "interval year to month")
CLOCKS = ("date", "time", "time with time zone")


def with_unknown(operator: str, left: Typed, right: Typed, where: str) -> tuple[Typed, Typed] | Typed | None:
    """Both sides with types, or the NULL that comes of them; None when no operator takes the known side.

    Raises:
        QueryFailed: AMBIGUOUS_FUNCTION_CALL.
    """
    first = left.type.base == "unknown"
    known = right.type if first else left.type
    if known.base == "unknown":
        if operator == "%":
            return _null(TINYINT)
        raise _ambiguous(where)
    if known.base in NUMERIC:
        if known.base == "double" and (operator == "*" or (operator == "/" and first)):
            raise _ambiguous(where)  # an interval times a number is there too
        given = _null(DIGIT if known.base == "decimal" else known)
        return (given, right) if first else (left, given)
    result = _of_times(operator, known, first)
    if result is None:
        return None
    if result.base == "unknown":
        raise _ambiguous(where)
    return _null(result)


def _of_times(operator: str, known: TrinoType, first: bool) -> TrinoType | None:
    """The type of a NULL and a time or an interval, an unknown one where there are several."""
    several = TrinoType("unknown")
    if known.base in INTERVALS:
        if operator in "+-":
            return several if operator == "+" or first else known
        return known if operator == "*" or (operator == "/" and not first) else None
    if not known.base.startswith(("date", "time")) or operator not in "+-":
        return None
    if operator == "-" and first:
        return INTERVAL_DAY
    if operator == "-":
        return known if known.base == "date" else several
    return known if known.base in CLOCKS else several


def _null(type_: TrinoType) -> Typed:
    return Typed(null_of(type_), type_)


def _ambiguous(where: str) -> QueryFailed:
    return QueryFailed("AMBIGUOUS_FUNCTION_CALL", f"{where}{AMBIGUOUS}")


__all__ = ["AMBIGUOUS", "with_unknown"]
