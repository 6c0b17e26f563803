"""Result reuse: which execution answers which, for how long, and what never does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.local_athena.conftest import CALLER, Lake

REUSE = {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 5}}


def reuses(lake: Lake, sql: str, **request: Any) -> bool:
    done = lake.run(sql, ResultReuseConfiguration=REUSE, **request)
    reused: bool = done["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]
    return reused


def test_the_same_query_gets_the_earlier_result_and_reads_nothing(lake: Lake) -> None:
    lake.run("CREATE TABLE medidas AS SELECT 1 kwh")
    first = lake.run("SELECT kwh FROM medidas")
    lake.run("INSERT INTO medidas VALUES (2)")
    second = lake.run("SELECT kwh FROM medidas", ResultReuseConfiguration=REUSE)
    assert second["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": True}
    assert second["Statistics"]["DataScannedInBytes"] == 0
    assert second["ResultConfiguration"] == first["ResultConfiguration"]
    answer = lake.athena.get_query_results({"QueryExecutionId": second["QueryExecutionId"]}, CALLER)
    assert [row["Data"][0]["VarCharValue"] for row in answer["ResultSet"]["Rows"]] == ["kwh", "1"]


def test_without_being_asked_a_query_runs(lake: Lake) -> None:
    lake.run("SELECT 41 + 1")
    done = lake.run("SELECT 41 + 1")
    assert done["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": False}


def test_a_result_that_is_too_old_or_gone_is_not_used(lake: Lake) -> None:
    sql = "SELECT 42"
    done = lake.run(sql)
    none = {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 0}}
    fresh = lake.run(sql, ResultReuseConfiguration=none)
    assert fresh["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": False}
    for execution in (done, fresh):
        key = execution["ResultConfiguration"]["OutputLocation"].removeprefix("s3://lake/")
        lake.store.delete("lake", key)
    assert not reuses(lake, sql)


def test_another_text_or_database_is_another_query(lake: Lake) -> None:
    lake.run("SELECT 43")
    assert not reuses(lake, "SELECT  43")
    assert not reuses(lake, "SELECT 43", QueryExecutionContext={"Database": "otra"})
    assert reuses(lake, "SELECT 43")


@pytest.mark.parametrize(
    "sql",
    ["SELECT rand()", "SELECT current_timestamp", "SELECT a FROM (VALUES 1) t(a) LIMIT 1", "SELECT uuid()"],
)
def test_a_query_whose_answer_changes_is_never_reused(lake: Lake, sql: str) -> None:
    lake.run(sql)
    assert not reuses(lake, sql)
