"""How much memory there is to share."""

from __future__ import annotations

import os
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup/memory.max")
"""What a container may take: https://docs.kernel.org/admin-guide/cgroup-v2.html"""


def machine_memory() -> int:
    """Bytes of memory that this machine, or the container, has."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    allowed = CGROUP.read_text().strip() if CGROUP.is_file() else "max"
    return min(whole, int(allowed)) if allowed.isdigit() else whole
