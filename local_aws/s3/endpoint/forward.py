"""Pass S3 requests on to the endpoint, and its answers back.

A connection is bound to one life of LocalStack: when it is opened, LocalStack is asked for its session, and
only the session that the keeper has admitted (see `keeper.py`) is talked to. So nobody can see a LocalStack
that has just started anew and is still empty. What cannot be answered is S3's own 503, which clients repeat.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from local_aws.errors import AwsError
from local_aws.gateway.http import HttpRequest, HttpResponse
from local_aws.gateway.identify import BUCKET_HOST
from local_aws.s3.endpoint.connection import HOP_BY_HOP, NO_BODY, Connection, Head
from local_aws.s3.presigned import check_presigned

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 60.0
"""Completing an upload of many parts is the slowest answer."""
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between attempts, for requests of which nothing was sent yet."""
IDLE_SECONDS = 4.0
MOST_IDLE = 32
LONG_BODY = 64 * 1024
"""Bytes of an answer above which its body is not gathered first."""
REPEATABLE = frozenset({"GET", "HEAD"})
INFORMATION = "/_localstack/info"
NOT_PASSED_BACK = HOP_BY_HOP | {"server", "date"}

Changed = Callable[[HttpRequest, int], None]
"""Is told of each request that was answered, with the status."""


class Unavailable(Exception):
    """The endpoint does not answer, or not as the LocalStack that was admitted."""


class Forward:
    """Forwards to the endpoint that `endpoint()` names; `admits(session)` says whether it may be used.

    All on one event loop.
    """

    def __init__(
        self, endpoint: Callable[[], str], admits: Callable[[str | None], bool], answered: Changed
    ) -> None:
        self._endpoint = endpoint
        self._admits = admits
        self._answered = answered
        self._idle: list[tuple[str, Connection]] = []

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """The endpoint's answer to a request.

        Raises:
            AwsError: ServiceUnavailable (503), or AccessDenied of a URL that has expired.
        """
        # LocalStack looks at a URL's expiry only when it checks signatures, and it knows no secrets.
        check_presigned(request.query, datetime.now(UTC))
        endpoint = self._endpoint()
        try:
            for fresh in (False, True):
                connection = await self._connection(endpoint, fresh)
                try:
                    return await self._exchange(request, endpoint, connection)
                except (ConnectionError, TimeoutError, ValueError) as error:
                    connection.close()
                    if fresh or request.method not in REPEATABLE:
                        raise Unavailable(str(error) or "it took too long") from error
                except BaseException:
                    connection.close()
                    raise
            raise AssertionError("the second attempt returns or raises")
        except Unavailable as error:
            raise unavailable(endpoint, str(error)) from error

    async def _connection(self, endpoint: str, fresh: bool) -> Connection:
        while self._idle and not fresh:
            bound_to, connection = self._idle.pop()
            young = time.monotonic() - connection.idle_since < IDLE_SECONDS
            if bound_to == endpoint and connection.usable and young:
                return connection
            connection.close()
        for pause in (*PAUSES, None):
            try:
                return await self._open(endpoint)
            except (OSError, TimeoutError, ValueError, Unavailable) as error:
                if pause is None:
                    raise Unavailable(str(error) or "it took too long") from error
                await asyncio.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    async def _open(self, endpoint: str) -> Connection:
        parts = urlsplit(endpoint)
        connection = await Connection.open(parts.hostname or "", parts.port or 80, CONNECT_SECONDS)
        try:
            session = await asyncio.wait_for(_session(connection, parts.netloc), ANSWER_SECONDS)
            if not self._admits(session):
                raise Unavailable("it has started anew and is given its objects back")
        except BaseException:
            connection.close()
            raise
        return connection

    async def _exchange(self, request: HttpRequest, endpoint: str, connection: Connection) -> HttpResponse:
        chunked = "transfer-encoding" in request.headers
        headers = [(name, value) for name, value in request.raw_headers if _is_passed_on(name.lower())]
        if chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        await connection.send_head(request.method, _target(request), headers)
        sending = asyncio.create_task(connection.send_body(request.stream(), chunked))
        sending.add_done_callback(_notice)
        try:
            head = await self._head(connection, sending)
        except BaseException:
            sending.cancel()
            raise
        reusable = sending.done() and sending.exception() is None and not head.closes
        sending.cancel()  # when it was refused before all was sent
        self._answered(request, head.status)
        kept = {name: _text(value) for name, value in head.headers if _is_passed_back(name)}
        body = self._body(request.method, head, endpoint, connection, reusable)
        if not _is_long(request.method, head):
            whole = b"".join([chunk async for chunk in body])
            if request.method != "HEAD":
                kept.pop("content-length", None)  # the gateway counts a whole body itself
            return HttpResponse(head.status, kept, whole)
        return HttpResponse(head.status, kept, body)

    async def _head(self, connection: Connection, sending: asyncio.Task[None]) -> Head:
        """The answer's head, for which a client that is still sending has all the time it takes."""
        reading = asyncio.create_task(connection.read_head())
        try:
            await asyncio.wait((sending, reading), return_when=asyncio.FIRST_COMPLETED)
            if sending.done() and isinstance(sending.exception(), AwsError):
                raise sending.exception()  # type: ignore[misc]  # the client hung up
            return await asyncio.wait_for(reading, ANSWER_SECONDS)
        finally:
            reading.cancel()

    async def _body(
        self, method: str, head: Head, endpoint: str, connection: Connection, reusable: bool
    ) -> AsyncIterator[bytes]:
        complete = False
        try:
            async for chunk in connection.read_body(method, head):
                yield chunk
            complete = True
        finally:
            if complete and reusable and len(self._idle) < MOST_IDLE:
                connection.idle_since = time.monotonic()
                self._idle.append((endpoint, connection))
            else:
                connection.close()

    def close(self) -> None:
        """Drop the idle connections."""
        for _, connection in self._idle:
            connection.close()
        self._idle.clear()


