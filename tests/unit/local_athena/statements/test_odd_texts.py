"""A text or name that looks like SQL stays one, whatever statement writes it and whatever reader reads it."""

from __future__ import annotations

import pytest

from tests.unit.local_athena.conftest import Lake

ODD = [
    "it's",
    "'); DROP TABLE t; --",
    'a "b" `c`',
    "\\ and \\'",
    "{} {0} {{x}} ${y} %s ? $1",
    "<w> <d> <o>",
    "/* QUALIFY */ FILTER (WHERE",
    "SELECT 1 FROM scan1",
    "naïve ☃ 𝒳",
]
NAMES = ["pivot_longer", "select", "it's", "a b", 'a"b', "{}", "r1", "none", "file"]
FORMATS = ["PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE"]


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


VALUES = ", ".join(f"({i}, {literal(text)})" for i, text in enumerate(ODD))
ROWS = [[str(i), text] for i, text in enumerate(ODD)]
KEYS = ", ".join(f"({i}, {literal(text)})" for i, text in enumerate(ODD) if "/" not in text)
"""Those that a partition's folder holds on AWS as well."""


@pytest.mark.parametrize("format_", FORMATS)
def test_texts_come_back_from_a_table_of_each_format(lake: Lake, format_: str) -> None:
    source = f"SELECT n, x FROM (VALUES {VALUES}) t(n, x)"
    lake.rows(f"CREATE TABLE c WITH (format = '{format_}') AS {source}")
    lake.rows(f"INSERT INTO c {source}")
    assert lake.rows("SELECT n, x FROM c ORDER BY n") == [row for row in ROWS for _ in range(2)]
    for text in ODD:
        assert lake.rows(f"SELECT count(*) FROM c WHERE x = {literal(text)}") == [["2"]]


def test_texts_come_back_as_partitions_and_their_paths(lake: Lake) -> None:
    lake.rows(
        f"CREATE TABLE c WITH (partitioned_by = ARRAY['x']) AS SELECT n, x FROM (VALUES {KEYS}) t(n, x)"
    )
    found = lake.rows('SELECT n, x, "$partition", "$path" FROM c ORDER BY n')
    assert [row[:2] for row in found] == [row for row in ROWS if "/" not in str(row[1])]
    for number, text, partition, path in found:
        assert partition == f"x={text}"
        assert lake.rows(f"SELECT n FROM c WHERE x = {literal(str(text))}") == [[number]]
        assert lake.rows(f'SELECT n FROM c WHERE "$path" = {literal(str(path))}') == [[number]]


def test_texts_come_back_from_an_unload(lake: Lake) -> None:
    lake.rows(
        f"UNLOAD (SELECT n, x FROM (VALUES {VALUES}) t(n, x)) TO 's3://lake/it''s {{}} out/' "
        "WITH (format = 'PARQUET')"
    )
    lake.rows(
        "CREATE EXTERNAL TABLE u (n int, x string) STORED AS PARQUET LOCATION 's3://lake/it\\'s {} out/'"
    )
    assert lake.rows("SELECT n, x FROM u ORDER BY n") == ROWS


def test_texts_come_back_from_an_iceberg_table_whatever_changes_it(lake: Lake) -> None:
    lake.rows(
        "CREATE TABLE t (n int, x string) LOCATION 's3://lake/t' TBLPROPERTIES ('table_type' = 'ICEBERG')"
    )
    lake.rows(f"INSERT INTO t VALUES {VALUES}")
    assert lake.rows("SELECT n, x FROM t ORDER BY n") == ROWS
    cases = " ".join(f"WHEN {literal(text)} THEN x || {literal(text)}" for text in ODD)
    lake.rows(f"UPDATE t SET x = CASE x {cases} END WHERE x IN ({', '.join(map(literal, ODD))})")
    assert lake.rows("SELECT n, x FROM t ORDER BY n") == [[n, 2 * str(x)] for n, x in ROWS]
    lake.rows(
        f"MERGE INTO t USING (SELECT * FROM (VALUES {VALUES}) v(m, y)) AS s ON t.n = s.m "
        "WHEN MATCHED AND t.x = s.y || s.y THEN UPDATE SET x = s.y"
    )
    assert lake.rows("SELECT n, x FROM t ORDER BY n") == ROWS
    lake.rows("OPTIMIZE t REWRITE DATA USING BIN_PACK")
    lake.rows(f"DELETE FROM t WHERE x IN ({', '.join(map(literal, ODD[:-1]))})")
    assert lake.rows("SELECT n, x FROM t") == ROWS[-1:]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.mark.parametrize("names", [NAMES, [*NAMES, "filename"]])
