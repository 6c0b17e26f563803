"""Statistical aggregates of one row, of a constant, of NaN, infinity and NULL: the answers are Trino's."""

from __future__ import annotations

import pytest

from tests.unit.local_athena.conftest import Ask

OF_ONE = ("stddev", "variance", "stddev_pop", "var_pop", "skewness", "kurtosis")
OF_TWO = ("corr", "covar_samp", "covar_pop", "regr_slope", "regr_intercept")
ALL = ", ".join([*(f"{name}(x)" for name in OF_ONE), *(f"{name}(x, y)" for name in OF_TWO)])
NAN, NONE = "NaN", None
ANSWERS: list[tuple[str, list[str | None]]] = [
    ("(1e0, 2e0)", [NONE, NONE, "0.0", "0.0", NONE, NONE, NONE, NONE, "0.0", NONE, NONE]),
    (
        "(1e0, 2e0), (1e0, 2e0), (1e0, 2e0), (1e0, 2e0)",
        ["0.0", "0.0", "0.0", "0.0", NAN, NAN, NONE, "0.0", "0.0", NONE, NONE],
    ),
    (
        "(1e0, 2e0), (nan(), 2e0), (1e0, 2e0), (3e0, 2e0)",
        [NAN, NAN, NAN, NAN, NAN, NAN, NONE, NAN, NAN, NONE, NONE],
    ),
    (
        "(1e0, 2e0), (infinity(), 2e0), (1e0, 2e0), (3e0, 2e0)",
        [NAN, NAN, NAN, NAN, NAN, NAN, NONE, NAN, NAN, NONE, NONE],
    ),
    ("(CAST(NULL AS double), 1e0)", [NONE] * 11),
    ("(nan(), NULL)", [NONE, NONE, NAN, NAN, NONE, NONE, NONE, NONE, NONE, NONE, NONE]),
]


@pytest.mark.parametrize(("rows", "texts"), ANSWERS)
def test_statistics_of_odd_values_are_trinos(ask: Ask, rows: str, texts: list[str | None]) -> None:
    assert ask(f"SELECT {ALL} FROM (VALUES {rows}) t(x, y)")[0] == [texts]


OTHERS = [
    ("regr_slope(x, y) FROM (VALUES (1e0, 2e0), (1e0, 3e0), (1e0, 4e0)) t(x, y)", "0.0"),
    ("regr_intercept(x, y) FROM (VALUES (1e0, 2e0), (1e0, 3e0), (1e0, 4e0)) t(x, y)", "1.0"),
    ("round(kurtosis(x), 9) FROM (VALUES 1e0, 2e0, 4e0, 5e0, -5e0) t(x)", "2.100474177"),
    ("round(skewness(x), 9) FROM (VALUES 1e0, 2e0, 4e0, 5e0, -5e0) t(x)", "-0.923626367"),
    ("variance(x) FROM (VALUES 1e200, -1e200) t(x)", "Infinity"),
    ("stddev(x) FROM (VALUES 1e200, 1e200) t(x)", "0.0"),
    ("stddev(x) > 1e151 FROM (VALUES 1e152, -1e152) t(x)", "true"),
    ("geometric_mean(x) FROM (VALUES 0e0, 2e0) t(x)", "0.0"),
    ("geometric_mean(x) FROM (VALUES -1e0, 2e0) t(x)", "NaN"),
    ("geometric_mean(x) FROM (VALUES 1e0, infinity()) t(x)", "Infinity"),
    ("sum(x) FROM (VALUES real '3e38', real '3e38') t(x)", "Infinity"),
    ("avg(x) FROM (VALUES real '3e38', real '3e38') t(x)", "3.0E38"),
    ("map_agg(x, y) FROM (VALUES (CAST(NULL AS integer), 2)) t(x, y)", None),
    ("multimap_agg(x, y) FROM (VALUES (CAST(NULL AS integer), 2)) t(x, y)", None),
    ("approx_most_frequent(2, x, 10) FROM (VALUES CAST(NULL AS bigint)) t(x)", None),
    ("reduce_agg(x, 0, (s, y) -> s + y, (a, b) -> a + b) FROM (VALUES 1) t(x) WHERE x > 5", None),
    ("approx_percentile(x, 0.5) FROM (VALUES 1, 2, 3, 4) t(x)", "3"),
    ("approx_percentile(x, ARRAY[0.7, 0.3, 0, 1]) FROM unnest(sequence(1, 10)) t(x)", "[8, 4, 1, 10]"),
    ("approx_percentile(x, 0.29) FROM unnest(sequence(1, 100)) t(x)", "29"),
    ("approx_percentile(x, 2e0, 0.5) FROM unnest(sequence(1, 10)) t(x)", "6"),
    ("approx_percentile(x, CAST(x AS double), 0.3) FROM unnest(sequence(1, 10)) t(x)", "6"),
    ("approx_percentile(x, 1.5e0, ARRAY[0.2, 0.5, 0.9]) FROM (VALUES 1, 2, 7, 9) t(x)", "[1, 5, 9]"),
    ("approx_percentile(x, CAST(NULL AS double)) FROM (VALUES 1) t(x)", None),
]


@pytest.mark.parametrize(("expression", "text"), OTHERS)
def test_an_aggregate_of_odd_values_is_trinos(ask: Ask, expression: str, text: str | None) -> None:
    assert ask(f"SELECT {expression}")[0] == [[text]]
