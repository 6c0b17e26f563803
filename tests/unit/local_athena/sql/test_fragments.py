"""What is put into a fragment comes out of DuckDB as itself, and fragments know what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_athena.sql.aggregate import Clauses
from local_athena.sql.build import (
    NOTHING,
    NULL,
    SHORT,
    call,
    commas,
    failing,
    ident,
    joined,
    once,
    sql,
    string,
    struct,
    word,
)
from local_athena.sql.fragment import Sql, function
from local_athena.sql.query import table_of, with_query
from local_athena.sql.reads import names_in
from local_athena.sql.writer import write
from local_athena.types.trino import INTEGER

Answer = Callable[[Sql], Any]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
"""Any but those that DuckDB does not take in quotes either: an empty one, one with a zero character."""
ODD = [
    "",
    "'",
    "''; DROP TABLE t; --",
    '"',
    "\\",
    "\\'",
    "{}",
    "{0}",
    "{{word}}",
    "\0",
    "a\0\0b'\0",
    "<w>",
    "$1 ? %s",
    "--",
    "/*",
    "\n\r\t",
    "naïve ☃ 𝒳\u0301",
    "QUALIFY",
]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


@pytest.fixture(scope="module")
def answer(connection: duckdb.DuckDBPyConnection) -> Answer:
    def ask(query: Sql) -> Any:
        row = connection.execute(write(query)).fetchone()
        return None if row is None else row[0]

    return ask


@pytest.mark.parametrize("text", ODD)
def test_an_odd_text_comes_back_as_itself(answer: Answer, text: str) -> None:
    assert answer(sql("SELECT {}", string(text))) == text


@given(text=TEXTS)
def test_any_text_comes_back_as_itself(answer: Answer, text: str) -> None:
    assert answer(sql("SELECT {}", string(text))) == text


@given(text=TEXTS, other=TEXTS)
def test_a_text_beside_another_stays_itself_in_any_place(answer: Answer, text: str, other: str) -> None:
    made = struct(a=string(text), b=string(other), c=call("concat", string(text), string(other)))
    assert answer(sql("SELECT {}", made)) == {"a": text, "b": other, "c": text + other}


@given(name=NAMES)
def test_any_name_names_a_column(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    query = sql("SELECT {0} FROM (SELECT 7 AS {0}) AS {1}", ident(name), ident("r1"))
    found = connection.execute(write(query))
    assert [column[0] for column in found.description] == [name]
    assert found.fetchall() == [(7,)]


def test_a_name_that_is_a_word_of_duckdb_names_a_column(connection: duckdb.DuckDBPyConnection) -> None:
    words = connection.execute("SELECT keyword_name FROM duckdb_keywords()").fetchall()
    for (name,) in words:
        query = sql("SELECT {0}.{1} FROM (SELECT 7 AS {1}) AS {0}", ident(f"{name}"), ident(name))
        assert connection.execute(write(query)).fetchall() == [(7,)], name


@given(parts=st.lists(NAMES, min_size=2, max_size=3))
def test_a_name_in_parts_keeps_them_apart(answer: Answer, parts: list[str]) -> None:
    source = struct(**{parts[-1]: sql("7")})
    for part in reversed(parts[1:-1]):
        source = struct(**{part: source})
    assert answer(sql("SELECT {} FROM (SELECT {} AS {})", ident(*parts), source, ident(parts[0]))) == 7


def test_a_template_has_holes_in_order_by_place_and_by_name() -> None:
    made = sql("{} {1} {} {last} {{}} {}", 1, sql("two"), string("three"), last=ident("Four"))
    assert write(made) == "1 two two \"Four\" {} 'three'"


def test_a_hole_takes_no_text() -> None:
    with pytest.raises(AttributeError):
        sql("SELECT {}", "1; DROP TABLE t")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["a b; c", "a'", "1a", "", "a.b", "(", "a--b", "--", "/*", ";", "sum("])
def test_a_word_is_no_more_than_a_word(text: str) -> None:
    with pytest.raises(ValueError, match="no word of SQL"):
        word(text)


@pytest.mark.parametrize("text", ["sum", "IS NOT DISTINCT FROM", "<=", "||", "regexp_like"])
def test_a_word_is_a_function_a_keyword_or_an_operator(text: str) -> None:
    assert write(word(text)) == text


def test_fragments_are_equal_when_they_are_built_alike() -> None:
    def built(text: str) -> Sql:
        return sql("CASE WHEN {} = {} THEN {} END", ident("r1", "c0"), string(text), 1)

    assert built("a") == built("a")
    assert len({built("a"), built("a"), built("b")}) == 2


def test_a_text_a_name_and_code_of_the_same_letters_differ() -> None:
    assert len({string("a"), ident("a"), word("a"), sql("{}", ident("a"))}) == 4
    assert ident("a", "b") != ident("a.b")
    assert sql("{}{}", sql("a"), sql("bc")) != sql("{}{}", sql("ab"), sql("c"))


def test_a_fragment_is_no_text() -> None:
    assert sql("a") != "a"


def test_two_deep_fragments_compare_and_write_at_once() -> None:
    def chain() -> Sql:
        made = sql("1")
        for _ in range(20_000):
            made = sql("({} + 1)", made)
        return made

    made = chain()
    assert made == chain()
    assert write(made).count("+ 1") == 20_000


def test_the_size_is_about_the_length_of_the_text() -> None:
    made = sql("SELECT {} FROM {}", commas([string("a" * 1000), ident("r1", "c0")]), ident("r1"))
    assert abs(made.size - len(write(made))) < 10


def test_a_fragment_knows_of_a_query_inside_but_not_of_a_text_that_looks_like_one() -> None:
    assert sql("({})", sql("SELECT 1")).has_query
    assert not sql("({}, {})", string("SELECT 1"), ident("SELECT a")).has_query


def test_a_short_value_is_written_each_time_and_a_long_one_once(answer: Answer) -> None:
    def twice(value: Sql) -> Sql:
        return once(value, lambda it: sql("({} + {})", it, it))

    assert write(twice(sql("2"))) == "(2 + 2)"
    made = sql("1")
    for _ in range(30):
        made = twice(made)
    assert made.size < 30 * 10 * SHORT
    assert answer(sql("SELECT {}", made)) == 2**30


def test_a_lambda_has_its_parameters_and_its_body_at_hand(answer: Answer) -> None:
    made = function((ident("x1"), ident("Odd name")), sql("{} + {}", ident("x1"), ident("Odd name")))
    assert [write(name) for name in made.parameters] == ["x1", '"Odd name"']
    assert write(made.body) == 'x1 + "Odd name"'
    assert answer(sql("SELECT list_reduce([1, 2, 3], {})", made)) == 6


def test_a_query_with_tables_takes_more_in_front(answer: Answer) -> None:
    inner = with_query([table_of(ident("w2"), sql("SELECT n + 1 AS n FROM w1"))], sql("SELECT n FROM w2"))
    whole = with_query([table_of(ident("w1"), sql("SELECT 1 AS n"))], inner)
    assert write(whole).count("WITH") == 1
    assert answer(whole) == 2


def test_a_recursive_query_stays_recursive_with_more_in_front(answer: Answer) -> None:
    steps = sql("SELECT n FROM w1 UNION ALL SELECT n + 1 FROM w2 WHERE n < 5")
    inner = with_query([table_of(sql("w2(n)"), steps)], sql("SELECT max(n) FROM w2"), recursive=True)
    assert answer(with_query([table_of(ident("w1"), sql("SELECT 1 AS n"))], inner)) == 5


def test_a_query_without_tables_is_the_query() -> None:
    assert with_query([], sql("SELECT 1")) == sql("SELECT 1")


def test_the_names_in_a_fragment_are_found_whatever_stands_around_them() -> None:
    query = sql("SELECT {}, {} FROM {}", ident("r1", "c0"), string("w9 scan9"), ident("w2"))
    assert names_in(with_query([table_of(ident("w3"), query)], sql("SELECT 1"))) == {"r1", "w2", "w3"}


def test_clauses_stand_inside_and_around_each_call() -> None:
    made = Clauses(
        distinct=True,
        order=(sql("{} DESC", ident("c1")), ident("c2")),
        filter=sql("{} > 0", ident("c3")),
        over=sql("(PARTITION BY {})", ident("c4")),
    )
    around = "FILTER (WHERE c3 > 0) OVER (PARTITION BY c4)"
    assert write(made.call("sum", ident("c0"))) == f"sum(DISTINCT c0 ORDER BY c1 DESC, c2) {around}"
    assert write(made.plain().call("sum", ident("c0"))) == f"sum(c0) {around}"
    assert write(made.ordered_by(ident("c5")).call("list", ident("c0"))) == (
        f"list(DISTINCT c0 ORDER BY c5) {around}"
    )
    assert write(made.rows()) == f"count(*) {around}"


def test_clauses_ignore_nulls_where_asked() -> None:
    made = Clauses(ignore_nulls=True, over=sql("()"))
    assert write(made.call("first_value", ident("c0"))) == "first_value(c0 IGNORE NULLS) OVER ()"


def test_clauses_of_nothing_are_a_plain_call() -> None:
    assert write(Clauses().call("max", ident("c0"), NULL)) == "max(c0, NULL)"


def test_what_fails_says_its_message_whatever_is_in_it(answer: Answer) -> None:
    with pytest.raises(duckdb.ConversionException, match=r"NAME: it's \{odd\}"):
        answer(sql("SELECT {}", failing("NAME: it's {odd}", INTEGER)))


def test_nothing_leaves_a_clause_out() -> None:
    assert write(joined(" AND ", [])) == write(NOTHING) == ""
