"""CREATE TABLE as Hive's grammar has it: names, types, one order of clauses; what is not of it does not start."""  # noqa: E501

from __future__ import annotations

import pytest

from local_athena.errors import AthenaApiError
from local_athena.statements.ddl.hive_names import RESERVED, is_plain_name
from local_athena.statements.ddl.reader import Reader
from tests.unit.local_athena.conftest import Lake

AT = "LOCATION 's3://lake/t/'"
NO_VIABLE = "line 1:8: no viable alternative at input 'create external'"
REFUSED = [
    f"create external table t (x int, date string) {AT}",
    f"create external table t (x int) partitioned by (user string) {AT}",
    f"create external table order (x int) {AT}",
    f"create external table t (s struct<timestamp:string>) {AT}",
    f"create external table t (a-b int) {AT}",
    f"create external table t (s struct<_id:string>) {AT}",
    f"create external table t (_x int) {AT}",
    f"create external table t (año int) {AT}",
    f"create external table t (x: int) {AT}",
    f"create external table t (x varchar) {AT}",
    f"create external table t (x char) {AT}",
    f"create external table t (x json) {AT}",
    f"create external table t (x timestamp(6)) {AT}",
    f"create external table t (x array(int)) {AT}",
    f"create external table t (x row(a int)) {AT}",
    f"create external table t (x map<array<int>,int>) {AT}",
    f"create external table t (x struct<>) {AT}",
    f"create external table t (x text) {AT}",
    f"create external table t (x uuid) {AT}",
    f"create external table t (x timestamptz) {AT}",
    f"create external table t (x int,) {AT}",
    f"create external table t () {AT}",
    f"create external table t {AT}",
    f"create external table t (x int) {AT} stored as parquet",
    f"create external table t (x int) stored as parquet row format delimited {AT}",
    f"create external table t (x int) {AT} comment 'c'",
    f"create external table t (x int) tblproperties ('a' = 'b') {AT}",
    f"create external table t (x int) partitioned by (p int) comment 'c' {AT}",
    f"create external table t (x int) {AT} {AT}",
    f"create external table t (x int) comment 'a' comment 'b' {AT}",
    f"create external table t (x int) row format delimited escaped by '!' {AT}",
    f"create external table t (x int) row format delimited lines terminated by '\n' fields terminated by ',' {AT}",  # noqa: E501
    f"create external table t (x int) stored as parquet stored as orc {AT}",
    f"create external table t (x int) row format serde 's' with serdeproperties ('a'='b') with serdeproperties ('c'='d') {AT}",  # noqa: E501
]


@pytest.mark.parametrize("sql", REFUSED)
def test_what_hives_grammar_does_not_have_is_refused_at_start(lake: Lake, sql: str) -> None:
    with pytest.raises(AthenaApiError) as raised:
        lake.start(sql)
    assert raised.value.members["AthenaErrorCode"] == "MALFORMED_QUERY"
    assert raised.value.message == NO_VIABLE


@pytest.mark.parametrize(
    ("type_", "why"),
    [
        ("varchar(70000)", "Varchar length 70000 out of allowed range [1, 65535]"),
        ("varchar(0)", "Varchar length 0 out of allowed range [1, 65535]"),
        ("char(256)", "Char length 256 out of allowed range [1, 255]"),
        ("decimal(40,2)", "Decimal precision out of allowed range [1,38]"),
        ("array<decimal(5,6)>", "Decimal scale must be less than or equal to precision"),
    ],
)
def test_a_length_beyond_its_limit_fails_and_makes_no_table(lake: Lake, type_: str, why: str) -> None:
    assert lake.reason(f"CREATE EXTERNAL TABLE t (x {type_}) {AT}") == f"FAILED: SemanticException {why}"
    assert lake.rows("SHOW TABLES") == []


ACCEPTED = [
    ("(`date` string, `_x` int, s struct<`timestamp`:int,b:array<map<string,double>>>)", "date"),
    ("(2020_sales int, offset int, year int, key string, value string, status string)", "2020_sales"),
    ("(version int, start bigint, `end` bigint)", "version"),
    ("(time string, m struct<`from`:array<string>,to:array<string>>)", "time"),
    ("(a decimal, b decimal(10), c DECIMAL(10, 2), d char(255), e varchar(65535))", "a"),
    ("(a struct<b:int comment 'x', c:string> COMMENT 'y')", "a"),
]


@pytest.mark.parametrize(("columns", "first"), ACCEPTED)
def test_quoted_names_and_words_that_are_not_reserved_are_names(lake: Lake, columns: str, first: str) -> None:
    lake.rows(f"CREATE EXTERNAL TABLE t {columns} {AT}")
    found = lake.glue.get_table(DatabaseName="db", Name="t")["Table"]["StorageDescriptor"]["Columns"]
    assert found[0]["Name"] == first


