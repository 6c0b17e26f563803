"""What an SQL/JSON path finds in a document: a list of items, or a PathError.

Lax mode unwraps arrays, wraps scalars and takes what is missing for nothing; strict mode fails. A predicate
is true, false or unknown (None). https://trino.io/docs/current/functions/json.html#json-path-language
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from local_athena.values import patterns
from local_athena.values.sql_json_syntax import Node, read_path
from local_athena.values.sql_json_times import read_moment

EMPTY = object()
"""A named value that is no item at all: PASSING NULL FORMAT JSON."""


class PathError(Exception):
    """The path does not fit the document: what ON ERROR is about."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node is evaluated: the document, the named values, `@`, and what `last` means."""

    strict: bool
    root: Any
    named: dict[str, Any]
    current: Any = None
    last: int | None = None


def find(path: str, root: Any, named: dict[str, Any]) -> list[Any]:
    """The items that `path` finds.

    Raises:
        PathError: it does not fit.
        QueryFailed: INVALID_PATH.
    """
    strict, tree = read_path(path)
    return _items(tree, _Place(strict, root, named))


def _items(node: Node, place: _Place) -> list[Any]:
    return EVALUATORS[node[0]](node, place)


def _unwrapped(node: Node, place: _Place) -> list[Any]:
    """The items of a node; in lax mode the elements of arrays in their place."""
    found = _items(node, place)
    if place.strict:
        return found
    return [inner for item in found for inner in (item if isinstance(item, list) else [item])]


def _variable(node: Node, place: _Place) -> list[Any]:
    if node[1] not in place.named:
        raise PathError(f"no value passed for parameter {node[1]}")
    value = place.named[node[1]]
    return [] if value is EMPTY else [value]


def _last(node: Node, place: _Place) -> list[Any]:
    if place.last is None:
        raise PathError("accessing the last array index with no enclosing array")
    return [place.last]


def _member(node: Node, place: _Place) -> list[Any]:
    found = []
    for item in _unwrapped(node[1], place):
        if isinstance(item, dict) and node[2] in item:
            found.append(item[node[2]])
        elif place.strict:
            raise PathError(f"missing member '{node[2]}' in JSON object")
    return found


def _members(node: Node, place: _Place) -> list[Any]:
    found: list[Any] = []
    for item in _unwrapped(node[1], place):
        if isinstance(item, dict):
            found += item.values()
        elif place.strict:
            raise PathError("invalid item type. Expected: OBJECT")
    return found


def _descendants(node: Node, place: _Place) -> list[Any]:
    def below(item: Any) -> list[Any]:
        found = [item[node[2]]] if isinstance(item, dict) and node[2] in item else []
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        return found + [match for child in inner for match in below(child)]

    return [match for item in _items(node[1], place) for match in below(item)]


def _elements(node: Node, place: _Place) -> list[Any]:
    found: list[Any] = []
    for item in _items(node[1], place):
        if isinstance(item, list):
            found += item
        elif place.strict:
            raise PathError("invalid item type. Expected: ARRAY")
        else:
            found.append(item)
    return found


def _subscripts(node: Node, place: _Place) -> list[Any]:
    found: list[Any] = []
    for item in _items(node[1], place):
        if not isinstance(item, list) and place.strict:
            raise PathError("invalid item type. Expected: ARRAY")
        values = item if isinstance(item, list) else [item]
        inner = replace(place, last=len(values) - 1)
        for first, second in node[2]:
            start = _index(first, inner)
            end = start if second is None else _index(second, inner)
            if place.strict and not 0 <= start <= end < len(values):
                raise PathError("invalid array subscript")
            found += values[max(0, start) : end + 1]
    return found


def _index(node: Node, place: _Place) -> int:
    found = _unwrapped(node, place)
    if len(found) != 1 or not _is_number(found[0]):
        raise PathError("array subscript 'from' value must be singleton numeric")
    return int(found[0])


def _filter(node: Node, place: _Place) -> list[Any]:
    return [i for i in _unwrapped(node[1], place) if _holds(node[2], replace(place, current=i)) is True]


def _is_number(item: Any) -> bool:
    return isinstance(item, int | float | Decimal) and not isinstance(item, bool)


def _operand(node: Node, place: _Place) -> Any:
    found = _unwrapped(node, place)
    if len(found) != 1 or not _is_number(found[0]):
        raise PathError("arithmetic takes one number on each side")
    return found[0]


def _signed(node: Node, place: _Place) -> list[Any]:
    found = _unwrapped(node[2], place)
    if not all(map(_is_number, found)):
        raise PathError("invalid item type. Expected: NUMBER")
    return [-item for item in found] if node[1] == "-" else found


PLAIN: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def _binary(node: Node, place: _Place) -> list[Any]:
    sides = [_operand(side, place) for side in node[2:]]
    if any(isinstance(side, float) for side in sides):
        sides = list(map(float, sides))
    elif any(isinstance(side, Decimal) for side in sides):
        sides = [Decimal(side) for side in sides]
    left, right = sides
    if node[1] in PLAIN:
        return [_within(PLAIN[node[1]](left, right), left, right)]
    if isinstance(left, float):
        return [_float_division(node[1], left, right)]
    if right == 0:
        raise PathError("Division by zero")
    if isinstance(left, Decimal):
        scale = Decimal(1).scaleb(min(left.as_tuple().exponent, right.as_tuple().exponent))
        return [left % right if node[1] == "%" else (left / right).quantize(scale, ROUND_HALF_UP)]
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return [quotient if node[1] == "/" else left - quotient * right]


