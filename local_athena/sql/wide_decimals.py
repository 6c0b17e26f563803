"""Comparisons of decimals that need more than 38 digits together, which no common type holds.

The side with fewer digits after the point may be too large for it, and then it is larger than all that the
other side can be: only its sign counts.
"""

from __future__ import annotations

from local_athena.sql.build import carrier_sql, once_each, sql, word
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Typed
from local_athena.types.coercion import as_decimal
from local_athena.types.trino import TrinoType

MOST_DIGITS = 38


def loses(common: TrinoType, *types: TrinoType) -> bool:
    """Whether values of some of the types are too large for the type that they meet in."""
    if common.base != "decimal" or common.precision < MOST_DIGITS:
        return False
    return any(_digits(type_) > MOST_DIGITS - common.scale for type_ in types)


def _digits(type_: TrinoType) -> int:
    """The most digits before the point."""
    exact = as_decimal(type_)
    return exact.precision - exact.scale if exact.base == "decimal" else 0


def compare_wide(operator: str, left: Typed, right: Typed, common: TrinoType) -> Sql:
    """`left operator right` though one of them may be too large for their common type."""
    sides, type_ = (left, right), carrier_sql(common)
    large = 0 if _digits(left.type) > MOST_DIGITS - common.scale else 1

    def made(values: list[Sql]) -> Sql:
        casts = [sql("TRY_CAST({} AS {})", value, type_) for value in values]
        signs = [value if side == large else sql("0") for side, value in enumerate(values)]
        return sql(
            "CASE WHEN {other} IS NULL THEN NULL WHEN {cast} IS NULL THEN {} {} {} ELSE {} {} {} END",
            signs[0], word(operator), signs[1], casts[0], word(operator), casts[1],
            other=values[1 - large], cast=casts[large],
        )  # fmt: skip

    return once_each([side.sql for side in sides], made)
