"""What a window's frame may say: its ends in an order that can be, offsets of a type that can count.

https://trino.io/docs/current/functions/window.html
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.coercion import NUMERIC
from local_athena.types.trino import INTEGERS, INTERVAL_DAY, INTERVAL_YEAR, TrinoType

Term = tuple[exp.Expr, Scope]
"""An expression, and the place where its names mean something."""

FRAME = "Window frame "
ENDS = (
    ("CURRENT ROW", "PRECEDING", "starting from CURRENT ROW cannot end with PRECEDING"),
    ("FOLLOWING", "PRECEDING", "starting from FOLLOWING cannot end with PRECEDING"),
    ("FOLLOWING", "CURRENT ROW", "starting from FOLLOWING cannot end with CURRENT ROW"),
)
MOMENTS = ("date", "timestamp", "timestamp with time zone", "time", "time with time zone")
INTERVALS = (INTERVAL_DAY, INTERVAL_YEAR)


def check_frame(t: Translator, spec: exp.Expr, scope: Scope, orders: list[Term]) -> None:
    """Refuse a frame that cannot be; `orders` are what the window sorts by.

    Raises:
        QueryFailed: INVALID_WINDOW_FRAME, MISSING_ORDER_BY, INVALID_ORDER_BY, TYPE_MISMATCH.
    """
    _check_ends(t, spec)
    kind = str(spec.args["kind"]).upper()
    offsets = {end: spec.args[end] for end in ("start", "end") if isinstance(spec.args.get(end), exp.Expr)}
    if not offsets:
        return
    if kind == "RANGE":
        _check_distances(t, offsets, scope, orders)
        return
    if kind == "GROUPS" and not orders:
        problem = "of type GROUPS PRECEDING or FOLLOWING requires ORDER BY"
        raise _refused(t, spec, "MISSING_ORDER_BY", problem)
    for end, offset in offsets.items():
        check_count(t, kind, end, offset, scope)


def check_count(t: Translator, kind: str, end: str, offset: exp.Expr, scope: Scope) -> None:
    """Refuse what does not count rows or groups of them.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    type_ = t.expression(offset, scope).type
    if type_.base in INTEGERS or (type_.base == "decimal" and type_.scale == 0):
        return
    problem = f"{kind} {end} value type must be exact numeric type with scale 0 (actual {type_})"
    raise _refused(t, offset, "TYPE_MISMATCH", problem)


def _check_ends(t: Translator, spec: exp.Expr) -> None:
    start, end = spec.args["start"], spec.args.get("end") or "CURRENT ROW"
    sides = (_side(start, spec.args.get("start_side")), _side(end, spec.args.get("end_side")))
    problem = None
    if start == "UNBOUNDED" and sides[0] == "FOLLOWING":
        problem = "start cannot be UNBOUNDED FOLLOWING"
    elif end == "UNBOUNDED" and sides[1] == "PRECEDING":
        problem = "end cannot be UNBOUNDED PRECEDING"
    else:
        problem = next((words for first, second, words in ENDS if sides == (first, second)), None)
    if problem:
        raise _refused(t, spec, "INVALID_WINDOW_FRAME", problem)


def _side(bound: exp.Expr | str, side: str | None) -> str:
    return (side or str(bound)).upper()


def _check_distances(t: Translator, offsets: dict[str, exp.Expr], scope: Scope, orders: list[Term]) -> None:
    first = next(iter(offsets.values()))
    what = "of type RANGE PRECEDING or FOLLOWING requires "
    if not orders:
        raise _refused(t, first, "MISSING_ORDER_BY", what + "ORDER BY")
    if len(orders) > 1:
        problem = f"{what}single sort item in ORDER BY (actual: {len(orders)})"
        raise _refused(t, orders[0][0], "INVALID_ORDER_BY", problem)
    item, place = orders[0]
    sorted_by = t.expression(item.this, place).type
    if sorted_by.base not in (*NUMERIC, *MOMENTS) and sorted_by not in INTERVALS:
        problem = f"{what}that sort item type be numeric, datetime or interval (actual: {sorted_by})"
        raise _refused(t, item, "TYPE_MISMATCH", problem)
    for offset in offsets.values():
        type_ = t.expression(offset, scope).type
        if not _is_distance(type_, sorted_by):
            problem = f"RANGE value type ({type_}) not compatible with sort item type ({sorted_by})"
            raise _refused(t, offset, "TYPE_MISMATCH", problem)


def _is_distance(offset: TrinoType, sorted_by: TrinoType) -> bool:
    """Whether values of a type can be that far apart."""
    if offset.base == "unknown":
        return True
    if sorted_by.base in NUMERIC:
        return offset.base in NUMERIC
    return offset == sorted_by if sorted_by in INTERVALS else offset in INTERVALS


def _refused(t: Translator, node: exp.Expr, name: str, problem: str) -> QueryFailed:
    return QueryFailed(name, t.context.where(node) + FRAME + problem)
