"""A fold with a state of its own type: DuckDB's list_reduce keeps to the type of the elements.

Each element goes beside an empty state, so that state and element make one type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.sql.build import ident, null_of, sql, struct
from local_athena.sql.fragment import Name, Sql, function
from local_athena.sql.typed import Typed

if TYPE_CHECKING:
    from local_athena.sql.context import Context


def fold(context: Context, kept: Typed, initial: Typed, step: Typed) -> Typed:
    """The last state; `kept` has {v: element} or NULL, which is skipped, and the type of the element."""
    a, b, e = (ident(context.alias("f")) for _ in range(3))
    there = function((e,), sql("{} IS NOT NULL", e))
    beside = function((e,), struct(s=null_of(initial.type), v=sql("({}).v", e)))
    pairs = sql("list_transform(list_filter({}, {}), {})", kept, there, beside)
    start = struct(s=initial, v=null_of(kept.type))
    next_state = struct(s=applied(step, sql("({}).s", a), sql("({}).v", b)), v=sql("({}).v", b))
    folded = sql("list_reduce({}, {}, {})", pairs, function((a, b), next_state), start)
    return Typed(sql("({}).s", folded), initial.type)


def applied(lambda_: Typed, *arguments: Sql) -> Sql:
    """A lambda's body with its parameters bound to values, each of which is computed once."""
    body = lambda_.function.body
    for name, value in reversed(list(zip(lambda_.function.parameters, arguments, strict=True))):
        body = bound(name, value, body)
    return body


def bound(name: Name, value: Sql, body: Sql) -> Sql:
    """SQL in which a name has a value."""
    return sql("list_transform([{}], {})[1]", value, function((name,), body))
