"""Signatures as AWS's own client library makes them, whole and tampered with, against a real gateway."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.client import Config
from botocore.credentials import Credentials

from local_aws.caller import Principal
from local_aws.gateway import Gateway
from local_aws.identity.sessions import Session, Sessions
from tests.unit.local_aws.gateway.conftest import Moto, ask, gateway_of  # noqa: F401 - fixtures
from tests.unit.local_aws.gateway.test_gateway import Recorder

KEY, SECRET = "AKIAQAAAAAAAB2345678", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ARN = "arn:aws:iam::000000000000:user/ana"
ENDPOINT = "http://127.0.0.1:4566"


@pytest.fixture
def moto() -> Moto:
    made = Moto()
    made.known[KEY] = {"secret": SECRET, "active": True, "arn": ARN, "user_id": "AIDA1"}
    return made


def send(gateway: Gateway, request: AWSRequest, **changed: str) -> tuple[int, bytes]:
    url = urlsplit(request.url)
    headers = {"Host": url.netloc, **dict(request.headers.items()), **changed}
    target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    status, _, content = ask(gateway, request.method, target, headers, request.body or b"")
    return status, content


def signed(
    service: str, method: str = "POST", path: str = "/", body: bytes = b"{}", secret: str = SECRET,
    key: str = KEY, token: str | None = None, **headers: str,
) -> AWSRequest:  # fmt: skip
    request = AWSRequest(method, f"{ENDPOINT}{path}", headers=headers, data=body)
    auth = S3SigV4Auth if service == "s3" else SigV4Auth
    auth(Credentials(key, secret, token), service, "eu-west-1").add_auth(request)
    return request


GET_TABLES = {"X-Amz-Target": "AWSGlue.GetDatabases"}


def test_a_user_s_request_is_the_user_s(gateway_of: Any) -> None:  # noqa: F811
    glue = Recorder(get_databases={"DatabaseList": []})
    assert send(gateway_of(glue=glue), signed("glue", **GET_TABLES))[0] == 200
    assert glue.caller is not None
    assert glue.caller.who == Principal("user", "000000000000", ARN, "AIDA1")
    assert glue.caller.region == "eu-west-1"


def test_a_stranger_s_key_with_any_secret_is_the_account_s_own(gateway_of: Any) -> None:  # noqa: F811
    for key in ("test", "AKID", "AKIAIOSFODNN7EXAMPLE"):
        glue = Recorder(get_databases={"DatabaseList": []})
        request = signed("glue", key=key, secret="whatever", **GET_TABLES)
        assert send(gateway_of(glue=glue), request)[0] == 200
        assert glue.caller is not None
        assert glue.caller.who.arn == "arn:aws:iam::000000000000:root"


WRONG: list[tuple[str, dict[str, str], int, bytes]] = [
    ("glue", GET_TABLES, 400, b"InvalidSignatureException"),
    ("cloudformation", {}, 403, b"<Code>SignatureDoesNotMatch</Code>"),
    ("iam", {}, 403, b"<Code>SignatureDoesNotMatch</Code>"),
    ("s3", {}, 403, b"<Code>SignatureDoesNotMatch</Code>"),
]


@pytest.mark.parametrize(("service", "headers", "status", "code"), WRONG)
def test_a_user_s_key_with_a_wrong_secret_is_refused(
    gateway_of: Any, moto: Moto, service: str, headers: dict[str, str], status: int, code: bytes  # noqa: F811
) -> None:  # fmt: skip
    s3, glue = Recorder(list_buckets={}), Recorder(get_databases={})
    request = signed(service, "GET" if service == "s3" else "POST", secret="wrong", **headers)
    answered, content = send(gateway_of(s3=s3, glue=glue, cloudformation=Recorder()), request)
    assert (answered, code in content) == (status, True)
    assert (s3.caller, glue.caller, moto.seen) == (None, None, [])


def test_nothing_that_was_signed_can_be_changed(gateway_of: Any) -> None:  # noqa: F811
    s3 = Recorder(put_object={}, delete_object={}, list_buckets={})
    gateway = gateway_of(s3=s3)
    path = "/lake/a%C3%B1o/b%20c%2Bd~e=f?partNumber=1&uploadId=u%2F1"

    def made(method: str = "PUT") -> AWSRequest:
        return signed("s3", method, path.partition("?")[0], b"data", **{"x-amz-meta-m": "a   b"})

    assert send(gateway, made())[0] == 200
    assert send(gateway, made(), **{"x-amz-meta-m": "a b"})[0] == 200, "spaces are folded"
    assert send(gateway, made(), **{"x-amz-meta-m": "other"})[0] == 403
    assert send(gateway, made(), **{"x-amz-copy-source": "lake/secret"})[0] == 403
    assert send(gateway, made(), **{"X-Amz-Date": "20260101T000000Z"})[0] == 403
    assert send(gateway, made(), Host="localhost:4566")[0] == 403
    other = made()
    other.url = other.url.replace("b%20c", "b%20x")
    assert send(gateway, other)[0] == 403
    other = made()
    other.url += "?acl"
    assert send(gateway, other)[0] == 403
    other = made()
    other.method = "DELETE"
    assert send(gateway, other)[0] == 403


def test_a_body_is_held_against_the_hash_that_was_signed(gateway_of: Any, moto: Moto) -> None:  # noqa: F811
    class Store:
        async def put_object(self, request: dict[str, Any], caller: Any) -> dict[str, Any]:
            return {"ETag": str(len(b"".join([chunk async for chunk in request["Body"]])))}

    request = signed("s3", "PUT", "/lake/key", b"data")
    assert send(gateway_of(s3=Store()), request)[0] == 200
    request = signed("s3", "PUT", "/lake/key", b"data", **{"Content-Length": "4"})
    request.data = b"evil"
    status, content = send(gateway_of(s3=Store()), request)
    assert (status, b"XAmzContentSHA256Mismatch" in content) == (400, True)
    request = signed("iam", body=b"Action=ListUsers")
    request.data = b"Action=CreateUser"
    assert send(gateway_of(), request)[0] == 403
    assert moto.seen == []


@pytest.mark.parametrize(
    "payload",
    ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"],
)
def test_a_payload_that_is_not_hashed_is_signed_as_such(gateway_of: Any, payload: str) -> None:  # noqa: F811
    s3 = Recorder(put_object={})
    request = AWSRequest("PUT", f"{ENDPOINT}/lake/key", headers={"X-Amz-Content-SHA256": payload}, data=b"x")

    class Streaming(S3SigV4Auth):  # type: ignore[misc]
        def payload(self, request: AWSRequest) -> str:
            return payload

        def _modify_request_before_signing(self, request: AWSRequest) -> None:
            super()._modify_request_before_signing(request)
            request.headers.replace_header("X-Amz-Content-SHA256", payload)

    Streaming(Credentials(KEY, SECRET), "s3", "us-east-1").add_auth(request)
    assert send(gateway_of(s3=s3), request)[0] == 200
    assert send(gateway_of(s3=s3), request, **{"X-Amz-Content-SHA256": "UNSIGNED"})[0] == 403


@pytest.mark.parametrize(
    "path", ["/2015-03-31/functions/a%3Ab%20c/", "//a/../b/./c", "/x?b=2&a=%20%2B&a=1&empty"]
)
def test_other_services_paths_are_signed_their_own_way(gateway_of: Any, moto: Moto, path: str) -> None:  # noqa: F811
    request = AWSRequest("GET", f"{ENDPOINT}{path}")
    SigV4Auth(Credentials(KEY, SECRET), "lambda", "us-east-1").add_auth(request)
    assert send(gateway_of(), request)[0] == 200
    assert len(moto.seen) == 1


def test_a_key_that_was_deleted_or_switched_off_is_unknown(gateway_of: Any, moto: Moto) -> None:  # noqa: F811
    moto.known[KEY]["active"] = False
    for key in (KEY, "AKIAQAAAAAAAGONE2345"):
        status, content = send(gateway_of(glue=Recorder()), signed("glue", key=key, **GET_TABLES))
        assert (status, b"UnrecognizedClientException" in content) == (400, True)
        status, content = send(gateway_of(), signed("iam", key=key))
        assert (status, b"<Code>InvalidClientTokenId</Code>" in content) == (403, True)
        status, content = send(gateway_of(s3=Recorder()), signed("s3", "GET", key=key))
        assert (status, b"<Code>InvalidAccessKeyId</Code>" in content) == (403, True)


def test_what_iam_says_is_asked_again_when_iam_has_changed(gateway_of: Any, moto: Moto) -> None:  # noqa: F811
    gateway = gateway_of(glue=Recorder(get_databases={"DatabaseList": []}))
    assert send(gateway, signed("glue", **GET_TABLES))[0] == 200
    del moto.known[KEY]
    assert send(gateway, signed("iam", key="test", body=b"Action=DeleteAccessKey"))[0] == 200
    assert send(gateway, signed("glue", **GET_TABLES))[0] == 400


@pytest.fixture
def session(tmp_path: Path) -> Session:
    who = Principal("session", "000000000000", "arn:aws:sts::000000000000:assumed-role/r/s", "AROA1:s")
    return Sessions(tmp_path / "sessions.sqlite").give(who, timedelta(hours=1))


def test_a_session_is_its_role_s_until_it_ends(
    gateway_of: Any, session: Session, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    glue = Recorder(get_databases={"DatabaseList": []})
    gateway = gateway_of(glue=glue)

    def ask_with(token: str | None, held: Session = session) -> tuple[int, bytes]:
        key, secret = held.access_key_id, held.secret
        return send(gateway, signed("glue", key=key, secret=secret, token=token, **GET_TABLES))

    assert ask_with(session.token)[0] == 200
    assert glue.caller is not None
    assert glue.caller.who == session.principal
    assert b"UnrecognizedClientException" in ask_with(None)[1]
    assert b"UnrecognizedClientException" in ask_with("other")[1]
    ended = Sessions(tmp_path / "sessions.sqlite").give(session.principal, timedelta(seconds=-5))
    assert b"ExpiredTokenException" in ask_with(ended.token, ended)[1]
    request = signed("s3", "GET", key=ended.access_key_id, secret=ended.secret, token=ended.token)
    assert b"<Code>ExpiredToken</Code>" in send(gateway_of(s3=Recorder()), request)[1]


def test_a_signature_of_another_time_is_too_old(gateway_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    for minutes, status in ((-20, 403), (20, 403), (-10, 200), (10, 200)):
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr("botocore.auth.get_current_datetime", lambda moment=moment, **_: moment)
        request = signed("s3", "GET")
        monkeypatch.undo()
        answered, content = send(gateway_of(s3=Recorder(list_buckets={})), request)
        assert answered == status
        assert (b"<Code>RequestTimeTooSkewed</Code>" in content) == (status == 403)


CLIENTS: dict[str, Callable[[str, str], Any]] = {
    version: lambda key, secret, version=version: boto3.client(
        "s3",
        endpoint_url=ENDPOINT,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(signature_version=version),
    )
    for version in ("s3v4", "s3")
}


def get(gateway: Gateway, url: str, method: str = "GET") -> tuple[int, bytes]:
    return send(gateway, AWSRequest(method, url))


@pytest.mark.parametrize(
    ("version", "key", "secret"), [("s3v4", "test", "test"), ("s3", "test", "test"), ("s3v4", KEY, SECRET)]
)
def test_a_presigned_url_can_not_be_changed(
    gateway_of: Any, version: str, key: str, secret: str  # noqa: F811
) -> None:  # fmt: skip
    gateway = gateway_of(s3=Recorder(get_object={}, delete_object={}, put_object={}))
    asked = {"Bucket": "lake", "Key": "año/b c+d&e", "ResponseContentType": "text/x+y"}
    url = CLIENTS[version](key, secret).generate_presigned_url("get_object", asked, ExpiresIn=60)
    assert get(gateway, url)[0] == 200
    expires = "X-Amz-Expires=60" if version == "s3v4" else "Expires="
    for changed in (
        url.replace(expires, f"{expires}9", 1),
        url.replace("/lake/", "/pond/"),
        url.replace("x%2By", "html"),
    ):
        assert changed != url
        status, content = get(gateway, changed)
        assert (status, b"<Code>SignatureDoesNotMatch</Code>" in content) == (403, True)
    assert get(gateway, url, "DELETE")[0] == 403


def test_an_old_signature_of_a_user_s_key_is_held_against_its_secret(gateway_of: Any) -> None:  # noqa: F811
    url = CLIENTS["s3"](KEY, SECRET).generate_presigned_url("get_object", {"Bucket": "lake", "Key": "k"})
    assert get(gateway_of(s3=Recorder(get_object={})), url)[0] == 200
    assert get(gateway_of(s3=Recorder(get_object={})), url + "9")[0] == 403


def test_a_presigned_url_of_a_stranger_is_taken(gateway_of: Any) -> None:  # noqa: F811
    gateway = gateway_of(s3=Recorder(get_object={}))
    for version in CLIENTS:
        client = CLIENTS[version]("somebody", "s3cret")
        url = client.generate_presigned_url("get_object", {"Bucket": "lake", "Key": "k"}, ExpiresIn=60)
        assert get(gateway, url)[0] == 200


def test_a_header_may_not_be_added_to_a_presigned_url(gateway_of: Any) -> None:  # noqa: F811
    gateway = gateway_of(s3=Recorder(put_object={}, copy_object={}))
    request = AWSRequest("PUT", f"{ENDPOINT}/lake/key")
    S3SigV4QueryAuth(Credentials(KEY, SECRET), "s3", "us-east-1").add_auth(request)
    assert send(gateway, request)[0] == 200
    status, content = send(gateway, request, **{"x-amz-copy-source": "/lake/secret"})
    assert (status, b"<HeadersNotSigned>x-amz-copy-source</HeadersNotSigned>" in content) == (403, True)


def test_an_identity_may_be_shown_by_url(gateway_of: Any) -> None:  # noqa: F811
    """Tools hand such a URL to a server, which calls it to learn who they are."""
    for key, secret in (("test", "test"), (KEY, SECRET)):
        sts = Recorder(get_caller_identity={"Arn": "arn"})
        request = AWSRequest("GET", f"{ENDPOINT}/?Action=GetCallerIdentity&Version=2011-06-15")
        SigV4QueryAuth(Credentials(key, secret), "sts", "us-east-1", expires=60).add_auth(request)
        assert send(gateway_of(sts=sts), request)[0] == 200
        request.url = request.url.replace("GetCallerIdentity", "GetSessionToken")
        assert send(gateway_of(sts=sts), request)[0] == 403


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer abc", b"InvalidArgument"),
        ("AWS4-HMAC-SHA256", b"IncompleteSignature"),
        ("AWS4-HMAC-SHA256 Credential=test, SignedHeaders=host, Signature=0", b"IncompleteSignature"),
        ("AWS4-HMAC-SHA256 Credential=a/20260101/r/s3/aws4_request, Signature=0", b"IncompleteSignature"),
        ("AWS4-HMAC-SHA256 Credential=a/20260101/r/s3/aws4_request" + ", x" * 20000, b"IncompleteSignature"),
    ],
)
def test_what_is_no_signature_is_refused(gateway_of: Any, header: str, code: bytes) -> None:  # noqa: F811
    status, _, content = ask(gateway_of(s3=Recorder(list_buckets={})), "GET", "/", {"Authorization": header})
    assert (status, code in content) == (400, True)
