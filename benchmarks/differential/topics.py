"""Topics: templates with holes that name lists of texts, for what whole-table statements seldom reach.

A hole `<x>` is filled from HOLES or, where that has no such list, with a literal of that type from EDGES,
every time anew. Templates are bounded: their holes hold holes to a depth of two at most.
"""

from __future__ import annotations

import re
from random import Random

from benchmarks.differential.edges import CAST_TYPES, EDGES

HOLE = re.compile(r"<([a-z0-9_]+)>")
NAMES = {
    name.split("(")[0].replace(" ", "_") if "(" not in name else re.sub(r"\W+", "_", name).strip("_"): name
    for name in EDGES
}
"""How a hole names a type: `array_integer`, `timestamp_with_time_zone`."""

HOLES: dict[str, tuple[str, ...]] = {
    "value": tuple(f"<{name}>" for name in NAMES),
    "simple": ("<integer>", "<bigint>", "<double>", "<decimal>", "<varchar>", "<char>", "<date>", "<timestamp>", "<real>", "<boolean>", "<smallint>"),
    "number": ("<integer>", "<bigint>", "<double>", "<decimal>", "<real>", "<tinyint>", "<smallint>", "NULL"),
    "text": ("<varchar>", "<char>", "NULL", "<varchar>"),
    "moment": ("<date>", "<timestamp>", "<timestamp_with_time_zone>", "<time>", "<time_with_time_zone>"),
    "nested": ("<array_integer>", "<array_varchar>", "<array_double>", "<array_array_integer>", "<map_varchar_integer>", "<row_x_integer_y_varchar>",
               "<row_double_array_integer>", "<array_row_x_integer_y_varchar>", "<map_integer_array_varchar>"),
    "type": CAST_TYPES,
    "op": ("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"),
    "arith": ("+", "-", "*", "/", "%"),
    "small": ("0", "1", "2", "3", "-1", "5", "NULL"),
    "unit": ("'millisecond'", "'second'", "'minute'", "'hour'", "'day'", "'week'", "'month'", "'quarter'", "'year'"),
    "part": ("year", "quarter", "month", "week", "day", "day_of_month", "day_of_week", "dow", "day_of_year", "doy", "year_of_week", "yow", "hour", "minute", "second", "timezone_hour", "timezone_minute"),
    "zone": ("'UTC'", "'America/New_York'", "'Europe/Berlin'", "'Asia/Kathmandu'", "'+14:00'", "'-03:30'", "'Australia/Lord_Howe'", "'Z'", "'GMT'", "'Nowhere/Land'"),
    "interval": ("<interval_day_to_second>", "<interval_year_to_month>"),
    "mysql": (*(f"'%{letter}'" for letter in "abcdefHhIijklMmprSsTvWxYy%DUuVwXn"), "'%Y-%m-%d %H:%i:%s'", "'%d/%m/%y %h:%i %p'", "'%Y-%m-%dT%T.%f'", "'day %e of %b'", "'%x-%v'", "'plain'", "''"),
    "joda": ("'yyyy-MM-dd HH:mm:ss'", "'yy'", "'y'", "'yyyyy'", "'M'", "'MMM'", "'MMMM'", "'d'", "'ddd'", "'E'", "'EEEE'", "'e'", "'D'", "'DDD'", "'w'", "'ww'", "'xxxx'", "'G'", "'C'", "'h'", "'K'", "'k'", "'HH'",
             "'m'", "'s'", "'S'", "'SS'", "'SSSSSS'", "'a'", "'z'", "'zzzz'", "'Z'", "'ZZ'", "'ZZZ'", "'''T''HH'", "'yyyy''year'''", "'Y'", "'YYYY-MM'", "'EEE, dd MMM yyyy'", "'q'", "''"),
    "parsed": ("'2020-02-29 23:59:59'", "'20-2-9'", "'29/02/2020'", "'Feb 29 2020'", "'Saturday'", "'12:30 PM'", "'2020-060'", "'2020-W09-6'", "'1.5'", "'2020'", "'-5'", "' 7'", "'2020-02-30'", "'10/31/99 11:59 pm'"),
    "pairs_mysql": ("'2020-02-29 23:59:59', '%Y-%m-%d %H:%i:%s'", "'29/2/20 1:05 PM', '%d/%c/%y %h:%i %p'", "'2020-02-29T01:02:03.123456', '%Y-%m-%dT%H:%i:%s.%f'", "'Feb 29 2020', '%b %d %Y'",
                    "'february 3, 1999', '%M %e, %Y'", "'2020 060', '%Y %j'", "'12', '%H'", "'69', '%y'", "'70', '%y'", "'2020-1-2', '%Y-%m-%d'", "'2020-13-01', '%Y-%m-%d'", "'2020-01-01 x', '%Y-%m-%d'",
                    "'Sat 29 Feb', '%a %d %b'", "'2020-W09', '%x-W%v'", "'1:2:3', '%T'", "'12:01:02 AM', '%r'", "'5%', '%e%%'", "'', '%Y'", "'0.5', '%s.%f'", "'20200229', '%Y%m%d'"),
    "pairs_joda": ("'2020-02-29 23:59:59', 'yyyy-MM-dd HH:mm:ss'", "'29/2/20 1:05 PM', 'd/M/yy h:mm a'", "'2020-02-29T01:02:03.123Z', 'yyyy-MM-dd''T''HH:mm:ss.SSSZ'", "'Feb 29 2020', 'MMM dd yyyy'",
                   "'2020-02-29 10:00 +0530', 'yyyy-MM-dd HH:mm Z'", "'2020-02-29 10:00 Europe/Berlin', 'yyyy-MM-dd HH:mm ZZZ'", "'2020-W09-6', 'xxxx-''W''ww-e'", "'2020 60', 'yyyy D'", "'24', 'kk'", "'11', 'K'",
                   "'44 BC', 'y G'", "'2020-02-30', 'yyyy-MM-dd'", "'70', 'yy'", "'5', 'HH'", "'x', 'yyyy'", "'2020-02-29x', 'yyyy-MM-dd'", "'Sat, 29 Feb 2020', 'EEE, dd MMM yyyy'", "'20200229', 'yyyyMMdd'", "'1.25', 's.SS'"),
    "iso": ("'2020-02-29'", "'2020-060'", "'2020-W09-6'", "'2020-W09'", "'2020-02'", "'2020'", "'2020-02-29T10:11:12.123456789Z'", "'2020-02-29T10:11+05:30'", "'2020-02-29T10'", "'T10:11'", "'2020-02-29 10:11:12'", "'20200229'",
            "'-0001-01-01'", "'+12345-01-01'", "'2020-02-30'", "''"),
    "jsontext": ("'{\"a\": 1, \"b\": [1, 2.50, \"x\", null, {\"c\": true}], \"d\": {\"e\": \"f\"}}'", "'[1, \"two\", null, [3, 4], {\"a\": 5}]'", "'\"s\"'", "'null'", "'1.0'", "'1e400'", "'{}'", "'[]'", "'{\"a\": {\"b\": null}}'",
                 "'{\"a\": \"1\", \"a\": 2}'", "'broken {'", "''", "'{\"é\": \"ü\\u00e9\\n\", \"x y\": 2}'", "' [ 1 , 2 ] '", "'[{\"a\": 1}, {\"a\": 2}, {\"b\": 3}]'", "'12345678901234567890'", "'-0'", "'true'", "'{\"a\": [[1, 2], [3]]}'"),
    "oldpath": ("'$.a'", "'$.b[1]'", "'$.b[4].c'", "'$[0]'", "'$[3][1]'", "'$'", "'$.d.e'", "'$[\"x y\"]'", "'$.b[*]'", "'$..a'", "'$.*'", "'a'", "'$.é'", "'$[*].a'", "'$.b[-1]'", "'$.a.b'", "'$.b.length()'", "'$[4].a'"),
    "sqlpath": ("'lax $.a'", "'strict $.a'", "'lax $.b[1]'", "'lax $.b[*]'", "'strict $.b[9]'", "'lax $[*].a'", "'lax $[0]'", "'strict $[*] ? (@.a > 1)'", "'lax $.b[last]'", "'lax $.*'", "'lax $.a.size()'", "'lax $.b.type()'", "'lax $.a + 1'",
                "'lax $.b[0 to 1]'", "'lax $[*] ? (exists(@.a))'", "'lax $.d.e ? (@ starts with \"f\")'", "'lax $.a.double()'", "'lax -$.a'", "'lax $.b[*] ? (@ == 1 || @ == \"x\")'", "'lax $.d.keyvalue()'", "'lax $.\"x y\"'", "'lax $.a.ceiling()'", "'lax $.b[2] ? (@ like_regex \"X\" flag \"i\")'", "'lax $.a ? (@ == null)'"),
    "returning": ("", "", " RETURNING integer", " RETURNING varchar", " RETURNING double", " RETURNING decimal(5,2)", " RETURNING boolean", " RETURNING varchar(2)", " RETURNING date", " RETURNING bigint"),
    "onempty": ("", "", " NULL ON EMPTY", " ERROR ON EMPTY", " DEFAULT '7' ON EMPTY"),
    "onerror": ("", "", " NULL ON ERROR", " ERROR ON ERROR", " DEFAULT '9' ON ERROR"),
    "wrapper": ("", "", " WITHOUT ARRAY WRAPPER", " WITH ARRAY WRAPPER", " WITH CONDITIONAL WRAPPER", " WITH UNCONDITIONAL ARRAY WRAPPER"),
    "quotes": ("", "", " KEEP QUOTES", " OMIT QUOTES"),
    "qempty": ("", " NULL ON EMPTY", " EMPTY ARRAY ON EMPTY", " EMPTY OBJECT ON EMPTY"),
    "subject": ("'abc abd 12'", "''", "'Ünïçödé ß ǅ'", "'aaa'", "'a\nb\r\nc'", "'x1y22z333'", "'foo.bar@baz.com'", "'\\d$1'", "'日本語 text'", "'ABCabc'", "'tab\there'", "CAST('ab' AS char(5))", "CAST(NULL AS varchar)"),
    "regex": (r"'a'", r"'\w+'", r"'\W'", r"'(\d)(\d)?'", r"'^.'", r"'.$'", r"'(?i)abc'", r"'(?m)^.'", r"'(?s)a.b'", r"'a*'", r"'a+?'", r"'a{2}'", r"'(a|b)\1'", r"'\p{L}+'", r"'\p{Lu}'", r"'[[:alpha:]]+'", r"'[^\x00-\x7F]'",
              r"'(?<y>\d+)'", r"'(?=b)'", r"'(?!a)\w'", r"'(?<=a)b'", r"'\b'", r"'\s'", r"'[a-c&&[^b]]'", r"'\Aa'", r"'c\z'", r"'\Z'", r"'(?:x)(\d+)'", r"'('", r"'[z-a]'", r"'\Qa.b\E'", r"'x|'", r"'\R'", r"'(?x) a b'", r"'\u00fc'", r"'$'", r"'a++b'", r"'[\w&&\D]'", r"'\h'", r"''"),
    "replacement": ("'_'", "'$0'", "'[$1]'", "'$2'", "'\\$'", "''", "'${y}'", "'$'", "'\\'", "'a$1b$2'"),
    "lambda_text": ("x -> upper(x[1])", "x -> coalesce(x[1], '-')", "x -> '<' || x[1] || '>'"),
    "like": ("'a%'", "'%b%'", "'_bc'", "'%'", "''", "'a\\%' ESCAPE '\\'", "'%x_' ESCAPE 'x'", "'abc'", "'a_'", "NULL"),
    "agg": ("count(x)", "count(DISTINCT x)", "max(x)", "min(x)", "array_agg(x ORDER BY x)", "array_agg(DISTINCT x ORDER BY x)", "array_agg(x ORDER BY id DESC)", "arbitrary(x) IS NULL", "max(x, 2)", "min(x, 2)", "max_by(id, x) IS NULL",
            "count(*) FILTER (WHERE x IS NULL)", "checksum(x) IS NULL", "approx_distinct(x)", "array_agg(x ORDER BY id) FILTER (WHERE x IS NOT NULL)"),
    "numagg": ("sum(x)", "avg(x)", "min(x)", "max(x)", "stddev(x)", "variance(x)", "sum(DISTINCT x)", "avg(DISTINCT x)", "count(DISTINCT x)", "geometric_mean(x)", "corr(x, id)", "covar_pop(x, id)", "regr_slope(x, id)", "skewness(x)", "kurtosis(x)",
               "max(x, 2)", "approx_percentile(x, 0.5e0)", "sum(x) FILTER (WHERE id > 5)", "bitwise_or_agg(id)", "histogram(x)", "map_agg(id, x)", "sum(abs(x))", "max(-x)", "array_agg(x ORDER BY x DESC NULLS FIRST)", "array_agg(x ORDER BY x)"),
    "frame": ("", "ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", "ROWS UNBOUNDED PRECEDING", "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", "ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING", "ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING",
              "GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING", "GROUPS CURRENT ROW", "RANGE UNBOUNDED PRECEDING", "RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", "GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"),
    "dir": ("", " DESC", " NULLS FIRST", " NULLS LAST", " DESC NULLS FIRST", " DESC NULLS LAST"),
    "winfn": ("sum(id)", "count(x)", "first_value(x)", "last_value(x)", "nth_value(x, 2)", "array_agg(id)", "max(x)", "min(x)", "rank()", "dense_rank()", "first_value(x) IGNORE NULLS", "last_value(x) IGNORE NULLS", "count(*)",
              "nth_value(x, 1) IGNORE NULLS", "max_by(id, x) IS NULL", "count_if(x IS NULL)"),
    "rankfn": ("row_number()", "rank()", "dense_rank()", "percent_rank()", "cume_dist()", "ntile(2)", "ntile(7)", "lag(x)", "lead(x, 2)", "lag(x, 0)", "lead(x, 1, x)", "lag(x) IGNORE NULLS", "lead(x, 1) IGNORE NULLS"),
    "setop": ("UNION", "UNION ALL", "INTERSECT", "EXCEPT"),
}  # fmt: skip

