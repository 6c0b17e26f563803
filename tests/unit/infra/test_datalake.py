"""The template as AWS would see it, and the state machine inside it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from laguna.project import own_project
from tests.unit.infra.conftest import ROOT, TEMPLATE

TABLES = tuple(own_project().lake.ingest)


@pytest.fixture(scope="module")
def machine(template: dict[str, Any]) -> dict[str, Any]:
    text = template["Resources"]["StateMachine"]["Properties"]["DefinitionString"]["Fn::Sub"]
    values = {"CrawlerPollSeconds": "15", "AWS::Partition": "aws"}
    filled = re.sub(r"\$\{([\w:]+)\}", lambda name: values.get(name[1], name[1]), text)
    loaded: dict[str, Any] = json.loads(filled)
    return loaded


def test_the_template_passes_cfn_lint() -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), str(TEMPLATE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


def test_the_template_fits_into_a_request() -> None:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    assert TEMPLATE.stat().st_size <= 51_200


def test_the_template_names_no_region_account_or_partition() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    assert not re.search(
        r"arn:aws\b|\b\d{12}\b|us-east-1|localhost|127\.0\.0\.1|endpoint", text, re.IGNORECASE
    )


def test_every_table_has_a_job_that_loads_it(template: dict[str, Any]) -> None:
    jobs = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::Glue::Job"]
    assert sorted(job["Name"] for job in jobs) == sorted(TABLES)
    for job in jobs:
        script = job["Command"]["ScriptLocation"]["Fn::Sub"]
        assert script == "s3://${LakeBucket}/scripts/${CodeVersion}/jobs/load_table.py"
        assert job["DefaultArguments"]["--table"] == job["Name"]
        assert (job["GlueVersion"], job["WorkerType"], job["NumberOfWorkers"]) == ("5.1", "G.1X", 2)


def test_the_crawlers_cover_every_table_of_every_zone(template: dict[str, Any]) -> None:
    def paths(crawler: str) -> set[str]:
        targets = template["Resources"][crawler]["Properties"]["Targets"]["S3Targets"]
        return {target["Path"]["Fn::Sub"].removeprefix("s3://${LakeBucket}/") for target in targets}

    assert paths("RawCrawler") == {f"raw/{table}/" for table in TABLES}
    rejected = {f"rejected/{table}_rechazados/" for table in TABLES}
    assert paths("ProcessedCrawler") == {f"processed/{table}/" for table in TABLES} | rejected
    for crawler in ("RawCrawler", "ProcessedCrawler"):
        json.loads(template["Resources"][crawler]["Properties"]["Configuration"])


def next_states(state: dict[str, Any]) -> list[str]:
    ways = [state, *state.get("Choices", []), *state.get("Catch", [])]
    found = [way["Next"] for way in ways if "Next" in way]
    return [*found, state["Default"]] if "Default" in state else found


def test_every_state_is_reached_and_leads_on_or_ends(machine: dict[str, Any]) -> None:
    states = machine["States"]
    reached, todo = set(), [machine["StartAt"]]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += next_states(states[name])
    assert reached == set(states)
    for state in states.values():
        assert next_states(state) or state.get("End") or state["Type"] == "Fail"


def test_every_step_that_fails_ends_in_a_state_with_its_name(machine: dict[str, Any]) -> None:
    for name, state in machine["States"].items():
        if state["Type"] not in {"Task", "Map"}:
            continue
        (caught,) = state["Catch"]
        assert caught["ErrorEquals"] == ["States.ALL"]
        assert caught["Next"] == name.removeprefix("Get") + "Failed"
        assert machine["States"][caught["Next"]]["Type"] == "Fail"


def test_the_steps_come_in_order(machine: dict[str, Any]) -> None:
    order, name = [], machine["StartAt"]
    while name:
        state = machine["States"][name]
        if state["Type"] in {"Task", "Map"}:
            order.append(name)
        good = [way["Next"] for way in state.get("Choices", []) if way["Next"] not in order]
        forward = [step for step in good if not step.startswith("Wait")]
        name = forward[-1] if forward else state.get("Next", "")
    assert order == [
        *("CrawlRaw", "GetCrawlRaw"),
        *("Proveedores", "Clientes", "Transacciones"),
        *("CrawlProcessed", "GetCrawlProcessed"),
        "ReportQueries",
    ]


def test_the_report_queries_are_those_of_the_repository(machine: dict[str, Any]) -> None:
    files = sorted((ROOT / "pipeline" / "sql").glob("*.sql"))
    expected = [{"name": file.stem, "sql": file.read_text(encoding="utf-8").strip()} for file in files]
    assert machine["States"]["ChooseQueries"]["Result"] == expected


def test_an_interpreter_of_the_states_language_takes_the_machine(machine: dict[str, Any]) -> None:
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

    AmazonStateLanguageParser.parse(json.dumps(machine))
