"""Where aggregates may stand, and what may stand beside them: refused in Trino's words before DuckDB sees it.

https://trino.io/docs/current/sql/select.html#group-by-clause
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.functions.library import LIBRARY
from local_athena.parse.dialect import Athena
from local_athena.parse.pattern_window import PatternWindow
from local_athena.sql.fragment import Name, Sql
from local_athena.translate.chains import operands
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.translate.window_checks import windows_in


def is_aggregate(node: exp.Expr) -> bool:
    """Whether a call is of an aggregate function."""
    if isinstance(node, exp.GroupConcat):
        return True
    if isinstance(node, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
        return is_aggregate(node.this)
    name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
    return any(entry.kind == "aggregate" for entry in LIBRARY.get(name, ()))


def aggregates(node: exp.Expr) -> list[exp.Expr]:
    """The aggregate calls of an expression, not those of its subqueries and windows, nor nested ones.

    Those of a row pattern in a window count, as they do in Trino.
    """
    if is_aggregate(node):
        return [node]
    if isinstance(node, exp.Query):
        return []
    inner = list(
        _called(node).iter_expressions() if isinstance(node, exp.Window) else node.iter_expressions()
    )
    if isinstance(node, PatternWindow):
        inner += [child for child in node.iter_expressions() if child is not node.this]
    return [found for child in inner for found in aggregates(child)]


def _called(window: exp.Expr) -> exp.Expr:
    """The call that a window is of."""
    call: exp.Expr = window.this
    while isinstance(call, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
        call = call.this
    return call


def check_where(t: Translator, condition: exp.Expr) -> None:
    """Refuse aggregates and windows in WHERE.

    Raises:
        QueryFailed: EXPRESSION_NOT_SCALAR.
    """
    windows = windows_in([condition])
    wrong = windows or aggregates(condition)
    if wrong:
        shown = ", ".join(_text(node) for node in wrong)
        raise QueryFailed(
            "EXPRESSION_NOT_SCALAR",
            f"{t.context.where(condition)}WHERE clause cannot contain aggregations, window functions or "
            f"grouping operations: [{shown}]",
            error_type=1006,
        )


def check_grouped(t: Translator, nodes: list[exp.Expr], scope: Scope, keys: set[Sql]) -> None:
    """Refuse an expression of a grouped SELECT that reads a column which is neither a key nor aggregated.

    Raises:
        QueryFailed: EXPRESSION_NOT_AGGREGATE, NESTED_AGGREGATION.
    """
    for node in nodes:
        _Check(t, node, scope, keys).below(node)


class _Check:
    """Looks at one expression of a grouped SELECT, whose `keys` are the SQL of what it groups by."""

    def __init__(self, t: Translator, whole: exp.Expr, scope: Scope, keys: set[Sql]) -> None:
        self._t, self._whole, self._scope, self._keys = t, whole, scope, keys
        self._only_columns = all(isinstance(key, Name) for key in keys)
        self._computed: dict[int, bool] = {}

    def below(self, node: exp.Expr) -> None:
        """Look at a part."""
        if isinstance(node, exp.Query | exp.Lambda):
            return  # DuckDB looks at what these read
        if is_aggregate(node):
            self._aggregate(node)
        elif isinstance(node, exp.Column):
            self._column(node)
        elif not self._is_key(node) and not _is_grouping(node):
            for part in _parts(node):
                self.below(part)

    def _aggregate(self, node: exp.Expr) -> None:
        call = node.this if isinstance(node, exp.Filter) else node
        windows = windows_in(call.iter_expressions())
        if windows:
            raise QueryFailed(
                "NESTED_WINDOW",
                f"{self._t.context.where(node)}Cannot nest window functions or row pattern measures inside "
                f"aggregation '{_name(call)}': [{', '.join(map(_text, windows))}]",
                error_type=1006,
            )
        nested = [found for child in call.iter_expressions() for found in aggregates(child)]
        if nested:
            raise QueryFailed(
                "NESTED_AGGREGATION",
                f"{self._t.context.where(node)}Cannot nest aggregations inside aggregation '{_name(call)}': "
                f"[{', '.join(map(_text, nested))}]",
                error_type=1006,
            )

    def _column(self, node: exp.Expr) -> None:
        if (len(node.parts) == 1 or not self._is_key(node)) and self._reads(node):
            raise QueryFailed(
                "EXPRESSION_NOT_AGGREGATE",
                f"{self._t.context.where(self._whole)}'{_text(self._whole)}' must be an aggregate expression "
                "or appear in GROUP BY clause",
                error_type=1006,
            )

    def _reads(self, node: exp.Expr) -> bool:
        """Whether a column is one of this SELECT's own and no key, nor part of one."""
        parts = tuple(part.name.lower() for part in node.parts)
        for length in range(len(parts), 0, -1):
            found = self._scope.find(parts[:length], "")
            if found is not None:
                own = any(found is field for field in self._scope.fields)
                return own and found.value.sql not in self._keys
        return False

    def _is_key(self, node: exp.Expr) -> bool:
        if self._only_columns or isinstance(node, NO_KEY) or self._is_computed(node):
            return False
        try:
            return self._t.expression(node, self._scope).sql in self._keys
        except QueryFailed:
            return False

    def _is_computed(self, node: exp.Expr) -> bool:
        """Whether an aggregate or a window is inside."""
        known = self._computed.get(id(node))
        if known is None:
            known = isinstance(node, exp.Window) or is_aggregate(node)
            known = known or any(map(self._is_computed, node.iter_expressions()))
            self._computed[id(node)] = known
        return known


NO_KEY = (exp.Literal, exp.Order, exp.Ordered, exp.WindowSpec, exp.Distinct, exp.Star, exp.If, exp.DataType)


def _is_grouping(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() == "grouping"


def _parts(node: exp.Expr) -> list[exp.Expr]:
    """What an expression is made of; of a window's function, which is none that groups, what it reads."""
    if isinstance(node, exp.And | exp.Or):
        return operands(node)
    if not isinstance(node, exp.Window):
        return list(node.iter_expressions())
    rest = [child for child in node.iter_expressions() if child is not node.this]
    return [*_called(node).iter_expressions(), *rest]


def _name(node: exp.Expr) -> str:
    return "listagg" if isinstance(node, exp.GroupConcat) else str(node.name).lower()


def _text(node: exp.Expr) -> str:
    """An expression as Trino writes it in messages: small letters but for texts."""
    return str(node.sql(dialect=Athena, normalize_functions="lower"))
