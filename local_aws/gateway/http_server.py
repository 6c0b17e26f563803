"""HTTP/1.1 on a socket: uvicorn's httptools protocol, with limits and AWS's words for what cannot be read.

A header section over 64 KB and bytes that are not HTTP get S3's `<Error>` document, as they do on AWS where
no service has been reached yet (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
"""

from __future__ import annotations

import uuid
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from local_aws.gateway.error_answers import s3_error

MAX_HEADER_SECTION = 64 * 1024

TOO_LARGE = (
    "RequestHeaderSectionTooLarge",
    "Your request header section exceeds the maximum allowed size.",
)
UNREADABLE = ("BadRequest", "An error occurred when parsing the HTTP request.")


class HttpProtocol(HttpToolsProtocol):
    """One connection."""

    _header_bytes = 0
    _refused = False

    def data_received(self, data: bytes) -> None:
        """Feed the parser; nothing more is read once the connection was refused."""
        if not self._refused:
            super().data_received(data)

    def on_message_begin(self) -> None:
        """Start counting the next request's header section."""
        self._header_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the request line."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request to the application unless it was refused, or is HTTP/0.9, without a version."""
        if self.parser.get_http_version() == "0.9":
            self._refuse(*UNREADABLE)
        if not self._refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass data on unless the request was refused."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End the request unless it was refused."""
        if not self._refused:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that the parser could not read."""
        self._refuse(*UNREADABLE)

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > MAX_HEADER_SECTION:
            self._refuse(*TOO_LARGE)

    def _refuse(self, code: str, message: str) -> None:
        if self._refused:
            return
        self._refused = True
        body: Any = s3_error(400, code, message, {}, str(uuid.uuid4())).body
        head = (
            f"HTTP/1.1 400 Bad Request\r\ncontent-type: application/xml\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
