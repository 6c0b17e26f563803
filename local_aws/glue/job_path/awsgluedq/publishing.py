"""Publishes an evaluation where a script asks for that: counts of rules to CloudWatch, outcomes to S3.

The files are what AWS's documentation makes a table of, a JSON object a rule, in folders of the day.
https://docs.aws.amazon.com/glue/latest/dg/data-quality-alerts.html
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import boto3

from awsgluedq.evaluation.evaluate import Outcome
from awsgluedq.evaluation.rule_outcomes import as_rows

NAMESPACE = "Glue Data Quality"
DEFAULT_CONTEXT = "default_context"
OPTIONS = frozenset(
    {
        "dataQualityEvaluationContext",
        "enableDataQualityCloudWatchMetrics",
        "enableDataQualityResultsPublishing",
        "resultsS3Prefix",
    }
)


def publish(outcomes: Sequence[Outcome], options: Mapping[str, Any], started: datetime) -> None:
    """Publish what the options of a job's evaluation ask for."""
    if _is_true(options.get("enableDataQualityCloudWatchMetrics")):
        context = str(options.get("dataQualityEvaluationContext") or DEFAULT_CONTEXT)
        job = _argument("JOB_NAME")
        put_metrics(outcomes, {"EvaluationContext": context} | ({"JobName": job} if job else {}))
    if prefix := options.get("resultsS3Prefix"):
        put_outcomes(outcomes, str(prefix), started, {"dqRunId": _argument("JOB_RUN_ID")})


def check_options(options: Mapping[str, Any]) -> None:
    """Raise for what is no publishing option.

    Raises:
        ValueError: an option is unknown.
    """
    unknown = sorted(set(options) - OPTIONS)
    if unknown:
        raise ValueError(f"Unknown publishing option of EvaluateDataQuality: {', '.join(unknown)}")


def put_outcomes(
    outcomes: Sequence[Outcome], prefix: str, started: datetime, scope: Mapping[str, str | None]
) -> None:
    """Write the outcomes below an S3 prefix, with the members of `scope` that say of what they are."""
    completed = datetime.now(UTC)
    times = {"evaluationStartedOn": _written(started), "evaluationCompletedOn": _written(completed)}
    lines = [json.dumps({**scope, **times, **_members(row)}, ensure_ascii=False) for row in as_rows(outcomes)]
    # AWS's own example gives a bucket's bare name.
    bucket, _, folder = prefix.rpartition("://")[2].partition("/")
    day = completed.strftime("year=%Y/month=%m/day=%d")
    key = "/".join(part for part in (folder.rstrip("/"), day, f"{uuid.uuid4()}.json") if part)
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body="\n".join(lines).encode())


def _members(row: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "Rule": "rule",
        "Outcome": "outcome",
        "FailureReason": "failureReason",
        "EvaluatedMetrics": "evaluatedMetrics",
    }
    return {its: row[mine] for mine, its in names.items()}


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def put_metrics(outcomes: Sequence[Outcome], scope: Mapping[str, str]) -> None:
    """Count the rules that passed and those that failed, in the dimensions of `scope`."""
    passed = sum(outcome.verdict.passed for outcome in outcomes)
    dimensions = [{"Name": name, "Value": value} for name, value in scope.items()]
    data = [
        {
            "MetricName": f"glue.data.quality.rules.{kind}",
            "Value": count,
            "Unit": "Count",
            "Dimensions": dimensions,
        }
        for kind, count in (("passed", passed), ("failed", len(outcomes) - passed))
    ]
    boto3.client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=data)


def _argument(name: str) -> str | None:
    """One of the arguments that Glue gives to every script."""
    arguments = sys.argv[1:]
    at = arguments.index(f"--{name}") + 1 if f"--{name}" in arguments else len(arguments)
    return arguments[at] if at < len(arguments) else None


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
