"""A text in a query is a value: whatever is in it comes back as itself through every place that can hold it."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_athena.errors import AthenaApiError, QueryFailed
from local_athena.functions.library import LIBRARY
from tests.unit.local_athena.conftest import Ask

EXPRESSIONS = (
    "{x}", "concat({x}, '')", "{x} || ''", "coalesce(NULL, {x})", "CASE WHEN true THEN {x} ELSE 'a' END", "if(true, {x}, '')",
    "nullif({x}, {x} || 'b')", "try({x})", "greatest({x}, '')", "ARRAY[{x}][1]", "element_at(MAP(ARRAY[{x}], ARRAY[{x}]), {x})",
    "map_keys(MAP(ARRAY[{x}], ARRAY[1]))[1]", "CAST(ROW({x}) AS ROW(a varchar)).a", "CAST({x} AS varchar)", "TRY_CAST({x} AS varchar)",
    "substr({x}, 1)", "reverse(reverse({x}))", "replace({x}, {x}, {x})", "from_utf8(to_utf8({x}))", "url_decode(url_encode({x}))",
    "from_utf8(from_base64(to_base64(to_utf8({x}))))", "from_utf8(from_hex(to_hex(to_utf8({x}))))", "array_join(ARRAY[{x}], {x})",
    "array_max(ARRAY[{x}])", "reduce(ARRAY[{x}], '', (s, e) -> s || e, s -> s)", "transform(ARRAY[{x}], e -> e || '')[1]",
    "filter(ARRAY[{x}], e -> e = {x})[1]", "array_sort(ARRAY[{x}], (a, b) -> if(a = {x}, 0, 1))[1]", "zip_with(ARRAY[{x}], ARRAY[''], (a, b) -> a || b)[1]",
    "json_extract_scalar(CAST(ARRAY[{x}] AS json), '$[0]')", "CAST(CAST({x} AS json) AS varchar)", "format('%s', {x})", "concat_ws({x}, {x}, NULL)",
    "split({x} || 'a', {x} || 'a')[1] || {x}", "regexp_replace('', 'b', {x}) || {x}", "element_at(split_to_map('', ',', '='), {x}) IS NULL",
    "(SELECT {x})", "(SELECT max(v) FROM (VALUES {x}) t(v))",
)  # fmt: skip
"""Expressions that are the text `{x}` itself, or say what it is."""

AGGREGATES = (
    "max(v)", "min(v)", "any_value(v)", "arbitrary(v)", "max_by(v, v)", "min_by(v, {x})", "max(v) FILTER (WHERE v = {x})", "array_agg(v ORDER BY v)[1]",
    "array_agg(DISTINCT v)[1]", "listagg(v, {x}) WITHIN GROUP (ORDER BY v)", "map_keys(histogram(v))[1]", "map_agg(v, v)[{x}]", "max(v, 1)[1]",
    "multimap_agg(v, v)[{x}][1]",
)  # fmt: skip
WINDOWS = (
    "first_value(v) OVER (PARTITION BY {x} ORDER BY v)", "max(v) OVER (ORDER BY {x} || v)", "lag(v, 1, {x}) OVER (ORDER BY v)",
    "nth_value(v, 1) OVER (ORDER BY v)", "last_value(v) IGNORE NULLS OVER (ORDER BY v)",
)  # fmt: skip
QUERIES = (
    "SELECT v FROM (VALUES {x}) t(v) WHERE v = {x}", "SELECT v FROM (VALUES {x}) t(v) WHERE v IN ({x}, 'b')", "SELECT {x} FROM (VALUES 1) t(a) GROUP BY {x}",
    "SELECT v FROM (VALUES {x}) t(v) GROUP BY v HAVING max(v) = {x}", "SELECT v FROM (VALUES {x}) t(v) ORDER BY {x}, v", "WITH w AS (SELECT {x} v) SELECT v FROM w",
    "SELECT {x} UNION SELECT {x}", "SELECT {x} INTERSECT SELECT {x}", "SELECT v FROM (VALUES {x}) t(v) JOIN (VALUES {x}) u(w) ON v = w AND w = {x}",
    "SELECT v FROM UNNEST(ARRAY[{x}]) t(v)", "SELECT v FROM (VALUES {x}) t(v) WHERE EXISTS (SELECT 1 FROM (VALUES {x}) u(w) WHERE w = v)",
    "SELECT DISTINCT v FROM (VALUES {x}, {x}) t(v)", "SELECT v FROM (VALUES {x}) t(v) WHERE v LIKE v ESCAPE '~' OR v = {x}", "SELECT v FROM (VALUES ({x}, 1)) t(v, n) GROUP BY ROLLUP (v) ORDER BY v LIMIT 1",
    "SELECT m.l FROM (VALUES (1, {x})) t(a, v) MATCH_RECOGNIZE (ORDER BY a MEASURES LAST(v) AS l PATTERN (p) DEFINE p AS v = {x}) AS m",
    "WITH RECURSIVE r(n, v) AS (SELECT 1, CAST({x} AS varchar) UNION ALL SELECT n + 1, v FROM r WHERE n < 2) SELECT max(v) FROM r",
)  # fmt: skip
PLACES = (
    *(f"SELECT {made}" for made in EXPRESSIONS),
    *(f"SELECT {made} FROM (VALUES {{x}}) t(v)" for made in (*AGGREGATES, *WINDOWS)),
    *QUERIES,
)
ODD = ("<w>", "<d>", "<o>", "{0}", "{}", "}}", "' OR ''='", "'); SELECT 1 --", "/*", "*/", "--", ";", '"', "\\", "\\'", "$$", "%s", "\n", "\0", "\u2028",
       " QUALIFY ", "lambda x: x", "WITH RECURSIVE ", "r1.c0", "read_text('/etc/passwd')", "é", "😀", "ß", "NULL", ": ", "<", ">")  # fmt: skip
TEXTS = st.lists(st.sampled_from(ODD) | st.characters(exclude_categories=["Cs"]), max_size=5).map("".join)
SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(text=TEXTS)
def test_a_text_comes_back_as_itself(ask: Ask, place: str, text: str) -> None:
    rows, _ = ask(place.replace("{x}", literal(text)))
    assert rows in ([[text]], [["true"]]) or text == ""


LEAKS = re.compile(
    r"duckdb|Binder Error|Parser Error|Catalog Error|Invalid Input|INTERNAL Error|Traceback|TypeError|KeyError|AttributeError"
    r"|ValueError|\bpy_|\btry_\w+_\d|struct_pack|list_transform|/tmp/|/home/|\.sqlite|site-packages|\bc0\b|NoneType"
)
"""Words that only DuckDB, Python or this machine would say."""
ARGUMENTS = (
    "NULL", "''", "'a'", "1", "-1", "0", "1e300", "nan()", "DECIMAL '1.5'", "true", "DATE '2020-01-01'", "TIMESTAMP '2020-01-01 00:00:00 UTC'", "ARRAY[1, NULL]",
    "ARRAY['a']", "MAP(ARRAY['a'], ARRAY[1])", "ROW(1, 'a')", "JSON '{}'", "X'00'", "INTERVAL '1' DAY", "9223372036854775807", "'\\', '('", "x -> x", "(x, y) -> x",
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(name=st.sampled_from(sorted(LIBRARY)), arguments=st.lists(st.sampled_from(ARGUMENTS), max_size=4))
def test_no_failure_speaks_of_the_engine(ask: Ask, name: str, arguments: list[str]) -> None:
    said = ""
    try:
        ask(f"SELECT {name}({', '.join(arguments)})")
    except QueryFailed as error:
        said = error.reason
    except AthenaApiError as error:
        said = error.message
    assert not LEAKS.search(said)