async def _session(connection: Connection, host: str) -> str | None:
    """LocalStack's session, new with each start; None of an endpoint that is not LocalStack."""
    await connection.send_head("GET", INFORMATION, [("Host", host)])
    head = await connection.read_head()
    body = b"".join([chunk async for chunk in connection.read_body("GET", head)])
    return str(json.loads(body)["session_id"]) if head.status == 200 else None


def _target(request: HttpRequest) -> str:
    """Path and query, with the bucket in front where LocalStack would not find it in the host name."""
    found = BUCKET_HOST.match(request.headers.get("host", ""))
    if found is None or ".s3." in found[0]:
        return request.target
    return f"/{found['bucket']}{request.target}"


def _is_passed_on(name: str) -> bool:
    # What pages may do has been decided (`s3/guard.py`); LocalStack has another opinion of origins.
    return name not in HOP_BY_HOP and name not in ("origin", "referer") and not name.startswith("sec-fetch-")


def _is_passed_back(name: str) -> bool:
    # Whom a browser may give an answer to is our gateway's to say, by the bucket's rules.
    return name not in NOT_PASSED_BACK and not name.startswith("access-control-")


def _is_long(method: str, head: Head) -> bool:
    """Whether an answer has a body that is passed on as it comes, not as a whole."""
    if method == "HEAD" or head.status in NO_BODY:
        return False
    return int(head.get("content-length") or LONG_BODY) >= LONG_BODY


def _notice(sending: asyncio.Task[None]) -> None:
    """Look at how sending ended; the answer, or its absence, says what came of it."""
    if not sending.cancelled():
        sending.exception()


def unavailable(endpoint: str, why: str) -> AwsError:
    """S3's answer when it cannot answer, in one sentence that says who did not and what to do."""
    return AwsError(
        "ServiceUnavailable",
        f"S3 is LocalStack at {endpoint}, which does not answer ({why}). "
        'Repeat the request; if it stays so, start LocalStack again, or "laguna down" and "laguna up".',
        503,
    )


def _text(value: str) -> str:
    """Header bytes are UTF-8 where they are not ASCII."""
    try:
        return value if value.isascii() else value.encode("latin-1").decode()
    except UnicodeDecodeError:
        return value