@pytest.mark.parametrize("format_", FORMATS)
def test_columns_of_odd_names_are_read_and_written(lake: Lake, names: list[str], format_: str) -> None:
    items = ", ".join(f"{i} AS {quoted(name)}" for i, name in enumerate(names))
    lake.rows(f"CREATE TABLE c WITH (format = '{format_}') AS SELECT {items}")
    lake.rows(f"INSERT INTO c SELECT {', '.join(str(10 + i) for i in range(len(names)))}")
    listed = ", ".join(map(quoted, names))
    rows = [[str(i) for i in range(len(names))], [str(10 + i) for i in range(len(names))]]
    assert lake.rows(f"SELECT {listed} FROM c ORDER BY 1") == rows
    for i, name in enumerate(names):
        asked = f"SELECT sum({quoted(name)}) FROM c WHERE {quoted(name)} > 9 AND \"$path\" LIKE 's3:%'"
        assert lake.rows(asked) == [[str(10 + i)]], name


@pytest.mark.parametrize("names", [NAMES, [*NAMES, "filename"]])
def test_columns_of_odd_names_are_those_of_an_iceberg_table(lake: Lake, names: list[str]) -> None:
    items = ", ".join(f"{i} AS {quoted(name)}" for i, name in enumerate(names))
    parts = ", ".join(f"{quoted(name)} integer" for name in names)
    values = ", ".join(map(str, range(len(names))))
    lake.rows(
        "CREATE TABLE t WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/t/', "
        f"format = 'PARQUET') AS SELECT {items}, CAST(ROW({values}) AS ROW({parts})) AS r"
    )
    lake.rows("UPDATE t SET " + ", ".join(f"{quoted(n)} = {quoted(n)} + 10" for n in names))
    lake.rows("OPTIMIZE t REWRITE DATA USING BIN_PACK")
    for i, name in enumerate(names):
        asked = f"SELECT {quoted(name)}, r.{quoted(name)} FROM t WHERE {quoted(name)} > 9"
        assert lake.rows(asked) == [[str(10 + i), str(i)]], name


def test_a_column_of_the_name_of_a_row_s_number_is_read_but_its_rows_stay(lake: Lake) -> None:
    lake.rows(
        "CREATE TABLE t WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/t/', "
        "format = 'PARQUET') AS SELECT 1 AS file_row_number"
    )
    assert lake.rows("SELECT file_row_number FROM t") == [["1"]]
    assert lake.reason("DELETE FROM t WHERE file_row_number = 1").startswith(
        "NOT_SUPPORTED: Iceberg table db.t"
    )


@pytest.mark.parametrize("opened", ["ARRAY[", "ROW("])
def test_a_value_too_deep_to_be_handed_over_is_told_without_words_of_the_engine(
    lake: Lake, opened: str
) -> None:
    closed = "]" if opened.endswith("[") else ")"
    reason = lake.reason(f"SELECT {opened * 100}1{closed * 100}")
    assert reason == "GENERIC_USER_ERROR: statement is too large (stack overflow during analysis)"
    assert lake.rows(f"SELECT cardinality({'ARRAY[' * 100}1{']' * 100})") == [["1"]]
