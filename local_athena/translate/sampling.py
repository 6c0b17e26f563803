"""TABLESAMPLE: each row of a relation by chance. https://trino.io/docs/current/sql/select.html#tablesample"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.sql.build import joined, sql
from local_athena.sql.fragment import Sql
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.coercion import NUMERIC


def percentage(t: Translator, sample: exp.Expr) -> Sql:
    """TABLESAMPLE BERNOULLI (percent): each row by chance; SYSTEM takes rows too, as Trino allows."""
    percent = sample.args.get("percent")
    method = sample.args.get("method")
    if percent is None or str(method).upper() not in ("BERNOULLI", "SYSTEM"):
        raise not_supported("TABLESAMPLE takes BERNOULLI or SYSTEM and a percentage")
    share = t.expression(percent, Scope())
    if share.type.base not in NUMERIC or not isinstance(share.constant, int | float):
        raise QueryFailed("TYPE_MISMATCH", f"{t.context.where(percent)}Sample percentage should be a number")
    if not 0 <= share.constant <= 100:
        raise QueryFailed(
            "INVALID_ARGUMENTS", f"{t.context.where(percent)}Sample percentage must be between 0 and 100"
        )
    t.context.copies.changing += 1
    return _number(share.constant)


def by_chance(t: Translator, sample: exp.Expr | None, rows: Sql) -> Sql:
    """What follows LATERAL, with its TABLESAMPLE: DuckDB has none there."""
    if sample is None:
        return rows
    return sql("SELECT * FROM ({}) WHERE random() * 100 < {}", rows, percentage(t, sample))


def beside(scope: Scope, sample: exp.Expr | None) -> Scope:
    """What a relation sees that may see its neighbours; a sample of it does not."""
    return scope if sample is None else Scope(parent=scope.parent, ctes=scope.ctes)


def _number(value: float) -> Sql:
    """A number as it is written after TABLESAMPLE, where DuckDB takes no expression."""
    millionths = round(value * 1_000_000)
    digits = joined("", [millionths // 10**place % 10 for place in range(5, -1, -1)])
    return sql("{}.{}", millionths // 1_000_000, digits)
