"""Expressions by type: a table of forms, filled at random from columns, literals and other expressions.

A form is Trino SQL with holes named for types, `"substr({varchar}, {small})"`. `small` is a whole number
near zero, `pattern` a regular expression, `path` a JSON path, `format` one of datetimes. Decimals and doubles
are written so that Trino and Athena, which reads a bare `1.5` as a double, mean the same.
"""

from __future__ import annotations

import re
from random import Random

HOLE = re.compile(r"\{(\w+)\}")

COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "b": ("boolean", ("true", "false", "CAST(NULL AS boolean)")),
    "i": ("integer", ("0", "1", "-7", "42", "2147483647", "CAST(NULL AS integer)")),
    "n": ("bigint", ("BIGINT '0'", "BIGINT '3'", "BIGINT '-9'", "BIGINT '9223372036854775807'", "CAST(NULL AS bigint)")),
    "d": ("double", ("0e0", "-1.5e0", "2.25e0", "nan()", "infinity()", "1e300", "CAST(NULL AS double)")),
    "r": ("real", ("REAL '0.5'", "REAL '-3.25'", "REAL '16777216'", "REAL '0.14285715'", "CAST(NULL AS real)")),
    "c": ("decimal", ("DECIMAL '0.00'", "DECIMAL '1.25'", "DECIMAL '-99.99'", "DECIMAL '7.50'", "CAST(NULL AS decimal(4,2))")),
    "s": ("varchar", ("'abc'", "''", "'Ünïçödé ß'", "'a,b,c'", "' pad '", "'2020-02-29'", "'12'", "CAST(NULL AS varchar)")),
    "w": ("timestamp", ("TIMESTAMP '2020-02-29 23:59:59.999'", "TIMESTAMP '1969-12-31 00:00:00.001'",
                        "TIMESTAMP '2021-03-28 01:30:00.000'", "CAST(NULL AS timestamp)")),
    "z": ("timestamptz", ("TIMESTAMP '2020-01-01 00:00:00.000 UTC'", "TIMESTAMP '2021-03-28 03:30:00.000 Europe/Berlin'",
                          "TIMESTAMP '1999-12-31 23:59:59.999 +05:30'")),
    "y": ("date", ("DATE '2020-02-29'", "DATE '1970-01-01'", "DATE '2023-12-31'", "CAST(NULL AS date)")),
    "a": ("array", ("ARRAY[1, 2, 3]", "ARRAY[3, NULL, 1]", "CAST(ARRAY[] AS array(integer))", "CAST(NULL AS array(integer))")),
    "m": ("map", ("MAP(ARRAY['a', 'b'], ARRAY[1, 2])", "MAP(ARRAY['x'], ARRAY[CAST(NULL AS integer)])",
                  "CAST(NULL AS map(varchar(1), integer))")),
    "j": ("json", ("JSON '{\"a\": 1, \"b\": [1, 2.5, \"x\", null], \"c\": {\"d\": true}}'", "JSON '[1, 2, 3]'",
                   "JSON '\"text\"'", "JSON 'null'", "JSON '1e3'")),
}  # fmt: skip
"""Each column of the table under every statement: its type and its values."""

