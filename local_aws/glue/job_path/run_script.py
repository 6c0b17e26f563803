"""Runs a Glue job's script, in the job's own process, and writes down how it ended.

Started as `python run_script.py run.json`; the folder of this file, which holds `awsglue`, is on the path
of job processes only. Why a script is not simply run by `python script.py`: Glue reports the category and
the script's line of a failure, which only this process knows; and a process that ended without a word
(`os._exit`, a crash, a kill) must be told apart from one that finished.

Failure messages are shaped as Glue's since 2.0, for example
`Error Category: QUERY_ERROR; Failed Line Number: 24; AnalysisException: …`.
"""

from __future__ import annotations

import builtins
import json
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

OWN_PACKAGES = frozenset({"pipeline", "local_aws", "local_athena"})
CATEGORIES = {
    "AnalysisException": "QUERY_ERROR",
    "ParseException": "QUERY_ERROR",
    "ImportError": "IMPORT_ERROR",
    "ModuleNotFoundError": "IMPORT_ERROR",
}
LONGEST_MESSAGE = 4000
NO_BUCKET = "Could not initialize target File System for URI : s3"


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


def run(script: str) -> str | None:
    """Run `script` as `__main__`; returns Glue's message of its failure, None when it succeeded."""
    main = ModuleType("__main__")
    main.__dict__.update(__file__=script, __builtins__=builtins)
    sys.modules["__main__"] = main
    try:
        exec(compile(Path(script).read_bytes(), script, "exec"), main.__dict__)  # noqa: S102
    except SystemExit as error:
        return None if error.code in (None, 0) else failure_message(error, script)
    except BaseException as error:
        traceback.print_exception(type(error), error, _below_this_file(error.__traceback__))
        return failure_message(error, script)
    return None


def failure_message(error: BaseException, script: str) -> str:
    """Glue's ErrorMessage for an exception that `script` let through."""
    names = [kind.__name__ for kind in type(error).__mro__]
    category = next((CATEGORIES[name] for name in names if name in CATEGORIES), "UNCLASSIFIED_ERROR")
    line = failed_line(error, script)
    parts = [f"Error Category: {category}"]
    if line is not None:
        parts.append(f"Failed Line Number: {line}")
    parts.append(f"{type(error).__name__}: {_text_of(error)}"[:LONGEST_MESSAGE])
    return "; ".join(parts)


def failed_line(error: BaseException, script: str) -> int | None:
    """The line of `script` that was running, the innermost when functions of it called each other."""
    if isinstance(error, SyntaxError) and error.filename == script:
        return error.lineno
    lines = [
        line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == script
    ]
    return lines[-1] if lines else None


def _text_of(error: BaseException) -> str:
    """The exception's text, without a JVM's stack trace."""
    text = str(error)
    if NO_BUCKET in text:
        text += "\nThe specified bucket does not exist."
    kept = [line for line in text.splitlines() if line.strip() and not line.startswith(("\tat ", "\t..."))]
    return "\n".join(kept)


def _below_this_file(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return trace


def main(plan: dict[str, Any]) -> int:
    """Run what `plan` says (`_write_plan` in `local_aws/glue/jobs/process.py`); returns the exit code."""
    end_with_the_server(plan["server_pipe"])
    if plan["metastore"] is not None:
        answer_spark(plan["metastore"])
    sys.meta_path.insert(0, OnlyFromTheJob(plan["job_paths"]))
    sys.path[0:0] = plan["job_paths"]
    sys.argv = [plan["script"], *plan["arguments"]]
    message = run(plan["script"])
    sys.stdout.flush()
    sys.stderr.flush()
    result = Path(plan["result"])
    staged = result.with_suffix(".new")
    staged.write_text(json.dumps({"error": message}), encoding="utf-8")
    staged.replace(result)
    return 0 if message is None else 1


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
