"""Literals of dates, times and timestamps: `TIMESTAMP '2020-01-01 00:00:00.123 Europe/Berlin'`.

The digits of the fraction are the type's precision, and a zone in the text makes the type a zoned one
(https://trino.io/docs/current/language/types.html#date-and-time).
"""

from __future__ import annotations

from typing import Any

from local_athena.errors import QueryFailed
from local_athena.sql.build import commas, sql, string
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Typed
from local_athena.types.trino import DATE, TrinoType
from local_athena.values import stamps


def date_literal(written: str) -> Typed:
    """`DATE '2020-01-01'`."""
    try:
        days = stamps.parse_date(written)
    except QueryFailed as error:
        raise _invalid(written, "date") from error
    text = stamps.day_text(days)
    plain = sql("DATE {}", string(text))
    return Typed(plain if _is_usual(text) else sql("(DATE '1970-01-01' + CAST({} AS INTEGER))", days), DATE)


def stamp_literal(written: str) -> Typed:
    """`TIMESTAMP '...'`, with or without a zone."""
    return _literal(written, "timestamp", stamps.STAMP)


def clock_literal(written: str) -> Typed:
    """`TIME '...'`, with or without an offset."""
    return _literal(written, "time", stamps.CLOCK)


def _literal(written: str, base: str, pattern: Any) -> Typed:
    found = pattern.fullmatch(written.strip())
    if found is None:
        raise _invalid(written, base)
    zoned = " with time zone" if found["z"] else ""
    type_ = TrinoType(base + zoned, (len(found["f"] or ""),))
    try:
        value = stamps.parser(type_)(written)
    except QueryFailed as error:
        raise _invalid(written, base) from error
    if base == "timestamp" and zoned and _is_skipped(written.strip()[: found.start("z")], value, type_):
        raise _invalid(written, base)
    return Typed(carried(value, type_), type_)


def _is_skipped(shown: str, value: Any, type_: TrinoType) -> bool:
    """Whether the zone's clock never shows a time, since it was put forward."""
    at, _, zone = stamps.unpacked(value)
    wall = stamps.unpacked(stamps.parser(TrinoType("timestamp", type_.numbers))(shown))[0]
    return at + stamps.offset_at(at, zone) != wall


def carried(value: Any, type_: TrinoType) -> Sql:
    """SQL of the carrier of a time, as `stamps` packs it."""
    micros, picos, place = stamps.unpacked(value)
    moment = _stamp(micros) if type_.base.startswith("timestamp") else _clock(micros)
    fields = [sql("p := {}::INTEGER", picos)] if type_.is_fine else []
    if place is not None:
        fields.append(
            sql("z := {}", string(place)) if isinstance(place, str) else sql("o := {}::INTEGER", place)
        )
    return sql("struct_pack(t := {}, {})", moment, commas(fields)) if fields else moment


def _stamp(micros: int) -> Sql:
    text = stamps.text_writer(TrinoType("timestamp", (6,)))(micros)
    return (
        sql("TIMESTAMP {}", string(text))
        if _is_usual(text)
        else sql("make_timestamp(CAST({} AS BIGINT))", micros)
    )


def _clock(micros: int) -> Sql:
    return sql("TIME {}", string(stamps.text_writer(TrinoType("time", (6,)))(micros)))


def _is_usual(text: str) -> bool:
    """Whether the year has four digits and is not before 1, as DuckDB writes them too."""
    return text[4] == "-" and text[0] != "-" and text[:4] != "0000"


def _invalid(written: str, base: str) -> QueryFailed:
    problem = f"line 1:8: '{written}' is not a valid {base} literal"
    return QueryFailed("INVALID_LITERAL", problem, error_type=1006)
