"""Real boto3 clients on a gateway with services made for the test, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from local_aws.gateway import Gateway
from local_aws.gateway.http import HttpRequest, HttpResponse
from local_aws.gateway.traffic import Traffic
from local_aws.identity.access_keys import AccessKeys
from local_aws.identity.sessions import Sessions
from local_aws.identity.signer import Signers
from local_aws.s3.guard import S3Guard
from local_aws.services import Services
from local_aws.settings import Settings


class Raw:
    """What botocore reads a body from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, amount: int = 0, **_: Any) -> list[bytes]:
        return [self._content]

    def read(self, amount: int | None = None, **_: Any) -> bytes:
        content, self._content = self._content, b""
        return content


class Moto:
    """Stands where moto is: remembers what was forwarded, and knows the users' keys that a test gives it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, bytes]] = []
        self.known: dict[str, dict[str, Any]] = {}
        self.headers: list[tuple[str, str]] = []

    async def ask(self, question: str, about: str) -> dict[str, Any] | None:
        return self.known.get(about)

    async def forward(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        self.seen.append((method, target, body))
        return 200, [("Content-Type", "text/xml"), ("Connection", "close"), *self.headers], b"<ok/>"


def document_of(documents: dict[str, Any]) -> Callable[[str, str], Any]:
    """Gives the documents of all buckets; of the account, those whose name begins with it."""

    async def document(bucket: str, name: str) -> Any:
        return documents.get(name if bucket else f"account_{name}")

    return document


async def no_control(request: HttpRequest) -> HttpResponse:
    """Stands where the control pages are."""
    return HttpResponse(404, {})


def ask(
    gateway: Gateway, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """Send one HTTP request: status, headers, body."""
    pairs = list({"Host": "127.0.0.1:4566", **(headers or {})}.items())
    return ask_raw(gateway, method, target, pairs, body)


def ask_raw(
    gateway: Gateway, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """Send one HTTP request with headers that may be there twice."""
    path, _, query = target.partition("?")
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), text.encode()) for name, text in headers],
    }
    asyncio.run(gateway(scope, receive, send))
    answered = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture
def moto() -> Moto:
    return Moto()


@pytest.fixture
def gateway_of(tmp_path: Path, moto: Moto) -> Callable[..., Gateway]:
    """Makes a gateway of the named services; `documents` are what buckets' owners have set, by name."""

    def make(documents: dict[str, Any] | None = None, **services: Any) -> Gateway:
        factories = {name: (lambda region, made=made: made) for name, made in services.items()}
        settings, health = Settings(state=tmp_path), {"status": "ok"}
        keys = AccessKeys(settings.account_id, Sessions(tmp_path / "sessions.sqlite"), moto.ask)
        signers, guard = Signers(settings.account_id, keys), S3Guard(document_of(documents or {}))
        return Gateway(
            settings, Services(factories), moto, lambda: health, Traffic(), no_control, {}, signers, guard
        )

    return make


@pytest.fixture
def client_of() -> Callable[[Gateway, str], Any]:
    """Makes a boto3 client that sends to a gateway."""

    def make(gateway: Gateway, service: str) -> Any:
        client = boto3.client(
            service,
            endpoint_url="http://127.0.0.1:1",
            region_name="eu-west-1",
            aws_access_key_id="AKID",
            aws_secret_access_key="secret",
            config=Config(retries={"max_attempts": 0}),
        )

        def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            url = urlsplit(request.url)
            target = f"{url.path}?{url.query}" if url.query else url.path
            headers = {name: _text(text) for name, text in request.headers.items()}
            body = request.body or b""
            body = (
                body if isinstance(body, bytes) else body.read() if hasattr(body, "read") else body.encode()
            )
            status, answered, content = ask(gateway, request.method, target, headers, body)
            return AWSResponse(request.url, status, answered, Raw(content))

        client.meta.events.register("before-send", send)
        return client

    return make


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
