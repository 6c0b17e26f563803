"""How the memory that queries may take is shared out.

One amount bounds all workers of a region together: their growth beyond what an idle worker is. A query's
engine spills from half of it on, so that two large queries fit beside each other, and Python's values have
the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from local_athena.engine.memory import machine_memory

UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
OVERHEAD = 128 << 20
"""What an engine takes besides what it counts."""


@dataclass(frozen=True, slots=True)
class MemoryBounds:
    """`engine` is what one query's engine may take, `all` what all workers may grow by together."""

    engine: int
    all: int

    @classmethod
    def of(cls, amount: str) -> MemoryBounds:
        """The bounds for an amount such as `4GB`; empty for half of the machine's memory."""
        whole = _bytes(amount) if amount else machine_memory() // 2
        return cls(whole // 2, whole + OVERHEAD)

    @property
    def shown(self) -> str:
        """The bound of one query, as a person reads it."""
        size = float(self.engine)
        for unit in ("B", "KiB", "MiB", "GiB"):
            if size < 1024:
                return f"{size:.1f} {unit}"
            size /= 1024
        return f"{size:.1f} TiB"


def _bytes(amount: str) -> int:
    found = AMOUNT.fullmatch(amount)
    if found is None or found[2] not in UNITS:
        raise ValueError(f"{amount} is no amount of memory such as 512MB or 4GB")
    return int(float(found[1]) * UNITS[found[2]])
