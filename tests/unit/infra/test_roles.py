"""Why each role may do what it may.

An action without a reason here is one too many, and a reason without an action one too few.
"""

from __future__ import annotations

from typing import Any

from tests.unit.infra.conftest import listed, statements

DOCS = "https://docs.aws.amazon.com"
GLUE_LOGS = f"{DOCS}/glue/latest/dg/monitor-continuous-logging-enable.html"
CRAWLER = f"{DOCS}/glue/latest/dg/crawler-prereqs.html"
ATHENA_S3 = f"{DOCS}/athena/latest/ug/s3-permissions.html"
ATHENA_GLUE = f"{DOCS}/athena/latest/ug/fine-grained-access-to-glue-resources.html"
SPARK = "Spark reads, writes, renames and deletes files"

REASONS: dict[str, dict[str, dict[str, str]]] = {
    "CrawlerRole": {
        "ListTheLake": {"s3:GetBucketLocation": CRAWLER, "s3:ListBucket": CRAWLER},
        "ReadItsZones": {"s3:GetObject": CRAWLER},
        "WriteTheCatalog": {
            "glue:GetDatabase": CRAWLER,
            "glue:GetTable": CRAWLER,
            "glue:GetTables": CRAWLER,
            "glue:CreateTable": CRAWLER,
            "glue:UpdateTable": CRAWLER,
            "glue:GetPartition": CRAWLER,
            "glue:GetPartitions": CRAWLER,
            "glue:BatchGetPartition": CRAWLER,
            "glue:CreatePartition": CRAWLER,
            "glue:BatchCreatePartition": CRAWLER,
            "glue:UpdatePartition": CRAWLER,
            "glue:BatchUpdatePartition": "partitions inherit from the table (Configuration of the crawlers)",
        },
        "WriteItsLog": {
            "logs:CreateLogGroup": CRAWLER,
            "logs:CreateLogStream": CRAWLER,
            "logs:PutLogEvents": CRAWLER,
        },
    },
    "JobRole": {
        "ListTheLake": {
            "s3:GetBucketLocation": "EMRFS finds the bucket's region",
            "s3:ListBucket": "Lake.etags",
        },
        "ReadFilesAndCode": {"s3:GetObject": "Lake.read; the job's script and pipeline.zip"},
        "WriteWhatComesOut": {
            "s3:GetObject": SPARK,
            "s3:PutObject": "Lake.write",
            "s3:DeleteObject": "Lake.delete",
            "s3:AbortMultipartUpload": SPARK,
        },
        "WriteItsLog": {
            "logs:CreateLogGroup": GLUE_LOGS,
            "logs:CreateLogStream": GLUE_LOGS,
            "logs:PutLogEvents": GLUE_LOGS,
        },
    },
    "StateMachineRole": {
        "Crawl": {"glue:StartCrawler": "states CrawlRaw, CrawlProcessed", "glue:GetCrawler": "states Get…"},
        "RunJobs": dict.fromkeys(
            ("glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"),
            f"{DOCS}/step-functions/latest/dg/connect-glue.html",
        ),
        "Query": dict.fromkeys(
            ("athena:StartQueryExecution", "athena:StopQueryExecution", "athena:GetQueryExecution"),
            f"{DOCS}/step-functions/latest/dg/connect-athena.html",
        ),
        "ReadTheCatalog": dict.fromkeys(
            (
                "glue:GetDatabase",
                "glue:GetTable",
                "glue:GetTables",
                "glue:GetPartition",
                "glue:GetPartitions",
            ),
            ATHENA_GLUE,
        ),
        "ListTheLake": dict.fromkeys(
            ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"), ATHENA_S3
        ),
        "ReadRows": {"s3:GetObject": ATHENA_S3},
        "WriteResults": dict.fromkeys(
            ("s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
            ATHENA_S3,
        ),
        "DeliverItsLog": dict.fromkeys(
            (
                "logs:CreateLogDelivery",
                "logs:GetLogDelivery",
                "logs:UpdateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:ListLogDeliveries",
                "logs:PutResourcePolicy",
                "logs:DescribeResourcePolicies",
                "logs:DescribeLogGroups",
            ),
            f"{DOCS}/step-functions/latest/dg/cw-logs.html",
        ),
    },
}
"""Reason by role, statement and action: our code, a state, or what AWS documents."""


def test_every_action_has_its_reason_and_every_reason_its_action(template: dict[str, Any]) -> None:
    allowed: dict[str, dict[str, set[str]]] = {}
    for role, statement in statements(template):
        allowed.setdefault(role, {})[statement["Sid"]] = set(listed(statement["Action"]))
    assert allowed == {
        role: {sid: set(reasons) for sid, reasons in by_sid.items()} for role, by_sid in REASONS.items()
    }
