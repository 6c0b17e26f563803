"""Scripts in real processes, without Spark."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from local_aws.glue.jobs.process import Ended, ScriptProcess, script_environment
from local_aws.glue.jobs.workspace import Workspace
from local_aws.settings import Settings


class Script:
    """A script, run to its end."""

    def __init__(self, tmp_path: Path) -> None:
        self.lines: list[str] = []
        self.folder = tmp_path / "run" / "files"
        self.folder.mkdir(parents=True)
        self.libraries: tuple[Path, ...] = ()

    def start(
        self, text: str, *arguments: str, sockets: dict[str, socket.socket | None] | None = None
    ) -> ScriptProcess:
        path = self.folder / "job.py"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        workspace = Workspace(self.folder, path, self.libraries)
        settings = Settings(state=self.folder.parent, port=4999)
        environment = script_environment(settings, "eu-west-1", self.libraries, self.folder.parent, {})
        return ScriptProcess(workspace, arguments, environment, self.lines.append, sockets)

    def run(self, text: str, *arguments: str) -> Ended:
        process = self.start(text, *arguments)
        assert process.wait(60)
        return process.ended()


@pytest.fixture
def script(tmp_path: Path) -> Script:
    return Script(tmp_path)


def test_a_script_is_main_and_sees_its_arguments_and_aws(script: Script) -> None:
    ended = script.run(
        """
        import os, sys
        print(__name__, sys.argv[1:], os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_REGION"])
        print("ñ", file=sys.stderr)
        """,
        "--x",
        "ñ",
    )
    assert ended == Ended(None, by_itself=True)
    assert script.lines == ["__main__ ['--x', 'ñ'] http://127.0.0.1:4999 eu-west-1", "ñ"]


def test_a_failure_names_its_category_and_the_scripts_line(script: Script) -> None:
    ended = script.run("def f():\n    raise KeyError('x')\n\nf()\n")
    assert ended.error == "Error Category: INVALID_ARGUMENT_ERROR; Failed Line Number: 2; KeyError: 'x'"
    assert script.lines[0] == "Traceback (most recent call last):"
    assert not any("run_script" in line for line in script.lines)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("import sys; sys.exit(0)", None),
        ("import sys; sys.exit()", None),
        (
            "\nimport sys\nsys.exit(3)",
            "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 3; SystemExit: 3",
        ),
        (
            "import nope",
            "Error Category: IMPORT_ERROR; Failed Line Number: 1; ModuleNotFoundError: No module",
        ),
        ("x = (", "Error Category: SYNTAX_ERROR; SyntaxError: '(' was never"),
    ],
)
def test_an_end_is_a_success_or_says_why_not(script: Script, text: str, error: str | None) -> None:
    ended = script.run(text)
    assert ended.by_itself
    assert (ended.error is None) if error is None else (ended.error or "").startswith(error)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("import os; os._exit(0)", "ended with exit code 0 before the script did"),
        ("import os; os.kill(os.getpid(), 9)", "killed by signal 9 (SIGKILL)"),
    ],
)
def test_a_process_that_vanishes_is_a_failure(script: Script, text: str, error: str) -> None:
    ended = script.run(text)
    assert not ended.by_itself
    assert error in (ended.error or "")


def test_this_projects_packages_are_not_there_unless_the_job_brings_them(
    script: Script, tmp_path: Path
) -> None:
    ended = script.run("import pipeline")
    assert "No module named 'pipeline'" in (ended.error or "")
    library = tmp_path / "modules"
    (library / "pipeline").mkdir(parents=True)
    (library / "pipeline" / "__init__.py").write_text("WHERE = 'the job'")
    script.libraries = (library,)
    assert script.run("import pipeline; print(pipeline.WHERE)").error is None
    assert script.lines[-1] == "the job"


def test_awsglue_and_pyspark_are_there(script: Script) -> None:
    assert script.run("import awsglue.utils, pyspark, awsglue.transforms").error is None


def test_killing_a_script_kills_what_it_started(script: Script) -> None:
    process = script.start(
        """
        import subprocess, time
        print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
        time.sleep(60)
        """
    )
    deadline = time.monotonic() + 30
    while not script.lines and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    assert process.wait(30)
    assert process.ended().error == "The script's process was killed by signal 9 (SIGKILL)."
    # The signal is sent to all at once, and the system takes its time to end each.
    deadline = time.monotonic() + 10
    while is_running(int(script.lines[0])) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(int(script.lines[0]))


def test_a_script_ends_when_the_server_is_killed(tmp_path: Path) -> None:
    server = f"""
        import sys, time
        from pathlib import Path
        from tests.unit.local_aws.glue.jobs.test_process import Script
        script = Script(Path({str(tmp_path)!r}))
        script.start("import os, time; print(os.getpid(), flush=True); time.sleep(60)")
        while not script.lines:
            time.sleep(0.01)
        print(script.lines[0], flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(server)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert is_running(pid)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    """Whether a process is there and is more than an entry that nobody has collected yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")
