"""Odd SQL never raises anything but Athena's own errors."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_athena.errors import AthenaApiError, QueryFailed
from tests.unit.local_athena.conftest import Ask

WORDS = st.sampled_from(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "GROUP",
        "BY",
        "ORDER",
        "1",
        "-1",
        "1.5",
        "'a'",
        '"b"',
        "*",
        "(",
        ")",
        ",",
        ".",
        "[",
        "]",
        "+",
        "-",
        "/",
        "%",
        "=",
        "<>",
        "<",
        "||",
        "AND",
        "OR",
        "NOT",
        "NULL",
        "CASE",
        "WHEN",
        "THEN",
        "END",
        "CAST",
        "AS",
        "integer",
        "varchar",
        "date",
        "ARRAY",
        "MAP",
        "ROW",
        "INTERVAL",
        "DAY",
        "TIMESTAMP",
        "'2020-01-01'",
        "VALUES",
        "t",
        "a",
        "b",
        "UNION",
        "ALL",
        "WITH",
        "LIMIT",
        "OVER",
        "PARTITION",
        "count",
        "sum",
        "transform",
        "x",
        "->",
        "UNNEST",
        "JOIN",
        "ON",
        "USING",
        "EXISTS",
        "IN",
        "LIKE",
        "BETWEEN",
        "IS",
        "DISTINCT",
        "?",
        ";",
        "--",
        "/*",
        "*/",
        "`",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=40))
def test_any_text_gives_rows_or_an_athena_error(ask: Ask, text: str) -> None:
    for sql in (text, f"SELECT {text}", f"SELECT * FROM (VALUES (1, 'x')) t(a, b) WHERE {text}"):
        try:
            ask(sql)
        except (QueryFailed, AthenaApiError):
            continue
