"""Answers for what moto itself cannot answer, in the request's protocol: JSON, or the query one's XML."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from local_aws.moto_host.messages import Request, Response
from local_aws.moto_host.operations import operation_of


def not_implemented(request: Request) -> Response:
    """The answer to what AWS has and moto does not; it names the operation."""
    operation = operation_of(request)
    name = operation.name or f"{request.method} {request.target.partition('?')[0]}"
    message = f"Laguna does not implement {operation.service}:{name}."
    return failure(request, 501, "NotImplemented", message)


def failure(request: Request, status: int, code: str, message: str) -> Response:
    """An error answer that the client of `request` reads as `code` and `message`."""
    if "x-www-form-urlencoded" not in (request.header("content-type") or ""):
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
