"""The API: order of checks, states, results, workgroups, prepared statements, restart."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from local_athena.errors import AthenaApiError
from local_athena.service.state import State
from local_aws.storage.sqlite import Database
from tests.unit.local_athena.conftest import CALLER, Lake, make_lake


def refused(lake: Lake, sql: str, **request: Any) -> tuple[str | None, str]:
    with pytest.raises(AthenaApiError) as raised:
        lake.start(sql, **request)
    return raised.value.members.get("AthenaErrorCode"), raised.value.message


def test_a_finished_query_shows_its_statistics_and_files(lake: Lake) -> None:
    done = lake.run("SELECT 1 AS uno, 'a\"b' AS dos, CAST(NULL AS integer) AS tres;")
    assert done["Query"].endswith("tres")
    assert (done["StatementType"], done["SubstatementType"]) == ("DML", "SELECT")
    key = done["ResultConfiguration"]["OutputLocation"].removeprefix("s3://lake/")
    assert lake.store.path_of("lake", key).read_text() == '"uno","dos","tres"\n"1","a""b",\n'
    assert lake.store.path_of("lake", key + ".metadata").read_bytes().startswith(b"\n$")
    assert done["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"


def test_results_are_paged_and_tell_null_from_empty(lake: Lake) -> None:
    query_id = lake.run("SELECT * FROM (VALUES (1, ''), (2, NULL), (3, 'a\nb')) t(a, b) ORDER BY 1")[
        "QueryExecutionId"
    ]
    first = lake.athena.get_query_results({"QueryExecutionId": query_id, "MaxResults": 2}, CALLER)
    assert [row["Data"][0]["VarCharValue"] for row in first["ResultSet"]["Rows"]] == ["a", "1"]
    second = lake.athena.get_query_results(
        {"QueryExecutionId": query_id, "MaxResults": 2, "NextToken": first["NextToken"]}, CALLER
    )
    assert [row["Data"][1] for row in second["ResultSet"]["Rows"]] == [{}, {"VarCharValue": "a\nb"}]
    last = lake.athena.get_query_results(
        {"QueryExecutionId": query_id, "NextToken": second["NextToken"]}, CALLER
    )
    assert last["ResultSet"]["Rows"] == []


def test_metadata_tells_precision_and_case(lake: Lake) -> None:
    query_id = lake.run("SELECT 'abc' a, DECIMAL '1.50' b, REAL '1' c")["QueryExecutionId"]
    answer = lake.athena.get_query_results({"QueryExecutionId": query_id}, CALLER)
    infos = answer["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    shown = [(i["Type"], i["Precision"], i["Scale"], i["CaseSensitive"]) for i in infos]
    assert shown == [("varchar", 3, 0, True), ("decimal", 3, 2, False), ("float", 17, 0, False)]


def test_a_query_that_cannot_be_taken_back_fails_and_its_worker_goes_on(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("local_athena.service.executions.Executions._take_back", broken)
    for _ in range(8):
        status = lake.run("SELECT 1 / 0")["Status"]
        assert (status["State"], status["StateChangeReason"]) == (
            "FAILED",
            "GENERIC_INTERNAL_ERROR: Internal error",
        )


def test_bad_requests_are_refused_in_athenas_words(lake: Lake) -> None:
    assert refused(lake, "SELECT 1", ResultConfiguration={})[0] == "INVALID_INPUT"
    assert refused(lake, "SELECT 1", ResultConfiguration={"OutputLocation": "x"})[1] == (
        "outputLocation is not a valid S3 path."
    )
    assert refused(lake, "SELECT 1", WorkGroup="nope") == ("INVALID_INPUT", "WorkGroup is not found.")
    assert (
        refused(lake, "SELECT 1; SELECT 2")[1] == "Only one sql statement is allowed. Got: SELECT 1; SELECT 2"
    )
    assert refused(lake, ";")[1] == "Empty sql statement: ;"
    assert refused(lake, "SELEC 1")[1].startswith(
        "line 1:1: mismatched input 'SELEC'. Expecting: 'ALTER', 'ANALYZE'"
    )
    assert refused(lake, "SELECT 1", ClientRequestToken="")[1] == "clientRequestToken is null or empty"


TABLE = "(n int) LOCATION 's3://lake/t/'"
REFUSED = [
    ("CREATE TABLE t (n int)", "No location was specified for table. An S3 location must be specified"),
    ("CREATE EXTERNAL TABLE t (n int)", "No location was specified for table. An S3 location must be"),
    (f"CREATE TABLE t {TABLE}", "External keyword required for table type HIVE"),
    (f"CREATE EXTERNAL TABLE t {TABLE} TBLPROPERTIES ('table_type'='ICEBERG')",
     "External keyword not supported for table type ICEBERG"),
    ("CREATE OR REPLACE TABLE t AS SELECT 1",
     "line 1:19: mismatched input 'TABLE'. Expecting: 'MATERIALIZED', 'MULTI', 'PROTECTED', 'VIEW'"),
    ('DESCRIBE "t"', """line 1:10: no viable alternative at input 'DESCRIBE "t"'"""),
    ('ALTER TABLE "t" ADD COLUMNS (m int)',
     """line 1:13: no viable alternative at input 'ALTER TABLE "t"'"""),
    ('DROP TABLE "t"', """line 1:12: mismatched input '"t"' expecting {"""),
    ('SHOW COLUMNS FROM "t"', """line 1:19: mismatched input '"t"' expecting {"""),
    ("ALTER TABLE IF EXISTS t ADD COLUMNS (m int)",
     "line 1:16: no viable alternative at input 'ALTER TABLE IF EXISTS'"),
    ("ALTER TABLE t ADD COLUMN m int",
     "line 1:19: no viable alternative at input 'ALTER TABLE t ADD COLUMN'"),
    ("ALTER TABLE t\nRENAME COLUMN a TO b", "line 2:8: missing 'TO' at 'COLUMN'"),
    ("SELECT", "line 1:7: mismatched input '<EOF>'. Expecting: '*', 'ALL', 'DISTINCT', <expression>"),
    ("SELECT FROM", "Queries of this type are not supported"),
    ("SELECT 1 FROM", "Queries of this type are not supported"),
    ("DESCRIBE A.b.c.d", "Invalid table name a.b.c.d"),
    ("SHOW COLUMNS IN a.b.c.d", "Invalid table name a.b.c.d"),
    ("CREATE TABLE a.b.c.d AS SELECT 1 AS n", "Invalid table name a.b.c.d"),
    (" ;; ", "Empty sql statement: ;;"),
    ("SELECT 1; ; SELECT 2", "Only one sql statement is allowed. Got: SELECT 1; ; SELECT 2"),
    ("INSERT INTO t VALUES (1) RETURNING a", "line 1:26: mismatched input 'RETURNING'. Expecting: "),
    ("DELETE FROM t LIMIT 1", "line 1:15: mismatched input 'LIMIT'. Expecting: '.', 'WHERE', <EOF>"),
    ("UPDATE t SET a = (SELECT 1 FROM v) FROM u", "line 1:36: mismatched input 'FROM'. Expecting: "),
    ("INSERT OVERWRITE t SELECT 1", "line 1:8: mismatched input 'OVERWRITE'. Expecting: 'INTO'"),
    ("INSERT INTO t PARTITION (p = 1) SELECT 1", "line 1:15: mismatched input 'PARTITION'. Expecting"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_malformed_statement_starts_no_execution(lake: Lake, sql: str, message: str) -> None:
    before = lake.athena.list_query_executions({}, CALLER)
    code, told = refused(lake, sql)
    assert code == "MALFORMED_QUERY"
    assert told.startswith(message)
    assert lake.athena.list_query_executions({}, CALLER) == before


@pytest.mark.parametrize(
    "sql", ["DESCRIBE nada", "DESCRIBE nada.t", "SHOW COLUMNS IN nada", "SHOW COLUMNS IN t IN nada"]
)
def test_describing_what_is_not_there_starts_no_execution(lake: Lake, sql: str) -> None:
    code, told = refused(lake, sql)
    assert code == "INVALID_INPUT"
    assert told.startswith(
        "Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; Error Code: Entity"
    )


@pytest.mark.parametrize("sql", ["DESCRIBE otro.db.t", f"CREATE EXTERNAL TABLE otro.db.t {TABLE}"])
def test_ddl_of_a_missing_catalog_starts_no_execution(lake: Lake, sql: str) -> None:
    assert refused(lake, sql) == ("DATACATALOG_NOT_FOUND", "Catalog 'otro' does not exist")


def test_semicolons_around_one_statement_are_not_part_of_it(lake: Lake) -> None:
    assert [lake.run(text)["Query"] for text in ("; SELECT 1 ;; ", "SELECT 1 -- a; b\n;")] == [
        "SELECT 1",
        "SELECT 1 -- a; b",
    ]


def test_the_same_token_gives_the_same_execution_and_another_query_is_a_mismatch(lake: Lake) -> None:
    token = str(uuid.uuid4())
    first = lake.start("SELECT 1", ClientRequestToken=token)
    assert lake.start("SELECT 1", ClientRequestToken=token) == first
    assert refused(lake, "SELECT 2", ClientRequestToken=token)[0] == "IDEMPOTENT_PARAMETER_MISMATCH"


def test_stopping_a_query_interrupts_the_engine(lake: Lake) -> None:
    slow = "SELECT count(*) FROM UNNEST(sequence(1, 9999)) a(x), UNNEST(sequence(1, 9999)) b(y), UNNEST(sequence(1, 9999)) c(z) WHERE x * y + z = 7"  # noqa: E501
    query_id = lake.start(slow)
    while (
        lake.athena.get_query_execution({"QueryExecutionId": query_id}, CALLER)["QueryExecution"]["Status"][
            "State"
        ]
        == "QUEUED"
    ):
        pass
    lake.athena.stop_query_execution({"QueryExecutionId": query_id}, CALLER)
    status = lake.wait(query_id)["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Query cancelled by user")
    with pytest.raises(AthenaApiError, match="Could not find results"):
        lake.athena.get_query_results({"QueryExecutionId": query_id}, CALLER)


def test_executions_survive_a_restart_and_running_ones_have_failed(tmp_path: Path) -> None:
    first = make_lake(tmp_path)
    first.store.create_bucket("lake", "us-east-1")
    done = first.run("SELECT 42")
    first.athena.close()
    state = State(partial(Database, tmp_path / "athena" / "us-east-1.sqlite"))
    finished = state.execution(done["QueryExecutionId"])
    assert finished is not None
    left = replace(finished, execution_id=str(uuid.uuid4())).running()
    state.add_execution(left, "t" * 32)
    second = make_lake(tmp_path)
    try:
        again = second.athena.get_query_results({"QueryExecutionId": done["QueryExecutionId"]}, CALLER)
        assert again["ResultSet"]["Rows"][1]["Data"] == [{"VarCharValue": "42"}]
        assert second.wait(left.execution_id)["Status"]["State"] == "FAILED"
    finally:
        second.athena.close()


def test_fifty_queries_at_once_are_all_answered(lake: Lake) -> None:
    started = [lake.start(f"SELECT sum(x) + {i} FROM UNNEST(sequence(1, 1000)) t(x)") for i in range(50)]
    for i, query_id in enumerate(started):
        assert lake.wait(query_id)["Status"]["State"] == "SUCCEEDED"
        answer = lake.athena.get_query_results({"QueryExecutionId": query_id}, CALLER)
        assert answer["ResultSet"]["Rows"][1]["Data"] == [{"VarCharValue": str(500500 + i)}]


def test_an_enforced_workgroup_wins_over_the_request(lake: Lake) -> None:
    configuration = {"ResultConfiguration": {"OutputLocation": "s3://lake/group/"}}
    lake.athena.create_work_group({"Name": "g", "Configuration": configuration}, CALLER)
    done = lake.run("SELECT 1", WorkGroup="g")
    assert done["ResultConfiguration"]["OutputLocation"].startswith("s3://lake/group/")
    lake.athena.delete_work_group({"WorkGroup": "g"}, CALLER)
    assert refused(lake, "SELECT 1", WorkGroup="g")[1] == "WorkGroup is not found."


def test_a_query_over_the_scan_limit_is_cancelled(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE big (a string) LOCATION 's3://lake/big/'")
    lake.store.put("lake", "big/f.txt", b"x" * 11_000_000)
    configuration = {
        "BytesScannedCutoffPerQuery": 10_000_000, "ResultConfiguration": {"OutputLocation": "s3://lake/r/"},
    }  # fmt: skip
    lake.athena.create_work_group({"Name": "small", "Configuration": configuration}, CALLER)
    done = lake.run("SELECT count(a) FROM big", WorkGroup="small")
    status = done["Status"]
    assert done["Statistics"]["DataScannedInBytes"] == 10_000_000
    assert status["State"] == "CANCELLED"
    assert status["StateChangeReason"].startswith("Bytes scanned limit was exceeded")


def test_parameters_and_prepared_statements(lake: Lake) -> None:
    assert lake.rows("SELECT ? + 1, ?", ExecutionParameters=["41", "it's"]) == [["42", "it's"]]
    assert refused(lake, "SELECT ?", ExecutionParameters=["1", "2"])[0] == "INVALID_PARAMETER_USAGE"
    statement = {"StatementName": "suma", "WorkGroup": "primary", "QueryStatement": "SELECT ? + ?"}
    lake.athena.create_prepared_statement(statement, CALLER)
    assert lake.rows("EXECUTE suma USING 1, 2") == [["3"]]


def test_named_queries_and_table_metadata(lake: Lake) -> None:
    made = lake.athena.create_named_query({"Name": "n", "Database": "db", "QueryString": "SELECT 1"}, CALLER)
    found = lake.athena.get_named_query(made, CALLER)["NamedQuery"]
    assert (found["Name"], found["WorkGroup"]) == ("n", "primary")
    lake.rows("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (p string) LOCATION 's3://lake/t/'")
    request = {"CatalogName": "AwsDataCatalog", "DatabaseName": "db", "TableName": "t"}
    table = lake.athena.get_table_metadata(request, CALLER)["TableMetadata"]
    assert table["Columns"] == [{"Name": "a", "Type": "int"}]
    assert table["PartitionKeys"] == [{"Name": "p", "Type": "string"}]


def test_prepare_and_deallocate_share_names_with_the_prepared_statement_operations(lake: Lake) -> None:
    lake.rows("PREPARE doble FROM SELECT ? * 2")
    asked = {"StatementName": "doble", "WorkGroup": "primary"}
    kept = lake.athena.get_prepared_statement(asked, CALLER)["PreparedStatement"]
    assert kept["QueryStatement"] == "SELECT ? * 2"
    assert lake.rows("EXECUTE doble USING 21") == [["42"]]
    assert "already exists" in lake.reason("PREPARE doble FROM SELECT 1")
    lake.rows("DEALLOCATE PREPARE doble")
    assert "PreparedStatement doble was not found" in lake.reason("DEALLOCATE PREPARE doble")
    assert "mismatched input" in lake.reason("PREPARE mala FROM SELECT FROM WHERE")


def test_explain_shows_a_plan_and_explain_analyze_its_times(lake: Lake) -> None:
    assert any("SCAN" in str(row) for row in lake.rows("EXPLAIN SELECT x FROM (VALUES 1) t(x) WHERE x > 0"))
    assert "Total Time" in str(lake.rows("EXPLAIN ANALYZE SELECT sum(x) FROM (VALUES 1) t(x)"))
    assert '"name"' in str(lake.rows("EXPLAIN (FORMAT JSON) SELECT 1"))
    assert "EXPLAIN option TYPE IO is not supported" in lake.reason("EXPLAIN (TYPE IO) SELECT 1")


def test_parameters_are_given_in_the_order_of_the_text(lake: Lake) -> None:
    sql = "WITH w AS (SELECT ? AS x) SELECT ?, a, x FROM w, (VALUES 1, 2, 3) AS t(a) WHERE a > ? ORDER BY a LIMIT ?"  # noqa: E501
    assert lake.rows(sql, ExecutionParameters=["'w'", "'s'", "1", "1"]) == [["s", "2", "w"]]


def test_a_parameter_leaves_partitions_out(lake: Lake) -> None:
    lake.rows("CREATE EXTERNAL TABLE p (n int) PARTITIONED BY (k string) LOCATION 's3://lake/p/'")
    for k in "ab":
        lake.store.put("lake", f"p/k={k}/f", b"1\n")
    lake.rows("MSCK REPAIR TABLE p")
    done = lake.run("SELECT n FROM p WHERE k = ?", ExecutionParameters=["'a'"])
    assert done["Statistics"]["DataScannedInBytes"] == 2
