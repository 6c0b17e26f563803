"""Answers for what moto itself cannot answer, in the request's protocol: JSON, or the query one's XML."""

from __future__ import annotations

import json
from http import HTTPStatus
from xml.sax.saxutils import escape

from botocore.model import OperationNotFoundError

from local_aws.errors import INTERNAL
from local_aws.moto_host.messages import Request, Response
from local_aws.moto_host.operations import operation_of

LONGEST_NAME = 200
"""Characters of an operation's name that an answer repeats."""


def not_implemented(request: Request) -> Response:
    """The answer to what AWS has and moto does not; it names the operation."""
    operation = operation_of(request)
    name = operation.name or f"{request.method} {request.target.partition('?')[0]}"
    message = f"Laguna does not implement {operation.service}:{name}."
    return failure(request, 501, "NotImplemented", message)


def is_no_route(response: Response) -> bool:
    """Whether moto has nothing at the path or for the method: its web framework says so, in HTML."""
    types = [value for name, value in response.headers if name.lower() == "content-type"]
    nothing_there = response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    return nothing_there and any(value.startswith("text/html") for value in types) and _is_page(response.body)


def _is_page(body: bytes) -> bool:
    return body.lstrip()[:9].lower() == b"<!doctype"


def unexplained(request: Request, error: Exception) -> Response:
    """The answer to a request on which moto failed: AWS's words for what is known of it, none of Python's."""
    kind = request.header("content-type") or ""
    is_form = "x-www-form-urlencoded" in kind
    if isinstance(error, OperationNotFoundError):
        name = operation_of(request).name or ""
        code = "InvalidAction" if is_form else "UnknownOperationException"
        return failure(request, 400, code, f"Could not find operation {name[:LONGEST_NAME]}")
    if "json" in kind and not _is_json_object(request.body):
        return failure(request, 400, "SerializationException", "The request body is no JSON document.")
    if isinstance(error, ModuleNotFoundError):
        return not_implemented(request)
    return failure(request, 500, "InternalFailure", INTERNAL)


def _is_json_object(body: bytes) -> bool:
    try:
        return not body.strip() or isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


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
