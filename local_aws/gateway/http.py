"""A request and an answer as the gateway passes them on: no framework, bodies that may stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote

from local_aws.errors import AwsError
from local_aws.gateway.door.browsers import Page
from local_aws.identity.chunks import ChunkSignatures

MAX_DOCUMENT = 128 * 1024 * 1024
"""Bytes of a body that is read as a whole; object data has no such limit."""


@dataclass(slots=True)
class HttpResponse:
    """`body` is the whole of it, or an iterator that yields it."""

    status: int
    headers: dict[str, str]
    body: bytes | AsyncIterator[bytes] = b""


@dataclass
class HttpRequest:
    """One HTTP request; header names are in lower case."""

    method: str
    raw_path: str
    """The path as sent, percent-encoded."""
    raw_query: str
    headers: dict[str, str]
    raw_headers: list[tuple[str, str]]
    receive: Any
    client: str = ""
    """The address that it came from."""
    page: Page | None = None
    """The page of another site that made a browser send this."""
    body_hash: str = ""
    """The SHA-256 that a signature covers, which the body must have; empty when nothing is known of it."""
    chunks: ChunkSignatures | None = None
    """Checks the chunks of the body; None when their signatures cannot be known."""
    _body: bytes | None = field(default=None, repr=False)
    _ended: bool = False

    @property
    def unread(self) -> bool:
        """Whether the client may still send some of the body, so that its connection cannot be used again."""
        announced = self.headers.get("content-length", "0") != "0" or "transfer-encoding" in self.headers
        return announced and not self._ended

    @property
    def size(self) -> int:
        """Bytes of the body that has been read as a whole."""
        return len(self._body or b"")

    @cached_property
    def path(self) -> str:
        """The decoded path.

        Raises:
            AwsError: InvalidURI, when it is not UTF-8.
        """
        try:
            return unquote(self.raw_path, errors="strict")
        except UnicodeDecodeError as error:
            raise AwsError("InvalidURI", "Couldn't parse the specified URI.") from error

    @cached_property
    def query(self) -> dict[str, str]:
        """The decoded query; a name without `=` has an empty text, the last of several wins."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def decoded_headers(self) -> list[tuple[str, str]]:
        """All headers as they were sent, with names in lower case and values as text."""
        return [(name.lower(), header_text(value)) for name, value in self.raw_headers]

    @property
    def target(self) -> str:
        """Path and query as they were sent."""
        return f"{self.raw_path}?{self.raw_query}" if self.raw_query else self.raw_path

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives.

        Raises:
            AwsError: RequestTimeout, when the client hangs up before the end; XAmzContentSHA256Mismatch, when
                all of it was not what was signed.
        """
        if self._body is not None:
            if self._body:
                yield self._body
            return
        more, digest = True, sha256() if self.body_hash else None
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise AwsError(
                    "RequestTimeout", "The connection was closed before the whole body was received."
                )
            chunk = message.get("body", b"")
            more = message.get("more_body", False)
            self._ended = not more
            if digest is not None:
                digest.update(chunk)
                if not more and digest.hexdigest() != self.body_hash:
                    raise AwsError(
                        "XAmzContentSHA256Mismatch",
                        "The provided 'x-amz-content-sha256' header does not match what was computed.",
                    )
            if chunk:
                yield chunk

    async def body(self) -> bytes:
        """The whole body.

        Raises:
            AwsError: EntityTooLarge, when it is over `MAX_DOCUMENT`.
        """
        if self._body is None:
            parts, size = [], 0
            async for chunk in self.stream():
                size += len(chunk)
                if size > MAX_DOCUMENT:
                    raise AwsError("EntityTooLarge", f"The request body is over {MAX_DOCUMENT} bytes.", 413)
                parts.append(chunk)
            self._body = b"".join(parts)
        return self._body


def header_text(value: str) -> str:
    """A value that was read as Latin-1, as the UTF-8 that it is: S3's clients send metadata so."""
    try:
        return value if value.isascii() else value.encode("latin-1").decode()
    except UnicodeDecodeError:
        return value
