"""What is left of Glue jobs when the server is killed with `kill -9`."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from local_aws import control
from local_aws.settings import Settings
from tests.conftest import LocalAws, free_port
from tests.integration.glue_jobs import Jobs

pytestmark = pytest.mark.spark

SCRIPT = """
    import time
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import udf
    spark = SparkSession.builder.getOrCreate()
    slow = udf(lambda x: time.sleep(600 if x > 5 else 0) or x)
    spark.range(10).coalesce(1).select(slow("id")).write.parquet("s3://killed-lake/half")
"""


def test_a_killed_server_leaves_no_processes_no_half_written_objects_and_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAGUNA_WARM_SPARK", "0")
    settings = Settings(state=tmp_path / "state", port=free_port())
    server = control.start(settings)
    try:
        jobs = Jobs(LocalAws(settings), "killed-lake")
        name = jobs.create(SCRIPT)
        run_id = jobs.start(name)
        jobs.wait(name, run_id, {"RUNNING"})
        wait_for_staged_output(settings.state)
        children = processes_of(settings.state)
        assert len(children) >= 2
        os.kill(server.pid, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while processes_of(settings.state) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert processes_of(settings.state) == []
        control.start(settings)
        run = jobs.glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
        assert run["JobRunState"] == "FAILED"
        assert run["ErrorMessage"] == "The local AWS server stopped while this run was under way."
        assert jobs.keys("half") == []
    finally:
        control.stop(settings)


def wait_for_staged_output(state: Path) -> None:
    """Wait until Spark writes a file of the output that it has not committed."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if list((state / "tmp" / "spark").glob("*/staging/killed-lake/half/_temporary/**/part-*")):
            return
        time.sleep(0.1)
    raise TimeoutError("the job has not begun to write")


def processes_of(state: Path) -> list[int]:
    """Jobs and JVMs of a server, found by its state folder in their command lines."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"{state}/tmp/" in command:
            found.append(int(folder.name))
    return found
