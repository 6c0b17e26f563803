"""The script of an evaluation run: evaluates rulesets on a catalog table as a file says, and leaves a file.

Run as a Glue job's script by `local_aws/glue/quality/evaluation_runs.py`.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

from awsgluedq.dqdl import parse
from awsgluedq.evaluation.evaluate import Outcome, evaluate
from awsgluedq.evaluation.options import Options
from awsgluedq.evaluation.rule_outcomes import as_rows, decided_by_rows
from awsgluedq.publishing import put_metrics, put_outcomes

Plan = dict[str, Any]


def main() -> None:
    """Do what the plan says."""
    paths = getResolvedOptions(sys.argv, ["plan", "results"])
    plan = Path(paths["plan"])
    wanted = json.loads(plan.read_text(encoding="utf-8"))
    plan.unlink()
    context = GlueContext(SparkContext.getOrCreate())
    found = [_evaluated(wanted, context, name, text) for name, text in wanted["Rulesets"].items()]
    staged = Path(paths["results"] + ".new")
    staged.write_text(json.dumps(found), encoding="utf-8")
    staged.replace(paths["results"])


def _evaluated(wanted: Plan, context: GlueContext, name: str, text: str) -> dict[str, Any]:
    started = datetime.now(UTC)
    frame = _read(context, wanted["Table"]).toDF()
    others = {alias: _read(context, table).toDF() for alias, table in wanted["Others"].items()}
    outcomes: list[Outcome] = evaluate(parse(text), frame, others, Options())
    if wanted["CompositeMethod"] == "ROW":
        outcomes = decided_by_rows(frame, outcomes)
    if wanted["CloudWatch"]:
        put_metrics(outcomes, _scope(wanted, name))
    if wanted["ResultsS3Prefix"]:
        put_outcomes(outcomes, wanted["ResultsS3Prefix"], started, _source(wanted))
    return {
        "RulesetName": name,
        "StartedOn": started.timestamp(),
        "CompletedOn": time.time(),
        "Rules": as_rows(outcomes),
    }


def _scope(wanted: Plan, ruleset: str) -> dict[str, str]:
    table = wanted["Table"]
    return {
        "CatalogId": wanted["CatalogId"],
        "Database": table["Database"],
        "Ruleset": ruleset,
        "Table": table["Name"],
    }


def _source(wanted: Plan) -> dict[str, str]:
    return {
        "catalogId": wanted["CatalogId"],
        "databaseName": wanted["Table"]["Database"],
        "tableName": wanted["Table"]["Name"],
        "dqRunId": wanted["RunId"],
    }


def _read(context: GlueContext, table: Plan) -> DynamicFrame:
    options = table["Options"]
    read: DynamicFrame = context.create_dynamic_frame.from_catalog(
        database=table["Database"],
        table_name=table["Name"],
        push_down_predicate=options.get("pushDownPredicate", ""),
        additional_options={name: value for name, value in options.items() if name != "pushDownPredicate"},
    )
    return read


if __name__ == "__main__":
    main()
