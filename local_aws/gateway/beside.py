"""Work that grows with its input is done beside the loop, so that one large document holds no other request.

What is small is done at once: handing it to a thread would cost more than the work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
SMALL_BYTES = 32 * 1024
SMALL_COUNT = 50
DEPTH = 3
"""How far inside an answer its lists are looked for: no operation's are deeper."""


async def beside(large: bool, work: Callable[..., T], *arguments: Any) -> T:
    """What `work` gives, done in a thread when it is `large`."""
    return await asyncio.to_thread(work, *arguments) if large else work(*arguments)


def is_large(answer: Any, depth: int = DEPTH) -> bool:
    """Whether an answer has long lists or texts."""
    if isinstance(answer, str | bytes):
        return len(answer) > SMALL_BYTES
    if isinstance(answer, list):
        return len(answer) > SMALL_COUNT or (depth > 0 and any(is_large(one, depth - 1) for one in answer))
    if isinstance(answer, dict):
        return depth > 0 and any(is_large(value, depth - 1) for value in answer.values())
    return False
