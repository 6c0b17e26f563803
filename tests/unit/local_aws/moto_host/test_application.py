from collections.abc import Callable, Iterable
from typing import Any

import pytest
from botocore.model import OperationNotFoundError

from local_aws.moto_host import determinism
from local_aws.moto_host.application import Moto, call_wsgi, environ_of
from local_aws.moto_host.failures import failure, is_no_route, not_implemented, unexplained
from local_aws.moto_host.messages import Request, Response


def test_a_request_becomes_a_wsgi_environment_and_its_answer_comes_back() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("201 CREATED", [("X-A", "1"), ("X-A", "2")])
        return [b"a", b"b"]

    headers = [("Host", "h:1"), ("X-B", "1"), ("X-B", "2"), ("Content-Type", "t"), ("Content-Length", "99")]
    request = Request("PUT", "/a%2Fb%C3%A1?q=%20", headers, b"abc")

    assert call_wsgi(application, environ_of(request)) == Response(201, [("X-A", "1"), ("X-A", "2")], b"ab")
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/a/bá"
    assert (seen["QUERY_STRING"], seen["RAW_URI"]) == ("q=%20", "/a%2Fb%C3%A1?q=%20")
    assert (seen["HTTP_HOST"], seen["HTTP_X_B"]) == ("h:1", "1,2")
    assert (seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"], seen["body"]) == ("t", "3", b"abc")


def test_a_failure_speaks_the_protocol_of_its_request() -> None:
    as_json = failure(
        Request("POST", "/", [("X-Amz-Target", "A.B")], b""), 503, "ServiceUnavailable", "a < b"
    )
    assert (as_json.status, as_json.body) == (503, b'{"__type": "ServiceUnavailable", "message": "a < b"}')
    form = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
    as_xml = failure(Request("POST", "/", form, b""), 503, "ServiceUnavailable", "a < b")
    assert b"<Code>ServiceUnavailable</Code><Message>a &lt; b</Message>" in as_xml.body


JSON = ("Content-Type", "application/x-amz-json-1.0")
FORM = ("Content-Type", "application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    ("header", "body", "error", "status", "code"),
    [
        (JSON, b"{}", OperationNotFoundError("NoSuch"), 400, "UnknownOperationException"),
        (FORM, b"Action=NoSuch", OperationNotFoundError("NoSuch"), 400, "InvalidAction"),
        (JSON, b"\xff", UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), 400, "SerializationException"),
        (JSON, b"[]", AttributeError("'list' object has no attribute 'get'"), 400, "SerializationException"),
        (JSON, b"{}", ModuleNotFoundError("No module named 'x'"), 501, "NotImplemented"),
        (JSON, b"{}", KeyError("TableName"), 500, "InternalFailure"),
        (FORM, b"Action=A", ValueError("invalid literal for int() with base 10"), 500, "InternalFailure"),
    ],
)
def test_a_failure_of_motos_is_told_in_words_of_aws(
    header: tuple[str, str], body: bytes, error: Exception, status: int, code: str
) -> None:
    answer = unexplained(Request("POST", "/", [header], body), error)
    assert (answer.status, code in answer.body.decode()) == (status, True)
    said = (*str(error).split(), type(error).__name__, "moto")
    assert not [word for word in said if len(word) > 3 and word != "NoSuch" and word in answer.body.decode()]


def test_a_page_of_motos_web_framework_is_no_answer() -> None:
    moto = Moto("000000000000", determinism.install(), {})
    signed = ("Authorization", "AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/lambda/aws4_request, x")
    assert is_no_route(moto(Request("GET", "/nowhere", [("Host", "localhost"), signed], b"")))
    found = Response(404, [("Content-Type", "application/json")], b"{}")
    assert not is_no_route(found)


def test_what_is_not_implemented_is_named() -> None:
    signed = ("Authorization", "AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/ssm/aws4_request, x")
    answer = not_implemented(Request("POST", "/", [signed, ("X-Amz-Target", "AmazonSSM.ListOps")], b"{}"))
    assert answer.status == 501
    assert b"Laguna does not implement ssm:ListOps." in answer.body


@pytest.mark.parametrize("service", ["s3", "glue", "athena", "cloudformation", "sts", "S3", "s3express"])
def test_no_service_of_ours_is_answered_by_motos(service: str) -> None:
    moto = Moto("000000000000", determinism.install(), {})
    signed = ("Authorization", f"AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/{service}/aws4_request, x")
    with pytest.raises(NotImplementedError):
        moto(Request("PUT", "/bucket", [("Host", "localhost"), signed], b""))


@pytest.mark.parametrize("service", ["iam", "moto-api", "instance-metadata"])
@pytest.mark.parametrize("path", ["/moto-api/", "/moto-api/reset", "/favicon.ico", "/latest/meta-data/iam/x"])
def test_motos_own_pages_which_can_empty_it_are_no_service(service: str, path: str) -> None:
    moto = Moto("000000000000", determinism.install(), {})
    signed = ("Authorization", f"AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/{service}/aws4_request, x")
    with pytest.raises(NotImplementedError):
        moto(Request("POST", path, [("Host", "localhost"), signed], b""))
