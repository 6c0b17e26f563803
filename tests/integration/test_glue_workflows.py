"""A workflow through a server: a job, a crawler over what it wrote, and a job that reads the table."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from local_aws import control
from local_aws.settings import Settings
from tests.conftest import LocalAws, free_port
from tests.integration.glue_jobs import Jobs

WRITE = """
import sys
import boto3

at = sys.argv.index("--WORKFLOW_NAME"), sys.argv.index("--WORKFLOW_RUN_ID")
name, run = (sys.argv[place + 1] for place in at)
properties = boto3.client("glue").get_workflow_run_properties(Name=name, RunId=run)["RunProperties"]
body = "id,city,kwh\\n1,Cali,1.5\\n2,Neiva,2\\n" * int(properties["copies"])
boto3.client("s3").put_object(Bucket="workflow-lake", Key="raw/sales/a.csv", Body=body.encode())
boto3.client("glue").put_workflow_run_properties(Name=name, RunId=run, RunProperties={"written": "yes"})
"""
READ = """
import boto3

table = boto3.client("glue").get_table(DatabaseName="workflow_db", Name="sales")["Table"]
print([column["Name"] for column in table["StorageDescriptor"]["Columns"]])
"""


def ended(glue: Any, name: str, run_id: str) -> dict[str, Any]:
    """The run of a workflow once it is no longer under way."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        run: dict[str, Any] = glue.get_workflow_run(Name=name, RunId=run_id, IncludeGraph=True)["Run"]
        if run["Status"] not in ("RUNNING", "STOPPING"):
            return run
        time.sleep(0.1)
    raise AssertionError(f"workflow run {run_id} is still {run['Status']}")


def test_a_workflow_of_jobs_and_a_crawler_runs_to_its_end(aws: LocalAws) -> None:
    glue, jobs = aws.client("glue"), Jobs(aws, "workflow-lake")
    write, read = jobs.create(WRITE, "pythonshell"), jobs.create(READ, "pythonshell")
    targets = {"S3Targets": [{"Path": "s3://workflow-lake/raw/"}]}
    glue.create_crawler(Name="workflow-raw", Role="crawler", DatabaseName="workflow_db", Targets=targets)
    glue.create_workflow(Name="nightly", DefaultRunProperties={"copies": "1"}, MaxConcurrentRuns=1)
    glue.create_trigger(
        Name="nightly-begin", WorkflowName="nightly", Type="ON_DEMAND", Actions=[{"JobName": write}]
    )
    steps: dict[str, tuple[dict[str, str], dict[str, str]]] = {
        "nightly-crawl": ({"JobName": write, "State": "SUCCEEDED"}, {"CrawlerName": "workflow-raw"}),
        "nightly-read": ({"CrawlerName": "workflow-raw", "CrawlState": "SUCCEEDED"}, {"JobName": read}),
    }
    for name, (condition, action) in steps.items():
        predicate: Any = {"Conditions": [{"LogicalOperator": "EQUALS", **condition}]}
        glue.create_trigger(
            Name=name,
            WorkflowName="nightly",
            Type="CONDITIONAL",
            StartOnCreation=True,
            Predicate=predicate,
            Actions=[action],
        )
    run_id = glue.start_workflow_run(Name="nightly", RunProperties={"copies": "3"})["RunId"]
    run = ended(glue, "nightly", run_id)
    assert (run["Status"], run["Statistics"]["SucceededActions"]) == ("COMPLETED", 3)
    assert run["WorkflowRunProperties"] == {"copies": "3", "written": "yes"}
    crawls = [one["CrawlerDetails"]["Crawls"] for one in run["Graph"]["Nodes"] if one["Type"] == "CRAWLER"]
    assert [crawl["State"] for crawl in crawls[0]] == ["SUCCEEDED"]
    last = glue.get_job_runs(JobName=read)["JobRuns"][0]
    assert last["TriggerName"] == "nightly-read"
    assert jobs.output(last) == ["['id', 'city', 'kwh']"]


SLEEP = "import time\ntime.sleep(600)"
SAY = "print('the first one was lost')"


def test_a_run_goes_on_after_the_server_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGUNA_WARM_SPARK", "0")
    settings = Settings(state=tmp_path / "state", port=free_port())
    server = control.start(settings)
    try:
        jobs = Jobs(LocalAws(settings), "killed-workflow")
        lost, after = jobs.create(SLEEP, "pythonshell"), jobs.create(SAY, "pythonshell")
        glue = jobs.glue
        glue.create_workflow(Name="w")
        glue.create_trigger(Name="w-begin", WorkflowName="w", Type="ON_DEMAND", Actions=[{"JobName": lost}])
        condition: Any = {"LogicalOperator": "EQUALS", "JobName": lost, "State": "FAILED"}
        glue.create_trigger(
            Name="w-after",
            WorkflowName="w",
            Type="CONDITIONAL",
            StartOnCreation=True,
            Predicate={"Conditions": [condition]},
            Actions=[{"JobName": after}],
        )
        run_id = glue.start_workflow_run(Name="w")["RunId"]
        jobs.wait(lost, glue.get_job_runs(JobName=lost)["JobRuns"][0]["Id"], {"RUNNING"})
        os.kill(server.pid, signal.SIGKILL)
        control.start(settings)
        run = ended(glue, "w", run_id)
        statistics = run["Statistics"]
        assert (run["Status"], statistics["FailedActions"], statistics["SucceededActions"]) == (
            "COMPLETED",
            1,
            1,
        )
        assert glue.get_job_runs(JobName=after)["JobRuns"][0]["Arguments"]["--WORKFLOW_RUN_ID"] == run_id
    finally:
        control.stop(settings)
