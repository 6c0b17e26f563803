"""What a browser may make this server do for a page of another site: nothing, but for S3's own rules."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.unit.local_aws.gateway.conftest import Moto, ask
from tests.unit.local_aws.gateway.test_gateway import SIGNED, Recorder

EVIL = "https://evil.example.com"
CROSS_SITE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
PAGES: list[dict[str, str]] = [
    {"Origin": EVIL},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://127.0.0.1:4567"},
    {"Origin": "http://lake.localhost:4566"},
    {"Origin": "file://"},
    {"Referer": f"{EVIL}/page"},
    CROSS_SITE,
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "CROSS-SITE", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    {"Origin": EVIL, "Sec-Fetch-Site": "none"},
]
CREDENTIAL = "X-Amz-Credential=test%2F20261130%2Fus-east-1%2F{}%2Faws4_request"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TRIES: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "/?Action=CreateStack&StackName=x&" + CREDENTIAL.format("cloudformation"), {}),
    ("POST", "/", {**FORM, "Authorization": SIGNED.format("cloudformation")}),
    ("POST", "/", {"Content-Type": "text/plain", "X-Amz-Target": "AWSGlue.DeleteTable"}),
    ("POST", "/", {"Authorization": SIGNED.format("states"), "X-Amz-Target": "AWSStepFunctions.Run"}),
    ("POST", "/lake?delete", {"Content-Type": "text/plain"}),
    ("POST", "/lake?delete", {"Content-Type": "text/plain", "Authorization": SIGNED.format("s3")}),
    ("PUT", "/lake/key", {"Authorization": SIGNED.format("s3")}),
    ("DELETE", "/lake/key", {"Authorization": SIGNED.format("s3")}),
    ("GET", "/lake/key", {"Authorization": SIGNED.format("s3")}),
    ("GET", "/", {"Authorization": SIGNED.format("s3")}),
    ("GET", "/_laguna/health", {}),
    ("PUT", "/_laguna/snapshots/x", {}),
    ("OPTIONS", "/?" + CREDENTIAL.format("dynamodb"), {"Access-Control-Request-Method": "POST"}),
    ("OPTIONS", "/lake/key", {"Access-Control-Request-Method": "PUT"}),
    ("GET", "/lake/key", {"Connection": "Upgrade", "Upgrade": "websocket"}),
]  # fmt: skip


class Everything:
    """Every service: whatever reaches it is a failure of the door."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    def __getattr__(self, operation: str) -> Any:
        if operation.startswith("__"):
            raise AttributeError(operation)

        def handle(request: dict[str, Any], caller: Any) -> dict[str, Any]:
            self.reached.append(operation)
            return {}

        return handle


@pytest.mark.parametrize("page", PAGES, ids=lambda page: " ".join(f"{k}={v}" for k, v in page.items()))
@pytest.mark.parametrize(("method", "target", "headers"), TRIES, ids=lambda part: str(part)[:50])
def test_a_page_of_another_site_reaches_nothing(
    gateway_of: Any, moto: Moto, page: dict[str, str], method: str, target: str, headers: dict[str, str]
) -> None:
    everything = Everything()
    gateway = gateway_of(s3=everything, glue=everything, cloudformation=everything)
    status, answered, _ = ask(gateway, method, target, {**headers, **page}, b"{}")
    assert status in (400, 403)
    assert (everything.reached, moto.seen) == ([], [])
    assert not [name for name in answered if name.startswith("access-control")]


