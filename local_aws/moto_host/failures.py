"""Answers for what moto itself cannot answer, in the request's protocol: JSON, or the query one's XML."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from local_aws.moto_host.messages import Request, Response


def failure(request: Request, status: int, code: str, message: str) -> Response:
    """An error answer that the client of `request` reads as `code` and `message`."""
    if request.header("x-amz-target") or "json" in (request.header("content-type") or ""):
        body = json.dumps({"__type": code, "message": message}).encode()
        return Response(
            status, [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code)], body
        )
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    return Response(
        status,
        [("Content-Type", "text/xml")],
        f"<ErrorResponse><Error>{error}</Error></ErrorResponse>".encode(),
    )
