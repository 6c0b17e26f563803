"""One HTTP/1.1 connection to the S3 endpoint, and one exchange on it, streamed both ways.

Headers and bodies are passed on as they are: a signature covers the `Host` header and the body's own framing
(`aws-chunked`), so nothing may be rewritten. https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "expect",
    }
)
"""Headers of one connection, which are not passed on; `Expect` was answered by our own server."""

CHUNK = 256 * 1024
STALL_SECONDS = 60.0
"""How long the other side may take no byte, or give none, within a body."""
LONGEST_HEAD = 256 * 1024
NO_BODY = frozenset({204, 304})

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of an answer; names in lower case."""

    status: int
    headers: Headers

    def get(self, name: str) -> str:
        """The last header of a name; empty when there is none."""
        return next((value for key, value in reversed(self.headers) if key == name), "")

    @property
    def closes(self) -> bool:
        """Whether the connection ends with this answer."""
        return self.get("connection").lower() == "close"


class Connection:
    """An open connection; one exchange at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.idle_since = 0.0

    @classmethod
    async def open(cls, host: str, port: int, seconds: float) -> Connection:
        """Connect.

        Raises:
            OSError, TimeoutError: nobody answers there.
        """
        opening = asyncio.open_connection(host, port, limit=LONGEST_HEAD)
        return cls(*await asyncio.wait_for(opening, seconds))

    @property
    def usable(self) -> bool:
        """Whether the other side has not closed it meanwhile."""
        return not self._reader.at_eof() and not self._writer.is_closing()

    async def send_head(self, method: str, target: str, headers: Iterable[tuple[str, str]]) -> None:
        """Send the request line and the headers."""
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
        self._writer.write("\r\n".join(lines).encode("latin-1"))
        await self._writer.drain()

    async def send_body(self, body: AsyncIterator[bytes], chunked: bool) -> None:
        """Send a body as it comes.

        Raises:
            ConnectionError, TimeoutError: the other side does not take it.
        """
        async for chunk in body:
            self._writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
            async with asyncio.timeout(STALL_SECONDS):
                await self._writer.drain()
        if chunked:
            self._writer.write(b"0\r\n\r\n")
            await self._writer.drain()

    async def read_head(self) -> Head:
        """The answer's head; interim answers (100) are skipped.

        Raises:
            ConnectionError: the connection ended first, or what came is not HTTP.
        """
        while True:
            try:
                text = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
                raise ConnectionResetError("it closed the connection") from error
            head = _head_of(text)
            if head.status >= 200:
                return head

    async def read_body(self, method: str, head: Head) -> AsyncIterator[bytes]:
        """The answer's body as it comes.

        Raises:
            ConnectionError: the connection ended before the body did.
        """
        if method == "HEAD" or head.status in NO_BODY:
            return
        if "chunked" in head.get("transfer-encoding").lower():
            async for chunk in self._chunks():
                yield chunk
            return
        left = int(head.get("content-length") or 0)
        while left:
            chunk = await self._some(min(left, CHUNK))
            left -= len(chunk)
            yield chunk

    async def _chunks(self) -> AsyncIterator[bytes]:
        while size := int((await self._line()).split(b";")[0] or b"0", 16):
            left = size
            while left:
                chunk = await self._some(min(left, CHUNK))
                left -= len(chunk)
                yield chunk
            await self._line()
        while (await self._line()).strip():
            pass  # trailers

    async def _line(self) -> bytes:
        line = await self._reader.readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError("it closed the connection within an answer")
        return line

    async def _some(self, most: int) -> bytes:
        async with asyncio.timeout(STALL_SECONDS):
            chunk = await self._reader.read(most)
        if not chunk:
            raise ConnectionResetError("it closed the connection within an answer")
        return chunk

    def close(self) -> None:
        """Drop the connection, whatever is under way on it."""
        with suppress(OSError, RuntimeError):  # the latter when the loop is closed
            self._writer.transport.abort()


def _head_of(text: str) -> Head:
    first, *lines = text.split("\r\n")
    parts = first.split(" ", 2)
    if len(parts) < 2 or not parts[0].startswith("HTTP/1.") or not parts[1].isdigit():
        raise ConnectionResetError("it does not speak HTTP")
    pairs = (line.partition(":") for line in lines if line)
    return Head(int(parts[1]), [(name.strip().lower(), value.strip()) for name, _, value in pairs])
