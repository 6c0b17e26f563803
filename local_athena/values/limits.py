"""How large one value may be that a function makes: what a laptop can hold, far beyond what tables hold.

Athena's own bounds, where a function has one, stand with the function. Where it has none there, memory
ends the query, and here this bound does before memory is taken.
"""

from __future__ import annotations

from local_athena.errors import QueryFailed

MOST = 64 << 20
"""Characters of a text, bytes of a binary or items of an array."""


def fits(size: int) -> int:
    """The size, which the value to be made may have.

    Raises:
        QueryFailed: EXCEEDED_MEMORY_LIMIT, it may not.
    """
    if size > MOST:
        problem = f"Query exceeded per-node memory limit: a value of {size} characters, bytes or items"
        raise QueryFailed("EXCEEDED_MEMORY_LIMIT", problem, error_type=0)
    return size
