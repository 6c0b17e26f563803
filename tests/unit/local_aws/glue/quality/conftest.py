"""Data quality of one region on a folder of its own, with a runner that only notes what it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.glue.jobs import RunStore
from local_aws.glue.jobs.runs import now
from local_aws.glue.quality import quality_parts
from local_aws.in_process import InProcessClient
from local_aws.services import Parts
from local_aws.settings import Settings
from tests.unit.local_aws.glue.jobs.conftest import REGION, Recorder

CALLER = Caller("000000000000", REGION)


@dataclass
class Quality:
    """Calls operations as boto3 would, and ends runs as their processes do."""

    parts: Parts
    runs: RunStore
    runner: Recorder

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        return lambda **request: getattr(self.parts, operation)(request, CALLER)

    def plan(self, run_id: str) -> Any:
        """What the process of a run is to do."""
        return json.loads(Path(dict(self.runner.started)[run_id]["--plan"]).read_text())

    def end(self, run_id: str, *outcomes: str, ruleset: str = "orders") -> None:
        """End a run whose rules have these outcomes."""
        rules = [
            {
                "Rule": f"RowCount > {at}",
                "Outcome": outcome,
                "FailureReason": None if outcome == "Passed" else "Value: 0",
                "EvaluatedMetrics": {"Dataset.*.RowCount": 1.0},
                "EvaluatedRule": f"RowCount > {at}",
                "Labels": {},
            }
            for at, outcome in enumerate(outcomes)
        ]
        found = [{"RulesetName": ruleset, "StartedOn": 1.7e9, "CompletedOn": 1.7e9 + 5, "Rules": rules}]
        Path(dict(self.runner.started)[run_id]["--results"]).write_text(json.dumps(found))
        self.runs.change_run(run_id, JobRunState="SUCCEEDED", CompletedOn=now())


@pytest.fixture
def quality(tmp_path: Path) -> Quality:
    settings = Settings(state=tmp_path)
    catalog = CatalogStore(settings, REGION)
    tags = Tags(catalog)
    operations = catalog_parts(catalog, tags)
    client = InProcessClient("glue", Parts(*operations), CALLER)
    client.create_database(DatabaseInput={"Name": "lake"})
    client.create_table(DatabaseName="lake", TableInput={"Name": "orders"})
    runs, runner = RunStore(settings, REGION), Recorder()
    parts = quality_parts(settings, REGION, runs, runner, client, tags)  # type: ignore[arg-type]
    return Quality(Parts(*operations, *parts), runs, runner)
