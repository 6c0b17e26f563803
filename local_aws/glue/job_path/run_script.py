"""Runs a Glue job's script, in the job's own process, and writes down how it ended.

Started as `python run_script.py run.json`; the folder of this file, which holds `awsglue`, is on the path
of job processes only. Why a script is not simply run by `python script.py`: Glue reports the category and
the script's line of a failure, which only this process knows; and a process that ended without a word
(`os._exit`, a crash, a kill) must be told apart from one that finished.
"""

from __future__ import annotations

import builtins
import json
import linecache
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Any

import run_channel
from run_failures import failure_message

OWN_PACKAGES = frozenset({"pipeline", "local_aws", "local_athena"})


class OnlyFromTheJob(MetaPathFinder):
    """Finds this project's packages among the job's files only.

    On AWS a job has the library it was given by `--extra-py-files` and nothing else. Here the project is
    installed beside PySpark, and a job that forgot its library, or has an older one, must not get that
    copy.
    """

    def __init__(self, job_paths: Sequence[str]) -> None:
        self.job_paths = list(job_paths)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Look for `pipeline` and its like; leave other names to the finders that follow."""
        if fullname not in OWN_PACKAGES:
            return None
        found = PathFinder.find_spec(fullname, self.job_paths, target)
        if found is None:
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)
        return found


def end_with_the_server(pipe: int) -> None:
    """End this process and its children when the server, which holds the other end of `pipe`, is gone."""

    def watch() -> None:
        os.read(pipe, 1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, name="server-watch", daemon=True).start()


def answer_spark(listening: int) -> None:
    """Be the metastore of this job's Spark, on a socket that listens already; other jobs do not load it."""
    import laguna_metastore

    laguna_metastore.serve(socket.socket(fileno=listening))


def run(script: str, places: Mapping[str, str]) -> str | None:
    """Run `script` as `__main__`; returns Glue's message of its failure, None when it succeeded.

    `places` are names for folders of this machine.
    """
    shown = f"/tmp/{Path(script).name}"  # noqa: S108 - where AWS has it, and what its stack traces name
    main = ModuleType("__main__")
    main.__dict__.update(__file__=script, __builtins__=builtins)
    sys.modules["__main__"] = main
    try:
        exec(_compiled(Path(script), shown), main.__dict__)  # noqa: S102
    except SystemExit as error:
        return None if error.code in (None, 0) else failure_message(error, shown, places)
    except BaseException as error:
        traceback.print_exception(type(error), error, _below_this_file(error.__traceback__))
        return failure_message(error, shown, places)
    return None


def _compiled(script: Path, shown: str) -> CodeType:
    """The code of `script` under the name `shown`, of which stack traces have the lines as well."""
    source = script.read_bytes()
    lines = source.decode("utf-8", "replace").splitlines(keepends=True)
    linecache.cache[shown] = (len(source), None, lines, shown)
    return compile(source, shown, "exec")


def _below_this_file(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return trace


def main(plan: dict[str, Any]) -> int:
    """Run what `plan` says (`_write_plan` in `local_aws/glue/jobs/process.py`); returns the exit code."""
    given = plan["given"]
    end_with_the_server(given["server_pipe"])
    if "metastore" in given:
        answer_spark(given["metastore"])
    if "channel" in given:
        run_channel.open_channel(given["channel"])
    sys.meta_path.insert(0, OnlyFromTheJob(plan["job_paths"]))
    sys.path[0:0] = plan["job_paths"]
    sys.argv = [plan["script"], *plan["arguments"]]
    message = run(plan["script"], plan["places"])
    sys.stdout.flush()
    sys.stderr.flush()
    result = Path(plan["result"])
    staged = result.with_suffix(".new")
    staged.write_text(json.dumps({"error": message}), encoding="utf-8")
    staged.replace(result)
    return 0 if message is None else 1


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