LITERALS: dict[str, tuple[str, ...]] = {
    "boolean": ("true", "false", "NULL"),
    "small": ("0", "1", "2", "3", "-1", "-2", "5", "NULL"),
    "positive": ("1", "2", "3", "7"),
    "pattern": (r"'\w+'", r"'[a-c]'", r"'(a)(b)?'", r"'\d{1,2}'", r"'^\s*|\s*$'", r"'(?i)B'", r"'[^,]+'", r"'\W'", r"'.'", r"'x*'",
                r"'\p{Lu}'", r"'(?<n>b)'", r"'\bb'"),
    "path": ("'$.a'", "'$.b[1]'", "'$'", "'$.c.d'", "'$[0]'", "'$.x'", "'$.b[9]'", "'$[\"a\"]'"),
    "format": ("'%Y-%m-%d'", "'%H:%i:%s'", "'%W %b %e %y'", "'%j %M %p %h'", "'%a %D %f %v %x'"),
    "joda": ("'yyyy-MM-dd'", "'HH:mm:ss.SSS'", "'E, d MMM yy'", "'D w xxxx h a'", "'yyyy G Z'"),
    "unit": ("'second'", "'minute'", "'hour'", "'day'", "'week'", "'month'", "'quarter'", "'year'"),
    "zone": ("'UTC'", "'America/Bogota'", "'Asia/Kolkata'", "'+02:00'"),
    "interval": ("INTERVAL '1' DAY", "INTERVAL '-90' MINUTE", "INTERVAL '2 03:04' DAY TO MINUTE"),
    "months": ("INTERVAL '1' MONTH", "INTERVAL '-1' YEAR", "INTERVAL '1-3' YEAR TO MONTH"),
    "separator": ("','", "' '", "''", "'b'"),
}  # fmt: skip

