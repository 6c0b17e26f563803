"""Amounts as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from laguna.operations.athena import QueryResult


def size_of(count: int) -> str:
    """Bytes in the largest unit that leaves a whole part: `3.2 MB`."""
    size = float(count)
    for unit in ("bytes", "KB", "MB"):
        if size < 1024:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} GB"


def dollars(amount: float) -> str:
    """A price, with enough digits for Athena's: `0.000048 USD`."""
    return f"{amount:.6f} USD"


def cost_line(result: QueryResult) -> str:
    """What a query read and what AWS would have charged for it."""
    return f"scanned {size_of(result.scanned_bytes)}; AWS would have charged {dollars(result.price_usd)}"
