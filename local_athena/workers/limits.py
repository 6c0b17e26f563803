"""What a process may take, told to the operating system, and what it takes, asked of it.

The bound is on private memory beyond what the process has when it is ready, so that the packages it shares
with its parent do not count. Where a system knows no such bound (macOS), the server's watch alone keeps it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

SLACK = 256 << 20
"""Address space that allocators hold without using it."""
BELOW_THE_SERVER = 5
"""The priority of every worker: the server, which answers all clients, goes first."""
NICE = 10
"""That of a long statement: a third of what another worker has when both want all of the processor's time."""
PAGE = os.sysconf("SC_PAGE_SIZE")


def bound_memory(grown: int) -> None:
    """Let this process take `grown` bytes more than now; an allocation beyond it fails."""
    held = _data_bytes()
    if held is not None:
        limit = held + grown + SLACK
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def behind_the_server() -> None:
    """Let the server go first."""
    os.nice(BELOW_THE_SERVER)


def no_core_file() -> None:
    """A process that falls leaves no copy of its memory behind."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _data_bytes() -> int | None:
    if not sys.platform.startswith("linux"):
        return None
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) << 10
    return None


def yield_to_others(pid: int) -> None:
    """Lower the priority of a process, with all of its threads."""
    folder = Path(f"/proc/{pid}/task")
    threads = [int(task.name) for task in folder.glob("[0-9]*")] if folder.is_dir() else [pid]
    for thread in threads:
        with suppress(OSError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, thread, NICE)


def resident(pids: list[int]) -> dict[int, int]:
    """The resident bytes of processes; one that is gone is left out."""
    if sys.platform.startswith("linux"):
        return {pid: size for pid in pids if (size := _resident_of(pid)) is not None}
    return _resident_by_ps(pids)


def _resident_of(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return None


def _resident_by_ps(pids: list[int]) -> dict[int, int]:
    if not pids:
        return {}
    command = ["/bin/ps", "-o", "pid=,rss=", "-p", ",".join(map(str, pids))]
    text = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return {int(pid): int(size) << 10 for pid, size in (line.split() for line in text.splitlines())}
