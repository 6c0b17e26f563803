"""A parsed statement must be what its first words promise; the parser lets more through than Trino reads."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import malformed_query


def check_shape(kind: str, tree: exp.Expr) -> None:
    """Refuse an INSERT, CTAS or change of rows without its table or its query.

    Args:
        kind: the statement's name, such as INSERT.
        tree: what the parser made of it.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    expected = SHAPES.get(kind)
    if expected is None:
        return
    target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    if not isinstance(tree, expected) or not isinstance(target, exp.Table) or not target.name:
        raise malformed_query(f"line 1:1: mismatched input. Expecting: {kind.replace('_', ' ')} and a table")
    if isinstance(tree, exp.Insert | exp.Create) and not tree.args.get("expression"):
        raise malformed_query(
            f"line 1:1: mismatched input '<EOF>'. Expecting: {kind.replace('_', ' ')}'s <query>"
        )


SHAPES: dict[str, type[exp.Expr]] = {
    "INSERT": exp.Insert,
    "CREATE_TABLE_AS_SELECT": exp.Create,
    "UPDATE": exp.Update,
    "DELETE": exp.Delete,
    "MERGE": exp.Merge,
}
