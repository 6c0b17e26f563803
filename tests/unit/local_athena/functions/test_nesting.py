"""A call inside a call inside a call: the SQL grows with the statement, and each part is translated once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from local_athena.parse.statements import parse_query
from local_athena.sql.fragment import Sql
from local_athena.translate.context import QueryContext
from local_athena.translate.translator import QueryTranslator
from tests.unit.local_athena.conftest import Ask

CALLS = [
    ("round(@)", "y"),
    ("sign(@)", "y"),
    ("greatest(@, 2e0)", "y"),
    ("least(1, @, x)", "x"),
    ("element_at(ARRAY[1, 2], @)", "x"),
    ("substr(@, -1)", "w"),
    ("(8 / @)", "x"),
    ("(8e0 % @)", "y"),
    ("zip_with(@, ARRAY[1], (a, b) -> a + b)", "ARRAY[x]"),
    ("map_zip_with(@, MAP(ARRAY[1], ARRAY[2]), (k, v, w) -> v + w)", "MAP(ARRAY[x], ARRAY[2])"),
    ("array_sort(@, (a, b) -> if(a < b, -1, 1))", "ARRAY[2, x]"),
    ("date_add(w, 1, @)", "TIMESTAMP '2020-01-01 00:00:00'"),
    ("CAST(CAST(@ AS varchar) AS bigint)", "x"),
    ("CAST(CAST(@ AS varchar) AS boolean)", "(x > 1)"),
    ("CAST(CAST(@ AS row(a bigint, b varchar)) AS row(a integer, b varchar(5)))", "ROW(x, w)"),
    ("(@ + INTERVAL '1' DAY)", "TIMESTAMP '2020-01-01 00:00:00.1234567 UTC'"),
]


def nested(call: str, inner: str, times: int) -> str:
    for _ in range(times):
        inner = call.replace("@", inner)
    return inner


def translated(expression: str) -> Sql:
    text = f"SELECT {expression} FROM (VALUES (1, 1e0, 'day')) t(x, y, w)"
    context = QueryContext(text, datetime(2026, 3, 4, tzinfo=UTC), tables=None)  # type: ignore[arg-type]
    return QueryTranslator(context).plan(parse_query(text)).sql


@pytest.mark.parametrize(("call", "inner"), CALLS)
def test_a_nested_call_grows_as_the_statement_does(call: str, inner: str) -> None:
    sizes = [translated(nested(call, inner, times)).size for times in (5, 10, 15)]
    assert sizes[2] - sizes[1] <= (sizes[1] - sizes[0]) * 1.1


def test_lambdas_that_widen_types_in_lambdas_are_not_translated_again_and_again(ask: Ask) -> None:
    reduced = "'b'"
    for level in range(16):
        reduced = f"reduce(ARRAY[1], '', (s{level}, x) -> s{level} || {reduced}, s -> s)"
    assert translated(reduced).size < 10_000
    shorter = (
        "reduce(ARRAY[1, 2], '', (s, x) -> s || reduce(ARRAY['a'], '', (q, y) -> q || y, q -> q), s -> s)"
    )
    assert ask(f"SELECT {shorter}") == ([["aa"]], ["varchar"])
