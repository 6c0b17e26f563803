"""`awsgluedq` is on the path of job processes only; these tests put it on theirs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import SparkSession

from local_aws.glue.jobs.process import JOB_PATH

sys.path.insert(0, str(JOB_PATH))

Evaluated = list[dict[str, Any]]


@pytest.fixture
def outcomes_of() -> Callable[..., Evaluated]:
    """The outcomes of rules on a DataFrame, as dicts."""
    from awsgluedq.dqdl import parse
    from awsgluedq.evaluation.evaluate import evaluate
    from awsgluedq.evaluation.options import Options
    from awsgluedq.evaluation.rule_outcomes import as_rows

    def run(frame: Any, *rules: str, **others: Any) -> Evaluated:
        ruleset = parse(f"Rules = [ {', '.join(rules)} ]")
        return as_rows(evaluate(ruleset, frame, others, Options()))

    return run


@pytest.fixture
def people(spark: SparkSession) -> Any:
    """Five people, of whom some values are missing, empty or twice there."""
    rows = [
        (1, "Ana", 21, 10.0, "2024-01-01", "US"),
        (2, "Bea", 35, 20.0, "2024-02-01", "CA"),
        (3, "Ana", None, 30.0, "2024-03-01", ""),
        (4, None, 40, 40.0, None, "  "),
        (5, "Eve", 18, None, "2024-03-01", None),
    ]
    return spark.createDataFrame(
        rows, "id int, name string, age int, `pay per day` double, since string, country string"
    )
