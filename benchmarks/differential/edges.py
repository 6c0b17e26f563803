"""Values of every Trino type at its edges, as literals, where the table of `grammar.py` has one column a type.

Lengths, precisions, scales, zones, blanks, empty and nested containers, NULL inside and around. A bare NULL stands among
them, for it has a type of its own.
"""

from __future__ import annotations

EDGES: dict[str, tuple[str, ...]] = {
    "boolean": ("true", "false", "CAST(NULL AS boolean)"),
    "tinyint": ("TINYINT '127'", "TINYINT '-128'", "TINYINT '0'", "CAST(NULL AS tinyint)"),
    "smallint": ("SMALLINT '32767'", "SMALLINT '-32768'", "SMALLINT '5'", "CAST(NULL AS smallint)"),
    "integer": ("0", "1", "-7", "42", "2147483647", "CAST(NULL AS integer)"),
    "bigint": ("BIGINT '0'", "BIGINT '3'", "BIGINT '-9'", "9223372036854775807", "CAST(NULL AS bigint)"),
    "real": ("REAL '0.1'", "REAL '-0'", "REAL '3.4028235E38'", "CAST(nan() AS real)", "CAST(-infinity() AS real)", "CAST(NULL AS real)"),
    "double": ("0e0", "-0e0", "1.5e0", "-2.5e0", "0.1e0", "1e-320", "1.7976931348623157e308", "nan()", "infinity()", "-infinity()", "CAST(NULL AS double)"),
    "decimal": ("DECIMAL '0'", "DECIMAL '1.50'", "DECIMAL '-0.005'", "DECIMAL '12345678901234567890123456789012345678'", "DECIMAL '99999999999999999999.999999999999999999'",
                "DECIMAL '999999999999999999'", "DECIMAL '-2.5'", "CAST(NULL AS decimal(38,10))"),
    "varchar": ("'abc'", "''", "'  a b '", "'Straße ÑandÚ'", "'12'", "'-1.5e3'", "'2020-02-29'", "'true'", "'NaN'", "VARCHAR 'long text'", "CAST('xyz' AS varchar(10))",
                "'𝒳é́'", "'a,b,,c'", "'[1, null]'", "'2021-03-28 02:30:00.123456789 Europe/Berlin'", "CAST(NULL AS varchar)"),
    "char": ("CAST('ab' AS char(5))", "CAST('' AS char(2))", "CAST('xyz' AS char(3))", "CAST(' ü' AS char(4))", "CAST(NULL AS char(3))"),
    "varbinary": ("X'00ff10'", "X''", "to_utf8('héllo')", "X'0000002a'", "X'000000000000002a'", "CAST(NULL AS varbinary)"),
    "date": ("DATE '2020-02-29'", "DATE '1969-12-31'", "DATE '0001-01-01'", "DATE '9999-12-31'", "DATE '2016-01-03'", "CAST(NULL AS date)"),
    "time": ("TIME '00:00:00'", "TIME '23:59:59.999999'", "TIME '12:30:00.5'", "TIME '01:02:03.123456789012'", "CAST(NULL AS time(3))"),
    "time with time zone": ("TIME '12:30:00+02:00'", "TIME '00:30:00.123456789-11:30'", "CAST(NULL AS time(3) with time zone)"),
    "timestamp": ("TIMESTAMP '2020-02-29 23:59:59'", "TIMESTAMP '1969-12-31 23:59:59.9'", "TIMESTAMP '2021-03-28 02:30:00.123456'", "TIMESTAMP '2000-01-01 00:00:00.123456789012'",
                  "TIMESTAMP '1582-10-10 12:00:00.000'", "TIMESTAMP '1999-12-31 23:59:59.9995'", "CAST(NULL AS timestamp(3))"),
    "timestamp with time zone": ("TIMESTAMP '2021-03-28 03:30:00.000 Europe/Berlin'", "TIMESTAMP '2021-10-31 02:30:00 Europe/Berlin'", "TIMESTAMP '2021-11-07 01:30:00.123456789 America/New_York'",
                                 "TIMESTAMP '1969-12-31 23:59:59.999 UTC'", "TIMESTAMP '2020-01-01 00:00:00 +05:30'", "CAST(NULL AS timestamp(3) with time zone)"),
    "interval day to second": ("INTERVAL '1' DAY", "INTERVAL '-90' MINUTE", "INTERVAL '2 03:04:05.678' DAY TO SECOND", "INTERVAL '0' SECOND", "INTERVAL '36' HOUR"),
    "interval year to month": ("INTERVAL '1' MONTH", "INTERVAL '-2-3' YEAR TO MONTH", "INTERVAL '10' YEAR"),
    "json": ("JSON '{\"b\": 1, \"a\": [1, 2.50, \"x\", null]}'", "JSON '[]'", "JSON '\"t\\u00e9xt\"'", "JSON 'null'", "JSON '1e3'", "JSON '12345678901234567890'", "JSON 'true'", "JSON '{}'",
             "JSON '[1, \"2\", true]'", "JSON '-0.0'", "CAST(NULL AS json)"),
    "array(integer)": ("ARRAY[1, 2, 3]", "ARRAY[3, NULL, 1, 3]", "CAST(ARRAY[] AS array(integer))", "ARRAY[CAST(NULL AS integer)]", "CAST(NULL AS array(integer))"),
    "array(double)": ("ARRAY[1e0, nan(), NULL]", "ARRAY[-0e0, 0e0]", "ARRAY[infinity(), 1.5e0]"),
    "array(varchar)": ("ARRAY['b', 'a', NULL]", "ARRAY['', 'é', 'Z', 'a']", "CAST(ARRAY[] AS array(varchar))"),
    "array(array(integer))": ("ARRAY[ARRAY[1, 2], ARRAY[]]", "ARRAY[ARRAY[2, NULL], NULL, ARRAY[1]]"),
    "array(row(x integer, y varchar))": ("ARRAY[CAST(ROW(1, 'a') AS row(x integer, y varchar)), CAST(ROW(NULL, 'b') AS row(x integer, y varchar))]",),
    "map(varchar, integer)": ("MAP(ARRAY['a', 'b'], ARRAY[1, NULL])", "MAP()", "MAP(ARRAY['k'], ARRAY[7])", "CAST(NULL AS map(varchar, integer))"),
    "map(integer, array(varchar))": ("MAP(ARRAY[2, 1], ARRAY[ARRAY['x', NULL], ARRAY[]])",),
    "row(x integer, y varchar)": ("CAST(ROW(1, 'a') AS row(x integer, y varchar))", "CAST(ROW(NULL, 'b') AS row(x integer, y varchar))", "CAST(NULL AS row(x integer, y varchar))"),
    "row(double, array(integer))": ("ROW(1.5e0, ARRAY[1, NULL])", "ROW(nan(), ARRAY[])"),
    "uuid": ("UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'", "CAST(NULL AS uuid)"),
    "ipaddress": ("IPADDRESS '10.0.0.1'", "IPADDRESS '2001:db8::1'"),
    "unknown": ("NULL",),
}  # fmt: skip
"""Each type's literals."""