def _float_division(sign: str, left: float, right: float) -> float:
    if sign == "%":
        return math.fmod(left, right) if right else math.nan
    if right:
        return left / right
    return (
        math.nan if not left or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
    )


def _within(result: Any, left: Any, right: Any) -> Any:
    """The result, when it fits the integers its sides were."""
    if isinstance(result, int):
        bits = 31 if all(-(2**31) <= side < 2**31 for side in (left, right)) else 63
        if not -(2**bits) <= result < 2**bits:
            raise PathError("integer overflow")
    return result


def _method(node: Node, place: _Place) -> list[Any]:
    name = node[2]
    if name in ("type", "size"):
        return [WHOLE[name](item, place) for item in _items(node[1], place)]
    found: list[Any] = []
    for item in _unwrapped(node[1], place):
        if name == "datetime":
            moment = read_moment(item, node[3]) if isinstance(item, str) else None
            if moment is None:
                raise PathError(f"datetime() of {item!r}")
            found.append(moment)
        elif name == "keyvalue":
            found += _key_values(item)
        else:
            found.append(_numeric(name, item))
    return found


def _key_values(item: Any) -> list[Any]:
    if not isinstance(item, dict):
        raise PathError("invalid item type. Expected: OBJECT")
    return [{"name": key, "value": value, "id": 0} for key, value in item.items()]


def _numeric(name: str, item: Any) -> Any:
    if name == "double":
        try:
            return float(item if isinstance(item, str) or _is_number(item) else "")
        except ValueError as error:
            raise PathError("invalid item type. Expected: NUMBER or TEXT") from error
    if not _is_number(item):
        raise PathError("invalid item type. Expected: NUMBER")
    if name == "abs":
        return abs(item)
    if isinstance(item, int):
        return item
    whole = (math.ceil if name == "ceiling" else math.floor)(item)
    return float(whole) if isinstance(item, float) else Decimal(whole)


def _type_name(item: Any, _: _Place) -> str:
    for kinds, name in TYPE_NAMES:
        if isinstance(item, kinds):
            return name
    return "null"


TYPE_NAMES: tuple[tuple[Any, str], ...] = (
    (bool, "boolean"), ((int, float, Decimal), "number"), (str, "string"), (list, "array"), (dict, "object"),
    (datetime, "timestamp without time zone"), (date, "date"), (time, "time without time zone"),
)  # fmt: skip


def _size(item: Any, place: _Place) -> int:
    if not isinstance(item, list) and place.strict:
        raise PathError("invalid item type. Expected: ARRAY")
    return len(item) if isinstance(item, list) else 1


WHOLE: dict[str, Callable[[Any, _Place], Any]] = {"type": _type_name, "size": _size}

EVALUATORS: dict[str, Callable[[Node, _Place], list[Any]]] = {
    "root": lambda node, place: [] if place.root is EMPTY else [place.root],
    "current": lambda node, place: [place.current],
    "literal": lambda node, place: [node[1]],
    "variable": _variable,
    "last": _last,
    "member": _member,
    "members": _members,
    "descendants": _descendants,
    "elements": _elements,
    "subscripts": _subscripts,
    "filter": _filter,
    "signed": _signed,
    "binary": _binary,
    "method": _method,
}


def _holds(node: Node, place: _Place) -> bool | None:
    try:
        return PREDICATES[node[0]](node, place)
    except PathError:
        return None


def _joined(node: Node, place: _Place) -> bool | None:
    first, second = _holds(node[2], place), _holds(node[3], place)
    settled = node[1] == "||"
    if first is settled or second is settled:
        return settled
    return None if first is None or second is None else not settled


def _not(node: Node, place: _Place) -> bool | None:
    inner = _holds(node[1], place)
    return None if inner is None else not inner


SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _compare(node: Node, place: _Place) -> bool | None:
    pairs = [(a, b) for a in _unwrapped(node[2], place) for b in _unwrapped(node[3], place)]
    answers = [_pair(node[1], a, b) for a, b in pairs]
    return _any(answers, place)


def _any(answers: list[bool | None], place: _Place) -> bool | None:
    """True for one that is; in strict mode one that is unknown makes all unknown."""
    if None in answers and (place.strict or True not in answers):
        return None
    return True in answers


def _pair(sign: str, a: Any, b: Any) -> bool | None:
    if a is None or b is None:
        return (
            SIGNS[sign](a is None, b is None) if sign in ("==", "<>") else (a is b and sign in ("<=", ">="))
        )
    kinds = {_kind(a), _kind(b)}
    if len(kinds) > 1 or kinds & {"array", "object"}:
        return None
    return SIGNS[sign](a, b)


def _kind(item: Any) -> str:
    return _type_name(item, None)  # type: ignore[arg-type]


def _texts(node: Node, place: _Place, test: Callable[[str], bool]) -> bool | None:
    answers = [test(i) if isinstance(i, str) else None for i in _unwrapped(node, place)]
    return _any(answers, place)


def _starts(node: Node, place: _Place) -> bool | None:
    start = _items(node[2], place)
    if len(start) != 1 or not isinstance(start[0], str):
        return None
    return _texts(node[1], place, lambda text: text.startswith(start[0]))


def _regex(node: Node, place: _Place) -> bool | None:
    pattern = (f"(?{node[3]})" if node[3] else "") + node[2]
    return _texts(node[1], place, lambda text: patterns.regexp_like(text, pattern))


PREDICATES: dict[str, Callable[[Node, _Place], bool | None]] = {
    "binary": _joined,
    "not": _not,
    "exists": lambda node, place: bool(_items(node[1], place)),
    "unknown": lambda node, place: _holds(node[1], place) is None,
    "compare": _compare,
    "starts": _starts,
    "regex": _regex,
}
