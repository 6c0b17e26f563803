"""WITH queries that give other rows each time they are read; Trino 435 answers the same."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask


@pytest.mark.parametrize(
    "query",
    [
        "WITH x AS (SELECT random() r) SELECT a.r = b.r FROM x a, x b",
        "WITH RECURSIVE x(r) AS (SELECT random() r) SELECT a.r = b.r FROM x a, x b",
        "WITH x AS (SELECT uuid() r) SELECT (SELECT r FROM x) = (SELECT r FROM x)",
        "WITH x AS (SELECT random() r), y AS (SELECT r FROM x) SELECT a.r = b.r FROM y a, y b",
        "WITH y AS (WITH x AS (SELECT random() r) SELECT r FROM x) SELECT a.r = b.r FROM y a, y b",
    ],
)
def test_each_name_of_a_with_query_has_its_own_random_values(ask: Ask, query: str) -> None:
    assert ask(query)[0] == [["false"]]


def test_one_name_has_the_same_random_value_in_each_place(ask: Ask) -> None:
    assert ask("WITH x AS (SELECT random() r) SELECT x.r = x.r FROM x")[0] == [["true"]]


def chain(first: str, links: int) -> str:
    tables = [f"w0 AS (SELECT {first} r)"]
    tables += [f"w{i + 1} AS (SELECT a.r + b.r r FROM w{i} a, w{i} b)" for i in range(links)]
    return f"WITH {', '.join(tables)} SELECT r FROM w{links}"


def test_a_chain_that_doubles_with_each_link_is_refused_when_its_values_change(ask: Ask) -> None:
    with pytest.raises(QueryFailed, match=r"Number of stages in the query .* exceeds the allowed maximum"):
        ask(chain("random()", 30))


def test_a_chain_of_values_that_stay_is_computed_once(ask: Ask) -> None:
    assert ask(chain("BIGINT '1'", 30))[0] == [[str(2**30)]]