FORMS: dict[str, tuple[str, ...]] = {
    "boolean": (
        "{boolean} AND {boolean}", "{boolean} OR {boolean}", "NOT ({boolean})", "{integer} = {integer}", "{bigint} < {integer}",
        "{double} >= {double}", "{varchar} <> {varchar}", "{varchar} LIKE 'a%'", "{varchar} < {varchar}", "{integer} BETWEEN {integer} AND {bigint}",
        "{integer} IN (1, 42, {integer})", "{varchar} IS NULL", "{double} IS DISTINCT FROM {double}", "regexp_like({varchar}, {pattern})",
        "contains({array}, {integer})", "starts_with({varchar}, {varchar})", "{date} > {date}", "{timestamp} <= {timestamp}",
        "{decimal} > {decimal}", "is_nan({double})", "{array} = {array}", "any_match({array}, e -> e > {small})",
        "all_match({array}, e -> e IS NOT NULL)", "arrays_overlap({array}, {array})", "{decimal} = {double}", "is_finite({double})",
        "json_array_contains({json}, 2)", "{timestamptz} = {timestamptz}", "TRY({integer} / {small} > 0)", "{real} < {double}",
    ),
    "integer": (
        "{integer} % 5", "{integer} / 3", "-({small})", "abs({small})", "TRY_CAST({varchar} AS integer)",
        "TRY_CAST({double} AS integer)", "CAST({decimal} AS integer)", "if({boolean}, {integer}, {small})", "coalesce({integer}, {small})",
        "nullif({integer}, {small})", "codepoint('x')", "CASE WHEN {boolean} THEN {integer} WHEN {boolean} THEN 9 END",
        "CASE {integer} WHEN 1 THEN 10 ELSE {small} END", "TRY({array}[{positive}])", "element_at({array}, {small})", "array_max({array})",
        "array_min({array})", "reduce({array}, 0, (s, x) -> s + coalesce(x, 0), s -> s)", "element_at({map}, 'a')", "try({map}['x'])",
        "least({integer}, {small})", "greatest({small}, {small})", "TRY({integer} + {integer})", "sign({integer})",
        "CAST({boolean} AS integer)", "regexp_position({varchar}, {pattern})", "bit_count({integer}, 64) + 0",
    ),
    "bigint": (
        "length({varchar})", "TRY({integer} + {bigint})", "TRY({bigint} * {small})", "strpos({varchar}, {varchar})", "cardinality({array})",
        "year({date})", "month({timestamp})", "day_of_week({date})", "day_of_year({timestamp})", "week({date})", "quarter({date})",
        "hour({timestamp})", "minute({timestamptz})", "date_diff({unit}, {timestamp}, {timestamp})", "regexp_count({varchar}, {pattern})",
        "levenshtein_distance({varchar}, {varchar})", "bitwise_and({integer}, {small})", "bitwise_xor({bigint}, {integer})",
        "json_array_length({json})", "json_size({json}, {path})", "CAST({decimal} AS bigint)", "to_milliseconds({interval})",
        "array_position({array}, {integer})", "crc32(to_utf8({varchar}))", "from_base('11', 2)", "millisecond({timestamp})", "year_of_week({date})",
        "hamming_distance('abc', 'abd')", "TRY_CAST(round({double}) AS bigint)", "width_bucket({double}, 0e0, 10e0, 4)", "bitwise_left_shift({bigint}, 2)",
    ),
    "double": (
        "{double} + {double}", "{double} * {integer}", "{double} / {double}", "{double} % 3e0", "round({double}, {small})", "round({double})",
        "floor({double})", "ceil({double})", "sqrt({double})", "ln({double})", "power({double}, {small})", "exp({small})", "truncate({double})",
        "CAST({integer} AS double)", "CAST({decimal} AS double)", "CAST({real} AS double)", "TRY_CAST({varchar} AS double)", "sin({double})",
        "cbrt({double})", "log10({double})", "log(2e0, {double})", "to_unixtime({timestamp})", "json_value('{{\"a\": 1.5}}', 'lax $.a' RETURNING double)",
        "cosine_similarity(MAP(ARRAY['a'], ARRAY[1e0]), MAP(ARRAY['a'], ARRAY[2e0]))", "degrees({double})", "atan2({double}, {double})",
        "mod({double}, 2e0)", "TRY(CAST({json} AS double))",
    ),
    "real": ("{real} + {real}", "{real} * {real}", "CAST({double} AS real)", "round({real}, 2)", "CAST({integer} AS real)", "abs({real})", "{real} / {real}"),
    "decimal": (
        "{decimal} + {decimal}", "{decimal} * {decimal}", "{decimal} / DECIMAL '3.0'", "{decimal} - DECIMAL '0.001'", "round({decimal}, 1)",
        "CAST({integer} AS decimal(12,2))", "TRY_CAST({varchar} AS decimal(5,1))", "TRY_CAST({double} AS decimal(6,3))", "abs({decimal})",
        "truncate({decimal}, 1)", "{decimal} % DECIMAL '0.7'", "ceiling({decimal})", "floor({decimal})", "{decimal} + {integer}", "-{decimal}",
        "coalesce({decimal}, DECIMAL '1.2345')", "{decimal} * {bigint}", "sign({decimal})", "CAST({real} AS decimal(10,4))", "round({decimal})",
    ),
    "varchar": (
        "{varchar} || {varchar}", "upper({varchar})", "lower({varchar})", "substr({varchar}, {small})", "substr({varchar}, {small}, {small})",
        "trim({varchar})", "replace({varchar}, {separator}, '-')", "reverse({varchar})", "split_part({varchar}, ',', {positive})",
        "lpad({varchar}, 5, '*')", "rpad({varchar}, 3, 'xy')", "CAST({integer} AS varchar)", "CAST({double} AS varchar)",
        "CAST({real} AS varchar)", "CAST({decimal} AS varchar)", "CAST({timestamp} AS varchar)", "CAST({date} AS varchar)", "CAST({boolean} AS varchar)",
        "regexp_replace({varchar}, {pattern}, '_')", "regexp_extract({varchar}, {pattern})", "regexp_replace({varchar}, {pattern})",
        "date_format({timestamp}, {format})", "format_datetime({timestamp}, {joda})", "json_extract_scalar({json}, {path})", "json_format({json})",
        "array_join({array}, ',')", "array_join({array}, '-', 'null')", "coalesce({varchar}, 'none')", "if({boolean}, {varchar}, 'no')",
        "concat({varchar}, '!', {varchar})", "to_hex(md5(to_utf8({varchar})))", "typeof({integer} + {decimal})", "typeof({varchar})", "typeof({array})",
        "translate({varchar}, 'abc', 'xy')", "url_encode({varchar})", "CAST({varchar} AS varchar(2))", "format('%s-%d', {varchar}, {integer})",
        "chr(65)", "normalize({varchar})", "concat_ws('/', {varchar}, {varchar})", "to_iso8601({timestamp})", "CAST({timestamptz} AS varchar)",
        "format('%.2f', {double})", "soundex('Robert')", "CAST(CAST({varchar} AS char(4)) AS varchar)", "element_at(split({varchar}, ','), {small})",
        "to_base({bigint}, 16)", "json_query('{{\"a\": [1]}}', 'lax $.a')", "ltrim({varchar})", "rtrim({varchar})", "human_readable_seconds(93784)",
        "regexp_replace({varchar}, '(\\w)', x -> upper(x[1]))", "CAST({interval} AS varchar)", "format_number({double})", "TRY(CAST({json} AS varchar))",
    ),
    "timestamp": (
        "{timestamp} + {interval}", "{timestamp} - {months}", "date_trunc({unit}, {timestamp})", "date_add({unit}, {small}, {timestamp})",
        "CAST({date} AS timestamp)", "TRY_CAST({varchar} AS timestamp)", "date_parse('2020-01-02 03:04', '%Y-%m-%d %H:%i')",
        "CAST({timestamptz} AS timestamp)", "coalesce({timestamp}, TIMESTAMP '2000-01-01 00:00:00.000')", "CAST({timestamp} AS timestamp(6))",
    ),
    "timestamptz": (
        "{timestamptz} AT TIME ZONE {zone}", "{timestamptz} + {interval}", "date_trunc({unit}, {timestamptz})", "from_unixtime({integer})",
        "with_timezone({timestamp}, {zone})", "from_iso8601_timestamp('2020-05-05T10:11:12Z')", "date_add({unit}, {small}, {timestamptz})",
        "CAST({timestamp} AS timestamp with time zone)", "parse_datetime('2021/02/03', 'yyyy/MM/dd')", "{timestamptz} - {months}",
    ),
    "date": (
        "{date} + INTERVAL '1' DAY", "date_add('month', {small}, {date})", "date_trunc('month', {date})", "CAST({timestamp} AS date)", "date({timestamp})",
        "TRY_CAST({varchar} AS date)", "last_day_of_month({date})", "from_iso8601_date('2020-W10-3')", "date '2020-01-31' + {months}",
    ),
    "array": (
        "array_sort({array})", "array_distinct({array})", "{array} || {array}", "{array} || {integer}", "filter({array}, e -> e > {small})",
        "transform({array}, e -> e % 10 + 1)", "slice({array}, {positive}, 2)", "array_union({array}, {array})", "array_intersect({array}, {array})",
        "array_except({array}, {array})", "array_remove({array}, {integer})", "reverse({array})", "sequence(1, {positive})", "repeat({integer}, 2)",
        "flatten(ARRAY[{array}, {array}])", "shuffle(ARRAY[1])", "map_values({map})", "array_sort({array}, (p, q) -> if(p < q, 1, if(p > q, -1, 0)))",
        "zip_with({array}, {array}, (p, q) -> p + q)", "trim_array(ARRAY[1, 2, 3], 1)", "combinations(ARRAY[1, 2, 3], 2)[1]",
    ),
    "map": ("map_filter({map}, (k, v) -> v > 1)", "transform_values({map}, (k, v) -> v + 1)", "map_concat({map}, {map})", "transform_keys({map}, (k, v) -> k)",
            "if({boolean}, {map})"),
    "json": ("json_extract({json}, {path})", "CAST({array} AS json)", "CAST({map} AS json)", "CAST({integer} AS json)", "CAST({varchar} AS json)", "json_parse('{{\"k\":[1, 2]}}')",
             "CAST(ROW({integer}, {varchar}) AS json)", "json_array_get({json}, {small})"),
}  # fmt: skip

