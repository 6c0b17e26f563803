"""Refuse what other databases have and Trino does not: the parser reads it, and nothing here would act on it.

`LEFT ANTI JOIN` would be a left join, and `* EXCEPT (a)` every column. So each clause is on a list of what
Trino's grammar has, and what is not on it is refused.
https://github.com/trinodb/trino/blob/master/core/trino-grammar/src/main/antlr4/io/trino/grammar/sql/SqlBase.g4
"""

from __future__ import annotations

from itertools import pairwise

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

MODIFIERS = frozenset(("with_", "order", "limit", "offset"))
CLAUSES: dict[type[exp.Expr], frozenset[str]] = {
    exp.Select: MODIFIERS
    | {"expressions", "from_", "joins", "where", "group", "having", "windows", "distinct", "sample", "hint"},
    exp.Union: MODIFIERS | {"this", "expression", "distinct"},
    exp.Intersect: MODIFIERS | {"this", "expression", "distinct"},
    exp.Except: MODIFIERS | {"this", "expression", "distinct"},
    exp.Subquery: MODIFIERS | {"this", "alias", "joins", "sample"},
    exp.Values: MODIFIERS | {"expressions", "alias", "joins", "sample"},
    exp.Unnest: frozenset(("expressions", "alias", "offset", "joins", "sample")),
    exp.Lateral: frozenset(("this", "alias", "joins")),
    exp.Star: frozenset(),
    exp.Distinct: frozenset(("expressions",)),
    exp.Join: frozenset(("this", "side", "kind", "on", "using", "method")),
    exp.Limit: frozenset(("expression",)),
    exp.Fetch: frozenset(("direction", "count", "limit_options")),
    exp.LimitOptions: frozenset(("rows", "with_ties")),
    exp.Offset: frozenset(("expression",)),
    exp.With: frozenset(("expressions", "recursive")),
    exp.CTE: frozenset(("this", "alias")),
    exp.Window: frozenset(("this", "alias", "over", "partition_by", "order", "spec")),
    exp.WindowSpec: frozenset(("kind", "start", "start_side", "end", "end_side")),
    exp.Ordered: frozenset(("this", "desc", "nulls_first")),
    exp.Group: frozenset(("expressions", "all", "rollup", "cube", "grouping_sets")),
    exp.In: frozenset(("this", "expressions", "query")),
    exp.TableSample: frozenset(("method", "percent")),
    exp.Cast: frozenset(("this", "to")),
    exp.TryCast: frozenset(("this", "to", "safe")),
}
"""What each clause may have, by sqlglot's names."""
JOINS = {
    *((side, kind) for side in ("LEFT", "RIGHT", "FULL") for kind in ("", "OUTER")),
    *(("", kind) for kind in ("", "INNER", "CROSS")),
}
OPERATORS = frozenset((TokenType.DCOLON, TokenType.NULLSAFE_EQ, TokenType.ISNULL, TokenType.NOTNULL))
OPENING = frozenset((TokenType.SELECT, TokenType.COMMA, TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.EQ))
CLOSING = frozenset(
    (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.COMMA, TokenType.FROM, TokenType.WHERE)
)


def foreign_token(tokens: list[Token]) -> Token | None:
    """The first token that no Trino query has where it stands."""
    for before, token in pairwise(tokens):
        kind = token.token_type
        if kind in OPERATORS or token.text == "==":
            return token
        if kind is TokenType.L_BRACKET and before.token_type in OPENING:
            return token
        if before.token_type in (TokenType.COMMA, TokenType.ALIAS) and kind in CLOSING:
            return token
        if before.token_type is TokenType.LIMIT and _follows(tokens, token, TokenType.COMMA):
            return token
    return tokens[-1] if tokens and tokens[-1].token_type in (TokenType.COMMA, TokenType.ALIAS) else None


def _follows(tokens: list[Token], token: Token, kind: TokenType) -> bool:
    after = next((t for t in tokens if t.start > token.start), None)
    return after is not None and after.token_type is kind


def foreign_clause(tree: exp.Expr) -> str | None:
    """The name of the first clause that Trino does not have."""
    for node in tree.walk():
        allowed = CLAUSES.get(type(node))
        if allowed is not None:
            given = next(
                (name for name, value in node.args.items() if _given(value) and name not in allowed), None
            )
            if given is not None:
                return f"{type(node).__name__} {given.strip('_')}".upper()
        if isinstance(node, exp.Join) and not _is_join(node):
            return f"{node.side} {node.kind} JOIN".strip()
        if isinstance(node, exp.In) and not (node.args.get("query") or node.expressions):
            return "IN ()"
    return None


def _given(value: object) -> bool:
    return value is not None and value is not False and value != []


def _is_join(node: exp.Join) -> bool:
    side, kind = str(node.side or "").upper(), str(node.kind or "").upper()
    conditional = node.args.get("on") is not None or bool(node.args.get("using"))
    return (side, kind) in JOINS and not (kind == "CROSS" and conditional)
