"""What reads a window with a row pattern: its measures, and functions over the rows of its matches.

Functions that count places (`rank`, `row_number`, ...) see the whole partition, as Trino lets them.
https://trino.io/docs/current/sql/pattern-recognition-in-window.html
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.pattern_window import PatternWindow
from local_athena.parse.row_pattern import variable_name
from local_athena.sql.build import NOTHING, commas, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Field, Typed
from local_athena.translate.clause_checks import BY_PLACE
from local_athena.translate.scope import PatternFrame, Scope
from local_athena.translate.translating import Translator
from local_athena.translate.windows import partition_and_order

BY_PEERS = frozenset(("rank", "dense_rank", "percent_rank", "cume_dist"))
"""Functions of how rows compare by the window's own order."""


def pattern_frame(t: Translator, node: exp.Expr, scope: Scope) -> PatternFrame | None:
    """What the window of a call found, if it has a row pattern."""
    found = scope.patterns.get(id(node))
    if found is None and isinstance(node, PatternWindow):
        raise not_supported(f"{t.context.where(node)}Row pattern recognition is not supported in this place")
    named = node.args.get("alias")
    if found is not None or named is None or node.meta.get("in_parentheses"):
        return found
    base = scope.windows.get(named.name.lower())
    return scope.patterns.get(id(base[0])) if base is not None else None


def measure(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    """`measure OVER window`.

    Raises:
        QueryFailed: INVALID_WINDOW_MEASURE, AMBIGUOUS_NAME.
    """
    partition_and_order(t, node, scope)
    frame, name = pattern_frame(t, node, scope), node.this.this
    wanted = variable_name(name.name, quoted=bool(name.args.get("quoted")))
    found = [field for known, field in (frame.measures if frame is not None else ()) if known == wanted]
    if not found:
        problem = f"Measure {name.name} is not defined in the corresponding window"
        raise QueryFailed("INVALID_WINDOW_MEASURE", t.context.where(node.this) + problem, error_type=1006)
    if len(found) > 1:
        problem = f"Measure {name.name} is defined more than once"
        raise QueryFailed("AMBIGUOUS_NAME", t.context.where(node.this) + problem, error_type=1006)
    return _read(found[0])


def pattern_clause(t: Translator, node: exp.Expr, scope: Scope, name: str) -> Sql | None:
    """What follows OVER of a function, in parentheses, if the window has a row pattern.

    Raises:
        QueryFailed: the function can have no frame.
    """
    frame = pattern_frame(t, node, scope)
    if frame is None:
        return None
    keys, order = partition_and_order(t, node, scope)
    if name in BY_PLACE:
        where = t.context.where(node.this)
        if not order:
            problem = f"{name} function requires an ORDER BY window clause"
            raise QueryFailed("MISSING_ORDER_BY", where + problem)
        raise QueryFailed("INVALID_WINDOW_FRAME", f"{where}Cannot specify window frame for {name} function")
    parted = sql("PARTITION BY {} ", commas(keys)) if keys else NOTHING
    if name in BY_PEERS:
        return sql("({}{})", parted, sql("ORDER BY {}", commas(order)) if order else NOTHING)
    place, first, last = map(_read, (frame.place, frame.first, frame.last))
    return sql("({}ORDER BY {} ROWS BETWEEN {} FOLLOWING AND {} FOLLOWING)", parted, place, first, last)


def _read(field: Field) -> Typed:
    if field.on_use is not None:
        field.on_use()
    return field.value
