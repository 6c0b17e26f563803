"""How large one value may be that a function makes: what a laptop can hold, far beyond what tables hold.

Athena's own bounds, where a function has one, stand with the function. Where it has none there, memory
ends the query, and here this bound does before memory is taken.
"""

from __future__ import annotations

from local_athena.errors import QueryFailed

MOST = 64 << 20
"""Characters of a text, or bytes of a binary."""
MOST_ITEMS = 10_000_000


def fits(size: int) -> int:
    """The size of a text, which it may have.

    Raises:
        QueryFailed: EXCEEDED_MEMORY_LIMIT, it may not.
    """
    if size > MOST:
        raise _too_large(f"{size} characters or bytes")
    return size


def items_fit(count: int) -> int:
    """The number of items of an array with those of its arrays, which it may have.

    Raises:
        QueryFailed: EXCEEDED_MEMORY_LIMIT, it may not.
    """
    if count > MOST_ITEMS:
        raise _too_large(f"{count} items")
    return count


def _too_large(size: str) -> QueryFailed:
    problem = f"Query exceeded per-node memory limit: one value of {size}"
    return QueryFailed("EXCEEDED_MEMORY_LIMIT", problem, error_type=0)
