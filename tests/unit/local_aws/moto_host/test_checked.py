import pytest

from local_aws.moto_host.checked import Checked
from local_aws.moto_host.messages import Headers, Request, Response

REACHED = Response(200, [], b"reached")


def answered(service: str, body: bytes, headers: Headers) -> Response:
    signed = ("Authorization", f"AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/{service}/aws4_request, x")
    return Checked(lambda request: REACHED)(Request("POST", "/", [signed, *headers], body))


def json_answer(service: str, operation: str, body: bytes) -> Response:
    return answered(service, body, [("X-Amz-Target", f"Prefix.{operation}")])


def form_answer(body: bytes) -> Response:
    return answered("iam", body, [("Content-Type", "application/x-www-form-urlencoded")])


def test_a_good_request_is_passed_on() -> None:
    assert json_answer("logs", "CreateLogGroup", b'{"logGroupName": "/a"}') is REACHED
    form = b"Action=CreateRole&Version=2010-05-08&RoleName=r&AssumeRolePolicyDocument=%7B%7D"
    assert form_answer(form) is REACHED


def test_a_service_that_is_not_checked_is_passed_on() -> None:
    assert json_answer("dynamodb", "PutItem", b"{") is REACHED


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"logGroupName": 5}'])
def test_a_body_that_is_not_the_json_of_the_operation_is_refused(body: bytes) -> None:
    answer = json_answer("logs", "CreateLogGroup", body)
    assert answer.status == 400
    assert b"SerializationException" in answer.body


def test_a_missing_member_has_the_error_code_of_its_service() -> None:
    missing = b"Member must not be null"
    logs = json_answer("logs", "CreateLogGroup", b"{}")
    assert (logs.status, b"InvalidParameterException" in logs.body, missing in logs.body) == (400, True, True)
    iam = form_answer(b"Action=CreateRole&Version=2010-05-08")
    assert (iam.status, b"<Code>ValidationError</Code>" in iam.body, missing in iam.body) == (400, True, True)


def test_an_operation_that_aws_does_not_have_is_refused() -> None:
    assert b"UnknownOperationException" in json_answer("logs", "Nope", b"{}").body
    assert b"InvalidAction" in form_answer(b"Action=Nope").body


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"", b"Action=TagRole&RoleName=r&Tags.member=x&Tags.member.x.y.z=1"]
)
def test_a_form_that_cannot_be_read_is_refused(body: bytes) -> None:
    assert form_answer(body).status == 400
