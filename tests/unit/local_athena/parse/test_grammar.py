"""Trino's grammar: the words and places of its own messages, asked of Trino 435."""

from __future__ import annotations

import time

import pytest

from local_athena.errors import AthenaApiError
from local_athena.parse.grammar import check_grammar
from local_athena.parse.grammar.lexemes import lexemes
from local_athena.parse.grammar.words import NON_RESERVED
from local_athena.parse.statements import parse_query, read_statement
from tests.unit.local_athena.conftest import Ask

AFTER_ALIAS = (
    "Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', "  # noqa: E501
    "'WHERE', 'WINDOW', <EOF>"
)
AFTER_ITEM = (
    "Expecting: '%', '*', '+', ',', '-', '.', '/', 'AND', 'AS', 'AT', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', "  # noqa: E501
    "'INTERSECT', 'LIMIT', 'OFFSET', 'OR', 'ORDER', 'UNION', 'WHERE', 'WINDOW', '[', '||', <EOF>, <identifier>, "  # noqa: E501
    "<predicate>"
)
START = "Expecting: '*', 'ALL', 'DISTINCT', <expression>"
REFUSED = [
    ("select 1 limit 1 offset 1", "line 1:18: mismatched input 'offset'. Expecting: <EOF>"),
    ("select 1 limit 1 fetch first 1 row only", "line 1:18: mismatched input 'fetch'. Expecting: <EOF>"),
    ("select a as 'x' from t", "line 1:13: mismatched input ''x''. Expecting: <identifier>"),
    ("select cast(x as int[]) from t", "line 1:21: mismatched input '['. Expecting: '(', ')', 'ARRAY'"),
    ("update t alias set a=1", "line 1:10: mismatched input 'alias'. Expecting: '.', 'SET'"),
    ("select * from t for system_time as of now()", "line 1:21: mismatched input 'system_time'. Expecting: 'TIMESTAMP', 'VERSION'"),  # noqa: E501
    ("select * from ?", "line 1:15: mismatched input '?'. Expecting: '(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>"),  # noqa: E501
    ("insert into ? select 1", "line 1:13: mismatched input '?'. Expecting: <identifier>"),
    ("select t.? from t", "line 1:10: mismatched input '?'. Expecting: "),
    ("create or replace view ? as select 1 a", "line 1:24: mismatched input '?'. Expecting: <identifier>"),
    ("create view v (x) as select 1 a", "line 1:15: mismatched input '('. Expecting: "),
    ("create view if not exists v as select 1 a", "line 1:16: mismatched input 'not'. Expecting: "),
    ("insert or replace into t select 1", "line 1:8: mismatched input 'or'. Expecting: 'INTO'"),
    ("select * from ice at (timestamp => now())", "line 1:33: mismatched input '=>'. Expecting: ')', ','"),
    ("select a ilike 'x' from t", "line 1:16: mismatched input ''x''. " + AFTER_ALIAS),
    ("select a rlike 'x' from t", "line 1:16: mismatched input ''x''. " + AFTER_ALIAS),
    ("select 4 div 2", "line 1:14: mismatched input '2'. " + AFTER_ALIAS),
    ("select 1 & 2", "line 1:10: mismatched input '&'. " + AFTER_ITEM),
    ("select ~1", "line 1:8: mismatched input '~'. " + START),
    ("select {'a':1}", "line 1:8: mismatched input '{'. " + START),
    ("select a similar to 'x'", "line 1:18: mismatched input 'to'. " + AFTER_ALIAS),
    ("select a collate x", "line 1:18: mismatched input 'x'. " + AFTER_ALIAS),
    ("select top 1 a from t", "line 1:12: mismatched input '1'. " + AFTER_ITEM),
    ("select 1::int", "line 1:9: mismatched input ':'. " + AFTER_ITEM),
    ("select x is true", "line 1:13: mismatched input 'true'. Expecting: 'DISTINCT', 'NOT', 'NULL'"),
    ("select 1 = 1 = 1", "line 1:14: mismatched input '='. Expecting: "),
    ("select a from t where x in ()", "line 1:25: mismatched input 'in'. Expecting: "),
    ("select $path from t", "line 1:8: mismatched input '$'. " + START),
    ("select :x", "line 1:8: mismatched input ':'. " + START),
    ("select `a`", "line 1:8: backquoted identifiers are not supported; use double quotes to quote identifiers"),  # noqa: E501
    ('select 1 as ""', "line 1:13: Zero-length delimited identifier not allowed"),
    ("select 1__0", "line 1:8: identifiers must not start with a digit; surround the identifier with double quotes"),  # noqa: E501
    ("select 1_", "line 1:8: identifiers must not start with a digit; surround the identifier with double quotes"),  # noqa: E501
    ("select 0xG", "line 1:8: identifiers must not start with a digit; surround the identifier with double quotes"),  # noqa: E501
    ("select 0b12", "line 1:8: identifiers must not start with a digit; surround the identifier with double quotes"),  # noqa: E501
    ("select 0o18", "line 1:8: identifiers must not start with a digit; surround the identifier with double quotes"),  # noqa: E501
    ("select 0xFF_", "line 1:8: identifiers must not start with a digit; surround the identifier with double quotes"),  # noqa: E501
    ("select 1_000e3", "line 1:8: identifiers must not start with a digit; surround the identifier with double quotes"),  # noqa: E501
    ("select 1a", "line 1:8: identifiers must not start with a digit; surround the identifier with double quotes"),  # noqa: E501
    ("select 'a", "line 1:8: mismatched input '''. " + START),
    ("select (1", "line 1:10: mismatched input '<EOF>'. Expecting: '%', ')', '*', '+', ',', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <predicate>"),  # noqa: E501
    ("select 1 +", "line 1:11: mismatched input '<EOF>'. Expecting: <expression>"),
    ("select * except (a) from t", "line 1:18: mismatched input 'a'. Expecting: '(', 'SELECT', 'TABLE', 'VALUES'"),  # noqa: E501
    ("select\n  a b c from t", "line 2:7: mismatched input 'c'. " + AFTER_ALIAS),
    ("select a from t order by a nulls first desc", "line 1:40: mismatched input 'desc'. Expecting: ',', 'FETCH', 'LIMIT', 'OFFSET', <EOF>"),  # noqa: E501
    ("select cast(1 as)", "line 1:17: mismatched input ')'. Expecting: <type>"),
    ("select trim(both x)", "line 1:19: mismatched input ')'. Expecting: "),
    ("select count(*) ignore nulls over () from t", "line 1:24: mismatched input 'nulls'. " + AFTER_ALIAS),
    ("delete from t x where a = 1", "line 1:15: mismatched input 'x'. Expecting: '.', 'WHERE', <EOF>"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_where_a_text_leaves_the_grammar_it_is_refused_in_trinos_words(sql: str, message: str) -> None:
    with pytest.raises(AthenaApiError) as raised:
        check_grammar(sql)
    assert raised.value.message.startswith(message)


TAKEN = [
    "select * from t join u join v on true on true",
    "((select 1) union all (select 2)) order by 1 limit all",
    "select ((select 1) + 1), (((select 1))), ((1, 2)), (select 1 union select 2 limit 1)",
    "select * from ((select 1) union (select 2)) t, ((t join u on true)) join v using (a)",
    "select count(*) filter (where x > 1) over (partition by y), sum(all x), max(all), listagg(x, ',') within group (order by x)",  # noqa: E501
    "select x -> y, (a, b) -> a + b, () -> 1 from t",
    "select a from t offset 1 rows fetch next 2 rows with ties",
    "select interval '1' day, interval - '1' year to month, timestamp '2020-01-01', double precision '1'",
    "select cast(x as row(a bigint, double precision, interval day to second, array(int), b int array)) from t",  # noqa: E501
    "select a not in (select 1), a not between 1 and 2 and b, a is not distinct from b, not a = any (values 1)",  # noqa: E501
    "insert into t (a, b) (select 1, 2)",
    "create table if not exists t with (format = 'PARQUET') as with a as (select 1 x) select * from a with no data",  # noqa: E501
    "merge into t x using u on x.a = u.a when matched and u.b then delete when matched then update set a = 1 when not matched then insert (a) values (1)",  # noqa: E501
    "select grouping(a, b) from t group by all rollup (a, (b, c)), cube (d), grouping sets ((), (a)), ()",
    "select * from t x tablesample bernoulli (10), unnest(a) with ordinality as y(b, c)",
    "select t.*, (select x).* as (a) from a.b.t for version as of 1",
    "select * from values (1, 2), (3, 4)",  # only in the answers of Trino's own tests
]


@pytest.mark.parametrize("sql", TAKEN)
def test_what_the_grammar_has_is_taken(sql: str) -> None:
    check_grammar(sql)


def test_a_deep_text_of_parentheses_is_read_once() -> None:
    check_grammar("select " + "(" * 5000 + "1" + ")" * 5000)
    check_grammar("select 1" + " + (select 1)" * 2000)
    check_grammar("select 1 where 1 in (" + "1, " * 50000 + "1)")


@pytest.mark.parametrize("word", sorted(NON_RESERVED))
def test_a_word_that_is_not_reserved_is_a_name_anywhere(ask: Ask, word: str) -> None:
    word = word.lower()
    sql = (
        f"with {word} as (select 1 {word}) select {word}.{word}, t.{word}, max(t.{word}) as {word}, sum(t.{word}) over {word} "  # noqa: E501
        f"from {word} join {word} t using ({word}) group by t.{word}, {word}.{word} window {word} as (order by t.{word})"  # noqa: E501
    )
    parse_query(sql)
    rows, _ = ask(
        f"select 1 + {word}, t.{word} {word} from (values 1, 2) t({word}) where {word} = 1 order by {word}"
    )
    assert rows == [["2", "1"]]


NAMED_ARRAY = [
    ("select t.array[1] from (select array[7,8] as array) t", "7"),
    ('select "list"[1], list[2] from (select array[7,8] as list)', "7"),
    ('select "array"[2] from (select array[7,8] as "array")', "8"),
    ("select t.r.array[1] from (select cast(row(array[7]) as row(array array(integer))) r) t", "7"),
    ("select array[array[7]][1][1]", "7"),
]


@pytest.mark.parametrize(("sql", "value"), NAMED_ARRAY)
def test_a_column_may_be_called_as_a_constructor(ask: Ask, sql: str, value: str) -> None:
    assert ask(sql)[0][0][0] == value


@pytest.mark.parametrize("run", [" ", "\n", "\t", ";", "/**/"])
def test_a_long_run_of_what_separates_is_read_once(run: str) -> None:
    length = 200_000 // len(run)
    started = time.monotonic()
    statement = read_statement(f"{run * length}SELECT 1{run * length}")
    assert statement.text.endswith("SELECT 1") or run == "/**/"
    if run != ";":
        read_statement(f"SELECT{run * length}1")
    assert time.monotonic() - started < 20  # two minutes when each is looked at from each


def test_a_number_may_touch_a_reserved_word_after_it() -> None:
    assert [one.key for one in lexemes("1UNION 2")] == ["<integer>", "UNION", "<integer>", "<EOF>"]
    assert [one.key for one in lexemes("2where")] == ["<integer>", "WHERE", "<EOF>"]
    assert [one.key for one in lexemes("1unions")] == ["<digit>", "<EOF>"]
