"""The process of one run: its environment, its end, and what that says of the run.

A run gets the environment an unmodified script needs: boto3 finds the local AWS by `AWS_ENDPOINT_URL`,
and Python finds the run's libraries, then `awsglue`, then PySpark. The process leads a group of its own,
which is killed as a whole, and it ends when the server does.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from local_aws.glue.jobs.workspace import Workspace
from local_aws.settings import Settings

JOB_PATH = Path(__file__).parent.parent / "job_path"
"""Holds `run_script.py` and the `awsglue` package."""
LAST_OUTPUT_SECONDS = 5.0
LONGEST_READ = 2**20
"""Bytes of a line that are held at a time: a script may print without ever ending a line."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: `error` is Glue's message, None for success."""

    error: str | None
    by_itself: bool
    """The script ran to its end or raised; it was not killed and did not vanish."""


class ScriptProcess:
    """A running script. `on_line` is given each line of its standard output and error.

    Of `sockets`, which the process is given, `metastore` listens for Spark's Hive client, which the process
    answers (`laguna_metastore`), and `channel` is the script's end to the server (`run_channel`).
    `places` are names for folders of this machine, which no failure tells.
    """

    def __init__(
        self,
        workspace: Workspace,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        on_line: Callable[[str], None],
        sockets: Mapping[str, socket.socket | None] | None = None,
        places: Mapping[str, str] | None = None,
    ) -> None:
        self._result = workspace.folder.parent / "result.json"
        server_end, pipe = _pipe()
        given = {"server_pipe": pipe}
        given |= {name: one.fileno() for name, one in (sockets or {}).items() if one is not None}
        plan = _write_plan(workspace, arguments, self._result, given, places or {})
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-u", str(JOB_PATH / "run_script.py"), str(plan)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=workspace.folder,
                env=dict(environment),
                pass_fds=tuple(given.values()),
                start_new_session=True,
            )
        except BaseException:
            os.close(server_end)
            raise
        finally:
            os.close(pipe)
        self._server_end = server_end
        self._reader = threading.Thread(target=self._read, args=(on_line,), name="job-output", daemon=True)
        self._reader.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False when it did not come in time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End the script and every process it started that is still in its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def ended(self) -> Ended:
        """How it ended, once `wait` returned True; children that are left are killed."""
        code = self._process.wait()
        self.kill()
        os.close(self._server_end)
        self._reader.join(LAST_OUTPUT_SECONDS)
        return outcome(code, self._result)

    def _read(self, on_line: Callable[[str], None]) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            while raw := output.readline(LONGEST_READ):
                on_line(raw.decode("utf-8", "replace").rstrip("\r\n"))


def outcome(code: int, result: Path) -> Ended:
    """What an exit code and the file that `run_script.py` leaves say together."""
    try:
        error: str | None = json.loads(result.read_text(encoding="utf-8"))["error"]
    except (OSError, ValueError):
        if code < 0:
            name = signal.Signals(-code).name
            return Ended(f"The script's process was killed by signal {-code} ({name}).", by_itself=False)
        return Ended(
            f"The script's process ended with exit code {code} before the script did.", by_itself=False
        )
    if error is None and code != 0:
        error = f"The script finished, and its process then ended with exit code {code}."
    return Ended(error, by_itself=True)


def script_environment(
    settings: Settings, region: str, import_paths: Sequence[Path], home: Path, extra: Mapping[str, str]
) -> dict[str, str]:
    """All environment variables of a script; nothing of the server's own leaks in but `PATH`."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": python_path(import_paths),
        "PYTHONIOENCODING": "utf-8",
        "AWS_ENDPOINT_URL": settings.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        **extra,
    }


def python_path(import_paths: Sequence[Path]) -> str:
    """`PYTHONPATH` of a run's processes: its libraries, then `awsglue`."""
    return os.pathsep.join(str(path) for path in (*import_paths, JOB_PATH))


def _write_plan(
    workspace: Workspace,
    arguments: Sequence[str],
    result: Path,
    given: Mapping[str, int],
    places: Mapping[str, str],
) -> Path:
    """What `run_script.py` is to do, as a file beside the run's files."""
    plan = {
        "script": str(workspace.script),
        "arguments": list(arguments),
        "job_paths": [str(path) for path in (*workspace.import_paths, workspace.folder)],
        "result": str(result),
        "places": {**places, str(workspace.folder): "/tmp"},  # noqa: S108 - where AWS has a job's files
        "given": dict(given),
    }
    file = workspace.folder.parent / "run.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    return file


def _pipe() -> tuple[int, int]:
    """The end that the server keeps, and the end that the script watches."""
    read_end, write_end = os.pipe()
    return write_end, read_end
