"""A process that does not outlive the one that made it, not even when that one is killed.

Linux tells the kernel so (prctl(2), PR_SET_PDEATHSIG). Elsewhere the end of the socket says it, which a
process sees as soon as its Python code runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Be killed when the process `parent`, which made this one, ends; its main thread must have made it."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel knew
        os._exit(0)
