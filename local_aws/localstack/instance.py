"""A LocalStack that was started here: where it answers, whether it lives, how it is stopped."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from local_aws.localstack.errors import LocalStackError, reason

GUARD = Path(__file__).parent / "guard.py"
START_SECONDS = 180.0
STOP_SECONDS = 20.0
ASK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run LocalStack: what to run in the foreground, and what removes what that may leave."""

    name: str
    """`docker` or `package`."""
    command: Sequence[str]
    environment: Mapping[str, str]
    at_end: Sequence[str] | None = None


class LocalStack:
    """A running LocalStack with S3. It ends with `stop`, at the end of a `with`, or with this process."""

    def __init__(self, way: Way, port: int, folder: Path) -> None:
        self.way = way.name
        self.endpoint = f"http://127.0.0.1:{port}"
        self._folder = folder
        self._log = folder / "localstack.log"
        plan = {"command": list(way.command), "at_end": way.at_end, "folder": str(folder)}
        with self._log.open("wb") as log:
            self._guard = subprocess.Popen(
                [sys.executable, str(GUARD), json.dumps(plan)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=dict(way.environment),
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether it still runs; one that ended does not come back by itself."""
        return self._guard.poll() is None

    @property
    def guard_pid(self) -> int:
        """The process that ends LocalStack when its starter is gone."""
        return self._guard.pid

    def await_ready(self) -> None:
        """Wait until S3 answers.

        Raises:
            LocalStackError: it ended, or did not answer in time; nothing of it is left then.
        """
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(self.endpoint):
            if not self.alive or time.monotonic() > deadline:
                ended = not self.alive
                log = self._log.read_text(errors="replace") if self._log.exists() else ""
                self.stop()
                why = reason(log) if ended else f"it did not answer within {START_SECONDS:.0f} seconds"
                raise LocalStackError(f"LocalStack (by {self.way}) did not start: {why}.")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it and remove its files; nothing happens when it has ended already."""
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        try:
            self._guard.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> LocalStack:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def make_folder() -> Path:
    """A folder for what LocalStack keeps while it runs."""
    return Path(tempfile.mkdtemp(prefix="laguna-localstack-"))


def is_ready(endpoint: str) -> bool:
    """Whether a LocalStack answers for S3 at `endpoint`."""
    try:
        with urllib.request.urlopen(f"{endpoint}/_localstack/health", timeout=ASK_SECONDS) as answer:  # noqa: S310
            return json.load(answer)["services"].get("s3") in ("available", "running")
    except (OSError, ValueError, KeyError, urllib.error.URLError):
        return False
