"""Whole statements of every shape, on one small table of edge values that stands in the statement itself.

Shapes of `topics.py` and calls of every function of the library are on literals and tables of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.differential.calls import Calls
from benchmarks.differential.grammar import AGGREGATES, COLUMNS, FORMS, WINDOWS, Expressions
from benchmarks.differential.topics import TOPICS, filled

ROWS = 4


class Statements:
    """Draws statements; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.expressions = Expressions(self.random)

    def draw(self, shape: str) -> str:
        """A statement of a shape."""
        return SHAPES[shape](self)

    def table(self, alias: str = "t") -> str:
        """VALUES with a row number and a column of each type."""
        rows = []
        for at in range(self.random.randint(1, ROWS)):
            cells = ", ".join(self.random.choice(values) for _, values in COLUMNS.values())
            rows.append(f"({at}, {cells})")
        return f"(VALUES {', '.join(rows)}) AS {alias}(id, {', '.join(COLUMNS)})"

    def expression(self, type_: str = "any", depth: int = 2) -> str:
        """An expression."""
        return self.expressions.of(type_, depth)

    def type_(self) -> str:
        """A type."""
        return self.random.choice(tuple(FORMS))

    def aggregate(self) -> str:
        """A call of an aggregate."""
        form = self.random.choice(self.random.choice(tuple(AGGREGATES.values())))
        return self.expressions.filled(form, 1)


def _select(s: Statements) -> str:
    items = ", ".join(s.expression() for _ in range(s.random.randint(1, 2)))
    where = f" WHERE {s.expression('boolean', 1)}" if s.random.random() < 0.3 else ""
    return f"SELECT id, {items} FROM {s.table()}{where}"


def _of(type_: str) -> Callable[[Statements], str]:
    """One expression of a type over the table."""
    return lambda s: f"SELECT id, {s.expressions.filled(s.random.choice(FORMS[type_]), 1)} FROM {s.table()}"


def _grouped(s: Statements) -> str:
    key = s.expression(s.random.choice(("boolean", "integer", "varchar", "date")), 1)
    having = f" HAVING {s.aggregate()} IS NOT NULL" if s.random.random() < 0.2 else ""
    return f"SELECT {key}, {s.aggregate()}, {s.aggregate()} FROM {s.table()} GROUP BY 1{having}"


def _global(s: Statements) -> str:
    return f"SELECT {s.aggregate()}, {s.aggregate()} FROM {s.table()}"


def _sets(s: Statements) -> str:
    form = s.random.choice(("GROUPING SETS ((b), (s), ())", "ROLLUP (b, s)", "CUBE (b, y)"))
    return f"SELECT {s.aggregate()}, count(*) FROM {s.table()} GROUP BY {form}"


def _window(s: Statements) -> str:
    return f"SELECT id, {s.expressions.filled(s.random.choice(WINDOWS), 1)} FROM {s.table()}"


def _join(s: Statements) -> str:
    kind = s.random.choice(("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"))
    on = s.random.choice(
        ("t.id = u.id", "t.i = u.i", "t.s = u.s AND t.b", "t.id < u.id", "t.y = u.y OR t.id = 0")
    )
    return f"SELECT t.id, u.id, t.{s.random.choice('insyw')}, u.{s.random.choice('bdcr')} FROM {s.table()} {kind} {s.table('u')} ON {on}"


def _subquery(s: Statements) -> str:
    inner = s.table("u")
    form = s.random.choice((
        f"EXISTS (SELECT 1 FROM {inner} WHERE u.id = t.id)", f"t.i IN (SELECT u.i FROM {inner})", f"t.i NOT IN (SELECT u.id FROM {inner})",
        f"(SELECT max(u.i) FROM {inner})", f"(SELECT count(*) FROM {inner} WHERE u.id < t.id)", f"t.id >= ALL (SELECT u.id FROM {inner})",
        f"t.s = ANY (SELECT u.s FROM {inner})",
    ))  # fmt: skip
    return f"SELECT t.id, {form} FROM {s.table()}"


def _set_operation(s: Statements) -> str:
    type_ = s.random.choice(("integer", "varchar", "decimal", "double", "date", "array"))
    word = s.random.choice(("UNION", "UNION ALL", "INTERSECT", "EXCEPT"))
    first, second = (f"SELECT {s.expression(type_, 1)} FROM {s.table()}" for _ in range(2))
    return f"{first} {word} {second}"


def _unnest(s: Statements) -> str:
    what = s.random.choice(
        (
            "UNNEST(a) AS u(x)",
            "UNNEST(a) WITH ORDINALITY AS u(x, o)",
            "UNNEST(m) AS u(x, y2)",
            "UNNEST(a, a) AS u(x, x2)",
        )
    )
    kind = s.random.choice(("CROSS JOIN", "LEFT JOIN"))
    return f"SELECT t.id, u.* FROM {s.table()} {kind} {what}{' ON TRUE' if kind == 'LEFT JOIN' else ''}"


def _recursive(s: Statements) -> str:
    start = s.random.choice(
        (
            "1, CAST('a' AS varchar)",
            "0, CAST('root' AS varchar)",
            "1, 'a'",
            "BIGINT '1', CAST('x' AS varchar(20))",
        )
    )
    step = s.random.choice(
        (
            "n + 1, s || 'b'",
            "n * 2 + 1, s",
            "n + 1, substr(s || '-', 1, 20)",
            "n + 1, CAST(s || 'c' AS varchar(20))",
        )
    )
    rows = f"SELECT {start} UNION ALL SELECT {step} FROM r WHERE n < {s.random.randint(2, 8)}"
    return f"WITH RECURSIVE r(n, s) AS ({rows}) SELECT * FROM r"


def _ordered(s: Statements) -> str:
    term = s.expression(s.random.choice(("integer", "varchar", "double", "date", "decimal")), 1)
    word = s.random.choice(("", " DESC", " NULLS FIRST", " DESC NULLS LAST"))
    return f"SELECT id, {term} FROM {s.table()} ORDER BY 2{word}, 1 LIMIT {s.random.randint(1, 4)}"


def _call(s: Statements) -> str:
    return f"SELECT {Calls(s.random).scalar()}"


def _call_of_columns(s: Statements) -> str:
    return _over_rows(s, *Calls(s.random).over_columns())


def _aggregate_call(s: Statements) -> str:
    return _over_rows(s, *Calls(s.random).aggregate())


def _over_rows(s: Statements, call: str, columns: list[tuple[str, ...]]) -> str:
    """A call over columns that hold some of their values in each of a few rows."""
    rows = (", ".join((str(at), *map(s.random.choice, columns))) for at in range(s.random.randint(1, ROWS)))
    names = ", ".join(("id", *(f"c{at}" for at in range(len(columns)))))
    return f"SELECT {call} FROM (VALUES {', '.join(f'({row})' for row in rows)}) AS t({names})"


def _topic(topic: str) -> Callable[[Statements], str]:
    return lambda s: filled(s.random, s.random.choice(TOPICS[topic]))


SHAPES: dict[str, Callable[[Statements], str]] = {
    "select": _select,
    **{f"expr:{type_}": _of(type_) for type_ in FORMS},
    "group by": _grouped,
    "aggregates": _global,
    "grouping sets": _sets,
    "windows": _window,
    "joins": _join,
    "subqueries": _subquery,
    "set operations": _set_operation,
    "unnest": _unnest,
    "recursion": _recursive,
    "order by": _ordered,
    "calls": _call,
    "calls of columns": _call_of_columns,
    "aggregate calls": _aggregate_call,
    **{topic: _topic(topic) for topic in TOPICS},
}
