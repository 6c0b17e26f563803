"""The syntax of `MATCH_RECOGNIZE (...)` after a relation: a RowPatternRecognition around it.

https://trino.io/docs/current/sql/match-recognize.html
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from local_athena.parse.row_pattern import PatternError, parse_row_pattern

CLOSING = {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}


class RowPatternRecognition(exp.Expression):  # type: ignore[misc]
    """`this` is the relation; `pattern` a RowPattern, whose text starts at `pattern_start`.

    `rows` is ONE, ALL, OMIT or UNMATCHED; `skip` PAST, NEXT, FIRST or LAST, the last two with `skip_to`.
    """

    arg_types = {  # noqa: RUF012
        "this": True, "partition_by": False, "order": False, "measures": False, "rows": False,
        "skip": False, "skip_to": False, "search": False, "pattern": True, "pattern_start": False,
        "subsets": False, "definitions": False, "alias": False, "joins": False, "sample": False,
        "skip_start": False, "search_start": False,
    }  # fmt: skip


class Subset(exp.Expression):  # type: ignore[misc]
    """`this = (expressions)`: a union variable."""

    arg_types = {"this": True, "expressions": True}  # noqa: RUF012


class ProcessingMode(exp.Expression):  # type: ignore[misc]
    """`RUNNING call` or `FINAL call`."""

    arg_types = {"this": True, "final": True}  # noqa: RUF012

    @property
    def word(self) -> str:
        """RUNNING or FINAL."""
        return "FINAL" if self.args["final"] else "RUNNING"


def match_recognize(parser: Any, relation: exp.Expr, *, joins: bool) -> exp.Expr:
    """What follows MATCH_RECOGNIZE, which was read."""
    parser._match_l_paren()
    made = RowPatternRecognition(this=relation, **_clauses(parser))
    parser._match_r_paren()
    made.set("alias", parser._parse_table_alias())
    made.set("sample", parser._parse_table_sample())
    for join in parser._parse_joins() if joins else ():
        made.append("joins", join)
    return made


def _clauses(parser: Any) -> dict[str, Any]:
    found = {"partition_by": parser._parse_partition_by(), "order": parser._parse_order()}
    return {**found, "rows": "", **pattern_clauses(parser, _rows_per_match)}


def pattern_clauses(parser: Any, between: Any, *, whole: bool = True) -> dict[str, Any]:
    """MEASURES to DEFINE; `between` reads what stands between MEASURES and AFTER MATCH.

    If it need not be `whole`, PATTERN and DEFINE may be missing.
    """
    found: dict[str, Any] = {"measures": _measures(parser), **between(parser), **_skip(parser)}
    found |= _search(parser)
    if parser._match_text_seq("PATTERN"):
        found |= _pattern(parser)
    elif whole:
        parser.raise_error("Expected PATTERN")
    if parser._match_text_seq("SUBSET"):
        found["subsets"] = parser._parse_csv(lambda: _subset(parser))
    if parser._match_text_seq("DEFINE"):
        found["definitions"] = _in_pattern(parser, lambda: parser._parse_csv(lambda: _definition(parser)))
    elif whole:
        parser.raise_error("Expected DEFINE")
    return found


def _in_pattern(parser: Any, parse: Any) -> Any:
    """Parse where RUNNING and FINAL may stand before a call."""
    outside, parser.in_row_pattern = parser.in_row_pattern, True
    try:
        return parse()
    finally:
        parser.in_row_pattern = outside


def processing_mode(parser: Any) -> exp.Expr | None:
    """RUNNING or FINAL and the call after it, if they stand here."""
    word = parser._curr.text.upper() if parser._curr else ""
    at = parser._index + 2
    if word not in ("RUNNING", "FINAL") or at >= len(parser._tokens):
        return None
    if parser._next.token_type == TokenType.L_PAREN or parser._tokens[at].token_type != TokenType.L_PAREN:
        return None
    start = parser._curr
    parser._advance()
    made = ProcessingMode(this=parser._parse_unary(), final=word == "FINAL")
    made.meta.update(start=start.start, end=start.end)
    return made


def _measures(parser: Any) -> list[exp.Expr]:
    if not parser._match_text_seq("MEASURES"):
        return []
    found: list[exp.Expr] = _in_pattern(parser, lambda: parser._parse_csv(lambda: _measure(parser)))
    return found


def _measure(parser: Any) -> exp.Expr:
    value = parser._parse_disjunction()
    if not parser._match(TokenType.ALIAS):
        parser.raise_error("Expected AS")
    return exp.Alias(this=value, alias=_identifier(parser))


def _definition(parser: Any) -> exp.Expr:
    name = _identifier(parser)
    if not parser._match(TokenType.ALIAS):
        parser.raise_error("Expected AS")
    return exp.Alias(this=parser._parse_disjunction(), alias=name)


def _identifier(parser: Any) -> exp.Expr:
    token = parser._curr
    name = parser._parse_id_var()
    if name is None:
        parser.raise_error("Expected an identifier")
    name.meta.update(start=token.start, end=token.end)
    made: exp.Expr = name
    return made


def _rows_per_match(parser: Any) -> dict[str, str]:
    if parser._match_text_seq("ONE", "ROW", "PER", "MATCH"):
        return {"rows": "ONE"}
    if not parser._match_text_seq("ALL", "ROWS", "PER", "MATCH"):
        return {"rows": "ONE"}
    for words, name in (
        (("SHOW", "EMPTY", "MATCHES"), "ALL"),
        (("OMIT", "EMPTY", "MATCHES"), "OMIT"),
        (("WITH", "UNMATCHED", "ROWS"), "UNMATCHED"),
    ):
        if parser._match_text_seq(*words):
            return {"rows": name}
    return {"rows": "ALL"}


def _search(parser: Any) -> dict[str, Any]:
    for word in ("INITIAL", "SEEK"):
        if parser._match_text_seq(word):
            return {"search": word, "search_start": parser._prev.start}
    return {"search": ""}


def _skip(parser: Any) -> dict[str, Any]:
    if not parser._match_text_seq("AFTER", "MATCH"):
        return {"skip": "PAST"}
    if not parser._match_text_seq("SKIP"):
        parser.raise_error("Expected SKIP")
    return {"skip_start": parser._prev.start, **_skip_target(parser)}


def _skip_target(parser: Any) -> dict[str, Any]:
    if parser._match_text_seq("PAST", "LAST", "ROW"):
        return {"skip": "PAST"}
    if not parser._match_text_seq("TO"):
        parser.raise_error("Expected TO")
    if parser._match_text_seq("NEXT", "ROW"):
        return {"skip": "NEXT"}
    words = [word for word in ("FIRST", "LAST") if _says_before_name(parser, word)]
    if words:
        parser._advance()
    return {"skip": words[0] if words else "LAST", "skip_to": _identifier(parser)}


def _says_before_name(parser: Any, word: str) -> bool:
    """Whether `word` stands here and is not itself the variable, whose name it may be."""
    following = parser._next.text.upper() if parser._next else ""
    return parser._curr.text.upper() == word and following not in ("PATTERN", "INITIAL", "SEEK")


def _subset(parser: Any) -> exp.Expr:
    name = _identifier(parser)
    if not parser._match(TokenType.EQ):
        parser.raise_error("Expected =")
    parser._match_l_paren()
    members = parser._parse_csv(lambda: _identifier(parser))
    parser._match_r_paren()
    return Subset(this=name, expressions=members)


def _pattern(parser: Any) -> dict[str, Any]:
    """The pattern in parentheses, read from the text, as it is no SQL."""
    parser._match_l_paren()
    first, depth = parser._curr, 1
    while parser._curr:
        depth += CLOSING.get(parser._curr.token_type, 0)
        if depth == 0:
            break
        parser._advance()
    if depth:
        parser.raise_error("Expected )")
    text = parser.sql[first.start : parser._curr.start]
    try:
        found = {"pattern": parse_row_pattern(text), "pattern_start": first.start}
    except PatternError as error:
        parser.raise_error(str(error), _token_at(parser, first.start + error.offset))
        raise
    parser._match_r_paren()
    return found


def _token_at(parser: Any, offset: int) -> Token:
    return next((token for token in parser._tokens if token.end >= offset), parser._tokens[-1])
