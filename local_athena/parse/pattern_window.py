"""The syntax of a window with a row pattern: `OVER (... MEASURES ... ROWS ... PATTERN (...) ... DEFINE ...)`.

https://trino.io/docs/current/sql/pattern-recognition-in-window.html
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from local_athena.parse.match_recognize import CLOSING, pattern_clauses

OPENS = frozenset(("MEASURES", "AFTER", "INITIAL", "SEEK", "PATTERN", "SUBSET", "DEFINE"))
FRAMES = ("ROWS", "RANGE", "GROUPS")
SIGNS = ("skip_start", "search_start", "pattern", "subsets", "definitions")
"""What tells a window with a row pattern from another, beside MEASURES."""
AFTER_NAME = (TokenType.PARTITION_BY, TokenType.ORDER_BY, TokenType.R_PAREN)
BEFORE = (TokenType.OVER, TokenType.ALIAS)


class PatternWindow(exp.Window):  # type: ignore[misc]
    """A window with clauses of row pattern recognition, named as those of a RowPatternRecognition.

    `spec` starts at `frame_start` in the text. What Trino wants may be missing: `pattern` is
    None then.
    """

    arg_types = {  # noqa: RUF012
        **exp.Window.arg_types, "measures": False, "skip": False, "skip_to": False, "search": False,
        "pattern": False, "pattern_start": False, "subsets": False, "definitions": False,
        "frame_start": False, "skip_start": False, "search_start": False,
    }  # fmt: skip


def pattern_window(parser: Any, this: exp.Expr | None) -> exp.Expr | None:
    """A window with clauses of a row pattern, if one starts here; `this` is what it is of, or its name."""
    tokens, first = parser._tokens, parser._index
    if first >= len(tokens) or tokens[first].token_type not in BEFORE:
        return None
    if first + 1 >= len(tokens) or tokens[first + 1].token_type is not TokenType.L_PAREN:
        return None
    if not _says_pattern(tokens, first + 1):
        return None
    parser._advance(2)
    found = {"alias": _name(parser), "partition_by": parser._parse_partition_by()}
    found["order"] = parser._parse_order()
    start = parser._curr.start if parser._curr else 0
    found |= pattern_clauses(parser, lambda p: {"spec": _frame(p)}, whole=False)
    if not any(found.get(name) is not None for name in SIGNS) and not found["measures"]:
        parser._retreat(first)
        return None
    parser._match_r_paren()
    over = "OVER" if tokens[first].token_type is TokenType.OVER else None
    made: exp.Expr = PatternWindow(this=this, over=over, frame_start=start, **found)
    return made


def _says_pattern(tokens: list[Token], first: int) -> bool:
    """Whether a word that begins such a clause stands between the parentheses at `first`."""
    depth = 0
    for token in tokens[first:]:
        depth += CLOSING.get(token.token_type, 0)
        if depth == 0:
            return False
        if depth == 1 and token.text.upper() in OPENS:
            return True
    return False


def _name(parser: Any) -> exp.Expr | None:
    """The name of another window that this one begins with."""
    token, following = parser._curr, parser._next
    if token.token_type in AFTER_NAME or token.text.upper() in FRAMES:
        return None
    is_name = following.token_type in AFTER_NAME or following.text.upper() in FRAMES
    if token.text.upper() in OPENS and not is_name:
        return None
    name: exp.Expr | None = parser._parse_id_var(any_token=False, tokens=parser.WINDOW_ALIAS_TOKENS)
    if name is not None:
        name.meta.update(start=token.start, end=token.end)
    return name


def _frame(parser: Any) -> exp.Expr | None:
    kind = next((word for word in FRAMES if parser._match_text_seq(word)), None)
    if kind is None:
        return None
    between = parser._match(TokenType.BETWEEN)
    start = parser._parse_window_spec()
    end: dict[str, Any] = {}
    if between:
        if not parser._match(TokenType.AND):
            parser.raise_error("Expected AND")
        end = parser._parse_window_spec()
    sides = {"start_side": start["side"], "end_side": end.get("side")}
    return exp.WindowSpec(kind=kind, start=start["value"], end=end.get("value"), **sides)
