"""Send an object's bytes: small ones at once, large ones in blocks read ahead off the event loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from local_aws.s3.ranges import ByteRange

_BLOCK = 1024 * 1024
_THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="s3-send")


def body_of(file: BinaryIO, wanted: ByteRange) -> bytes | AsyncIterator[bytes]:
    """The bytes of `wanted`, or an iterator that yields them; the file is closed at the end of either."""
    if wanted.length > _BLOCK:
        return _stream(file, wanted)
    with file:
        return _read(file, wanted.start, wanted.length)


async def _stream(file: BinaryIO, wanted: ByteRange) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    position = wanted.start
    pending: asyncio.Future[bytes] | None = None
    try:
        while position < wanted.end:
            size = min(_BLOCK, wanted.end - position)
            block = await (pending or loop.run_in_executor(_THREADS, _read, file, position, size))
            position += size
            ahead = min(_BLOCK, wanted.end - position)
            pending = loop.run_in_executor(_THREADS, _read, file, position, ahead) if ahead else None
            yield block
    finally:
        if pending is not None:
            await asyncio.wait([pending])
        file.close()


def _read(file: BinaryIO, position: int, size: int) -> bytes:
    """Exactly `size` bytes; fewer would be taken for the whole object.

    Raises:
        OSError: an engine cut the file short while it was read.
    """
    blocks = []
    while size:
        block = os.pread(file.fileno(), size, position)
        if not block:
            raise OSError(f"the file of an object became shorter while it was read: {file.name}")
        blocks.append(block)
        position += len(block)
        size -= len(block)
    return blocks[0] if len(blocks) == 1 else b"".join(blocks)
