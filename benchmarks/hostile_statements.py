"""Statements that cost far more than they say: each is what one client may send by mistake or on purpose.

Most are endless on any machine or outgrow its memory. Some are answered at once, or refused, since a bound of
their function stops them: they are here so that this stays so.
"""

from __future__ import annotations

DEPTH = 400
LONG_A = "rpad('', 100000, 'a')"
LONG_B = "rpad('', 100000, 'b')"
NUMBERS = "UNNEST(sequence(1, 10000))"


def _chain(operator: str, count: int) -> str:
    return operator.join(f"x = {n}" for n in range(count))


STATEMENTS: dict[str, str] = {
    # Regular expressions that go back and forth.
    "regex nested plus": "SELECT regexp_like(rpad('', 40, 'a') || '!', '^(a+)+$')",
    "regex nested star": "SELECT regexp_like(rpad('', 60, 'a') || '!', '^(a*)*$')",
    "regex alternatives": "SELECT regexp_like(rpad('', 60, 'a') || '!', '^(a|aa)+$')",
    "regex same twice": "SELECT regexp_like(rpad('', 60, 'a') || '!', '^(a|a)*$')",
    "regex replace": "SELECT regexp_replace(rpad('', 60, 'a') || '!', '(a+)+$', 'x')",
    "regex extract all": "SELECT regexp_extract_all(rpad('', 40, 'x') || '!', '(x+x+)+y')",
    "regex split": f"SELECT cardinality(regexp_split({LONG_A}, '(a?){{50}}a{{50}}'))",
    "regex count": f"SELECT regexp_count({LONG_A}, '(.*a){{25}}')",
    "regex position": "SELECT regexp_position(rpad('', 40, '0') || '!', '^(0+)+$')",
    "regex backreference": "SELECT regexp_like(rpad('', 3000, 'a') || 'b', '^(a*)*\\1\\1\\1c$')",
    "regex lookahead": "SELECT regexp_like(rpad('', 3000, 'a'), '(?=(a+))a*b\\1')",
    "like many percents": f"SELECT {LONG_A} LIKE '%a%a%a%a%a%a%a%a%a%a%a%b'",
    # Texts that grow.
    "rpad a thousand million": "SELECT length(rpad('a', 1000000000, 'b'))",
    "lpad two thousand million": "SELECT length(lpad('a', 2147483647, 'xyz'))",
    "repeat": "SELECT cardinality(repeat('a', 1000000000))",
    "format width": "SELECT length(format('%1000000000d', 1))",
    "format precision": "SELECT length(format('%.1000000000f', 1e0))",
    "format many": "SELECT length(format('%100000000s%100000000s%100000000s', 'a', 'b', 'c'))",
    "concat doubling": "SELECT length(reduce(sequence(1, 40), 'a', (s, x) -> s || s, s -> s))",
    "replace growing": f"SELECT length(replace({LONG_A}, 'a', {LONG_B}))",
    "split of twenty million": "SELECT cardinality(split(rpad('', 20000000, 'a,'), ','))",
    "array join": "SELECT length(array_join(repeat(rpad('', 100000, 'a'), 100000), ','))",
    "translate": f"SELECT length(translate({LONG_A} || {LONG_A}, 'a', {LONG_B}))",
    "to hex": "SELECT length(to_hex(CAST(rpad('a', 1000000000, 'b') AS varbinary)))",
    "word stem": "SELECT word_stem(rpad('a', 100000000, 'ing'))",
    "normalize": "SELECT length(normalize(rpad('', 100000000, U&'\\FDFA'), NFKD))",
    "xxhash": "SELECT xxhash64(CAST(rpad('a', 500000000, 'b') AS varbinary))",
    "murmur3": "SELECT murmur3(CAST(rpad('a', 500000000, 'b') AS varbinary))",
    "sha512 of much": "SELECT sha512(CAST(rpad('a', 1000000000, 'b') AS varbinary))",
    "from base": f"SELECT from_base(rpad('', 100000, 'z'), 36), {LONG_A}",
    # Comparisons of every pair.
    "levenshtein": f"SELECT levenshtein_distance({LONG_A}, {LONG_B})",
    "levenshtein of pairs": (
        "SELECT count(levenshtein_distance(rpad('', 900, 'a'), rpad(CAST(x AS varchar), 900, 'b'))) "
        f"FROM {NUMBERS} t(x)"
    ),
    "hamming": f"SELECT hamming_distance(rpad('', 100000000, 'a'), rpad('', 100000000, 'b')), {LONG_A}",
    # Arrays and maps that grow.
    "combinations": "SELECT cardinality(combinations(sequence(1, 100), 5))",
    "ngrams": "SELECT cardinality(ngrams(sequence(1, 10000), 5000))",
    "flatten transform": "SELECT cardinality(flatten(transform(sequence(1, 3000), x -> sequence(1, 3000))))",
    "transform twice": (
        "SELECT reduce(transform(sequence(1, 10000), x -> reduce(sequence(1, 10000), 0, (s, y) -> s + y * x, "
        "s -> s)), 0, (s, x) -> s + x, s -> s)"
    ),
    "sequence of many": "SELECT cardinality(sequence(1, 1000000000000))",
    "sequences crossed": "SELECT cardinality(array_agg(x)) FROM UNNEST(sequence(1, 10000)) t(x) "
    "CROSS JOIN UNNEST(sequence(1, 10000)) u(y)",
    "array sort without order": "SELECT array_sort(sequence(1, 10000), (a, b) -> 1)[1]",
    "array sort random": "SELECT array_sort(sequence(1, 10000), (a, b) -> IF(random() < 0.5, -1, 1))[1]",
    "zip": "SELECT cardinality(zip(sequence(1, 10000), repeat(1, 100000000)))",
    "zip with": "SELECT cardinality(zip_with(repeat(1, 10000000), repeat(2, 10000000), (a, b) -> a || b))",
    "array distinct": "SELECT cardinality(array_distinct(transform(repeat(1, 10000000), x -> random())))",
    "array intersect": (
        "SELECT cardinality(array_intersect(repeat(rpad('', 1000, 'a'), 1000000), repeat('b', 1000000)))"
    ),
    "array position": "SELECT array_position(repeat(row(1, 2, 3), 20000000), row(1, 2, 4))",
    "map of many": "SELECT cardinality(map(sequence(1, 10000), repeat(sequence(1, 10000), 10000)))",
    "multimap agg": f"SELECT cardinality(multimap_agg(x % 7, rpad('', 1000, 'a'))) FROM {NUMBERS} t(x), "
    f"{NUMBERS} u(y)",
    "histogram": f"SELECT histogram(x * y) FROM {NUMBERS} t(x), {NUMBERS} u(y)",
    # Joins and groups that grow.
    "cross join": f"SELECT sum(a.x * b.y % 7 + c.z) FROM {NUMBERS} a(x), {NUMBERS} b(y), {NUMBERS} c(z)",
    "cross join of rows": f"SELECT a.x, b.y, c.z FROM {NUMBERS} a(x), {NUMBERS} b(y), {NUMBERS} c(z)",
    "order by everything": f"SELECT x, y FROM {NUMBERS} a(x), {NUMBERS} b(y) ORDER BY x * y % 9973, y, x",
    "window": f"SELECT max(s) FROM (SELECT sum(x * y) OVER (ORDER BY x * y % 997, y, x ROWS BETWEEN 5000 PRECEDING "  # noqa: E501
    f"AND 5000 FOLLOWING) s FROM {NUMBERS} a(x), {NUMBERS} b(y))",
    "array agg windows": f"SELECT array_agg(x) OVER (ORDER BY x) FROM {NUMBERS} t(x)",
    "cube": "SELECT count(*) FROM (SELECT 1 FROM (VALUES (1,2,3,4,5,6,7,8,9,10,11,12,13,14)) "
    "t(a,b,c,d,e,f,g,h,i,j,k,l,m,n) GROUP BY CUBE (a,b,c,d,e,f,g,h,i,j,k,l,m,n))",
    "recursion": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    "recursion doubling": (
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + x FROM r, (VALUES 1, 2) v(x)) "
        "SELECT count(*) FROM r"
    ),
    "spatial join": (
        f"SELECT count(*) FROM {NUMBERS} a(x), {NUMBERS} b(y) WHERE "
        "ST_Intersects(ST_Buffer(ST_Point(a.x, 0), 5), ST_Buffer(ST_Point(b.y, 0), 5))"
    ),
    "buffer of a long line": (
        "SELECT ST_Area(ST_Buffer(ST_LineFromText('LINESTRING(' || array_join(transform(sequence(1, 10000), "
        "x -> cast(x AS varchar) || ' ' || cast(x * 7919 % 997 AS varchar)), ',') || ')'), 50))"
    ),
    "tiles": "SELECT cardinality(geometry_to_bing_tiles(ST_Buffer(ST_Point(10, 10), 20), 23))",
    "row pattern": (
        f"SELECT count(*) FROM (SELECT x FROM {NUMBERS} t(x)) MATCH_RECOGNIZE (ORDER BY x MEASURES "
        "count(*) AS n PATTERN ((A | B)* (A | B)* C) DEFINE A AS x > 0, B AS x > 0, C AS x < 0)"
    ),
    # Documents.
    "json of much": (
        "SELECT json_array_length(json_parse('[' || array_join(repeat('[1,2,3]', 5000000), ',') || ']'))"
    ),
    "json nested": "SELECT json_parse(rpad('', 1000000, '[') || rpad('', 1000000, ']'))",
    "json path": (
        "SELECT json_query('[' || array_join(repeat('[[1],[2]]', 100000), ',') || ']', "
        "'lax $.**[*] ? (@ > 5)' WITH ARRAY WRAPPER)"
    ),
    "json extract": "SELECT json_extract(rpad('', 50000000, '{\"a\":'), '$.a.a.a')",
    "json format": "SELECT length(json_format(CAST(repeat(map(ARRAY['k'], ARRAY[1]), 5000000) AS json)))",
    # Long and deep statements.
    "in of many": f"SELECT count(*) FROM {NUMBERS} t(x) WHERE x IN ({', '.join(map(str, range(40000)))})",
    "or of many": f"SELECT count(*) FROM {NUMBERS} t(x) WHERE {_chain(' OR ', 15000)}",
    "parentheses": f"SELECT {'(' * 20000}1{')' * 20000}",
    "nested calls": f"SELECT {'abs(' * DEPTH}1{')' * DEPTH}",
    "nested queries": f"SELECT * FROM {'(SELECT * FROM ' * DEPTH}(VALUES 1){')' * DEPTH}",
    "unions": " UNION ALL ".join(["SELECT 1"] * 10000),
    "minus": f"SELECT {'- ' * 60000}1",
    "case": f"SELECT CASE {' '.join(f'WHEN x = {n} THEN {n}' for n in range(8000))} END FROM {NUMBERS} t(x)",
    "not": f"SELECT {'NOT ' * 30000}true",
    "arrays in arrays": f"SELECT {'ARRAY[' * 5000}1{']' * 5000}",
    "columns": f"SELECT {', '.join(f'{n} AS c{n}' for n in range(15000))}",
    "crossed tables": f"SELECT count(*) FROM {', '.join(f'(VALUES 1, 2) t{n}(x)' for n in range(40))}",
    # Tables of rows.
    "create table": f"CREATE TABLE hostile_ctas AS SELECT a.x, b.y, c.z FROM {NUMBERS} a(x), {NUMBERS} b(y), "
    f"{NUMBERS} c(z)",
}
