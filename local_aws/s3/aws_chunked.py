"""Decode bodies that SDKs send in signed or trailed chunks, while they stream.

    10000;chunk-signature=…\\r\\n<bytes>\\r\\n … 0;chunk-signature=…\\r\\nx-amz-checksum-crc32:…\\r\\n\\r\\n

The request's own signature is verified before (`identity/signer.py`), those of chunks and of the trailer
here, when the secret is known that made them. Checksums in the trailer are compared in `integrity.py`.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping

from local_aws.errors import AwsError
from local_aws.identity.chunks import ChunkSignatures

_MAX_LINE = 16 * 1024


def is_aws_chunked(headers: Mapping[str, str]) -> bool:
    """Whether the body of a request with these headers (names in lower case) is framed."""
    encodings = [part.strip() for part in headers.get("content-encoding", "").split(",")]
    return headers.get("x-amz-content-sha256", "").startswith("STREAMING-") or "aws-chunked" in encodings


class AwsChunked:
    """The bytes within the frames; `trailers` are complete when the iteration has ended."""

    def __init__(
        self,
        framed: AsyncIterator[bytes],
        decoded_length: int | None,
        signatures: ChunkSignatures | None = None,
    ) -> None:
        self._framed = framed
        self._signatures = signatures
        self._decoded_length = decoded_length
        self._buffer = bytearray()
        self.trailers: dict[str, str] = {}

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the bytes.

        Raises:
            AwsError: `IncompleteBody`, the frames are broken or hold another length than was announced;
                `SignatureDoesNotMatch`, a chunk or the trailer is not what was signed.
        """
        total = 0
        while size := _chunk_size(head := await self._line()):
            total += size
            digest = hashlib.sha256()
            async for piece in self._take(size):
                if self._signatures is not None:
                    digest.update(piece)
                yield piece
            if await self._line():
                raise _incomplete()
            self._check_chunk(head, digest.hexdigest())
        self._check_chunk(head, hashlib.sha256().hexdigest())
        while line := await self._line():
            name, _, value = line.partition(":")
            self.trailers[name.strip().lower()] = value.strip()
        self._check_trailer()
        if self._decoded_length is not None and total != self._decoded_length:
            raise _incomplete()

    def _check_chunk(self, head: str, digest: str) -> None:
        if self._signatures is not None:
            name, _, signature = head.partition(";")[2].strip().partition("=")
            self._signatures.check_chunk(digest, signature if name == "chunk-signature" else "")

    def _check_trailer(self) -> None:
        signature = self.trailers.pop("x-amz-trailer-signature", "")
        if self._signatures is not None and self._signatures.with_trailer:
            self._signatures.check_trailer(self.trailers, signature)

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
