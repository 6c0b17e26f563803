"""Hive DDL: what it changes in the catalog, what it shows, and what is not of its form."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaApiError
from tests.unit.local_athena.conftest import Lake

TABLE = (
    "CREATE EXTERNAL TABLE t (n int COMMENT 'uno', s struct<a:int,b:array<string>>) PARTITIONED BY (p int, q string) "  # noqa: E501
    "CLUSTERED BY (n) INTO 4 BUCKETS STORED AS PARQUET LOCATION 's3://lake/t/' TBLPROPERTIES ('k' = 'it\\'s \\u0001 \\\\d')"  # noqa: E501
)


@pytest.fixture
def made(lake: Lake) -> Lake:
    lake.rows(TABLE)
    lake.rows(
        "ALTER TABLE t ADD PARTITION (p = 1, q = 'x') PARTITION (p = 2, q = 'y') LOCATION 's3://lake/y/'"
    )
    return lake


def partition(lake: Lake, *values: str) -> dict[str, object]:
    found = lake.glue.get_partition(DatabaseName="db", TableName="t", PartitionValues=list(values))[
        "Partition"
    ]
    return dict(found["StorageDescriptor"])


def test_a_partition_is_renamed_and_stays_where_it_is(made: Lake) -> None:
    made.rows("ALTER TABLE t PARTITION (p = 2, q = 'y') RENAME TO PARTITION (p = 3, q = 'z')")
    assert made.rows("SHOW PARTITIONS t") == [["p=1/q=x"], ["p=3/q=z"]]
    assert partition(made, "3", "z")["Location"] == "s3://lake/y/"
    assert made.reason("ALTER TABLE t PARTITION (p = 9, q = 'y') RENAME TO PARTITION (p = 4, q = 'z')") == (
        "FAILED: SemanticException [Error 10006]: Partition not found (p=9, q=y)"
    )
    assert "Partition already exists" in made.reason(
        "ALTER TABLE t PARTITION (p = 1, q = 'x') RENAME TO PARTITION (p = 3, q = 'z')"
    )


def test_a_partition_gets_its_own_location_and_columns(made: Lake) -> None:
    made.rows("ALTER TABLE t PARTITION (q = 'x', p = 1) SET LOCATION 's3://lake/new/'")
    made.rows("ALTER TABLE t PARTITION (p = 1, q = 'x') ADD COLUMNS (m double)")
    found = partition(made, "1", "x")
    assert found["Location"] == "s3://lake/new/"
    assert [column["Name"] for column in found["Columns"]] == ["n", "s", "m"]  # type: ignore[attr-defined]
    assert [row[0].strip() for row in made.rows("SHOW COLUMNS IN t") if row[0]] == ["n", "s", "p", "q"]


def test_what_is_shown_of_a_table_makes_it_again(made: Lake) -> None:
    text = "\n".join(row[0] or "" for row in made.rows("SHOW CREATE TABLE t"))
    before = made.glue.get_table(DatabaseName="db", Name="t")["Table"]
    made.rows("DROP TABLE t")
    made.rows(text)
    after = made.glue.get_table(DatabaseName="db", Name="t")["Table"]
    for member in ("PartitionKeys", "StorageDescriptor"):
        assert after[member] == before[member]
    assert after["Parameters"]["k"] == before["Parameters"]["k"] == "it's \x01 \\d"


def test_a_table_is_entered_as_athena_enters_it(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE t (n int COMMENT 'uno') COMMENT 'it''s\n\n  of\ntwo  lines' "
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/t/'"
    )
    found = lake.glue.get_table(DatabaseName="db", Name="t")["Table"]
    assert (found["Parameters"]["comment"], "Description" in found) == ("it's of\ntwo lines", False)
    storage = found["StorageDescriptor"]
    assert (storage["Location"], storage["OutputFormat"].rpartition(".")[2]) == (
        "s3://lake/t", "IgnoreKeyTextOutputFormat"
    )  # fmt: skip
    assert "COMMENT 'it\\'s of\\ntwo lines'" in [row[0] for row in lake.rows("SHOW CREATE TABLE t")]


def test_describe_formatted_tells_where_and_how(made: Lake) -> None:
    rows = [row[0] or "" for row in made.rows("DESCRIBE FORMATTED t")]
    assert rows[:3] == [
        "# col_name          \tdata_type           \tcomment             ", "\t \t ",
        "n                   \tint                 \tuno                 ",
    ]  # fmt: skip
    assert "Location:           \ts3://lake/t         \t " in rows
    assert "\tEXTERNAL            \tTRUE                " in rows
    assert "Num Buckets:        \t4                   \t " in rows
    assert "Bucket Columns:     \t[n]                 \t " in rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ALTER TABLE t ADD COLUMNS (a int b int)", "line 1:34: mismatched input 'b' expecting ','"),
        ("ALTER TABLE t ADD COLUMNS a int", "line 1:27: mismatched input 'a' expecting '('"),
        ("ALTER TABLE t DROP PARTITION p = 1", "line 1:30: mismatched input 'p' expecting '('"),
        ("ALTER TABLE t SET LOCATION", "line 1:27: mismatched input '<EOF>'"),
        ("MSCK REPAIR t", "line 1:13: mismatched input 't' expecting 'TABLE'"),
        ("DROP TABLE", "line 1:11: mismatched input '<EOF>'"),
        ("SHOW PARTITIONS t x", "line 1:19: no viable alternative at input 'SHOW PARTITIONS t x'"),
        ("CREATE EXTERNAL TABLE t (n int) STORE AS ORC LOCATION 's3://lake/t/'",
         "line 1:8: no viable alternative at input 'CREATE EXTERNAL'"),
        ("CREATE EXTERNAL TABLE t (n int) LOCATION s3", "line 1:8: no viable alternative"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_form_does_not_start(lake: Lake, text: str, message: str) -> None:
    with pytest.raises(AthenaApiError) as raised:
        lake.start(text)
    assert raised.value.members["AthenaErrorCode"] == "MALFORMED_QUERY"
    assert raised.value.message.startswith(message)


def test_hive_does_not_know_block_comments(made: Lake) -> None:
    done = made.run("SHOW CREATE TABLE /* c */ t")
    assert done["Status"]["StateChangeReason"].startswith(
        "FAILED: ParseException line 1:18 cannot recognize input near '/' '*' 'c'"
    )
    assert done["Status"]["AthenaError"]["ErrorCategory"] == 1
    assert made.rows("SELECT /* c */ count(*) FROM t") == [["0"]]


def test_what_looks_like_a_comment_inside_a_text_is_text(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE t (n int) PARTITIONED BY (p string) LOCATION 's3://lake/t/'")
    lake.rows("ALTER TABLE t ADD PARTITION (p = '/*a*/') LOCATION 's3://lake/*/b/' -- /* c */")
    lake.rows("ALTER TABLE t SET TBLPROPERTIES ('pattern' = '/*.csv')")
    assert lake.rows('SELECT p FROM "t$partitions"') == [["/*a*/"]]
    lake.rows("ALTER TABLE t DROP PARTITION (p = '/*a*/')")
    assert lake.rows("SHOW PARTITIONS t") == []


def test_lines_end_with_a_line_feed_only(lake: Lake) -> None:
    reason = lake.reason(
        "CREATE EXTERNAL TABLE t (n int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LINES TERMINATED BY '|' "  # noqa: E501
        "LOCATION 's3://lake/t/'"
    )
    assert reason.startswith("FAILED: SemanticException LINES TERMINATED BY only supports newline")


def test_names_are_shown_by_their_patterns(made: Lake) -> None:
    for name in ("ventas_2024", "ventas_2025", "clientes"):
        made.rows(f"CREATE EXTERNAL TABLE {name} (n int) LOCATION 's3://lake/{name}/'")
    made.rows("CREATE VIEW ventas_v AS SELECT 1 AS a")
    assert made.rows("SHOW TABLES 'ventas*'") == [["ventas_2024"], ["ventas_2025"], ["ventas_v"]]
    assert made.rows("SHOW TABLES IN db '*_2025|clientes'") == [["clientes"], ["ventas_2025"]]
    assert made.rows("SHOW VIEWS IN db LIKE 'ventas*'") == [["ventas_v"]]
    made.rows("CREATE DATABASE ventas")
    assert made.rows("SHOW DATABASES LIKE 'vent.*'") == [["ventas"]]
    assert made.rows("SHOW DATABASES LIKE 'VENT.*'") == []


def test_the_current_database_may_be_quoted_as_hive_quotes(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE t (n int) LOCATION 's3://lake/t/'")
    context = {"QueryExecutionContext": {"Database": "`db`"}}
    assert lake.rows("DESCRIBE `t`;", **context) == [
        ["n                   \tint                 \t                    "]
    ]


def test_the_default_serialization_format_is_not_shown(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE t (n int, m int) STORED AS PARQUET LOCATION 's3://lake/t/'")
    shown = [row[0] for row in lake.rows("SHOW CREATE TABLE t")]
    assert shown[1:3] == ["  `n` int, ", "  `m` int)"]
    assert not any("SERDEPROPERTIES" in (line or "") for line in shown)


def test_functions_are_listed_with_their_types(lake: Lake) -> None:
    done = lake.run("SHOW FUNCTIONS LIKE 'array_jo%'")
    assert (done["StatementType"], done["SubstatementType"]) == ("UTILITY", "SHOW_FUNCTIONS")
    assert done["ResultConfiguration"]["OutputLocation"].endswith(".csv")
    header, *rows = lake.rows("SHOW FUNCTIONS LIKE 'array_jo%'")
    assert header[:3] == ["Function", "Return Type", "Argument Types"]
    assert {row[0] for row in rows} == {"array_join"}
    assert {(row[1], row[3], row[4]) for row in rows} == {("varchar", "scalar", "true")}
    assert [row[4] for row in lake.rows("SHOW FUNCTIONS LIKE 'uuid'")[1:]] == ["false"]
    names = {row[0] for row in lake.rows("SHOW FUNCTIONS")[1:]}
    assert {"sum", "row_number", "date_trunc", "json_extract"} <= names