def test_what_is_refused_is_not_read(gateway_of: Any) -> None:
    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was read")

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    for name, value in ((b"host", b"evil.example.com"), (b"origin", EVIL.encode())):
        headers = {b"host": b"localhost", b"content-length": b"1000000", name: value}
        scope = {
            "type": "http", "method": "POST", "raw_path": b"/", "query_string": b"",
            "headers": list(headers.items()),
        }  # fmt: skip
        asyncio.run(gateway_of()(scope, receive, send))
    assert [message["status"] for message in sent if "status" in message] == [403, 403]
    assert (b"connection", b"close") in sent[0]["headers"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("target", ["/", "/lake/key", "/_laguna/health"])
def test_a_foreign_host_is_refused_whoever_signed(
    gateway_of: Any, moto: Moto, method: str, target: str
) -> None:
    s3 = Recorder(get_object={}, put_object={})
    headers = {"Host": "evil.example.com:4566", "Authorization": SIGNED.format("s3")}
    status, _, content = ask(gateway_of(s3=s3), method, target, headers)
    assert (status, s3.caller, moto.seen) == (403, None, [])
    assert b"LAGUNA_HOSTS=evil.example.com" in content or method == "HEAD"


def test_a_refusal_has_the_shape_of_its_protocol(gateway_of: Any) -> None:
    foreign = {"Host": "evil.example.com"}
    _, _, content = ask(gateway_of(), "POST", "/", {**foreign, "X-Amz-Target": "AWSGlue.GetTables"})
    assert json.loads(content)["__type"] == "AccessDeniedException"
    _, _, content = ask(gateway_of(), "POST", "/", {**foreign, "Authorization": SIGNED.format("iam")})
    assert content.count(b"<ErrorResponse") == 1
    assert b"<Code>AccessDenied</Code>" in content
    _, _, content = ask(gateway_of(), "GET", "/lake/key", {"Host": "<evil>&.example.com"})
    assert b"&lt;evil&gt;&amp;.example.com" in content


def test_our_own_pages_and_a_person_s_address_bar_are_at_home(gateway_of: Any) -> None:
    home = [
        {},
        {"Origin": "http://127.0.0.1:4566", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        {"Referer": "http://127.0.0.1:4566/console"},
    ]
    for headers in home:
        assert ask(gateway_of(), "GET", "/_laguna/health", headers)[0] == 200


def test_two_readers_can_not_find_two_services_in_one_request(gateway_of: Any, moto: Moto) -> None:
    signed = {"Authorization": SIGNED.format("glue")}
    for target in (
        "/?" + CREDENTIAL.format("dynamodb"),
        "/?X-Amz-Signature=0",
        "/?AWSAccessKeyId=test&Signature=0",
    ):
        assert ask(gateway_of(glue=Everything()), "POST", target, signed)[0] == 400
    doubled = SIGNED.format("glue") + ", Credential=test/20261130/us-east-1/iam/aws4_request"
    assert ask(gateway_of(), "POST", "/", {"Authorization": doubled})[0] == 400
    assert moto.seen == []


def test_a_header_that_says_who_asks_is_given_once(gateway_of: Any) -> None:
    from tests.unit.local_aws.gateway.conftest import ask_raw

    headers = [("Host", "localhost"), ("Host", "evil.example.com")]
    assert ask_raw(gateway_of(), "GET", "/_laguna/health", headers)[0] == 400


@pytest.mark.parametrize("service", ["cloudformation", "iam", "dynamodb", "glue"])
def test_a_url_that_anybody_can_sign_reaches_only_s3(gateway_of: Any, moto: Moto, service: str) -> None:
    everything = Everything()
    url = (
        f"/?Action=CreateStack&X-Amz-Algorithm=AWS4-HMAC-SHA256&{CREDENTIAL.format(service)}".replace(
            "test", "AKID"
        )
        + "&X-Amz-Date=20261130T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00"
    )
    gateway = gateway_of(cloudformation=everything, glue=everything)
    assert ask(gateway, "GET", url)[0] == 403
    assert ask(gateway, "GET", f"/?Action=CreateStack&{CREDENTIAL.format(service)}")[0] == 400
    assert (everything.reached, moto.seen) == ([], [])


def test_moto_does_not_say_who_may_read_its_answers(gateway_of: Any, moto: Moto) -> None:
    moto.headers = [("Access-Control-Allow-Origin", "*"), ("access-control-allow-methods", "GET")]
    _, headers, _ = ask(gateway_of(), "POST", "/", {"Authorization": SIGNED.format("iam")})
    assert not [name for name in headers if name.startswith("access-control")]


def test_a_method_that_no_service_has_is_refused(gateway_of: Any) -> None:
    assert ask(gateway_of(), "TRACE", "/lake/key")[0] == 405
    assert ask(gateway_of(), "OPTIONS", "/")[0] == 405
