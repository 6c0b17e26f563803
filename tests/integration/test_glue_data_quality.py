"""Data quality in jobs, as the scripts of Glue Studio ask for it, and of catalog tables by the API."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws
from tests.integration.glue_jobs import Jobs

pytestmark = pytest.mark.spark

ORDERS = "id,product,amount\n1,café,3\n2,té,0\n3,,5\n3,pan,-1\n"
STUDIO = '''
    import sys
    from awsglue.transforms import *
    from awsglue.utils import getResolvedOptions
    from pyspark.context import SparkContext
    from awsglue.context import GlueContext
    from awsglue.job import Job
    from awsgluedq.transforms import EvaluateDataQuality

    args = getResolvedOptions(sys.argv, ['JOB_NAME'])
    sc = SparkContext()
    glueContext = GlueContext(sc)
    spark = glueContext.spark_session
    job = Job(glueContext)
    job.init(args['JOB_NAME'], args)

    DEFAULT_DATA_QUALITY_RULESET = """
        Rules = [
            ColumnCount > 0
        ]
    """

    Orders_node1 = glueContext.create_dynamic_frame.from_catalog(database="quality_db", table_name="orders")
    Checks_node2_ruleset = """
        # Example rules: Completeness "colA" between 0.4 and 0.8, ColumnCount > 10
        Rules = [
            RowCount between 2 and 8,
            IsComplete "product",
            ColumnValues "amount" >= 0,
            ReferentialIntegrity "id" "known.id" = 1.0
        ]
    """
    known = glueContext.create_dynamic_frame.from_catalog(database="quality_db", table_name="orders")
    Checks_node2 = EvaluateDataQuality().process_rows(frame=Orders_node1, ruleset=Checks_node2_ruleset, additional_data_sources={"known": known}, publishing_options={"dataQualityEvaluationContext": "Checks_node2", "enableDataQualityCloudWatchMetrics": True, "enableDataQualityResultsPublishing": True}, additional_options={"observations.scope":"ALL","performanceTuning.caching":"CACHE_NOTHING"})
    rowLevelOutcomes_node3 = SelectFromCollection.apply(dfc=Checks_node2, key="rowLevelOutcomes", transformation_ctx="rowLevelOutcomes_node3")
    ruleOutcomes_node4 = SelectFromCollection.apply(dfc=Checks_node2, key="ruleOutcomes", transformation_ctx="ruleOutcomes_node4")
    EvaluateDataQuality().process_rows(frame=Orders_node1, ruleset=DEFAULT_DATA_QUALITY_RULESET, publishing_options={"dataQualityEvaluationContext": "EvaluateDataQuality_node5", "enableDataQualityResultsPublishing": True}, additional_options={"dataQualityResultsPublishing.strategy": "BEST_EFFORT", "observations.scope": "ALL"})
    glueContext.write_dynamic_frame.from_options(frame=ruleOutcomes_node4, connection_type="s3", format="json", connection_options={"path": "s3://quality-lake/rules/"})
    good = rowLevelOutcomes_node3.toDF().filter("DataQualityEvaluationResult = 'Passed'")
    print("good", sorted(row.id for row in good.collect()))
    job.commit()
'''  # noqa: E501


@pytest.fixture(scope="module")
def jobs(aws: LocalAws) -> Iterator[Jobs]:
    jobs = Jobs(aws, "quality-lake")
    jobs.s3.put_object(Bucket=jobs.bucket, Key="orders/orders.csv", Body=ORDERS.encode())
    jobs.glue.create_database(DatabaseInput={"Name": "quality_db"})
    columns = {"id": "bigint", "product": "string", "amount": "bigint"}
    jobs.glue.create_table(
        DatabaseName="quality_db",
        TableInput={
            "Name": "orders",
            "Parameters": {"classification": "csv", "skip.header.line.count": "1"},
            "StorageDescriptor": {
                "Location": f"s3://{jobs.bucket}/orders/",
                "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()],
                "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
                "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                "SerdeInfo": {
                    "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                    "Parameters": {"field.delim": ","},
                },
            },
        },
    )
    yield jobs
    jobs.glue.delete_database(Name="quality_db")


def test_a_script_of_glue_studio_judges_rules_and_rows(jobs: Jobs, aws: LocalAws) -> None:
    run = jobs.run(STUDIO)
    assert run["JobRunState"] == "SUCCEEDED", run.get("ErrorMessage")
    assert "good [1, 2]" in jobs.output(run)
    lines = [line for key in jobs.keys("rules/") for line in jobs.text(key).splitlines()]
    outcomes = {row["Rule"]: row for row in map(json.loads, lines)}
    assert {rule: row["Outcome"] for rule, row in outcomes.items()} == {
        "RowCount between 2 and 8": "Passed",
        'IsComplete "product"': "Failed",
        'ColumnValues "amount" >= 0': "Failed",
        'ReferentialIntegrity "id" "known.id" = 1.0': "Passed",
    }
    assert outcomes['IsComplete "product"']["FailureReason"] == (
        "Value: 0.75 does not meet the constraint requirement!"
    )
    metrics = aws.client("cloudwatch").list_metrics(Namespace="Glue Data Quality")["Metrics"]
    assert {metric["MetricName"] for metric in metrics} == {
        "glue.data.quality.rules.passed",
        "glue.data.quality.rules.failed",
    }


def test_a_ruleset_that_cannot_be_read_fails_the_run_with_its_place(jobs: Jobs) -> None:
    run = jobs.run(STUDIO.replace("ColumnCount > 0", "ColumnCounts > 0"))
    assert run["JobRunState"] == "FAILED"
    assert "line 3:8 Rule Type: ColumnCounts is not valid" in run["ErrorMessage"]


SOURCE = {"GlueTable": {"DatabaseName": "quality_db", "TableName": "orders"}}
RULES = (
    'Rules = [ RowCount = 4, IsComplete "product", CustomSql "select count(*) from quality_db.orders" > 3 ]'
)


def evaluated(jobs: Jobs, *rulesets: str, **options: object) -> dict[str, Any]:
    started = jobs.glue.start_data_quality_ruleset_evaluation_run(
        DataSource=SOURCE, Role="glue-role", RulesetNames=rulesets, **options
    )
    return ended(jobs, started["RunId"])


def ended(jobs: Jobs, run_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        run: dict[str, Any] = jobs.glue.get_data_quality_ruleset_evaluation_run(RunId=run_id)
        if run["Status"] not in ("STARTING", "RUNNING", "STOPPING"):
            return run
        time.sleep(0.1)
    raise TimeoutError(run_id)


def test_a_run_evaluates_rulesets_on_a_table(jobs: Jobs, aws: LocalAws) -> None:
    jobs.glue.create_data_quality_ruleset(Name="orders-rules", Ruleset=RULES)
    jobs.glue.create_data_quality_ruleset(Name="few-columns", Ruleset="Rules = [ ColumnCount < 4 ]")
    run = evaluated(
        jobs,
        "orders-rules",
        "few-columns",
        AdditionalRunOptions={
            "CloudWatchMetricsEnabled": True,
            "ResultsS3Prefix": "s3://quality-lake/results/",
        },
    )
    assert run["Status"] == "SUCCEEDED", run.get("ErrorString")
    assert run["DataSource"] == SOURCE
    first, second = (jobs.glue.get_data_quality_result(ResultId=one) for one in run["ResultIds"])
    assert (first["RulesetName"], round(first["Score"], 2)) == ("orders-rules", 0.67)
    assert first["RuleResults"][1] == {
        "Name": "Rule_2",
        "Description": 'IsComplete "product"',
        "EvaluationMessage": "Value: 0.75 does not meet the constraint requirement!",
        "Result": "FAIL",
        "EvaluatedMetrics": {"Column.product.Completeness": 0.75},
        "EvaluatedRule": 'IsComplete "product"',
    }
    assert [rule["Result"] for rule in first["RuleResults"]] == ["PASS", "FAIL", "PASS"]
    assert (second["RulesetName"], second["Score"]) == ("few-columns", 1.0)
    listed = jobs.glue.list_data_quality_results(Filter={"DataSource": SOURCE})["Results"]
    assert {one["ResultId"] for one in listed} >= set(run["ResultIds"])
    (shown,) = jobs.glue.list_data_quality_ruleset_evaluation_runs(
        Filter={"DataSource": SOURCE, "RulesetName": "few-columns"}
    )["Runs"]
    assert (shown["RunId"], shown["Status"]) == (run["RunId"], "SUCCEEDED")
    metrics = aws.client("cloudwatch").list_metrics(
        Namespace="Glue Data Quality", Dimensions=[{"Name": "Ruleset", "Value": "orders-rules"}]
    )["Metrics"]
    assert len(metrics) == 2
    lines = [line for key in jobs.keys("results/") for line in jobs.text(key).splitlines()]
    written = [json.loads(line) for line in lines]
    assert {(row["tableName"], row["dqRunId"]) for row in written} == {("orders", run["RunId"])}
    assert sorted(row["outcome"] for row in written) == ["Failed", "Passed", "Passed", "Passed"]


def test_a_run_that_fails_says_why_and_has_no_results(jobs: Jobs) -> None:
    ruleset = 'Rules = [ IsComplete "product" where "no such" ]'
    jobs.glue.create_data_quality_ruleset(Name="wrong-where", Ruleset=ruleset)
    run = evaluated(jobs, "wrong-where")
    assert run["Status"] == "FAILED"
    assert "has provided an invalid where clause" in run["ErrorString"]
    assert "ResultIds" not in run


def test_a_run_is_cancelled(jobs: Jobs) -> None:
    sql = "select count(*) from range(100000000000) a cross join range(1000) b where a.id % 7 = b.id % 3"
    jobs.glue.create_data_quality_ruleset(Name="endless", Ruleset=f'Rules = [ CustomSql "{sql}" > 1 ]')
    run_id = jobs.glue.start_data_quality_ruleset_evaluation_run(
        DataSource=SOURCE, Role="glue-role", RulesetNames=["endless"], ClientToken="once"
    )["RunId"]
    again = jobs.glue.start_data_quality_ruleset_evaluation_run(
        DataSource=SOURCE, Role="glue-role", RulesetNames=["endless"], ClientToken="once"
    )
    assert again["RunId"] == run_id
    jobs.glue.cancel_data_quality_ruleset_evaluation_run(RunId=run_id)
    assert ended(jobs, run_id)["Status"] == "STOPPED"
    with pytest.raises(ClientError, match="terminal state STOPPED"):
        jobs.glue.cancel_data_quality_ruleset_evaluation_run(RunId=run_id)