ROWS = "(VALUES (0, <{0}>), (1, <{0}>), (2, <{0}>), (3, <{0}>)) AS t(id, x)"

TOPICS: dict[str, tuple[str, ...]] = {
    "casts": ("SELECT CAST(<value> AS <type>)", "SELECT TRY_CAST(<value> AS <type>)", "SELECT CAST(x AS <type>) FROM (VALUES <value>) AS t(x)", "SELECT TRY(CAST(<simple> AS <type>))", "SELECT TRY(CAST(JSON <jsontext> AS <type>))",
              "SELECT CAST(CAST(<simple> AS <type>) AS varchar)", "SELECT TRY_CAST(<text> AS <type>)", "SELECT TRY_CAST(<number> AS <type>)", "SELECT TRY_CAST(<moment> AS <type>)"),
    "comparisons": ("SELECT <number> <op> <number>", "SELECT <text> <op> <text>", "SELECT <moment> <op> <moment>", "SELECT <value> <op> <value>", "SELECT <nested> <op> <nested>", "SELECT <number> IN (<number>, <number>)",
                    "SELECT <number> BETWEEN <number> AND <number>", "SELECT <text> LIKE <like>", "SELECT x <op> y FROM (VALUES (<number>, <number>)) AS t(x, y)", "SELECT x <op> y FROM (VALUES (<text>, <text>)) AS t(x, y)",
                    "SELECT ROW(<simple>, <simple>) <op> ROW(<simple>, <simple>)", "SELECT nullif(<simple>, <simple>)", "SELECT (<integer>, <varchar>) IN ((1, 'abc'), (<integer>, <varchar>))"),
    "coercions": ("SELECT coalesce(<simple>, <simple>)", "SELECT CASE WHEN <boolean> THEN <simple> ELSE <simple> END", "SELECT if(<boolean>, <simple>, <simple>)", "SELECT ARRAY[<simple>, <simple>]", "SELECT x FROM (VALUES <simple>, <simple>) AS t(x)",
                  "SELECT <simple> <setop> SELECT <simple>", "SELECT greatest(<number>, <number>)", "SELECT least(<text>, <text>)", "SELECT MAP(ARRAY[<text>], ARRAY[<number>])", "SELECT coalesce(<nested>, <nested>)",
                  "SELECT greatest(<moment>, <moment>)", "SELECT CASE <simple> WHEN <simple> THEN 1 ELSE 2 END", "SELECT <text> || <text>", "SELECT concat(<text>, <text>, <text>)", "SELECT typeof(coalesce(<number>, <number>))", "SELECT <nested> <setop> SELECT <nested>",
                  "SELECT coalesce(<text>, <text>), coalesce(<moment>, <moment>)", "SELECT x FROM (SELECT <text> AS x UNION ALL SELECT <text> UNION ALL SELECT <text>) t", "SELECT ROW(<simple>, <nested>)", "SELECT <nested> || <nested>"),
    "arithmetic": ("SELECT <number> <arith> <number>", "SELECT x <arith> y FROM (VALUES (<number>, <number>)) AS t(x, y)", "SELECT TRY(<number> <arith> <number>)", "SELECT <decimal> <arith> <decimal>", "SELECT abs(x), sign(x) FROM (VALUES <number>) AS t(x)",
                   "SELECT round(x, <small>), truncate(x) FROM (VALUES <number>) AS t(x)", "SELECT floor(x), ceiling(x), round(x) FROM (VALUES <number>) AS t(x)", "SELECT mod(<number>, <number>)", "SELECT TRY(power(<number>, <number>))", "SELECT truncate(<decimal>, <small>)"),
    "moments": ("SELECT <moment> + <interval>", "SELECT <moment> - <interval>", "SELECT <moment> - <moment>", "SELECT date_add(<unit>, <small>, <moment>)", "SELECT date_diff(<unit>, <moment>, <moment>)", "SELECT date_trunc(<unit>, <moment>)", "SELECT EXTRACT(<part> FROM <moment>)",
                "SELECT x + <interval>, x - <interval> FROM (VALUES <moment>) AS t(x)", "SELECT x AT TIME ZONE <zone> FROM (VALUES <timestamp_with_time_zone>) AS t(x)", "SELECT <timestamp> AT TIME ZONE <zone>", "SELECT with_timezone(<timestamp>, <zone>)", "SELECT CAST(<moment> AS varchar)",
                "SELECT to_iso8601(<moment>)", "SELECT to_unixtime(<moment>)", "SELECT from_unixtime(<number>)", "SELECT from_unixtime(<number>, <zone>)", "SELECT from_unixtime_nanos(<bigint>)", "SELECT <interval> + <interval>", "SELECT <interval> * <small>", "SELECT <interval> / 2e0", "SELECT <interval> <op> <interval>",
                "SELECT CAST(<interval> AS varchar)", "SELECT date_diff(<unit>, x, y) FROM (VALUES (<moment>, <moment>)) AS t(x, y)", "SELECT from_iso8601_timestamp(<iso>)", "SELECT from_iso8601_date(<iso>)", "SELECT TRY(from_iso8601_timestamp_nanos(<iso>))", "SELECT last_day_of_month(<moment>)",
                "SELECT date(<moment>), CAST(<moment> AS date)", "SELECT hour(x), millisecond(x) FROM (VALUES <moment>) AS t(x)", "SELECT sequence(<date>, <date>, <interval>)", "SELECT current_timestamp - current_timestamp", "SELECT timezone_hour(<moment>), timezone_minute(<moment>)", "SELECT x BETWEEN <moment> AND <moment> FROM (VALUES <moment>) AS t(x)"),
    "formats": ("SELECT date_format(<moment>, <mysql>)", "SELECT date_format(x, <mysql>) FROM (VALUES <timestamp>) AS t(x)", "SELECT format_datetime(<moment>, <joda>)", "SELECT format_datetime(x, <joda>) FROM (VALUES <timestamp_with_time_zone>) AS t(x)", "SELECT date_parse(<pairs_mysql>)", "SELECT parse_datetime(<pairs_joda>)",
                "SELECT TRY(date_parse(<parsed>, <mysql>))", "SELECT TRY(parse_datetime(<parsed>, <joda>))", "SELECT date_format(<timestamp_with_time_zone>, <mysql>)", "SELECT date_parse(date_format(<timestamp>, '%Y-%m-%d %H:%i:%s.%f'), '%Y-%m-%d %H:%i:%s.%f')",
                "SELECT format('%s|%5s|%-5s|', <simple>, <simple>, <simple>)", "SELECT format('%d %05d %,d %x', <integer>, <integer>, <bigint>, 255)", "SELECT format('%.2f %e %g', <double>, <double>, <double>)", "SELECT format('%b %c %%', <boolean>, 'x')", "SELECT format('%tY-%<tm', <timestamp>)", "SELECT format('%s', <value>)", "SELECT format_number(<number>)"),
    "json": ("SELECT json_extract(<jsontext>, <oldpath>)", "SELECT json_extract_scalar(<jsontext>, <oldpath>)", "SELECT json_size(<jsontext>, <oldpath>)", "SELECT json_parse(<jsontext>)", "SELECT json_format(json_parse(<jsontext>))", "SELECT json_array_length(<jsontext>), json_array_get(<jsontext>, <small>)", "SELECT json_array_contains(<jsontext>, <simple>)",
             "SELECT is_json_scalar(<jsontext>)", "SELECT CAST(<value> AS json)", "SELECT json_format(CAST(<value> AS json))", "SELECT TRY(CAST(json_parse(<jsontext>) AS <type>))", "SELECT CAST(<json> AS <type>)", "SELECT json_value(<jsontext>, <sqlpath><returning><onempty><onerror>)", "SELECT json_query(<jsontext>, <sqlpath><wrapper><quotes><qempty>)",
             "SELECT json_exists(<jsontext>, <sqlpath>)", "SELECT json_object('k' : <simple>, 'l' : <simple>)", "SELECT json_object(KEY 'k' VALUE <varchar> ABSENT ON NULL)", "SELECT json_array(<simple>, <simple>, NULL NULL ON NULL)", "SELECT json_array(<simple>, <varchar>)", "SELECT json_query(x, <sqlpath><wrapper>) FROM (VALUES <jsontext>, <jsontext>) AS t(x)",
             "SELECT json_value(x, <sqlpath><returning>) FROM (VALUES <jsontext>, <jsontext>) AS t(x)", "SELECT json_extract(x, <oldpath>) FROM (VALUES <json>) AS t(x)", "SELECT <json> <op> <json>", "SELECT x, count(*) FROM (VALUES <json>, <json>, <json>) AS t(x) GROUP BY x", "SELECT CAST(MAP(ARRAY[<simple>], ARRAY[<simple>]) AS json)", "SELECT CAST(ROW(<simple>, <nested>) AS json)"),
    "patterns": ("SELECT regexp_like(<subject>, <regex>)", "SELECT regexp_extract(<subject>, <regex>)", "SELECT regexp_extract(<subject>, <regex>, <small>)", "SELECT regexp_extract_all(<subject>, <regex>)", "SELECT regexp_extract_all(<subject>, <regex>, <small>)", "SELECT regexp_replace(<subject>, <regex>)",
                 "SELECT regexp_replace(<subject>, <regex>, <replacement>)", "SELECT regexp_replace(<subject>, <regex>, <lambda_text>)", "SELECT regexp_split(<subject>, <regex>)", "SELECT regexp_count(<subject>, <regex>), regexp_position(<subject>, <regex>)", "SELECT regexp_position(<subject>, <regex>, 2, <small>)", "SELECT x, regexp_replace(x, <regex>, <replacement>) FROM (VALUES <subject>, <subject>) AS t(x)",
                 "SELECT x LIKE <like> FROM (VALUES <text>, <text>) AS t(x)"),
    "texts": ("SELECT substr(<text>, <small>, <small>)", "SELECT substring(<text> FROM <small>)", "SELECT trim(BOTH 'a' FROM <text>)", "SELECT ltrim(<text>), rtrim(<text>)", "SELECT length(<text>)", "SELECT upper(<text>), lower(<text>)", "SELECT split(<text>, ','), split_part(<text>, ',', <small>)", "SELECT position('b' IN <text>), strpos(<text>, '', 1)",
              "SELECT lpad(<text>, <small>, 'xy'), rpad(<text>, 6, <text>)", "SELECT replace(<text>, <text>, <text>), replace(<text>, 'a')", "SELECT translate(<text>, 'ab', <text>)", "SELECT reverse(<text>), normalize(<text>, NFD)", "SELECT to_utf8(<text>), from_utf8(<varbinary>)", "SELECT concat_ws(<text>, <text>, <text>)", "SELECT starts_with(<text>, <text>)",
              "SELECT levenshtein_distance(<text>, <text>)", "SELECT x || y, length(x) FROM (VALUES (<text>, <text>)) AS t(x, y)", "SELECT split_to_map(<text>, ',', '='), split(<text>, ',', 2)", "SELECT strpos(<text>, <text>, <small>)", "SELECT codepoint(CAST(<text> AS varchar(1)))", "SELECT typeof(<text> || <text>), typeof(substr(<text>, 1))", "SELECT luhn_check(<text>), soundex(<text>)"),
    "binary": ("SELECT to_hex(<varbinary>), to_base64(<varbinary>)", "SELECT <varbinary> || <varbinary>", "SELECT length(<varbinary>), reverse(<varbinary>), substr(<varbinary>, <small>)", "SELECT md5(<varbinary>), sha1(<varbinary>), xxhash64(<varbinary>)", "SELECT from_big_endian_64(<varbinary>)", "SELECT <varbinary> <op> <varbinary>", "SELECT to_big_endian_32(<integer>), to_ieee754_64(<double>), to_ieee754_32(<real>)",
               "SELECT crc32(<varbinary>)", "SELECT lpad(<varbinary>, 5, X'aa'), rpad(<varbinary>, <small>, X'bb')", "SELECT from_hex(<text>), from_base64(<text>)", "SELECT to_base32(<varbinary>), to_base64url(<varbinary>)", "SELECT hmac_sha256(<varbinary>, <varbinary>)", "SELECT x, count(*) FROM (VALUES <varbinary>, <varbinary>) AS t(x) GROUP BY x ORDER BY x", "SELECT from_ieee754_32(<varbinary>)", "SELECT max(x), min(x) FROM (VALUES <varbinary>, <varbinary>) AS t(x)"),
    "containers": ("SELECT array_sort(<nested>)", "SELECT array_distinct(<nested>)", "SELECT <nested>[<small>]", "SELECT element_at(<nested>, <small>)", "SELECT cardinality(<nested>)", "SELECT array_max(x), array_min(x) FROM (VALUES <array_double>, <array_double>) AS t(x)", "SELECT contains(<array_integer>, <integer>), array_position(<array_integer>, <integer>)", "SELECT array_join(<nested>, '-', <text>)",
                   "SELECT flatten(ARRAY[<array_integer>, <array_integer>])", "SELECT array_union(<array_double>, <array_double>), array_intersect(<array_integer>, <array_integer>)", "SELECT array_except(<array_varchar>, <array_varchar>)", "SELECT map_concat(<map_varchar_integer>, <map_varchar_integer>)", "SELECT map_keys(<map_varchar_integer>), map_values(<map_varchar_integer>), map_entries(<map_varchar_integer>)",
                   "SELECT map_from_entries(<array_row_x_integer_y_varchar>)", "SELECT slice(<array_integer>, <small>, <small>)", "SELECT zip(<array_integer>, <array_varchar>)", "SELECT zip_with(<array_integer>, <array_double>, (p, q) -> p + q)", "SELECT transform(<nested>, e -> e)", "SELECT filter(<array_integer>, e -> e <op> <number>)", "SELECT reduce(<array_integer>, <number>, (s, e) -> s + e, s -> s)",
                   "SELECT map_filter(<map_varchar_integer>, (k, v) -> v IS NOT NULL), transform_values(<map_varchar_integer>, (k, v) -> k)", "SELECT transform_keys(<map_varchar_integer>, (k, v) -> v)", "SELECT sequence(<small>, <small>), repeat(<simple>, <small>)", "SELECT ngrams(<array_varchar>, 2), combinations(<array_integer>, 2)", "SELECT any_match(<array_integer>, e -> e > 1), all_match(<array_integer>, e -> e > 1), none_match(<array_integer>, e -> e > 1)",
                   "SELECT <row_x_integer_y_varchar>.x, <row_x_integer_y_varchar>[2]", "SELECT array_remove(<array_varchar>, <text>), array_sort(<array_varchar>)", "SELECT arrays_overlap(<array_integer>, <array_integer>), contains_sequence(<array_integer>, <array_integer>)", "SELECT trim_array(<array_integer>, <small>), reverse(<nested>)", "SELECT array_histogram(<array_integer>), cardinality(<map_varchar_integer>)", "SELECT map_zip_with(<map_varchar_integer>, <map_varchar_integer>, (k, p, q) -> p + q)",
                   "SELECT multimap_from_entries(<array_row_x_integer_y_varchar>)", "SELECT array_sort(<array_integer>, (p, q) -> if(p < q, 1, if(p = q, 0, -1)))", "SELECT array_agg(x) FROM UNNEST(<nested>) AS t(x)"),
    "grouped values": (
        f"SELECT x, count(*) FROM {ROWS.format('nested')} GROUP BY x", f"SELECT DISTINCT x FROM {ROWS.format('simple')}", f"SELECT <agg> FROM {ROWS.format('double')}", f"SELECT <agg> FROM {ROWS.format('timestamp')}", f"SELECT <agg> FROM {ROWS.format('decimal')}",
        *(f"SELECT x, count(*) FROM {ROWS.format(t)} GROUP BY x" for t in ("double", "char", "varchar", "array_integer", "array_double", "row_x_integer_y_varchar", "map_varchar_integer", "timestamp_with_time_zone", "varbinary", "json", "time")),
        *(f"SELECT id, x FROM {ROWS.format(t)} ORDER BY x<dir>, id" for t in ("double", "char", "array_integer", "array_varchar", "row_x_integer_y_varchar", "timestamp_with_time_zone", "varbinary", "decimal", "boolean", "time", "array_array_integer")),
        *(f"SELECT <agg> FROM {ROWS.format(t)}" for t in ("varchar", "char", "array_integer", "row_x_integer_y_varchar", "date", "boolean", "varbinary", "time", "interval_day_to_second", "timestamp_with_time_zone", "array_varchar", "array_double")),
        *(f"SELECT DISTINCT x FROM {ROWS.format(t)}" for t in ("double", "array_integer", "row_x_integer_y_varchar", "map_varchar_integer", "array_array_integer")),
        *(f"SELECT <numagg> FROM {ROWS.format(t)}" for t in ("integer", "bigint", "double", "real", "decimal", "smallint", "tinyint")),
        *(f"SELECT <numagg>, <numagg> FROM {ROWS.format(t)} WHERE id <op> 1" for t in ("integer", "double", "decimal", "real")),
        "SELECT x, count(*) FROM (SELECT <array_array_integer> AS x UNION ALL SELECT <array_array_integer>) GROUP BY x", "SELECT grouping(x), x, y, <numagg> FROM (VALUES (1, 'a', 1), (2, NULL, 1), (3, 'a', NULL)) AS t(id, y, x) GROUP BY GROUPING SETS ((x), (x, y), ())",
        "SELECT x, y, grouping(x, y), count(*) FROM (VALUES (<integer>, <varchar>), (<integer>, <varchar>)) AS t(x, y) GROUP BY CUBE (x, y)", "SELECT x, sum(id) FROM (VALUES (<integer>, 1), (<integer>, 2)) AS t(x, id) GROUP BY ROLLUP (x) HAVING sum(id) > <small>", "SELECT sum(<interval_day_to_second>), avg(<interval_year_to_month>)",
        "SELECT count(*), <numagg> FROM (VALUES (1, <number>)) AS t(id, x) WHERE false", "SELECT count(*), <numagg> FROM (VALUES (1, <number>)) AS t(id, x) GROUP BY id HAVING <numagg> IS NULL", "SELECT listagg(x, <text>) WITHIN GROUP (ORDER BY id) FROM (VALUES (1, <text>), (2, <text>)) AS t(id, x)", "SELECT reduce_agg(id, <number>, (p, q) -> p + q, (p, q) -> p + q) FROM (VALUES 1, 2) AS t(id)",
    ),
    "window frames": (
        *(f"SELECT id, <winfn> OVER (ORDER BY x<dir> <frame>) FROM (VALUES (1, <{t}>), (2, <{t}>), (4, <{t}>)) AS t(id, x) WHERE id IN (1, 2, 4)" for t in ("integer", "varchar", "date", "double", "decimal")),
        *(f"SELECT id, <winfn> OVER (ORDER BY id<dir> <frame>) FROM (VALUES (1, <{t}>), (2, <{t}>), (4, <{t}>)) AS t(id, x)" for t in ("integer", "varchar", "array_integer", "timestamp", "row_x_integer_y_varchar")),
        *(f"SELECT id, <rankfn> OVER (PARTITION BY id % 2 ORDER BY id<dir>) FROM (VALUES (1, <{t}>), (2, <{t}>), (3, <{t}>), (5, <{t}>)) AS t(id, x)" for t in ("varchar", "double", "array_integer", "char")),
        "SELECT id, sum(id) OVER (ORDER BY x RANGE BETWEEN <interval_day_to_second> PRECEDING AND CURRENT ROW) FROM (VALUES (1, <date>), (2, <date>), (3, <date>)) AS t(id, x)", "SELECT id, count(*) OVER (ORDER BY x<dir> RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING) FROM (VALUES (1, <number>), (2, <number>), (3, <number>)) AS t(id, x)",
        "SELECT id, count(*) OVER (ORDER BY x<dir> RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND INTERVAL '1' MONTH FOLLOWING) FROM (VALUES (1, <timestamp>), (2, <timestamp>)) AS t(id, x)", "SELECT id, sum(sum(id)) OVER (ORDER BY id) FROM (VALUES (1, <integer>), (2, <integer>)) AS t(id, x) GROUP BY id", "SELECT id, rank() OVER w, sum(id) OVER (w ROWS 1 PRECEDING) FROM (VALUES (1, <integer>), (2, <integer>)) AS t(id, x) WINDOW w AS (ORDER BY x, id)",
        "SELECT id, avg(x) OVER (ORDER BY id <frame>), sum(x) OVER (ORDER BY id <frame>) FROM (VALUES (1, <decimal>), (2, <decimal>)) AS t(id, x)", "SELECT id, sum(x) OVER (PARTITION BY y ORDER BY id <frame>) FROM (VALUES (1, <double>, <nested>), (2, <double>, NULL)) AS t(id, x, y)", "SELECT count(DISTINCT x) OVER () FROM (VALUES <integer>, <integer>) AS t(x)", "SELECT id, array_agg(x) OVER (PARTITION BY x ORDER BY id) FROM (VALUES (1, <char>), (2, <char>), (3, <char>)) AS t(id, x)",
        "SELECT id, sum(x) FILTER (WHERE id > 1) OVER (ORDER BY id <frame>) FROM (VALUES (1, <integer>), (2, <integer>), (3, <integer>)) AS t(id, x)", "SELECT id, x FROM (VALUES (1, <integer>), (2, <integer>)) AS t(id, x) ORDER BY rank() OVER (ORDER BY x), id",
    ),
    "queries": (
        "SELECT t.x, (SELECT max(u.x) FROM (VALUES <number>, <number>) AS u(x) WHERE u.x <op> t.x) FROM (VALUES <number>, <number>) AS t(x)", "SELECT x IN (SELECT y FROM (VALUES <simple>) AS u(y)) FROM (VALUES <simple>) AS t(x)",
        "SELECT x NOT IN (SELECT y FROM (VALUES <integer>, <integer>) AS u(y)) FROM (VALUES <integer>, <number>) AS t(x)", "SELECT x <op> ALL (SELECT y FROM (VALUES <number>, <number>) AS u(y)) FROM (VALUES <number>) AS t(x)", "SELECT x = ANY (SELECT y FROM (VALUES <text>, <text>) AS u(y)) FROM (VALUES <text>) AS t(x)", "SELECT * FROM (VALUES <nested>, <nested>) AS t(x), UNNEST(x) WITH ORDINALITY AS u",
        "SELECT * FROM UNNEST(<array_integer>, <array_varchar>) WITH ORDINALITY AS u(a, b, o)", "SELECT * FROM UNNEST(<map_varchar_integer>) AS u(k, v)", "SELECT * FROM UNNEST(<array_row_x_integer_y_varchar>) AS u(k, v)", "SELECT * FROM (VALUES 1, 2) AS t(x) LEFT JOIN UNNEST(<array_integer>) AS u(y) ON true", "SELECT * FROM (VALUES <text>, <text>) AS t(x) JOIN (VALUES <text>, <text>) AS u(y) ON x = y",
        "SELECT * FROM (VALUES <number>, <number>) AS t(x) FULL JOIN (VALUES <number>, <number>) AS u(x) USING (x)", "SELECT * FROM (VALUES <simple>, <simple>) AS t(x) <setop> SELECT * FROM (VALUES <simple>) AS u(x)", "(SELECT <number>, <text> UNION ALL SELECT <number>, <text>) <setop> SELECT <number>, <text>", "SELECT <nested> AS x <setop> SELECT <nested>", "WITH RECURSIVE r(n) AS (SELECT <number> UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT * FROM r",
        "WITH RECURSIVE r(n, a) AS (SELECT 1, ARRAY[1] UNION ALL SELECT n + 1, a || n FROM r WHERE n < 4) SELECT * FROM r", "WITH RECURSIVE r(n, x) AS (VALUES (1, <simple>) UNION ALL SELECT n + 1, x FROM r WHERE n < 3) SELECT n, x FROM r", "SELECT x FROM (VALUES (1, <simple>), (2, <simple>)) AS t(id, x) ORDER BY id OFFSET 1 ROWS FETCH FIRST 1 ROW ONLY", "SELECT * FROM (VALUES 1, 2, 2, 3) AS t(x) ORDER BY x<dir> FETCH FIRST 2 ROWS WITH TIES",
        "SELECT t.x, u.y FROM (VALUES <array_integer>) AS t(x) CROSS JOIN LATERAL (SELECT sum(e) FROM UNNEST(x) AS v(e)) AS u(y)", "SELECT EXISTS (SELECT 1 FROM (VALUES <number>) AS u(y) WHERE y <op> x) FROM (VALUES <number>, <number>) AS t(x)", "SELECT TRY(<value>), TRY(1 / <small>)", "SELECT (SELECT <value>)", "SELECT x FROM (SELECT <value> AS x) WHERE x IS NOT NULL", "VALUES (<simple>, <simple>), (<simple>, <simple>)",
        "SELECT CASE WHEN x > 0 THEN 10 / x ELSE <number> END FROM (VALUES 0, 5) AS t(x)", "SELECT sum(x) FROM (VALUES <number>, <number>) AS t(x) HAVING count(*) > <small>", "SELECT t.*, u.* FROM (VALUES (<integer>, <varchar>)) AS t(a, b) LEFT JOIN (VALUES (<integer>, <char>)) AS u(a, c) ON t.a = u.a AND t.b = u.c", "SELECT r.x, r FROM (VALUES <row_x_integer_y_varchar>) AS t(r)", "SELECT * FROM (SELECT <row_x_integer_y_varchar> AS r) CROSS JOIN UNNEST(ARRAY[r])",
    ),
}  # fmt: skip


def filled(random: Random, template: str) -> str:
    """A template with its holes filled."""
    while (made := HOLE.sub(lambda found: random.choice(_choices(found)), template)) != template:
        template = made
    return template


def _choices(hole: re.Match[str]) -> tuple[str, ...]:
    """What fills a hole; `(?<y>` of a regular expression is none."""
    name = hole[1]
    return HOLES.get(name) or EDGES.get(NAMES.get(name, ""), (hole[0],))