AGGREGATES: dict[str, tuple[str, ...]] = {
    "bigint": ("count(*)", "count({any})", "count(DISTINCT {integer})", "sum({integer})", "count_if({boolean})", "approx_distinct({integer})",
               "bitwise_and_agg({integer})", "count({varchar}) FILTER (WHERE {boolean})"),
    "double": ("avg({integer})", "avg({double})", "sum({double})", "stddev({integer})", "variance({double})", "corr({double}, {integer})",
               "covar_samp({integer}, {double})", "geometric_mean({positive})", "skewness({integer})", "kurtosis({integer})", "regr_slope({double}, {integer})",
               "stddev_pop({double})", "entropy({positive})", "regr_intercept({integer}, {double})", "var_pop({integer})"),
    "integer": ("min({integer})", "max({integer})", "max_by({integer}, {varchar})", "min_by({integer}, {double})", "approx_percentile({integer}, 0.5e0)",
                "arbitrary(7)", "reduce_agg({small}, 0, (p, q) -> p + q, (p, q) -> p + q)"),
    "varchar": ("min({varchar})", "max({varchar})", "listagg({varchar}, ',') WITHIN GROUP (ORDER BY {varchar})", "to_hex(checksum({integer}))"),
    "decimal": ("sum({decimal})", "avg({decimal})", "max({decimal})"),
    "boolean": ("bool_and({boolean})", "bool_or({boolean})", "every({boolean})"),
    "array": ("array_agg({integer} ORDER BY {integer})", "array_agg(DISTINCT {integer} ORDER BY {integer})", "max({integer}, 2)", "min_by({integer}, {integer}, 2)"),
    "map": ("histogram({varchar})", "map_agg({varchar}, 1)", "histogram(DISTINCT {integer})", "multimap_agg({boolean}, 1)"),
    "date": ("min({date})", "max({date})"),
    "timestamp": ("max({timestamp})", "min({timestamp})"),
    "real": ("sum({real})", "avg({real})"),
}  # fmt: skip

