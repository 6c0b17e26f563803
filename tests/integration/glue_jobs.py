"""What the tests of Glue jobs share: a bucket with scripts, and running one to its end."""

from __future__ import annotations

import json
import textwrap
import time
from dataclasses import dataclass, field
from typing import Any

from tests.conftest import LocalAws

FINAL = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"}
PATIENCE = 240.0


@dataclass
class Jobs:
    """Makes and runs jobs whose scripts lie in a bucket of their own."""

    aws: LocalAws
    bucket: str
    glue: Any = field(init=False)
    s3: Any = field(init=False)
    made: int = 0

    def __post_init__(self) -> None:
        self.glue = self.aws.client("glue")
        self.s3 = self.aws.client("s3")
        self.s3.create_bucket(Bucket=self.bucket)

    def create(self, script: str, command: str = "glueetl", **definition: Any) -> str:
        """Make a job of a script's text; returns its name."""
        self.made += 1
        name = f"{self.bucket}-{self.made}"
        key = f"scripts/{name}.py"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=textwrap.dedent(script).encode())
        location = {"Name": command, "ScriptLocation": f"s3://{self.bucket}/{key}"}
        self.glue.create_job(Name=name, Role="glue-role", Command=location, **definition)
        return name

    def start(self, name: str, **run: Any) -> str:
        """Start a run; returns its id."""
        return str(self.glue.start_job_run(JobName=name, **run)["JobRunId"])

    def wait(self, name: str, run_id: str, states: set[str] = FINAL) -> dict[str, Any]:
        """The run, once it is in one of `states`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            run: dict[str, Any] = self.glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
            if run["JobRunState"] in states:
                return run
            time.sleep(0.05)
        raise TimeoutError(f"{name} is still {run['JobRunState']}")

    def run(self, script: str, command: str = "glueetl", **definition: Any) -> dict[str, Any]:
        """Make a job of a script, run it, and return the run at its end."""
        name = self.create(script, command, **definition)
        return self.wait(name, self.start(name))

    def answers(self, script: str, **definition: Any) -> list[Any]:
        """What a script that must succeed printed, each line read as JSON."""
        run = self.run(script, **definition)
        assert run["JobRunState"] == "SUCCEEDED", (
            run,
            self.output(run)[-30:],
            self.output(run, "error")[-30:],
        )
        return [json.loads(line) for line in self.output(run)]

    def output(self, run: dict[str, Any], kind: str = "output") -> list[str]:
        """The lines of a run's log."""
        events = self.aws.client("logs").get_log_events(
            logGroupName=f"{run['LogGroupName']}/{kind}", logStreamName=run["Id"], startFromHead=True
        )
        return [event["message"] for event in events["events"]]

    def keys(self, prefix: str = "") -> list[str]:
        """The keys of the bucket's objects."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [found["Key"] for found in listed.get("Contents", ())]

    def text(self, key: str) -> str:
        """An object as text."""
        return str(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode())
