"""Taking subqueries out of expressions, for the places where DuckDB takes none."""

from __future__ import annotations

from sqlglot import exp

from local_athena.sql.build import ident, sql
from local_athena.sql.fragment import Name
from local_athena.sql.typed import Typed
from local_athena.translate.forms import bound
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator


def parts_with_queries(node: exp.Expr) -> list[exp.Expr]:
    """The smallest parts of an expression that are whole with their subqueries."""
    if isinstance(node, exp.Query | exp.Exists | exp.Values) or _compares_with_rows(node):
        return [node]
    return [part for child in node.iter_expressions() for part in parts_with_queries(child)]


def _compares_with_rows(node: exp.Expr) -> bool:
    kinds = exp.Query | exp.Values if isinstance(node, exp.In) else exp.Any | exp.All
    inner = (
        [node.args.get("query"), *node.expressions] if isinstance(node, exp.In) else node.iter_expressions()
    )
    return any(isinstance(child, kinds) for child in inner)


def tried(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    """TRY around an expression; its subqueries are computed before, so that one that fails does fail."""
    before: dict[Name, Typed] = {}
    if node.find(exp.Query, exp.Values) is not None:
        whole = exp.Paren(this=node.copy())
        for part in parts_with_queries(whole.this):
            value = t.expression(part, scope)
            name = f"q{value.sql.digest.hex()[:12]}"
            before[ident(name)] = value
            part.replace(exp.column(exp.to_identifier(name, quoted=True)))
        node = whole.this
        names = {str(name.pieces[0]): Typed(name, value.type) for name, value in before.items()}
        scope = scope.with_lambda(names)
    with t.context.within_try(True):
        value = t.expression(node, scope)
    made = sql("TRY({})", value)
    for parameter, outer in before.items():
        made = bound(parameter, outer, made)
    return Typed(made, value.type)