def test_all_clauses_in_hives_order_make_a_table(lake: Lake) -> None:
    lake.rows(
        "CREATE EXTERNAL TABLE IF NOT EXISTS t (a int, b string) COMMENT 'c' PARTITIONED BY (p int) CLUSTERED BY (a) "  # noqa: E501
        "SORTED BY (b DESC) INTO 2 BUCKETS ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' ESCAPED BY '\\\\' "
        "COLLECTION ITEMS TERMINATED BY ';' MAP KEYS TERMINATED BY ':' LINES TERMINATED BY '\\n' NULL DEFINED AS '' "  # noqa: E501
        f"STORED AS TEXTFILE {AT} TBLPROPERTIES ('k' = 'v')"
    )
    found = lake.glue.get_table(DatabaseName="db", Name="t")["Table"]["StorageDescriptor"]
    assert found["SortColumns"] == [{"Column": "b", "SortOrder": 0}]
    assert found["SerdeInfo"]["Parameters"]["escape.delim"] == "\\"


@pytest.mark.parametrize(
    "sql",
    [
        f"CREATE TABLE t (date int) {AT} TBLPROPERTIES ('table_type'='ICEBERG')",
        f"CREATE TABLE t (a int) {AT} PARTITIONED BY (a) TBLPROPERTIES ('table_type'='ICEBERG')",
        f"CREATE TABLE t (a varchar) {AT} TBLPROPERTIES ('table_type'='ICEBERG')",
        f"CREATE TABLE t (a int) PARTITIONED BY (day(a) {AT} TBLPROPERTIES ('table_type'='ICEBERG')",
    ],
)
def test_iceberg_tables_have_the_same_grammar(lake: Lake, sql: str) -> None:
    with pytest.raises(AthenaApiError, match="line 1:8: no viable alternative at input 'CREATE TABLE'"):
        lake.start(sql)


def test_reserved_words_are_those_of_athenas_page_but_for_three_that_aws_itself_uses_as_names() -> None:
    assert len(RESERVED) == 135
    assert all(map(is_plain_name, ("start", "time", "to")))
    assert not is_plain_name("date")
    assert is_plain_name("dates")


def test_a_statement_of_trinos_takes_hives_words(lake: Lake) -> None:
    lake.rows('CREATE VIEW "user" AS SELECT 1 a')
    assert lake.rows('SHOW CREATE VIEW "user"')
    lake.rows('DROP VIEW "user"')


def test_properties_of_a_table_and_a_database_are_set_and_unset(lake: Lake) -> None:
    lake.rows(f"CREATE EXTERNAL TABLE t (a int) {AT} TBLPROPERTIES ('k' = 'v', 'l' = 'w')")
    lake.rows("ALTER TABLE t UNSET TBLPROPERTIES ('k')")
    assert "k" not in lake.glue.get_table(DatabaseName="db", Name="t")["Table"]["Parameters"]
    assert "Error 10215" in lake.reason("ALTER TABLE t UNSET TBLPROPERTIES ('l', 'none')")
    lake.rows("ALTER TABLE t UNSET TBLPROPERTIES IF EXISTS ('l', 'none')")
    assert "l" not in lake.glue.get_table(DatabaseName="db", Name="t")["Table"]["Parameters"]
    lake.rows("ALTER DATABASE db SET DBPROPERTIES ('owner' = 'ana')")
    lake.rows("ALTER SCHEMA db SET DBPROPERTIES ('since' = '2020')")
    found = lake.glue.get_database(Name="db")["Database"]["Parameters"]
    assert found == {"owner": "ana", "since": "2020"}
    assert "Database does not exist: nada" in lake.reason("ALTER DATABASE nada SET DBPROPERTIES ('a' = 'b')")


def test_a_database_may_be_named_with_its_catalog(lake: Lake) -> None:
    lake.rows(f"CREATE EXTERNAL TABLE t (a int) {AT}")
    assert lake.rows("SHOW TABLES IN awsdatacatalog.db") == [["t"]]
    assert lake.rows("SHOW TABLES IN AwsDataCatalog.db LIKE 't*'") == [["t"]]
    lake.rows("CREATE DATABASE awsdatacatalog.otra")
    lake.rows("DROP DATABASE awsdatacatalog.otra")
    assert "Catalog 'x' does not exist" in lake.reason("SHOW TABLES IN x.db")


def test_a_quote_in_a_partition_value_stays_a_value(lake: Lake) -> None:
    lake.rows(f"CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (p string) {AT}")
    lake.rows("ALTER TABLE t ADD PARTITION (p = 'it\\'s') PARTITION (p = 'x')")
    lake.rows("ALTER TABLE t DROP PARTITION (p = 'it\\'s')")
    assert lake.rows("SHOW PARTITIONS t") == [["p=x"]]


def test_a_type_is_bounded_in_depth() -> None:
    reader = Reader("array<" * 5000 + "int" + ">" * 5000)
    with pytest.raises(Exception, match="ParseException"):
        reader.type_text()


@pytest.mark.parametrize("text", ["CREATE", "CREATE -- IF NOT EXISTS t", "create /* TABLE t */"])
def test_a_definition_that_ends_after_its_first_word_is_malformed(lake: Lake, text: str) -> None:
    with pytest.raises(AthenaApiError, match="no viable alternative at input"):
        lake.start(text)