CAST_TYPES: tuple[str, ...] = (
    "boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal(5,2)", "decimal(38,0)", "decimal(20,18)", "varchar", "varchar(3)", "varchar(12)", "char(4)",
    "varbinary", "date", "time(0)", "time(3)", "time(9)", "time(3) with time zone", "timestamp(0)", "timestamp(3)", "timestamp(6)", "timestamp(12)", "timestamp(3) with time zone",
    "timestamp(0) with time zone", "timestamp(9) with time zone", "json", "array(bigint)", "array(varchar)", "array(json)", "array(double)", "map(varchar, varchar)", "map(varchar, double)", "map(varchar, json)",
    "row(x bigint, y varchar(1))", "row(b integer, a json)", "array(array(varchar))", "uuid", "ipaddress", "interval day to second",
)  # fmt: skip
"""What values are cast to."""

SAMPLES: dict[str, tuple[str, ...]] = {
    "varchar": (
        "'abc'",
        "'a'",
        "''",
        "','",
        "'x'",
        "VARCHAR 'Hello World'",
        "'12'",
        "'day'",
        "'UTC'",
        "NULL",
    ),
    "bigint": ("0", "1", "2", "3", "-1", "-2", "10", "16", "SMALLINT '4'", "NULL"),
    "integer": ("0", "1", "3", "-2", "TINYINT '4'", "NULL"),
    "boolean": ("true", "false", "NULL"),
}
"""Arguments that functions are likely to take."""
