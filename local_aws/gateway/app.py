"""The ASGI application: one request, from the socket to the service and back.

identify → (ours: read → validate → handle → write) or (moto's: forward). Every failure on the way becomes an
error answer of the service's protocol, so that no input can make the server drop a request or die.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from local_aws.caller import Caller
from local_aws.errors import not_implemented
from local_aws.gateway.error_answers import error_answer, s3_error
from local_aws.gateway.http import HttpRequest, HttpResponse
from local_aws.gateway.identify import Identity, identify
from local_aws.gateway.operations import read_call, write_answer
from local_aws.gateway.traffic import Traffic
from local_aws.gateway.validation import validate
from local_aws.services import Services
from local_aws.settings import Settings
from local_aws.storage.answers import answer_for

logger = logging.getLogger(__name__)

WORKERS = 64
"""Threads for handlers: most of them wait (for a query, a stack, another service)."""

CONTROL_PATH = "/_laguna/"
HEALTH_PATH = f"{CONTROL_PATH}health"


Answer = Callable[[HttpRequest], Awaitable[HttpResponse]]


class Elsewhere(Protocol):
    """Who answers for the services that are not ours."""

    async def forward(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Answer one request: status, headers, body."""
        ...


class Gateway:
    """`services` are ours; `elsewhere` serves all others.

    `health` is what the health page shows, `control` answers for the other pages beside it; neither waits
    when `traffic` is stopped. `forwards` answer all requests of a service, by its name.
    """

    def __init__(
        self,
        settings: Settings,
        services: Services,
        elsewhere: Elsewhere,
        health: Callable[[], dict[str, Any]],
        traffic: Traffic,
        control: Answer,
        forwards: Mapping[str, Answer],
    ) -> None:
        self._settings = settings
        self._services = services
        self._elsewhere = elsewhere
        self._health = health
        self._traffic = traffic
        self._control = control
        self._forwards = forwards
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="handler")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one ASGI connection scope."""
        if scope["type"] != "http":
            return
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        request = HttpRequest(
            scope["method"],
            scope["raw_path"].decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            {name: _utf8(value) for name, value in pairs},
            pairs,
            receive,
        )
        request_id = str(uuid.uuid4())
        await _send(await self._answer(request, request_id), request, request_id, send)

    async def _answer(self, request: HttpRequest, request_id: str) -> HttpResponse:
        if request.raw_path == HEALTH_PATH:
            return HttpResponse(
                200, {"Content-Type": "application/json"}, json.dumps(self._health()).encode()
            )
        if request.raw_path.startswith(CONTROL_PATH):
            return await self._control(request)
        inside = await self._traffic.enter(_name_of(request))
        try:
            return await self._answer_service(request, request_id)
        finally:
            self._traffic.leave(inside)

    async def _answer_service(self, request: HttpRequest, request_id: str) -> HttpResponse:
        service = "s3"
        try:
            identity = await identify(request, self._settings.region)
            if identity.service in self._forwards:
                return await self._forwards[identity.service](request)
            if identity.service not in self._services:
                return await self._forward(request)
            service = identity.service
            return await self._serve(service, identity, request, request_id)
        except Exception as error:
            return _error_response(service, error, request, request_id)

    async def _serve(
        self, service: str, identity: Identity, request: HttpRequest, request_id: str
    ) -> HttpResponse:
        call = await read_call(service, request)
        validate(service, call.operation.input_shape, call.request)
        handler = getattr(self._services.get(service, identity.region), call.method, None)
        if handler is None:
            raise not_implemented(service, call.operation.name)
        caller = Caller(self._settings.account_id, identity.region, identity.access_key_id, request_id)
        answer = await self._call(handler, call.request, caller)
        return write_answer(call.operation, answer or {}, request_id)

    async def _call(self, handler: Callable[..., Any], request: dict[str, Any], caller: Caller) -> Any:
        if inspect.iscoroutinefunction(handler):
            return await handler(request, caller)
        return await asyncio.get_running_loop().run_in_executor(self._workers, handler, request, caller)

    async def _forward(self, request: HttpRequest) -> HttpResponse:
        body = await request.body()
        status, headers, answer = await self._elsewhere.forward(
            request.method, request.target, request.raw_headers, body
        )
        kept = {name: value for name, value in headers if name.lower() not in HOP_BY_HOP}
        return HttpResponse(status, kept, answer)


def _name_of(request: HttpRequest) -> str:
    return request.headers.get("x-amz-target") or f"{request.method} {request.raw_path}"


HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"})


def _error_response(service: str, error: Exception, request: HttpRequest, request_id: str) -> HttpResponse:
    code, message = getattr(error, "code", None), getattr(error, "message", None)
    if isinstance(code, str) and isinstance(message, str):
        status, members = getattr(error, "status", 400), getattr(error, "members", {})
        return error_answer(service, status, code, message, members, request_id)
    logger.exception("%s %s failed", request.method, request.target, exc_info=error)
    failed = answer_for(error, "InternalError" if service == "s3" else "InternalFailure")
    if failed is not None:
        return error_answer(service, failed.status, failed.code, failed.message, {}, request_id)
    if service == "s3":
        return s3_error(
            500, "InternalError", "We encountered an internal error. Please try again.", {}, request_id
        )
    return error_answer(service, 500, "InternalFailure", f"{type(error).__name__}: {error}", {}, request_id)


async def _send(
    response: HttpResponse, request: HttpRequest, request_id: str, send: Callable[..., Awaitable[None]]
) -> None:
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


def _utf8(text: str) -> str:
    """Header bytes are UTF-8 where they are not ASCII: S3's clients send metadata so."""
    try:
        return text if text.isascii() else text.encode("latin-1").decode()
    except UnicodeDecodeError:
        return text


def _wire(text: str) -> bytes:
    # A line break inside a value would end the header and begin another.
    return text.replace("\r", " ").replace("\n", " ").encode("utf-8")
