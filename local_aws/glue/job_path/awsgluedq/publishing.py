"""Publishes an evaluation's counts of rules to CloudWatch, where a script asks for that.

https://docs.aws.amazon.com/glue/latest/dg/data-quality-alerts.html
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from awsglue.log import info

from awsgluedq.evaluation.evaluate import Outcome

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


def publish(outcomes: Sequence[Outcome], options: Mapping[str, Any]) -> None:
    """Publish what the options ask for; what cannot be published is said in the run's error log.

    Raises:
        ValueError: an option is unknown.
    """
    unknown = sorted(set(options) - OPTIONS)
    if unknown:
        raise ValueError(f"Unknown publishing option of EvaluateDataQuality: {', '.join(unknown)}")
    context = str(options.get("dataQualityEvaluationContext") or DEFAULT_CONTEXT)
    if _is_true(options.get("enableDataQualityCloudWatchMetrics")):
        job = _job_name()
        put_metrics(outcomes, {"EvaluationContext": context} | ({"JobName": job} if job else {}))
    if options.get("resultsS3Prefix"):
        info("Laguna: resultsS3Prefix is not written; write the frame of rule outcomes instead")


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


def _job_name() -> str | None:
    """The job's name among the script's arguments."""
    arguments = sys.argv[1:]
    at = arguments.index("--JOB_NAME") + 1 if "--JOB_NAME" in arguments else len(arguments)
    return arguments[at] if at < len(arguments) else None


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
