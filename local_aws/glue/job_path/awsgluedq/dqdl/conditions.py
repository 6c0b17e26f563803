"""Reads conditions: an operator and what it compares with."""

from __future__ import annotations

from collections.abc import Mapping

from awsgluedq.dqdl.cursor import Cursor
from awsgluedq.dqdl.errors import InvalidRuleset
from awsgluedq.dqdl.model import Condition
from awsgluedq.dqdl.operands import (
    DURATIONS,
    KEYWORDS,
    SIZES,
    Arithmetic,
    Call,
    Duration,
    Group,
    Keyword,
    Now,
    Number,
    Operand,
    Operation,
    Size,
    Text,
)
from awsgluedq.dqdl.tokens import Kind

Constants = Mapping[str, tuple[Text | Keyword, ...]]
COMPARISONS = ("=", "!=", ">", ">=", "<", "<=")


def starts_condition(cursor: Cursor) -> bool:
    """Whether a condition is next."""
    return cursor.is_at(*COMPARISONS, "between", "in", "matches", "not", "!")


def condition(cursor: Cursor, constants: Constants) -> Condition:
    """Read a condition."""
    if cursor.is_at(*COMPARISONS):
        written = cursor.take().text
        operand = _one(cursor, constants) if written in ("=", "!=") else _bound(cursor, constants)
        return Condition("=", (operand,), True) if written == "!=" else Condition(written, (operand,))
    if cursor.skip("!"):
        cursor.expect("=")
        return Condition("=", (_one(cursor, constants),), True)
    negated = cursor.skip("not")
    operator = cursor.expect("between", "in", "matches").text
    return Condition(operator, _several(operator, cursor, constants), negated)


def _several(operator: str, cursor: Cursor, constants: Constants) -> tuple[Operand, ...]:
    if operator == "matches":
        return (_text(cursor, constants),)
    if operator == "between":
        low = _bound(cursor, constants)
        cursor.expect("and", "AND")
        return (low, _bound(cursor, constants))
    if cursor.is_at("$"):
        return constant(cursor, constants)
    cursor.expect("[")
    found = [_one(cursor, constants)]
    while cursor.skip(","):
        found.append(_one(cursor, constants))
    cursor.expect("]")
    return tuple(found)


def constant(cursor: Cursor, constants: Constants) -> tuple[Text | Keyword, ...]:
    """Read `$name` and look it up."""
    cursor.expect("$")
    name = cursor.token
    if name.kind is not Kind.WORD or name.text not in constants:
        raise InvalidRuleset.at(name, f"the constant {name} is not defined")
    cursor.take()
    return constants[name.text]


def text_or_keyword(cursor: Cursor) -> Text | Keyword:
    """Read what a constant may be."""
    if cursor.token.kind is Kind.TEXT:
        return Text(cursor.take().text)
    if cursor.token.kind is Kind.WORD and cursor.token.text in (*KEYWORDS, *map(str.lower, KEYWORDS)):
        return Keyword(cursor.take().text.upper())
    raise cursor.refused("a text")


def _text(cursor: Cursor, constants: Constants) -> Text:
    place = cursor.token
    found = _one(cursor, constants)
    if not isinstance(found, Text):
        raise InvalidRuleset.at(place, f"unexpected {place}, expecting a quoted regular expression")
    return found


def _bound(cursor: Cursor, constants: Constants) -> Operand:
    place = cursor.token
    found = _one(cursor, constants)
    if isinstance(found, Keyword):
        raise InvalidRuleset.at(place, f"unexpected {place}, which is neither greater nor less than a value")
    return found


def _one(cursor: Cursor, constants: Constants) -> Operand:
    place = cursor.token
    if cursor.is_at("$"):
        found = constant(cursor, constants)
        if len(found) != 1:
            raise InvalidRuleset.at(place, "a list of values, expecting a single one")
        return found[0]
    if cursor.is_at("now"):
        return _now(cursor)
    if cursor.is_at("(") and cursor.ahead().text == "now":
        return _shifted_now(cursor)
    if cursor.token.kind is Kind.TEXT or cursor.token.text.upper() in KEYWORDS:
        return text_or_keyword(cursor)
    return _with_unit(arithmetic(cursor), cursor)


def _now(cursor: Cursor) -> Now:
    cursor.expect("now")
    cursor.expect("(")
    cursor.expect(")")
    return Now()


def _shifted_now(cursor: Cursor) -> Now:
    cursor.expect("(")
    _now(cursor)
    sign = cursor.expect("-", "+").text
    count = cursor.expect_kind(Kind.NUMBER)
    if not count.text.isdigit():
        raise InvalidRuleset.at(count, f"unexpected {count}, expecting a whole number")
    unit = cursor.expect(*DURATIONS).text
    cursor.expect(")")
    return Now(sign, Duration(int(count.text), unit))


def _with_unit(number: Arithmetic, cursor: Cursor) -> Operand:
    if isinstance(number, Number) and number.text.isdigit():
        if cursor.is_at(*DURATIONS):
            return Duration(int(number.text), cursor.take().text)
        if cursor.is_at(*SIZES):
            return Size(int(number.text), cursor.take().text)
    return number


def arithmetic(cursor: Cursor) -> Arithmetic:
    """Read numbers and what is between them, from left to right."""
    found = _term(cursor)
    while cursor.is_at("+", "-", "*", "/"):
        found = Operation(found, cursor.take().text, _term(cursor))
    return found


def _term(cursor: Cursor) -> Arithmetic:
    with cursor.deeper():
        if cursor.skip("("):
            inner = arithmetic(cursor)
            cursor.expect(")")
            return Group(inner)
        if cursor.token.kind is Kind.WORD and cursor.ahead().text == "(":
            return _call(cursor)
        sign = "-" if cursor.skip("-") else ""
        if cursor.token.kind is not Kind.NUMBER:
            raise cursor.refused("a value")
        return Number(sign + cursor.take().text)


def _call(cursor: Cursor) -> Call:
    name = cursor.take().text
    cursor.expect("(")
    arguments = []
    if not cursor.is_at(")"):
        arguments.append(arithmetic(cursor))
        while cursor.skip(","):
            arguments.append(arithmetic(cursor))
    cursor.expect(")")
    return Call(name, tuple(arguments))
