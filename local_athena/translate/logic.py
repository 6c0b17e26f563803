"""AND and OR, which stop at the first operand that decides, as Trino's do.

DuckDB computes both sides of an AND in a SELECT for every row, and reorders those of a filter; only CASE goes
from one to the next row by row. So an operand that may fail stands in a CASE behind those before it. All
others stay as they are, for DuckDB to hand down to its scans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from local_athena.sql.build import FALSE, TRUE, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.reads import relations_read
from local_athena.sql.typed import Typed
from local_athena.translate.chains import chained, operands
from local_athena.translate.forms import case, reused
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.trino import BOOLEAN


@dataclass(frozen=True, slots=True)
class _Operand:
    """An operand; `risky` when it may fail."""

    sql: Sql
    risky: bool


def logic(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    """The value of AND or OR."""
    parts = [_Operand(t.boolean(side, scope).sql, t.may_fail(side, scope)) for side in operands(node)]
    left = _segments(node, parts)
    while len(left) > 1:
        pairs = [_lazily(node, a, b) for a, b in zip(left[::2], left[1::2], strict=False)]
        left = pairs + left[2 * len(pairs) :]
    return Typed(left[0], BOOLEAN)


def _lazily(node: exp.Expr, first: Sql, rest: Sql) -> Sql:
    """Two values of which the second is computed where the first does not decide."""
    both = isinstance(node, exp.And)

    def make(a: Sql) -> Sql:
        arm = (sql("NOT {}", a), FALSE) if both else (a, TRUE)
        return case([arm], _plain(node, [a, rest]))

    return reused(first, (rest,), make)


def _segments(node: exp.Expr, parts: Sequence[_Operand]) -> list[Sql]:
    """The operands in groups, each of which but the first begins with one that may fail."""
    groups: list[list[Sql]] = []
    for part in parts:
        if part.risky or not groups:
            groups.append([])
        groups[-1].append(part.sql)
    return [_plain(node, group) for group in groups]


def _plain(node: exp.Expr, group: Sequence[Sql]) -> Sql:
    if len(group) == 1:
        return group[0]
    return sql("({})", chained(" AND ", group) if isinstance(node, exp.And) else chained(" OR ", group))


def condition(t: Translator, node: exp.Expr, scope: Scope) -> Sql:
    """A condition for which NULL is as good as false, as those of CASE and IF are."""
    inner = node.unnest()
    if not isinstance(inner, exp.And | exp.Or):
        return t.boolean(node, scope).sql
    return _decided(inner, _operands(t, inner, scope))


def _operands(t: Translator, node: exp.Expr, scope: Scope) -> list[_Operand]:
    return [_Operand(condition(t, side, scope), t.may_fail(side, scope)) for side in operands(node)]


def _decided(node: exp.Expr, parts: Sequence[_Operand]) -> Sql:
    *before, last = _segments(node, parts)
    if not before:
        return last
    if isinstance(node, exp.And):
        return case(((sql("{} IS DISTINCT FROM true", part), FALSE) for part in before), last)
    return case(((part, TRUE) for part in before), last)


def filtering(t: Translator, node: exp.Expr, scope: Scope) -> Sql:
    """The condition of WHERE, HAVING or ON.

    An operand that may fail is behind those that read the same relations: one that reads others is computed
    before the relations meet, as in Trino.
    """
    inner = node.unnest()
    if not isinstance(inner, exp.And):
        return condition(t, node, scope)
    sides = operands(inner)
    parts = [_Operand(filtering(t, side, scope), t.may_fail(side, scope)) for side in sides]
    if not any(part.risky for part in parts[1:]):
        return _plain(inner, [part.sql for part in parts])
    alike: dict[frozenset[str], list[_Operand]] = {}
    for side, part in zip(sides, parts, strict=True):
        reads = frozenset(relations_read(part.sql))
        meets = len(reads) > 1 and isinstance(side.unnest(), exp.EQ)  # what a join goes by
        alike.setdefault(reads, []).append(replace(part, risky=part.risky and not meets))
    return _plain(inner, [made for group in alike.values() for made in _kept(inner, group)])


def _kept(node: exp.Expr, group: list[_Operand]) -> list[Sql]:
    """The conjuncts for some that read alike: those that cannot fail stand for themselves too."""
    if not any(part.risky for part in group[1:]):
        return [part.sql for part in group]
    return [*(part.sql for part in group if not part.risky), _decided(node, group)]
