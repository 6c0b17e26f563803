"""The text of a view as Athena keeps it: laid out line by line, not as it was typed.

Athena writes what it parsed (Trino's SqlFormatter): one clause a line, several columns one below the other,
no AS before an alias, no comments. Here that is done for one SELECT from one relation, whose expressions
stay as typed, where Athena puts parentheses round conditions; any other query is kept as it is.
"""

from __future__ import annotations

from sqlglot.tokens import Token, TokenType

from local_athena.errors import AthenaApiError
from local_athena.parse.statements import parse_query, tokenize

CLAUSES = {
    TokenType.SELECT, TokenType.FROM, TokenType.WHERE, TokenType.GROUP_BY, TokenType.HAVING,
    TokenType.ORDER_BY, TokenType.LIMIT, TokenType.OFFSET,
}  # fmt: skip
ALIASED = (TokenType.SELECT, TokenType.FROM)
OPENS = (TokenType.L_PAREN, TokenType.L_BRACKET)
CLOSES = (TokenType.R_PAREN, TokenType.R_BRACKET)


def laid_out(sql: str) -> str:
    """The query as Athena lays it out; the same text for one that is more than a plain SELECT."""
    try:
        made = "\n".join(_clause(clause, sql) for clause in _clauses(tokenize(sql)))
        return made if parse_query(made) == parse_query(sql) else sql
    except (AthenaApiError, ValueError):
        return sql


def _clauses(tokens: list[Token]) -> list[list[list[Token]]]:
    """The clauses: lists of the parts that commas outside parentheses divide them into.

    Raises:
        ValueError: a word outside parentheses belongs to no plain SELECT.
    """
    found: list[list[list[Token]]] = []
    depth = 0
    for token in tokens:
        kind = token.token_type
        depth -= kind in CLOSES
        if depth == 0 and kind in CLAUSES:
            found.append([[token], []])
        elif depth == 0 and (kind in FOREIGN or not found):
            raise ValueError(token.text)
        elif depth == 0 and kind is TokenType.COMMA:
            found[-1].append([])
        elif depth or kind is not TokenType.ALIAS or found[-1][0][0].token_type not in ALIASED:
            found[-1][-1].append(token)
        depth += kind in OPENS
    return found


FOREIGN = {
    TokenType.WITH, TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT, TokenType.JOIN,
    TokenType.FETCH, TokenType.WINDOW, TokenType.MATCH_RECOGNIZE,
}  # fmt: skip


def _clause(clause: list[list[Token]], sql: str) -> str:
    word, parts = clause[0][0], [_written(part, sql) for part in clause[1:]]
    name = " ".join(word.text.upper().split())
    if word.token_type is TokenType.FROM:
        if len(parts) > 1:
            raise ValueError("FROM of several relations")
        return f"{name}\n  {parts[0]}"
    if word.token_type is TokenType.SELECT and parts[0].upper().startswith("DISTINCT "):
        name, parts[0] = f"{name} DISTINCT", parts[0][len("DISTINCT ") :]
    if word.token_type is TokenType.SELECT and len(parts) > 1:
        return name + "\n  " + "\n, ".join(parts)
    return f"{name} {', '.join(parts)}"


def _written(tokens: list[Token], sql: str) -> str:
    """The tokens as typed, one blank where there were several or a comment."""
    text, end = "", None
    for token in tokens:
        gap = " " if end is not None and token.start > end else ""
        text, end = text + gap + sql[token.start : token.end + 1], token.end + 1
    return text
