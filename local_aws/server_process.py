"""Which process is the server of a state folder, told by the lock that it holds as long as it lives.

The holder of the lock has written its process id into it. That note may be of an earlier server while a new
one is about to write its own, so the process must be a server, too.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
from pathlib import Path


def lock_is_held(state: Path) -> bool:
    """Whether a server uses the state folder, answering or not."""
    try:
        handle = (state / "lock").open("rb")
    except OSError:
        return False
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def server_process(state: Path) -> int | None:
    """The process of the server that holds the state folder; None when none does, or its note is damaged."""
    if not lock_is_held(state):
        return None
    try:
        pid = int(json.loads((state / "lock").read_bytes())["pid"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return pid if pid > 1 and "local_aws" in _command(pid) else None


def _command(pid: int) -> str:
    """The command line of a process; empty when there is none."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        except OSError:
            return ""
    asked = ["/bin/ps", "-p", str(pid), "-o", "command="]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout
