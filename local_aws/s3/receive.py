"""Receive a body of any size into a staged file, hashing on the way, off the event loop.

Bytes are gathered into blocks of a megabyte: while a thread hashes and writes one, the loop gathers the next.
A small body costs one visit to a thread: the last block, the checks and the commit happen together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from local_aws.errors import AwsError
from local_aws.s3.aws_chunked import AwsChunked, is_aws_chunked
from local_aws.s3.integrity import Digests, expected_of

Result = TypeVar("Result")
MAX_BODY = 5 * 1024**3
"""What S3 takes in one request."""
_BLOCK = 1024 * 1024
# Their own threads: handlers of other services may fill the common pool with calls that wait for S3.
_THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="s3-body")


async def receive(
    request: Mapping[str, Any], staged: Path, commit: Callable[[Digests], Result], default_algorithm: str = ""
) -> Result:
    """Write the request's body to `staged`, verify it, and return what `commit` makes of it.

    `default_algorithm` names a checksum to compute when the client sends none. The staged file is removed on
    failure.

    Raises:
        AwsError: the body is too long, too short, or not what its checksums say.
    """
    headers: Mapping[str, str] = request.get("_headers") or {}
    digests = Digests(expected_of(request, default_algorithm))
    body, trailers = _body_of(request, headers)
    writer = _Writer(staged, digests)
    try:
        gathered: list[bytes] = []
        waiting = 0
        async for data in body:
            gathered.append(data)
            waiting += len(data)
            if waiting >= _BLOCK:
                await writer.write(gathered)
                gathered, waiting = [], 0

        def accept() -> Result:
            digests.verify(trailers)
            return commit(digests)

        return await writer.finish(gathered, accept)
    except BaseException:
        await writer.abandon()
        raise


class _Writer:
    def __init__(self, staged: Path, digests: Digests) -> None:
        self._staged = staged
        self._digests = digests
        self._file: BinaryIO | None = None
        self._pending: asyncio.Future[None] | None = None

    async def write(self, blocks: list[bytes]) -> None:
        await self._settle()
        self._pending = asyncio.get_running_loop().run_in_executor(_THREADS, self._append, blocks)

    async def finish(self, blocks: list[bytes], then: Callable[[], Result]) -> Result:
        await self._settle()

        def last() -> Result:
            self._append(blocks)
            assert self._file is not None
            self._file.close()
            return then()

        return await asyncio.get_running_loop().run_in_executor(_THREADS, last)

    async def abandon(self) -> None:
        if self._pending is not None:
            await asyncio.wait([self._pending])
        if self._file is not None:
            self._file.close()
        self._staged.unlink(missing_ok=True)

    async def _settle(self) -> None:
        if self._pending is not None:
            await self._pending
            self._pending = None

    def _append(self, blocks: list[bytes]) -> None:
        if self._file is None:
            self._file = open(self._staged, "xb", buffering=0)  # noqa: SIM115 (closed by finish or abandon)
        for block in blocks:
            self._digests.update(block)
            write_all(self._file, block)


def write_all(file: BinaryIO, block: bytes) -> None:
    """Write a whole block to an unbuffered file, which may take it in pieces."""
    view = memoryview(block)
    while view:
        view = view[file.write(view) :]


def _body_of(
    request: Mapping[str, Any], headers: Mapping[str, str]
) -> tuple[AsyncIterator[bytes], Mapping[str, str]]:
    body = _as_iterator(request.get("Body") or b"")
    announced = headers.get("x-amz-decoded-content-length", headers.get("content-length"))
    if headers and announced is None:
        raise AwsError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411)
    if announced is not None and announced.isdecimal() and int(announced) > MAX_BODY:
        message = "Your proposed upload exceeds the maximum allowed size"
        raise AwsError("EntityTooLarge", message, ProposedSize=announced, MaxSizeAllowed=MAX_BODY)
    if not is_aws_chunked(headers):
        return body, {}
    decoded_length = headers.get("x-amz-decoded-content-length", "")
    chunked = AwsChunked(
        body, int(decoded_length) if decoded_length.isdecimal() else None, request.get("_chunks")
    )
    return aiter(chunked), chunked.trailers


def _as_iterator(body: bytes | AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    return _once(body) if isinstance(body, bytes) else body


async def _once(body: bytes) -> AsyncIterator[bytes]:
    if body:
        yield body