WINDOWS: tuple[str, ...] = (
    "row_number() OVER (ORDER BY id)", "rank() OVER (ORDER BY {integer})", "dense_rank() OVER (PARTITION BY {boolean} ORDER BY {varchar})",
    "sum({integer}) OVER (ORDER BY id)", "sum({integer}) OVER (PARTITION BY {boolean} ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
    "lag({integer}) OVER (ORDER BY id)", "lead({varchar}, 2, 'none') OVER (ORDER BY id)", "first_value({varchar}) OVER (ORDER BY id)",
    "last_value({integer}) IGNORE NULLS OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)", "ntile(3) OVER (ORDER BY id)",
    "percent_rank() OVER (ORDER BY {integer})", "cume_dist() OVER (ORDER BY {date})", "avg({double}) OVER (PARTITION BY {boolean})",
    "count(*) OVER (ORDER BY {integer} RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING)", "nth_value({integer}, 2) OVER (ORDER BY id)",
    "max({varchar}) OVER (ORDER BY id ROWS 2 PRECEDING)", "array_agg({integer}) OVER (ORDER BY id GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW)",
)  # fmt: skip


class Expressions:
    """Draws expressions of a wanted type from one source of randomness."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def of(self, type_: str, depth: int) -> str:
        """An expression of a type, nested at most `depth` deep."""
        if type_ == "any":
            type_ = self.random.choice(tuple(FORMS))
        forms = FORMS.get(type_, ())
        if forms and depth > 0 and self.random.random() < 0.8:
            return f"({self.filled(self.random.choice(forms), depth - 1)})"
        return self._leaf(type_)

    def filled(self, form: str, depth: int) -> str:
        """A form with its holes filled."""
        made = HOLE.sub(lambda found: self.of(found[1], depth), form.replace("{{", "\0").replace("}}", "\1"))
        return made.replace("\0", "{").replace("\1", "}")

    def _leaf(self, type_: str) -> str:
        columns = [name for name, (of, _) in COLUMNS.items() if of == type_]
        literals = LITERALS.get(type_, ()) or COLUMNS[columns[0]][1]
        return self.random.choice(columns if columns and self.random.random() < 0.7 else literals)
