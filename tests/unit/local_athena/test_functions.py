"""Functions of the library whose answers DuckDB alone would not give."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

ANSWERS = [
    ("to_hex(checksum(x)) FROM (VALUES 0) t(x)", "9D2D16796C5091EA"),
    ("to_hex(xxhash64(to_utf8('')))", "EF46DB3751D8E999"),
    ("skewness(x) FROM (VALUES 1, 2, 3, 10) t(x)", "1.0182337649086284"),
    ("reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (VALUES 1, 2, NULL) t(x)", "3"),
    ("reduce(ARRAY[123456789012345, NULL], 0, (s, x) -> s + coalesce(x, 1), s -> s)", "123456789012346"),
    ("min_by(x, y) FROM (VALUES ('a', nan()), ('b', 2e0)) t(x, y)", "b"),
    ("max_by(x, y, 2) FROM (VALUES ('a', 1), ('b', 3), ('c', 2)) t(x, y)", "[b, c]"),
    ("min(x, 2) FROM (VALUES 5.5e0, nan(), 3.3e0) t(x)", "[3.3, 5.5]"),
    ("multimap_agg(x, y) FROM (VALUES ('a', 1), ('a', 2)) t(x, y)", "{a=[1, 2]}"),
    ("map_union(m) FROM (VALUES MAP(ARRAY[1], ARRAY[2]), MAP(ARRAY[3], ARRAY[4])) t(m)", "{1=2, 3=4}"),
    ("approx_percentile(x, w, 0.5) FROM (VALUES (1, 1e0), (2, 9e0)) t(x, w)", "2"),
    ("approx_percentile(0.5e0, x) FROM (VALUES 1, 1) t(x)", "0.5"),
    ("corr(x, y) FROM (VALUES (1, 2), (2, 4)) t(x, y)", "1.0"),
    ("parse_data_size('2.234kB')", "2287"),
    ("format('%2$s %s %<s', 'a', 'b')", "b a a"),
    ("format('%5d|%-3s|%S|%%', 8, 'x', NULL)", "    8|x  |NULL|%"),
    ("format('%1$tF %1$tT', TIMESTAMP '1969-07-20 16:17:03')", "1969-07-20 16:17:03"),
    ("zip(ARRAY[1], ARRAY['a'], ARRAY[true])", "[{field0=1, field1=a, field2=true}]"),
    ("trim(LEADING 'he ' FROM CAST(' hello ' AS char(9)))", "llo"),
    ("concat('ab ', CAST('a' AS char(2))) = 'ab a'", "true"),
    ("normalize('ﬁ', NFKD)", "fi"),
    ("regexp_replace('new york', '(\\w)(\\w*)', x -> upper(x[1]) || x[2])", "New York"),
    ("regexp_like('b', '[a[bc]]')", "true"),
    ("regexp_replace('a.b', '\\Q.\\E', '-')", "a-b"),
    ("format_number(12345678901)", "12.3B"),
    ("levenshtein_distance('爱希望', '希望')", "1"),
    ("round(t_cdf(0.5, 2) * 3, 9)", "2.0"),
    ("round(inverse_beta_cdf(1, 1, 0.25), 9)", "0.25"),
    ("word_stem('torpedearon', 'es')", "torped"),
    ("word_stem('generally')", "general"),
    ("date_trunc(u, DATE '2020-05-06') FROM (VALUES 'Month') t(u)", "2020-05-01"),
    ("date_diff(u, TIME '01:00:03', TIME '01:02:03') FROM (VALUES 'minute') t(u)", "2"),
    ("CAST(ROW(1, 2) AS json)", '{"":1,"":2}'),
    ("render('a', color(0, rgb(255, 0, 0), rgb(0, 255, 0)))", "\x1b[38;5;196ma\x1b[0m"),
    ("ARRAY[color('red'), rgb(1, 2, 255)]", "[red, #0102ff]"),
    ("render(true)", "\x1b[38;5;2m✓\x1b[0m"),
    ("bar(0.5, 4)", "\x1b[38;5;196m█\x1b[38;5;214m█\x1b[0m  "),
    ("render('a', color('#0f0'))", "\x1b[38;5;46ma\x1b[0m"),
]


@pytest.mark.parametrize(("expression", "value"), ANSWERS)
def test_a_function_answers_as_trino_does(ask: Ask, expression: str, value: str) -> None:
    assert ask(f"SELECT {expression}")[0] == [[value]]


FAILURES = [
    ("format('%--2d', 8)", "DuplicateFormatFlags"),
    ("random(5, 3)", "upper bound must be greater than lower bound"),
    ("parse_data_size('2 parrots')", "Invalid data size"),
    ("checksum(TIME '01:02:03.1234567+01:00')", "checksum of time"),
    ("now(3)", "Invalid number of arguments for 'now'"),
    ("typeof(1, 2)", "Invalid number of arguments for 'typeof'"),
    ("filter(ARRAY[1], x -> 1)", "Unexpected lambda result: integer"),
    ("approx_percentile(x, -0.1) FROM (VALUES 1) t(x)", "Percentile must be between 0 and 1"),
    ("approx_distinct(x, 0.5) FROM (VALUES 1) t(x)", "Standard error must be in"),
    ("nth_value(x, 0) OVER (ORDER BY x) FROM (VALUES 1) t(x)", "Offset must be at least 1"),
    ("lag(x, -1) OVER (ORDER BY x) FROM (VALUES 1) t(x)", "Offset must be at least 0"),
    ("max(x, 0) FROM (VALUES 1) t(x)", "second argument of max_n must be positive"),
    ("min_by(x, x, -1) FROM (VALUES 1) t(x)", "third argument of min_by must be a positive integer"),
    ("word_stem('x', 'zz')", "Unknown stemmer language: zz"),
    ("date_trunc(u, DATE '2020-05-06') FROM (VALUES 'hour') t(u)", "'hour' is not a valid DATE field"),
    ("round(1, -19)", "NUMERIC_VALUE_OUT_OF_RANGE"),
    ("width_bucket(infinity(), 4, 0, 9223372036854775807)", "is out of range"),
    ("render('a', color('pink'))", "Invalid color: 'pink'"),
    ("rgb(256, 0, 0)", "red must be between 0 and 255"),
    ("reduce(ARRAY[1], 0, (s, x) -> CAST(s + x AS tinyint), s -> s)", "Unexpected lambda result"),
]


@pytest.mark.parametrize(("expression", "reason"), FAILURES)
def test_a_function_that_cannot_answer_fails(ask: Ask, expression: str, reason: str) -> None:
    with pytest.raises(QueryFailed, match=reason):
        ask(f"SELECT {expression}")
