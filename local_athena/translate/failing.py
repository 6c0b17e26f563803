"""Which expressions may fail for some rows, so that AND and OR must not compute them where nothing asks.

A sum or a product that overflows is not counted among them, as conditions that DuckDB reorders and hands down
to its scans are full of these.
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.functions.library import LIBRARY
from local_athena.parse.json_forms import JsonForm
from local_athena.translate import aggregation
from local_athena.translate.scope import Scope
from local_athena.translate.special_forms import SPECIAL
from local_athena.translate.translating import Translator
from local_athena.types.trino import TIMED

WIDTHS = {base: width for width, base in enumerate(("tinyint", "smallint", "integer", "bigint"))}
FLOATS = ("real", "double")
MOMENTS = {"date", *TIMED}


class Failing:
    """Tells whether expressions of a statement may fail; each is looked at once."""

    def __init__(self, t: Translator) -> None:
        self._t = t
        self._known: dict[int, tuple[exp.Expr, bool]] = {}

    def may_fail(self, node: exp.Expr, scope: Scope) -> bool:
        """Whether an expression that has been translated may fail."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = (node, self._may_fail(node, scope))
        return known[1]

    def _may_fail(self, node: exp.Expr, scope: Scope) -> bool:
        if isinstance(node, exp.Query | exp.Window | exp.Column) or aggregation.is_aggregate(node):
            return False  # computed before
        if isinstance(node, JsonForm) or _calls_what_fails(node):
            return True
        if isinstance(node, exp.Div | exp.Mod) and self._divides_by_zero(node, scope):
            return True
        if isinstance(node, exp.Cast) and not isinstance(node, exp.TryCast) and self._narrows(node, scope):
            return True
        if isinstance(node, exp.Bracket) and self._t.expression(node.this, scope).type.base != "row":
            return True
        if isinstance(node, exp.Anonymous) and node.name.lower() in ("try", "typeof"):
            return False
        return any(self.may_fail(child, scope) for child in node.iter_expressions())

    def _divides_by_zero(self, node: exp.Expr, scope: Scope) -> bool:
        by = self._t.expression(node.expression, scope)
        return not by.constant and by.type.base not in FLOATS

    def _narrows(self, node: exp.Expr, scope: Scope) -> bool:
        """Whether a cast does not take every value; one of a literal is tried."""
        value, made = self._t.expression(node.this, scope), self._t.expression(node, scope)
        source, target = value.type, made.type
        if (
            source == target
            or target.base == "varchar"
            or (target.base in FLOATS and source.base != "varchar")
        ):
            return False
        if source.base in WIDTHS and target.base in WIDTHS:
            return WIDTHS[source.base] > WIDTHS[target.base]
        if source.base.startswith(("date", "time")) and target.base.startswith(("date", "time")):
            return False
        fold = self._t.context.fold
        return value.constant is None or fold is None or fold(made) is None


def _calls_what_fails(node: exp.Expr) -> bool:
    if not isinstance(node, exp.Anonymous) or node.name.lower() in SPECIAL:
        return False
    entries = LIBRARY.get(node.name.lower(), ())
    return any(entry.python is not None or entry.rewrite is not None for entry in entries)
