"""A bucket's CORS rules: what a browser is told, and what is served of a page that they do not allow."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local_aws.errors import AwsError
from local_aws.s3.cors import answer_headers, rule_for
from tests.unit.local_aws.gateway.conftest import Moto, ask, gateway_of, moto  # noqa: F401 - fixtures
from tests.unit.local_aws.gateway.test_gateway import Recorder

ORIGIN = "https://app.example.com"
RULE = {
    "AllowedOrigins": ["https://*.example.com", "http://localhost:3000"],
    "AllowedMethods": ["GET", "PUT"],
    "AllowedHeaders": ["x-amz-*", "Content-Type"],
    "ExposeHeaders": ["ETag", "x-amz-version-id"],
    "MaxAgeSeconds": 300,
}
OPEN = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}
DOCUMENTS = {"cors": {"CORSRules": [RULE, OPEN]}}
ENDPOINT = "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    ("origin", "method", "headers", "found"),
    [
        (ORIGIN, "PUT", ["X-Amz-Meta-A", "content-type"], RULE),
        ("http://localhost:3000", "GET", [], RULE),
        ("https://example.com", "GET", [], OPEN),
        ("https://example.com", "PUT", [], None),
        (ORIGIN, "PUT", ["authorization"], None),
        (ORIGIN, "DELETE", [], None),
        ("null", "GET", [], OPEN),
        ("https://.example.com", "GET", [], RULE),
        ("https://app.example.com.evil.org", "PUT", [], None),
    ],
)
def test_the_first_rule_that_allows_origin_method_and_headers_counts(
    origin: str, method: str, headers: list[str], found: Any
) -> None:
    assert rule_for([RULE, OPEN], origin, method, headers) is found


def test_a_star_in_the_middle_does_not_match_what_both_ends_share() -> None:
    rule = {"AllowedOrigins": ["http://aba*aba"], "AllowedMethods": ["GET"]}
    assert rule_for([rule], "http://aba", "GET") is None
    assert rule_for([rule], "http://abaaba", "GET") is rule


def test_everybody_is_told_a_star_and_no_credentials() -> None:
    assert answer_headers(OPEN, ORIGIN)["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer_headers(OPEN, ORIGIN)


def preflight(gateway: Any, target: str = "/lake/key", **headers: str) -> tuple[int, dict[str, str], bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(gateway, "OPTIONS", target, named)


def test_a_preflight_that_a_rule_allows_is_answered_by_it(gateway_of: Any) -> None:  # noqa: F811
    status, headers, _ = preflight(
        gateway_of(DOCUMENTS, s3=Recorder()),
        Origin=ORIGIN,
        Access_Control_Request_Method="PUT",
        Access_Control_Request_Headers="Content-Type, X-Amz-Date",
    )
    assert status == 200
    told = {name: value for name, value in headers.items() if name.startswith(("access", "vary"))}
    assert told == {
        "access-control-allow-origin": ORIGIN,
        "access-control-allow-methods": "GET, PUT",
        "access-control-allow-headers": "content-type, x-amz-date",
        "access-control-expose-headers": "ETag, x-amz-version-id",
        "access-control-allow-credentials": "true",
        "access-control-max-age": "300",
        "vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    }


@pytest.mark.parametrize(
    ("documents", "message"),
    [({}, b"CORS is not enabled for this bucket."), (DOCUMENTS, b"This CORS request is not allowed.")],
)
def test_a_preflight_that_no_rule_allows_is_forbidden(
    gateway_of: Any, documents: dict[str, Any], message: bytes  # noqa: F811
) -> None:  # fmt: skip
    status, headers, content = preflight(
        gateway_of(documents, s3=Recorder()), Origin=ORIGIN, Access_Control_Request_Method="DELETE"
    )
    assert (status, message in content, b"<Code>AccessForbidden</Code>" in content) == (403, True, True)
    assert b"<ResourceType>OBJECT</ResourceType>" in content
    assert not [name for name in headers if name.startswith("access-control")]


def test_a_preflight_that_is_not_whole_is_a_bad_request(gateway_of: Any) -> None:  # noqa: F811
    gateway = gateway_of(DOCUMENTS, s3=Recorder())
    assert preflight(gateway, Access_Control_Request_Method="PUT")[0] == 400
    assert preflight(gateway, Origin=ORIGIN)[0] == 400
    assert preflight(gateway, Origin=ORIGIN, Access_Control_Request_Method="PATCH")[0] == 400


def url(method: str, key: str = "test", secret: str = "test", path: str = "/lake/key") -> str:
    request = AWSRequest(method, f"{ENDPOINT}{path}")
    S3SigV4QueryAuth(Credentials(key, secret), "s3", "us-east-1").add_auth(request)
    return str(request.url).removeprefix(ENDPOINT)


def test_a_page_that_a_rule_allows_is_served_and_may_read(gateway_of: Any) -> None:  # noqa: F811
    s3 = Recorder(get_object={}, put_object={})
    gateway = gateway_of(DOCUMENTS, s3=s3)
    for method in ("GET", "PUT"):
        status, headers, _ = ask(gateway, method, url(method), {"Origin": ORIGIN})
        assert (status, headers["access-control-allow-origin"]) == (200, ORIGIN)


def test_a_page_that_a_rule_allows_may_read_an_error_too(gateway_of: Any) -> None:  # noqa: F811
    missing = AwsError("NoSuchKey", "The specified key does not exist.", 404)
    gateway = gateway_of(DOCUMENTS, s3=Recorder(get_object=missing))
    status, headers, _ = ask(gateway, "GET", url("GET"), {"Origin": ORIGIN})
    assert (status, headers["access-control-allow-origin"]) == (404, ORIGIN)


def test_a_page_that_no_rule_allows_changes_and_reads_nothing_with_what_everybody_knows(
    gateway_of: Any,  # noqa: F811
) -> None:
    s3 = Recorder(get_object={}, put_object={}, delete_objects={})
    gateway = gateway_of(s3=s3)
    for method, path in (("GET", "/lake/key"), ("PUT", "/lake/key"), ("POST", "/lake?delete=")):
        status, headers, _ = ask(gateway, method, url(method, path=path), {"Origin": ORIGIN}, b"x")
        assert (status, s3.caller) == (403, None)
        assert "access-control-allow-origin" not in headers


def test_a_page_with_a_url_of_a_user_is_served_as_on_aws_and_may_not_read(
    gateway_of: Any, moto: Moto  # noqa: F811
) -> None:  # fmt: skip
    key, secret = "AKIAQAAAAAAAB2345678", "s3cret"
    moto.known[key] = {"secret": secret, "active": True, "arn": "arn", "user_id": "AIDA"}
    gateway = gateway_of(s3=Recorder(get_object={}))
    status, headers, _ = ask(gateway, "GET", url("GET", key, secret), {"Origin": ORIGIN})
    assert (status, "access-control-allow-origin" in headers) == (200, False)
    assert ask(gateway, "GET", url("GET", key, "wrong"), {"Origin": ORIGIN})[0] == 403


NAVIGATION = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def test_a_presigned_link_that_a_person_follows_is_shown_in_a_sandbox(gateway_of: Any) -> None:  # noqa: F811
    gateway = gateway_of(s3=Recorder(get_object={}))
    status, headers, _ = ask(gateway, "GET", url("GET"), NAVIGATION)
    assert (status, headers["content-security-policy"].split()[0]) == (200, "sandbox")
    assert "allow-same-origin" not in headers["content-security-policy"]
    typed = {**NAVIGATION, "Sec-Fetch-Site": "none"}
    assert "content-security-policy" in ask(gateway, "GET", url("GET"), typed)[1]
    assert "content-security-policy" in ask(gateway, "GET", url("GET"), {"Accept": "text/html,*/*"})[1]
    assert "content-security-policy" not in ask(gateway, "GET", url("GET"), {"Accept": "*/*"})[1]


def test_an_image_of_another_site_s_page_is_not_served_and_one_of_localhost_is(
    gateway_of: Any,  # noqa: F811
) -> None:
    gateway = gateway_of(s3=Recorder(get_object={}))
    image = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert ask(gateway, "GET", url("GET"), {**image, "Sec-Fetch-Site": "cross-site"})[0] == 403
    assert ask(gateway, "GET", url("GET"), {**image, "Sec-Fetch-Site": "same-site"})[0] == 200
