"""A parsed statement must be what its first words promise; the parser lets more through than Trino reads.

It also reads clauses of other databases, such as RETURNING, that nothing here would act on.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokens import TokenType

from local_athena.errors import AthenaApiError, malformed_query
from local_athena.parse.statements import position, tokenize

SHAPES: dict[str, type[exp.Expr]] = {
    "INSERT": exp.Insert,
    "CREATE_TABLE_AS_SELECT": exp.Create,
    "UPDATE": exp.Update,
    "DELETE": exp.Delete,
    "MERGE": exp.Merge,
}
FOREIGN = {
    "INSERT": {"overwrite": "OVERWRITE", "default": "DEFAULT", "conflict": "ON", "returning": "RETURNING"},
    "UPDATE": {"from_": "FROM", "order": "ORDER", "limit": "LIMIT", "returning": "RETURNING"},
    "DELETE": {"using": "USING", "order": "ORDER", "limit": "LIMIT", "returning": "RETURNING"},
    "MERGE": {"returning": "RETURNING"},
}
"""Clauses that Trino does not have, and the words they begin with."""


def check_shape(kind: str, tree: exp.Expr, text: str) -> None:
    """Refuse an INSERT, CTAS or change of rows without its table or its query, or with a foreign clause.

    Args:
        kind: the statement's name, such as INSERT.
        tree: what the parser made of it.
        text: what it was made of.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    expected = SHAPES.get(kind)
    if expected is None:
        return
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    if not isinstance(tree, expected) or not isinstance(target, exp.Table) or not target.name:
        raise malformed_query(f"line 1:1: mismatched input. Expecting: {kind.replace('_', ' ')} and a table")
    foreign = [word for name, word in FOREIGN.get(kind, {}).items() if tree.args.get(name)]
    if target.args.get("partition"):
        foreign.append("PARTITION")
    if foreign:
        raise _unexpected(text, foreign[0])
    if isinstance(tree, exp.Insert | exp.Create) and not tree.args.get("expression"):
        raise malformed_query(
            f"line 1:1: mismatched input '<EOF>'. Expecting: {kind.replace('_', ' ')}'s <query>"
        )


def _unexpected(text: str, word: str) -> AthenaApiError:
    """The refusal of a word that stands outside all parentheses."""
    depth = offset = 0
    for token in tokenize(text):
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        if depth == 0 and token.text.upper().startswith(word):
            offset = token.start
    line, column = position(text, offset)
    return malformed_query(f"line {line}:{column}: mismatched input '{word}'. Expecting: <EOF>")
