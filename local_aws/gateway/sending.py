"""Send an answer over ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from local_aws.gateway.http import HttpRequest, HttpResponse


async def send_answer(
    response: HttpResponse, request: HttpRequest, request_id: str, send: Callable[..., Awaitable[None]]
) -> None:
    """Send `response`, the answer to `request`; whole bodies with their length, others as they come."""
    headers = response.headers
    headers.setdefault("x-amzn-RequestId", request_id)
    headers.setdefault("x-amz-request-id", request_id)
    whole = response.body if isinstance(response.body, bytes) else None
    if whole is not None and request.method != "HEAD" and response.status not in (204, 304):
        headers["Content-Length"] = str(len(whole))
    if request.unread:
        headers["Connection"] = "close"
    pairs = [(name.lower().encode("latin-1", "replace"), _wire(text)) for name, text in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": pairs})
    if whole is not None or request.method == "HEAD":
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else whole})
        return
    assert not isinstance(response.body, bytes)
    async for chunk in response.body:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _wire(text: str) -> bytes:
    # A line break inside a value would end the header and begin another.
    return text.replace("\r", " ").replace("\n", " ").encode("utf-8")
