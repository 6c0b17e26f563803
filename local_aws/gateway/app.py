"""The ASGI application: one request, from the socket to the service and back.

door → identify → signer → (ours: read → validate → handle → write) or (moto's: forward). Every failure on the
way becomes an error answer of the service's protocol, so that no input can make the server drop a request or
die.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from local_aws.caller import Caller, act_as
from local_aws.errors import INTERNAL, AwsError, not_implemented
from local_aws.gateway.door.door import Door
from local_aws.gateway.door.hosts import Hosts
from local_aws.gateway.error_answers import error_answer, family_of, s3_error
from local_aws.gateway.http import HttpRequest, HttpResponse, header_text
from local_aws.gateway.identify import CONTROL_PATH, Identity, identify, seeming_service
from local_aws.gateway.operations import answered, check_call, read_call
from local_aws.gateway.sending import send_answer
from local_aws.gateway.traffic import Traffic
from local_aws.identity.refusals import refusal
from local_aws.identity.signer import Signer, Signers
from local_aws.s3.guard import S3Guard
from local_aws.services import Services
from local_aws.settings import Settings
from local_aws.storage.answers import answer_for

logger = logging.getLogger(__name__)

WORKERS = 128
"""Threads for handlers: most of them wait (for a query, a stack, another service), 80 for Athena to read."""

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
    when `traffic` is stopped. `forwards` answer all requests of a service, by its name. `signers` tell who
    signed a request, and `s3_guard` what a bucket's owner lets others do.
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
        signers: Signers,
        s3_guard: S3Guard,
    ) -> None:
        self._settings = settings
        self._door = Door(Hosts.of(settings))
        self._signers = signers
        self._s3_guard = s3_guard
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
            {name: header_text(value) for name, value in pairs},
            pairs,
            receive,
            client=(scope.get("client") or ("",))[0],
        )
        request_id = str(uuid.uuid4())
        await send_answer(await self._answer(request, request_id), request, request_id, send)

    async def _answer(self, request: HttpRequest, request_id: str) -> HttpResponse:
        try:
            self._door.check(request)
        except AwsError as error:
            return _refused(error, request, request_id)
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
        service, told = seeming_service(request), dict[str, str]()
        try:
            if request.method == "OPTIONS":
                return await self._s3_guard.preflight(request)
            identity = await identify(request, self._settings.region)
            service = identity.service
            signer = await self._signer_of(request, identity)
            if service == "s3":
                told = await self._s3_guard.admit(request, signer)
            answer = await self._dispatch(service, identity, signer, request, request_id)
        except Exception as error:
            answer = _error_response(service, error, request, request_id)
        answer.headers.update(told)
        return answer

    async def _signer_of(self, request: HttpRequest, identity: Identity) -> Signer:
        family = family_of(identity.service)
        signer = await self._signers.signer_of(request, identity, family)
        if signer.principal.is_anonymous and identity.service not in ("s3", "sts"):
            raise refusal("anonymous", family)
        by_url = identity.claim is not None and identity.claim.where == "query"
        if by_url and not signer.proven and not _may_be_a_url(identity.service, request):
            raise AwsError("AccessDenied", UNPROVEN_URL.format(identity.service), 403)
        return signer

    async def _dispatch(
        self, service: str, identity: Identity, signer: Signer, request: HttpRequest, request_id: str
    ) -> HttpResponse:
        if service in self._forwards:
            return await self._forwards[service](request)
        if service not in self._services:
            return await self._forward(request, identity)
        return await self._serve(service, identity, signer, request, request_id)

    async def _serve(
        self, service: str, identity: Identity, signer: Signer, request: HttpRequest, request_id: str
    ) -> HttpResponse:
        call = await read_call(service, request)
        await check_call(service, call, request)
        handler = getattr(self._services.get(service, identity.region), call.method, None)
        if handler is None:
            raise not_implemented(service, call.operation.name)
        key = identity.claim.access_key_id if identity.claim is not None else None
        caller = Caller(self._settings.account_id, identity.region, key, request_id, signer.principal)
        with act_as(signer.principal):
            answer = await self._call(handler, call.request, caller)
        return await answered(call.operation, answer or {}, request_id)

    async def _call(self, handler: Callable[..., Any], request: dict[str, Any], caller: Caller) -> Any:
        if inspect.iscoroutinefunction(handler):
            return await handler(request, caller)
        work = partial(contextvars.copy_context().run, handler, request, caller)
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)

    async def _forward(self, request: HttpRequest, identity: Identity) -> HttpResponse:
        body = await request.body()
        status, headers, answer = await self._elsewhere.forward(
            request.method, request.target, _for_another_reader(request, identity), body
        )
        if identity.service == "iam":
            self._signers.forget()
        kept = {name: value for name, value in headers if is_passed_on(name)}
        return HttpResponse(status, kept, answer)


def _name_of(request: HttpRequest) -> str:
    return request.headers.get("x-amz-target") or f"{request.method} {request.raw_path}"


HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"})

UNPROVEN_URL = (
    "A presigned URL of {} is taken only when it is signed with the key of an IAM user or of a session. Sign "
    "the request in its Authorization header, as AWS's clients do."
)


def is_passed_on(name: str) -> bool:
    """Whether a header of an answer from behind the gateway leaves it: who may read it is said here."""
    lower = name.lower()
    return lower not in HOP_BY_HOP and not lower.startswith("access-control-")


def _for_another_reader(request: HttpRequest, identity: Identity) -> list[tuple[str, str]]:
    """The headers, of which nobody can read another service than we did."""
    claim = identity.claim
    if claim is None or claim.where != "header" or not claim.is_version_4:
        return request.raw_headers
    others = [(name, value) for name, value in request.raw_headers if name.lower() != "authorization"]
    return [*others, ("Authorization", claim.header)]


def _may_be_a_url(service: str, request: HttpRequest) -> bool:
    """Whether a URL that anybody can sign may ask for this: S3 has its guard, an identity is no secret."""
    is_who_am_i = request.method == "GET" and request.query.get("Action") == "GetCallerIdentity"
    return service == "s3" or (service == "sts" and is_who_am_i)


def _refused(error: AwsError, request: HttpRequest, request_id: str) -> HttpResponse:
    """The answer to a request that was not let in, in the form of the service that it seems to be for."""
    service = seeming_service(request)
    code = f"{error.code}Exception" if family_of(service) == "json" else error.code
    return error_answer(service, error.status, code, error.message, {}, request_id)


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
    return error_answer(service, 500, "InternalFailure", INTERNAL, {}, request_id)
