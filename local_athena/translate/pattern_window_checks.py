"""What a window with a row pattern must say and must not, refused in Trino's words.

https://trino.io/docs/current/sql/pattern-recognition-in-window.html
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.parse.pattern_syntax import Anchor, walk
from local_athena.parse.statements import position
from local_athena.translate.translating import Translator


def check_frame(t: Translator, node: exp.Expr) -> None:
    """Refuse a window whose clauses do not go together.

    Raises:
        QueryFailed: MISSING_ROW_PATTERN, MISSING_VARIABLE_DEFINITIONS, INVALID_WINDOW_FRAME,
            INVALID_ROW_PATTERN, SYNTAX_ERROR.
    """
    spec, start = node.args.get("spec"), node.args["frame_start"]
    if spec is None:
        raise _refused(t, start, "SYNTAX_ERROR", "Row pattern recognition in a window requires a frame")
    _check_ends(t, spec, start)
    if node.args.get("pattern") is None:
        raise _without_pattern(t, node)
    if not node.args.get("definitions"):
        problem = "Pattern recognition requires DEFINE clause"
        raise _refused(t, start, "MISSING_VARIABLE_DEFINITIONS", problem)
    if spec.args["kind"] != "ROWS":
        raise _refused(t, start, "INVALID_WINDOW_FRAME", "Pattern recognition requires ROWS frame type")
    if spec.args["start"] != "CURRENT ROW" or spec.args.get("end") is None:
        problem = "Pattern recognition requires frame specified as BETWEEN CURRENT ROW AND ..."
        raise _refused(t, start, "INVALID_WINDOW_FRAME", problem)
    if any(isinstance(part, Anchor) for part in walk(node.args["pattern"])):
        problem = "Anchor pattern syntax is not allowed in window"
        raise _refused(t, node.args["pattern_start"], "INVALID_ROW_PATTERN", problem)


def _check_ends(t: Translator, spec: exp.Expr, start: int) -> None:
    """Refuse a frame that ends before it starts."""
    side = str(spec.args.get("end_side") or "").upper()
    problem = ""
    if spec.args.get("end") == "UNBOUNDED" and side == "PRECEDING":
        problem = "Window frame end cannot be UNBOUNDED PRECEDING"
    elif spec.args["start"] == "CURRENT ROW" and side == "PRECEDING":
        problem = "Window frame starting from CURRENT ROW cannot end with PRECEDING"
    if problem:
        raise _refused(t, start, "INVALID_WINDOW_FRAME", problem)


def _without_pattern(t: Translator, node: exp.Expr) -> QueryFailed:
    """What is said of the first clause that has no meaning without PATTERN."""
    start, given = node.args["frame_start"], node.args
    problem = "Primary pattern variable definitions require PATTERN clause"
    if given["measures"]:
        problem = "Row pattern measures require PATTERN clause"
    elif given.get("skip_start") is not None:
        start, problem = given["skip_start"], "AFTER MATCH SKIP clause requires PATTERN clause"
    elif given.get("search_start") is not None:
        start, problem = given["search_start"], f"{given['search']} modifier requires PATTERN clause"
    elif given.get("subsets"):
        problem = "Union variable definitions require PATTERN clause"
    return _refused(t, start, "MISSING_ROW_PATTERN", problem)


def _refused(t: Translator, start: int, name: str, problem: str) -> QueryFailed:
    where = "line {}:{}: ".format(*position(t.context.text, start))
    return QueryFailed(name, where + problem, error_type=1006)
