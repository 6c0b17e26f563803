"""EvaluateDataQuality, called as the scripts of Glue Studio call it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.transforms import SelectFromCollection
from awsgluedq import publishing
from awsgluedq.dqdl import InvalidRuleset
from awsgluedq.transforms import EvaluateDataQuality
from pyspark.errors import IllegalArgumentException
from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark

PUBLISHING = {
    "dataQualityEvaluationContext": "node_1",
    "enableDataQualityCloudWatchMetrics": False,
    "enableDataQualityResultsPublishing": True,
}
OPTIONS = {"performanceTuning.caching": "CACHE_NOTHING", "observations.scope": "ALL"}
COLUMNS = (
    "DataQualityRulesPass",
    "DataQualityRulesFail",
    "DataQualityRulesSkip",
    "DataQualityEvaluationResult",
)


@pytest.fixture
def frame(spark: SparkSession) -> DynamicFrame:
    rows = [(1, "a", "f"), (2, "b", "d"), (3, "a", None), (4, "b", None), (4, "a", "x")]
    data = spark.createDataFrame(rows, "id int, att1 string, att2 string")
    return DynamicFrame.fromDF(data, GlueContext(spark.sparkContext), "frame")


def evaluated(frame: DynamicFrame, rules: str, **options: Any) -> Any:
    return EvaluateDataQuality().process_rows(
        frame=frame,
        ruleset=f"Rules = [ {rules} ]",
        publishing_options=PUBLISHING,
        additional_options={**OPTIONS, **options},
    )


def rows_of(collection: Any, name: str = "rowLevelOutcomes") -> list[dict[str, Any]]:
    frame = SelectFromCollection.apply(dfc=collection, key=name, transformation_ctx="select")
    found = [row.asDict(recursive=True) for row in frame.toDF().collect()]
    return sorted(found, key=lambda row: (row["id"], str(row["att1"]))) if name != "ruleOutcomes" else found


def results(collection: Any) -> list[str]:
    return [row["DataQualityEvaluationResult"] for row in rows_of(collection)]


def test_apply_gives_the_outcomes_as_a_frame(frame: DynamicFrame) -> None:
    found = EvaluateDataQuality.apply(
        frame=frame,
        ruleset='Rules = [ColumnExists "id", IsComplete "att2"]',
        publishing_options=PUBLISHING,
    )
    assert isinstance(found, DynamicFrame)
    assert [row.asDict() for row in found.toDF().collect()] == [
        {
            "Rule": 'ColumnExists "id"',
            "Outcome": "Passed",
            "FailureReason": None,
            "EvaluatedMetrics": {},
            "EvaluatedRule": 'ColumnExists "id"',
        },
        {
            "Rule": 'IsComplete "att2"',
            "Outcome": "Failed",
            "FailureReason": "Value: 0.6 does not meet the constraint requirement!",
            "EvaluatedMetrics": {"Column.att2.Completeness": 0.6},
            "EvaluatedRule": 'IsComplete "att2"',
        },
    ]


def test_process_rows_gives_the_data_the_rules_and_the_rows(frame: DynamicFrame) -> None:
    found = evaluated(frame, 'IsComplete "att2", IsUnique "id", RowCount > 9')
    assert set(found.keys()) == {"rowLevelOutcomes", "ruleOutcomes", "originalData"}
    assert found["originalData"] is frame
    assert [row["Outcome"] for row in rows_of(found, "ruleOutcomes")] == ["Failed"] * 3
    rows = rows_of(found)
    assert list(rows[0]) == ["id", "att1", "att2", *COLUMNS]
    assert [tuple(row[name] for name in COLUMNS) for row in (rows[0], rows[2], rows[4])] == [
        (['IsComplete "att2"', 'IsUnique "id"'], [], ["RowCount > 9"], "Passed"),
        (['IsUnique "id"'], ['IsComplete "att2"'], ["RowCount > 9"], "Failed"),
        ([], ['IsComplete "att2"', 'IsUnique "id"'], ["RowCount > 9"], "Failed"),
    ]


def test_a_script_fails_as_glue_studio_has_it_fail(frame: DynamicFrame) -> None:
    found = evaluated(frame, 'IsComplete "att2", RowCount > 1')
    outcomes = found[EvaluateDataQuality.DATA_QUALITY_RULE_OUTCOMES_KEY]
    assert outcomes.filter(lambda x: x["Outcome"] == "Failed").count() == 1


def test_rows_that_a_where_clause_leaves_out_pass_or_are_skipped(frame: DynamicFrame) -> None:
    rule = 'IsComplete "att2" where "att1 = \'a\'"'
    assert results(evaluated(frame, rule)) == ["Passed", "Passed", "Failed", "Passed", "Passed"]
    skipped = evaluated(frame, rule, **{"rowLevelConfiguration.filteredRowLabel": "SKIPPED"})
    assert [bool(row["DataQualityRulesSkip"]) for row in rows_of(skipped)] == [
        False,
        True,
        False,
        False,
        True,
    ]


def test_composites_are_decided_by_rules_or_by_rows(frame: DynamicFrame) -> None:
    rule = '(ColumnValues "id" < 3) or (IsComplete "att2")'
    by_rules = evaluated(frame, rule)
    assert rows_of(by_rules, "ruleOutcomes")[0]["Outcome"] == "Failed"
    assert results(by_rules) == ["Passed", "Passed", "Failed", "Passed", "Failed"]
    passing = '(ColumnValues "id" < 3) or (ColumnValues "id" > 2)'
    assert rows_of(evaluated(frame, passing), "ruleOutcomes")[0]["Outcome"] == "Failed"
    by_rows = evaluated(frame, passing, **{"compositeRuleEvaluation.method": "ROW"})
    assert rows_of(by_rows, "ruleOutcomes")[0]["Outcome"] == "Passed"
    assert results(by_rows) == ["Passed"] * 5


def test_counts_of_rows_and_rules_are_given_where_asked_for(frame: DynamicFrame) -> None:
    found = evaluated(
        frame, 'IsComplete "att2", RowCount > 9', **{"publishAggregatedMetrics.status": "ENABLED"}
    )
    counts = [
        [row[name] for name in ("PassedCount", "FailedCount", "SkippedCount", "TotalCount")]
        for row in rows_of(found, "ruleOutcomes")
    ]
    assert counts == [[3, 2, 0, 5], [0, 0, 5, 5]]
    assert found["aggregatedMetrics"].toDF().collect()[0].asDict() == {
        "TotalRowsProcessed": 5,
        "PassedRows": 3,
        "FailedRows": 2,
        "TotalRulesProcessed": 2,
        "RulesPassed": 0,
        "RulesFailed": 2,
    }


def test_labels_are_in_the_outcomes_and_in_rows_where_asked_for(frame: DynamicFrame) -> None:
    rule = 'IsComplete "id" labels=["team"="x"]'
    found = evaluated(frame, rule)
    assert rows_of(found, "ruleOutcomes")[0]["Labels"] == {"team": "x"}
    assert rows_of(found)[0]["DataQualityRulesPass"] == ['IsComplete "id"']
    labelled = evaluated(frame, rule, **{"rowLevelConfiguration.ruleWithLabels": "ENABLED"})
    assert rows_of(labelled)[0]["DataQualityRulesPass"] == [rule]


def test_rows_are_compared_with_those_of_other_sources(frame: DynamicFrame, spark: SparkSession) -> None:
    other = spark.createDataFrame([(1, "f"), (2, "z"), (3, None), (4, None)], "id int, att2 string")
    found = EvaluateDataQuality().process_rows(
        frame=frame,
        ruleset='Rules = [ReferentialIntegrity "id" "ref.id" = 1, CustomSql "select att2 from primary"]',
        additional_data_sources={"ref": DynamicFrame.fromDF(other, frame.glue_ctx, "ref")},
    )
    assert [row["Outcome"] for row in rows_of(found, "ruleOutcomes")] == ["Passed", "Passed"]
    assert len(rows_of(found)) == 5


def test_a_frame_without_rows_is_evaluated(spark: SparkSession) -> None:
    empty = DynamicFrame.fromDF(
        spark.createDataFrame([], "id int, att1 string"), GlueContext(spark.sparkContext), "empty"
    )
    found = evaluated(empty, 'ColumnCount > 0, IsComplete "id", IsUnique "id", RowCount > 0')
    outcomes = [row["Outcome"] for row in rows_of(found, "ruleOutcomes")]
    assert outcomes == ["Passed", "Failed", "Failed", "Failed"]
    assert rows_of(found) == []


def test_analyzers_alone_have_no_outcomes_and_let_all_rows_pass(frame: DynamicFrame) -> None:
    found = EvaluateDataQuality().process_rows(frame=frame, ruleset='Analyzers = [RowCount, Mean "id"]')
    assert rows_of(found, "ruleOutcomes") == []
    assert results(found) == ["Passed"] * 5


def test_names_with_marks_are_columns_and_never_code(spark: SparkSession) -> None:
    name = 'a`b" or 1=1.c'
    data = spark.createDataFrame([(1,), (None,)], "x int").withColumnRenamed("x", name)
    frame = DynamicFrame.fromDF(data, GlueContext(spark.sparkContext), "frame")
    written = name.replace('"', '\\"')
    found = EvaluateDataQuality.apply(
        frame=frame, ruleset=f'Rules = [Completeness "{written}" = 0.5, Sum "{written}" = 1]'
    )
    assert [row.Outcome for row in found.toDF().collect()] == ["Passed", "Passed"]


def test_a_view_of_the_job_named_primary_stays(frame: DynamicFrame, spark: SparkSession) -> None:
    spark.range(7).createOrReplaceTempView("primary")
    found = evaluated(frame, 'CustomSql "select count(*) from primary" = 5')
    assert rows_of(found, "ruleOutcomes")[0]["Outcome"] == "Passed"
    assert spark.table("primary").count() == 7
    spark.catalog.dropTempView("primary")


def test_bad_input_is_told(frame: DynamicFrame) -> None:
    with pytest.raises(InvalidRuleset, match="line 1:10 Rule Type: Complete is not valid"):
        evaluated(frame, 'Complete "id"')
    with pytest.raises(
        IllegalArgumentException, match='where "nope > 1" has provided an invalid where clause'
    ):
        evaluated(frame, 'IsComplete "id" where "nope > 1"')
    with pytest.raises(ValueError, match=r"observations\.scope must be one of NONE, ALL, not SOME"):
        evaluated(frame, "RowCount > 1", **{"observations.scope": "SOME"})
    with pytest.raises(ValueError, match="Unknown option of EvaluateDataQuality: caching"):
        evaluated(frame, "RowCount > 1", caching="x")
    with pytest.raises(ValueError, match="Unknown publishing option"):
        EvaluateDataQuality.apply(frame=frame, ruleset="Rules=[RowCount>1]", publishing_options={"a": 1})


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is put to AWS."""
    requests: list[dict[str, Any]] = []

    class Client:
        def put_metric_data(self, **request: Any) -> None:
            requests.append(request)

        def put_object(self, **request: Any) -> None:
            requests.append(request)

    monkeypatch.setattr(publishing.boto3, "client", lambda service: Client())
    arguments = ["script", "--JOB_NAME", "nightly", "--JOB_RUN_ID", "jr_1"]
    monkeypatch.setattr(publishing.sys, "argv", arguments)
    return requests


