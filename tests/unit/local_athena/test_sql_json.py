"""json_exists, json_query, json_value, json_object and json_array as Trino documents them."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from tests.unit.local_athena.conftest import Ask

DOCUMENT = """'{"name": "Ana", "tags": ["x", "y"], "age": 41, "home": {"city": "Cali"}, "none": null}'"""
ANSWERS = [
    (f"json_value({DOCUMENT}, 'lax $.name')", "Ana"),
    (f"json_value({DOCUMENT}, 'lax $.age * 2' RETURNING bigint)", "82"),
    (f"json_value({DOCUMENT}, 'lax $.tags')", None),
    (f"json_value({DOCUMENT}, 'lax $.none')", None),
    (f"json_value({DOCUMENT}, 'lax $.missing' DEFAULT 'nobody' ON EMPTY)", "nobody"),
    (f"json_value({DOCUMENT}, 'strict $.missing' DEFAULT 'wrong' ON ERROR)", "wrong"),
    (f"json_value({DOCUMENT}, 'lax $.name' RETURNING integer DEFAULT -1 ON ERROR)", "-1"),
    (
        f"json_value({DOCUMENT}, 'lax $.missing' RETURNING bigint DEFAULT 1 / 0 ON EMPTY DEFAULT 9 ON ERROR)",
        "9",
    ),
    ("json_value(NULL, 'lax $')", None),
    ("json_value('\"2024-01-02\"', 'lax $.datetime()' RETURNING date)", "2024-01-02"),
    (f"json_query({DOCUMENT}, 'lax $.tags')", '["x","y"]'),
    (f"json_query({DOCUMENT}, 'lax $.tags[*]')", None),
    (f"json_query({DOCUMENT}, 'lax $.tags[*]' WITH ARRAY WRAPPER)", '["x","y"]'),
    (f"json_query({DOCUMENT}, 'lax $.home' WITH CONDITIONAL ARRAY WRAPPER)", '{"city":"Cali"}'),
    (f"json_query({DOCUMENT}, 'lax $.name' OMIT QUOTES)", "Ana"),
    (f"json_query({DOCUMENT}, 'lax $..city' WITH ARRAY WRAPPER)", '["Cali"]'),
    (f"json_query({DOCUMENT}, 'lax $.no' EMPTY OBJECT ON EMPTY)", "{}"),
    (f"json_exists({DOCUMENT}, 'lax $.tags[last] ? (@ == \"y\")')", "true"),
    (
        f'json_exists({DOCUMENT}, \'lax $ ? (@.age > $n && @.name starts with "A")\' PASSING 40 AS "n")',
        "true",
    ),
    ("json_exists('[1', 'lax $')", "false"),
    ("json_exists('[1', 'lax $' UNKNOWN ON ERROR)", None),
    ("json_object('a' : 1, KEY 'b' VALUE NULL)", '{"a":1,"b":null}'),
    ("json_object('a' : NULL ABSENT ON NULL)", "{}"),
    ("json_array(1, 'x', NULL, true)", '[1,"x",true]'),
    ("json_array('[1, 2]' FORMAT JSON, DATE '2020-01-01' NULL ON NULL)", '[[1,2],"2020-01-01"]'),
]


@pytest.mark.parametrize(("expression", "value"), ANSWERS)
def test_a_json_form_answers_as_trino_does(ask: Ask, expression: str, value: str | None) -> None:
    assert ask(f"SELECT {expression}")[0] == [[value]]


FAILURES = [
    ("json_value('{}', '$.a')", "INVALID_PATH"),
    ("json_value('[1]', 'strict $.a' ERROR ON ERROR)", "JSON_VALUE_RESULT_ERROR"),
    ("json_query('[1', 'lax $' ERROR ON ERROR)", "PATH_EVALUATION_ERROR"),
    ("json_exists('[', 'lax $' ERROR ON ERROR)", "PATH_EVALUATION_ERROR"),
    ("json_object('a' : 1, 'a' : 2 WITH UNIQUE KEYS)", "duplicate key"),
    ("json_value(1, 'lax $')", "Cannot read input of type integer as JSON"),
]


@pytest.mark.parametrize(("expression", "reason"), FAILURES)
def test_a_json_form_that_cannot_answer_fails(ask: Ask, expression: str, reason: str) -> None:
    with pytest.raises(QueryFailed, match=reason):
        ask(f"SELECT {expression}")
