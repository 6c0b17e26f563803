"""Decode bodies that SDKs send in signed or trailed chunks, while they stream.

    10000;chunk-signature=…\\r\\n<bytes>\\r\\n … 0;chunk-signature=…\\r\\nx-amz-checksum-crc32:…\\r\\n\\r\\n

The request's own signature is verified before (`identity/signer.py`), those of chunks are not. Checksums in
the trailer are verified.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from local_aws.errors import AwsError

_MAX_LINE = 16 * 1024


def is_aws_chunked(headers: Mapping[str, str]) -> bool:
    """Whether the body of a request with these headers (names in lower case) is framed."""
    encodings = [part.strip() for part in headers.get("content-encoding", "").split(",")]
    return headers.get("x-amz-content-sha256", "").startswith("STREAMING-") or "aws-chunked" in encodings


class AwsChunked:
    """The bytes within the frames; `trailers` are complete when the iteration has ended."""

    def __init__(self, framed: AsyncIterator[bytes], decoded_length: int | None) -> None:
        self._framed = framed
        self._decoded_length = decoded_length
        self._buffer = bytearray()
        self.trailers: dict[str, str] = {}

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the bytes.

        Raises:
            AwsError: `IncompleteBody`, the frames are broken or hold another length than was announced.
        """
        total = 0
        while size := _chunk_size(await self._line()):
            total += size
            async for piece in self._take(size):
                yield piece
            if await self._line():
                raise _incomplete()
        while line := await self._line():
            name, _, value = line.partition(":")
            self.trailers[name.strip().lower()] = value.strip()
        if self._decoded_length is not None and total != self._decoded_length:
            raise _incomplete()

    async def _take(self, size: int) -> AsyncIterator[bytes]:
        while size:
            if not self._buffer:
                await self._more()
            piece = bytes(memoryview(self._buffer)[:size])
            del self._buffer[: len(piece)]
            size -= len(piece)
            yield piece

    async def _line(self) -> str:
        while (end := self._buffer.find(b"\r\n")) < 0:
            if len(self._buffer) > _MAX_LINE:
                raise _incomplete()
            if not await self._more(at_end_ok=True):
                # Some clients leave out the empty line that ends the trailer.
                end = len(self._buffer)
                break
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line.decode("latin-1")

    async def _more(self, at_end_ok: bool = False) -> bool:
        try:
            self._buffer += await anext(self._framed)
        except StopAsyncIteration:
            if at_end_ok:
                return False
            raise _incomplete() from None
        return True


def _chunk_size(line: str) -> int:
    digits = line.partition(";")[0].strip()
    # Stricter than int(): no sign, no underscore, no prefix.
    if not digits or any(digit not in "0123456789abcdefABCDEF" for digit in digits) or len(digits) > 12:
        raise _incomplete()
    return int(digits, 16)


def _incomplete() -> AwsError:
    return AwsError("IncompleteBody", "The request body terminated unexpectedly")
