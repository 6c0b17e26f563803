"""Forwarding, with an endpoint that is a few lines of asyncio."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from local_aws.errors import AwsError
from local_aws.gateway.http import HttpRequest
from local_aws.s3.endpoint import forward
from local_aws.s3.endpoint.forward import Forward

Reply = Callable[[str, bytes, asyncio.StreamWriter], Awaitable[None]]


class Endpoint:
    """Answers LocalStack's information page by itself and hands every other request to `reply`."""

    def __init__(self, reply: Reply, session: str = "first") -> None:
        self.reply = reply
        self.session = session
        self.connections = 0
        self.heads: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                if head.startswith("GET /_localstack/info "):
                    await send(writer, json.dumps({"session_id": self.session}).encode())
                    continue
                self.heads.append(head)
                length = next(
                    (line[16:] for line in head.lower().split("\r\n") if "content-length" in line), "0"
                )
                await self.reply(head, await reader.readexactly(int(length)), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def send(writer: asyncio.StreamWriter, body: bytes, status: str = "200 OK", head: str = "") -> None:
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body)
    await writer.drain()


@asynccontextmanager
async def forwarding(endpoint: Endpoint) -> AsyncIterator[Forward]:
    server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    made = Forward(lambda: f"http://127.0.0.1:{port}", lambda session: session == "first", lambda *_: None)
    try:
        yield made
    finally:
        made.close()
        server.close()


def request(method: str, target: str, body: bytes = b"", **headers: str) -> HttpRequest:
    pairs = [("host", "lake.s3.localhost:4566"), *headers.items()]
    if body:
        pairs.append(("content-length", str(len(body))))
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return messages.pop(0)

    path, _, query = target.partition("?")
    return HttpRequest(method, path, query, dict(pairs), pairs, receive)


async def whole(body: Any) -> bytes:
    return body if isinstance(body, bytes) else b"".join([chunk async for chunk in body])


def test_method_target_headers_and_body_arrive_as_they_were_sent() -> None:
    seen: list[bytes] = []

    async def reply(head: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(body)
        await send(writer, b"", head='ETag: "1"\r\nx-amz-meta-ciudad: Bogotá\r\n')

    async def run() -> None:
        endpoint = Endpoint(reply)
        async with forwarding(endpoint) as forward_to:
            sent = request(
                "PUT",
                "/a%2Fb%20c?x-id=PutObject",
                b"5;chunk-signature=0\r\nhello\r\n0\r\n",
                Authorization="AWS4",
            )
            answer = await forward_to(sent)
        assert endpoint.heads[0].startswith("PUT /a%2Fb%20c?x-id=PutObject HTTP/1.1\r\n")
        assert "host: lake.s3.localhost:4566\r\n" in endpoint.heads[0]
        assert "Authorization: AWS4\r\n" in endpoint.heads[0]
        assert seen == [b"5;chunk-signature=0\r\nhello\r\n0\r\n"]
        assert (answer.status, answer.headers["etag"]) == (200, '"1"')
        assert answer.headers["x-amz-meta-ciudad"] == "Bogotá"

    asyncio.run(run())


def test_a_long_answer_is_passed_on_as_it_comes_and_its_connection_used_again() -> None:
    body = bytes(range(256)) * 4096

    async def reply(head: str, sent: bytes, writer: asyncio.StreamWriter) -> None:
        await send(writer, body)

    async def run() -> None:
        endpoint = Endpoint(reply)
        async with forwarding(endpoint) as forward_to:
            for _ in range(3):
                answer = await forward_to(request("GET", "/lake/a"))
                assert not isinstance(answer.body, bytes)
                assert await whole(answer.body) == body
        assert endpoint.connections == 1

    asyncio.run(run())


def test_a_localstack_of_another_session_is_not_talked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward, "PAUSES", (0.0,))

    async def reply(head: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        raise AssertionError("it was asked")

    async def run() -> None:
        async with forwarding(Endpoint(reply, session="second")) as forward_to:
            with pytest.raises(AwsError, match="has started anew and is given its objects back") as caught:
                await forward_to(request("GET", "/lake/a"))
        assert (caught.value.code, caught.value.status) == ("ServiceUnavailable", 503)

    asyncio.run(run())


def test_nobody_at_the_endpoint_is_one_sentence_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward, "PAUSES", (0.0, 0.0))
    nobody = Forward(lambda: "http://127.0.0.1:1", lambda session: True, lambda *_: None)
    with pytest.raises(
        AwsError, match=r"S3 is LocalStack at http://127\.0\.0\.1:1, which does not .*laguna up"
    ):
        asyncio.run(nobody(request("PUT", "/lake/a", b"x")))


@pytest.mark.parametrize(("method", "answered"), [("GET", True), ("PUT", False)])
def test_only_a_request_that_changes_nothing_is_sent_twice(method: str, answered: bool) -> None:
    calls: list[str] = []

    async def reply(head: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        calls.append(head)
        if len(calls) == 1:
            writer.close()
        else:
            await send(writer, b"there")

    async def run() -> None:
        async with forwarding(Endpoint(reply)) as forward_to:
            if answered:
                assert (await forward_to(request(method, "/lake/a"))).body == b"there"
            else:
                with pytest.raises(AwsError, match="closed the connection"):
                    await forward_to(request(method, "/lake/a", b"x"))

    asyncio.run(run())
    assert len(calls) == (2 if answered else 1)


def test_an_endpoint_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward, "ANSWER_SECONDS", 0.1)

    async def reply(head: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    async def run() -> None:
        async with forwarding(Endpoint(reply)) as forward_to:
            with pytest.raises(AwsError, match="it took too long"):
                await forward_to(request("GET", "/lake/a"))

    asyncio.run(run())


def test_a_bucket_in_a_host_name_that_localstack_does_not_know_is_put_into_the_path() -> None:
    async def reply(head: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        await send(writer, b"")

    async def run() -> None:
        endpoint = Endpoint(reply)
        async with forwarding(endpoint) as forward_to:
            sent = request("GET", "/a?versions")
            sent.headers["host"] = "lake.localhost:4566"
            await forward_to(sent)
        assert endpoint.heads[0].startswith("GET /lake/a?versions ")

    asyncio.run(run())
