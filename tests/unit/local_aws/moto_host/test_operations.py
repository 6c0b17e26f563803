import pytest

from local_aws.moto_host.messages import Request, Response
from local_aws.moto_host.operations import operation_of, took_effect

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=x"
)


def json_request(service: str, operation: str) -> Request:
    headers = [("Authorization", SIGNED.format(service)), ("X-Amz-Target", f"Prefix_2014.{operation}")]
    return Request("POST", "/", headers, b"{}")


def form_request(service: str, body: bytes) -> Request:
    headers = [
        ("authorization", SIGNED.format(service)),
        ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
    ]
    return Request("POST", "/", headers, body)


def test_a_json_request_names_its_operation_in_the_target() -> None:
    operation = operation_of(json_request("logs", "PutLogEvents"))
    assert (operation.service, operation.region, operation.name) == ("logs", "eu-west-1", "PutLogEvents")


def test_a_form_names_its_operation_in_the_action() -> None:
    assert operation_of(form_request("iam", b"Version=2010-05-08&Action=CreateRole")).name == "CreateRole"


def test_a_presigned_request_names_its_scope_and_action_in_the_query() -> None:
    target = "/?Action=GetCallerIdentity&X-Amz-Credential=test%2F20260101%2Fus-west-2%2Fsts%2Faws4_request"
    operation = operation_of(Request("GET", target, [], b""))
    assert (operation.service, operation.region, operation.name) == ("sts", "us-west-2", "GetCallerIdentity")


def test_an_unsigned_rest_request_has_no_operation_name() -> None:
    operation = operation_of(Request("DELETE", "/things/1", [], b""))
    assert operation.name is None
    assert operation.changes_data


@pytest.mark.parametrize(
    ("service", "name"),
    [("iam", "CreateRole"), ("sqs", "ReceiveMessage"), ("ses", "VerifyEmailIdentity"), ("logs", "StartQuery"),
     ("states", "CreateStateMachine")],
)  # fmt: skip
def test_these_change_data(service: str, name: str) -> None:
    assert operation_of(json_request(service, name)).changes_data


@pytest.mark.parametrize(
    ("service", "name"),
    [("iam", "GetRole"), ("logs", "FilterLogEvents"), ("sts", "AssumeRole"), ("kms", "Encrypt"),
     ("ssm", "DescribeParameters"), ("states", "SendTaskSuccess")],
)  # fmt: skip
def test_these_do_not_change_data(service: str, name: str) -> None:
    assert not operation_of(json_request(service, name)).changes_data


def test_only_a_receive_that_got_messages_took_effect() -> None:
    operation = operation_of(json_request("sqs", "ReceiveMessage"))
    assert not took_effect(operation, Response(200, [], b"{}"))
    assert took_effect(operation, Response(200, [], b'{"Messages": [{"ReceiptHandle": "a"}]}'))


def test_a_refused_change_took_no_effect() -> None:
    assert not took_effect(operation_of(json_request("iam", "CreateRole")), Response(409, [], b""))
