"""Data quality in jobs, as the scripts of Glue Studio ask for it, and of catalog tables by the API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

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
