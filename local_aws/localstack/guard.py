"""Runs one command for as long as whoever started it lives, and then ends it and removes what it left.

    python guard.py '{"command": […], "at_end": […] or null, "folder": "…"}'

Standard input is a pipe that the starter holds: when that process ends, even by `kill -9`, the pipe closes.
So no LocalStack, container or temporary folder outlives its server.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

END_SECONDS = 5.0


def main(plan: dict[str, Any]) -> int:
    """Run `plan["command"]`, then `plan["at_end"]`, then remove `plan["folder"]`; the command's exit code."""
    # Not SIG_IGN, which the command would inherit.
    signal.signal(signal.SIGTERM, lambda *_: None)
    child = subprocess.Popen(plan["command"], stdin=subprocess.DEVNULL, start_new_session=True)
    remove = partial(_remove, plan["at_end"])
    threading.Thread(target=_end_with_the_starter, args=(child, remove), daemon=True).start()
    code = child.wait()
    remove()
    _kill(child.pid, signal.SIGKILL)
    # A command that failed leaves its log for its starter to read.
    if _ending.is_set():
        shutil.rmtree(plan["folder"], ignore_errors=True)
    return code


_ending = threading.Event()


def _end_with_the_starter(child: subprocess.Popen[bytes], remove: Callable[[], None]) -> None:
    os.read(0, 1)
    _ending.set()
    remove()
    _kill(child.pid, signal.SIGTERM)
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        _kill(child.pid, signal.SIGKILL)


def _remove(command: list[str] | None) -> None:
    if command:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _kill(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