def test_counts_of_rules_go_to_cloudwatch_where_asked_for(
    frame: DynamicFrame, put: list[dict[str, Any]]
) -> None:
    EvaluateDataQuality.apply(
        frame=frame,
        ruleset="Rules = [RowCount > 1, RowCount > 2, RowCount > 9]",
        publishing_options={**PUBLISHING, "enableDataQualityCloudWatchMetrics": "true"},
    )
    (request,) = put
    assert request["Namespace"] == "Glue Data Quality"
    assert {one["MetricName"]: one["Value"] for one in request["MetricData"]} == {
        "glue.data.quality.rules.passed": 2,
        "glue.data.quality.rules.failed": 1,
    }
    assert request["MetricData"][0]["Dimensions"] == [
        {"Name": "EvaluationContext", "Value": "node_1"},
        {"Name": "JobName", "Value": "nightly"},
    ]


@pytest.mark.parametrize(
    ("prefix", "bucket", "folder"),
    [("s3://lake/quality/", "lake", "quality/year="), ("lake", "lake", "year=")],
)
def test_outcomes_go_to_s3_where_asked_for(
    frame: DynamicFrame, put: list[dict[str, Any]], prefix: str, bucket: str, folder: str
) -> None:
    EvaluateDataQuality.apply(
        frame=frame, ruleset="Rules = [RowCount > 9]", publishing_options={"resultsS3Prefix": prefix}
    )
    (request,) = put
    assert request["Bucket"] == bucket
    assert re.fullmatch(re.escape(folder) + r"\d{4}/month=\d\d/day=\d\d/[0-9a-f-]{36}\.json", request["Key"])
    written = json.loads(request["Body"])
    assert re.fullmatch(r"[\d-]{10} [\d:.]{12}", written.pop("evaluationStartedOn"))
    assert re.fullmatch(r"[\d-]{10} [\d:.]{12}", written.pop("evaluationCompletedOn"))
    assert written == {
        "dqRunId": "jr_1",
        "rule": "RowCount > 9",
        "outcome": "Failed",
        "failureReason": "Value: 5 does not meet the constraint requirement!",
        "evaluatedMetrics": {"Dataset.*.RowCount": 5.0},
    }
