"""Filters of Spark's Hive client, in GetPartitions' language."""

from __future__ import annotations

import pytest
from laguna_metastore.filters import expression


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ('year = "2019"', "year = '2019'"),
        ("month >= 8", "month >= 8"),
        ("""(a = "x" and b != 'y') or c <> -3""", "( a = 'x' and b != 'y' ) or c <> -3"),
        ('''name = "o'dia"''', "name = 'o''dia'"),
        ("name = '\"'", "name = '\"'"),
        ('dia like "2025-.*"', "dia like '2025-.*'"),
        ('año = "ñ or 1=1"', "año = 'ñ or 1=1'"),
        ("", ""),
    ],
)
def test_texts_come_into_single_quotes_and_the_rest_stays(given: str, wanted: str) -> None:
    assert expression(given) == wanted


@pytest.mark.parametrize("given", ['a = "x', "a = `x`", "a = 'x';"])
def test_what_is_no_filter_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="partition filter"):
        expression(given)
