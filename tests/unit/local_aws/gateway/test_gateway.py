"""The gateway as clients see it: protocols, validation, errors."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.caller import Caller
from local_aws.errors import INTERNAL, AwsError
from tests.unit.local_aws.gateway.conftest import Moto, ask

MOMENT = datetime(2025, 7, 25, 12, 30, 15, 250000, UTC)
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKID/20250725/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=0"
)
S3 = {"Authorization": SIGNED.format("s3")}


class Recorder:
    """A service whose operations remember their input and answer what the test says."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.request: dict[str, Any] = {}
        self.caller: Caller | None = None

    def __getattr__(self, operation: str) -> Any:
        if operation not in self._answers:
            raise AttributeError(operation)

        def handle(request: dict[str, Any], caller: Caller) -> Any:
            self.request, self.caller = request, caller
            answer = self._answers[operation]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return handle


def test_a_json_operation_round_trips_with_its_timestamps(gateway_of: Any, client_of: Any) -> None:
    glue = Recorder(get_table={"Table": {"Name": "t", "CreateTime": MOMENT, "Parameters": {"a": "b"}}})
    answer = client_of(gateway_of(glue=glue), "glue").get_table(DatabaseName="d", Name="t")
    assert answer["Table"]["CreateTime"] == MOMENT
    assert answer["Table"]["Parameters"] == {"a": "b"}
    assert glue.request == {"DatabaseName": "d", "Name": "t"}
    assert glue.caller is not None
    assert (glue.caller.region, glue.caller.access_key_id) == ("eu-west-1", "AKID")


def test_a_query_operation_round_trips_lists_and_maps(gateway_of: Any, client_of: Any) -> None:
    stack = {
        "StackName": "s",
        "CreationTime": MOMENT,
        "StackStatus": "CREATE_COMPLETE",
        "Tags": [{"Key": "k", "Value": "<&>"}],
    }
    cloudformation = Recorder(describe_stacks={"Stacks": [stack]}, create_stack={"StackId": "arn"})
    client = client_of(gateway_of(cloudformation=cloudformation), "cloudformation")
    assert client.describe_stacks(StackName="s")["Stacks"] == [stack]
    parameters = [{"ParameterKey": str(n), "ParameterValue": "ñ\r\n"} for n in range(12)]
    client.create_stack(
        StackName="s", TemplateBody="{}", Parameters=parameters, Capabilities=["CAPABILITY_IAM"]
    )
    assert cloudformation.request["Parameters"] == parameters
    assert cloudformation.request["Capabilities"] == ["CAPABILITY_IAM"]


def test_an_error_reaches_the_client_with_code_message_and_members(gateway_of: Any, client_of: Any) -> None:
    athena = Recorder(
        get_work_group=AwsError(
            "InvalidRequestException", "WorkGroup is not found.", AthenaErrorCode="INVALID_INPUT"
        )
    )
    with pytest.raises(ClientError) as caught:
        client_of(gateway_of(athena=athena), "athena").get_work_group(WorkGroup="w")
    assert caught.value.response["Error"] == {
        "Code": "InvalidRequestException",
        "Message": "WorkGroup is not found.",
    }
    assert caught.value.response["AthenaErrorCode"] == "INVALID_INPUT"


def test_a_query_error_is_in_the_services_envelope(gateway_of: Any, client_of: Any) -> None:
    cloudformation = Recorder(describe_stacks=AwsError("ValidationError", "Stack with id s does not exist"))
    with pytest.raises(ClientError, match="Stack with id s does not exist") as caught:
        client_of(gateway_of(cloudformation=cloudformation), "cloudformation").describe_stacks(StackName="s")
    assert caught.value.response["Error"]["Type"] == "Sender"


def test_a_fault_in_a_handler_is_an_internal_error_and_not_a_dead_server(
    gateway_of: Any, client_of: Any
) -> None:
    glue = Recorder(get_table=KeyError("oops"))
    with pytest.raises(ClientError) as caught:
        client_of(gateway_of(glue=glue), "glue").get_table(DatabaseName="d", Name="t")
    assert caught.value.response["Error"] == {"Code": "InternalFailure", "Message": INTERNAL}
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_an_operation_without_a_handler_names_itself(gateway_of: Any, client_of: Any) -> None:
    with pytest.raises(ClientError, match="glue:GetMLTransforms") as caught:
        client_of(gateway_of(glue=Recorder()), "glue").get_ml_transforms()
    assert caught.value.response["Error"]["Code"] == "NotImplemented"


def signed(service: str, target: str) -> dict[str, str]:
    return {"Authorization": SIGNED.format(service), "X-Amz-Target": target}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"DatabaseName": 5, "Name": "t"}', "NUMBER_VALUE can not be converted to a String"),
        (b'{"DatabaseName": {}, "Name": "t"}', "Start of structure or map found where not expected."),
        (b'{"DatabaseName": [], "Name": "t"}', "Start of list found where not expected."),
        (b'{"DatabaseName": true, "Name": "t"}', "TRUE_VALUE can not be converted to a String"),
    ],
)
def test_a_value_of_the_wrong_type_is_a_serialization_error(
    gateway_of: Any, body: bytes, message: str
) -> None:
    status, _, content = ask(
        gateway_of(glue=Recorder(get_table={})), "POST", "/", signed("glue", "AWSGlue.GetTable"), body
    )
    assert status == 400
    assert json.loads(content) == {"__type": "SerializationException", "message": message}


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_not_json_is_a_serialization_error(gateway_of: Any, body: bytes) -> None:
    status, _, content = ask(
        gateway_of(glue=Recorder(get_table={})), "POST", "/", signed("glue", "AWSGlue.GetTable"), body
    )
    assert (status, json.loads(content)["__type"]) == (400, "SerializationException")


def test_a_missing_member_has_the_words_measured_on_athena(gateway_of: Any) -> None:
    gateway = gateway_of(athena=Recorder(get_query_execution={}))
    _, _, content = ask(gateway, "POST", "/", signed("athena", "AmazonAthena.GetQueryExecution"), b"{}")
    answer = json.loads(content)
    assert answer["__type"] == "InvalidRequestException"
    assert answer["Message"] == (
        "1 validation error detected: Value null at 'queryExecutionId' failed to satisfy constraint: "
        "Member must not be null"
    )


def test_too_many_rows_of_a_result_are_the_operations_to_refuse(gateway_of: Any) -> None:
    athena = Recorder(get_query_results={})
    body = b'{"QueryExecutionId": "q", "MaxResults": 1001}'
    status, _, _ = ask(
        gateway_of(athena=athena), "POST", "/", signed("athena", "AmazonAthena.GetQueryResults"), body
    )
    assert status == 200


def test_an_unknown_target_is_an_unknown_operation(gateway_of: Any) -> None:
    status, _, content = ask(
        gateway_of(athena=Recorder()), "POST", "/", signed("athena", "AmazonAthena.Nothing"), b"{}"
    )
    assert (status, json.loads(content)) == (400, {"__type": "UnknownOperationException"})


def test_requests_for_other_services_go_to_moto_as_they_are(gateway_of: Any, moto: Moto) -> None:
    status, headers, content = ask(
        gateway_of(), "POST", "/a%20b?x=%2F", {"Authorization": SIGNED.format("iam")}, b"Action=X"
    )
    assert moto.seen == [("POST", "/a%20b?x=%2F", b"Action=X")]
    assert (status, content) == (200, b"<ok/>")
    assert "connection" not in headers


@pytest.mark.parametrize(
    "name", ["S3", "Glue", "GLUE", "Athena", "s3control", "stepfunctions", "gl%75e", "s3.x"]
)
@pytest.mark.parametrize("target", [{}, {"X-Amz-Target": "AWSGlue.GetDatabases"}])
def test_a_scope_names_its_service_letter_by_letter(
    gateway_of: Any, moto: Moto, name: str, target: dict[str, str]
) -> None:
    headers = {"Authorization": SIGNED.format(name), **target}
    status, _, body = ask(gateway_of(glue=Recorder(), s3=Recorder()), "POST", "/b", headers, b"{}")
    assert status == 400
    assert (b"InvalidSignatureException" if target else b"AuthorizationHeaderMalformed") in body
    assert moto.seen == []


@pytest.mark.parametrize("name", ["s3express", "s3-outposts", "s3-object-lambda"])
def test_what_looks_like_s3_and_is_not_there_is_refused_by_name(
    gateway_of: Any, moto: Moto, name: str
) -> None:
    status, _, body = ask(gateway_of(), "PUT", "/b/k", {"Authorization": SIGNED.format(name)}, b"x")
    assert status == 501
    assert b"Laguna does not implement" in body
    assert moto.seen == []


def test_an_s3_object_streams_in_and_out(gateway_of: Any, client_of: Callable[..., Any]) -> None:
    class Store:
        def __init__(self) -> None:
            self.data = b""
            self.request: dict[str, Any] = {}

        async def put_object(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
            self.request = request
            self.data = b"".join([chunk async for chunk in request["Body"]])
            return {"ETag": '"e"'}

        async def get_object(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
            async def body() -> AsyncIterator[bytes]:
                yield self.data[:2]
                yield self.data[2:]

            return {
                "Body": body(),
                "ContentLength": len(self.data),
                "Metadata": {"a": "ñ"},
                "LastModified": MOMENT,
            }

    store = Store()
    client = client_of(gateway_of(s3=store), "s3")
    client.put_object(Bucket="lake", Key="año/b c+d", Body=b"12345", Metadata={"k": "v"}, ChecksumSHA256="x")
    assert (store.request["Bucket"], store.request["Key"]) == ("lake", "año/b c+d")
    assert store.request["Metadata"] == {"k": "v"}
    answer = client.get_object(Bucket="lake", Key="año/b c+d")
    assert answer["Body"].read() == b"12345"
    assert answer["LastModified"] == MOMENT.replace(microsecond=0)


S3_REQUESTS = [
    ("GET", "/", {}, "ListBuckets"),
    ("GET", "/b", {}, "ListObjects"),
    ("GET", "/b?list-type=2&prefix=x", {}, "ListObjectsV2"),
    ("GET", "/b?tagging", {}, "GetBucketTagging"),
    ("GET", "/b/k?tagging", {}, "GetObjectTagging"),
    ("GET", "/b?location", {}, "GetBucketLocation"),
    ("GET", "/b?lifecycle", {}, "GetBucketLifecycleConfiguration"),
    ("GET", "/b?notification", {}, "GetBucketNotificationConfiguration"),
    ("GET", "/b/k?uploadId=1", {}, "ListParts"),
    ("PUT", "/b/k", {}, "PutObject"),
    ("PUT", "/b/k", {"x-amz-copy-source": "b/x"}, "CopyObject"),
    ("PUT", "/b/k?partNumber=1&uploadId=1", {}, "UploadPart"),
    ("PUT", "/b/k?partNumber=1&uploadId=1", {"x-amz-copy-source": "b/x"}, "UploadPartCopy"),
    ("POST", "/b/k?uploads", {}, "CreateMultipartUpload"),
    ("POST", "/b/k?uploadId=1", {}, "CompleteMultipartUpload"),
    ("POST", "/b?delete", {}, "DeleteObjects"),
    ("DELETE", "/b/k?uploadId=1", {}, "AbortMultipartUpload"),
    ("HEAD", "/b/", {}, "HeadBucket"),
    ("HEAD", "/b/a/", {}, "HeadObject"),
]


@pytest.mark.parametrize(("method", "target", "headers", "operation"), S3_REQUESTS)
def test_an_s3_request_finds_its_operation(
    method: str, target: str, headers: dict[str, str], operation: str
) -> None:
    from urllib.parse import parse_qsl

    from local_aws.gateway.operations import service_model
    from local_aws.gateway.routes import routes_of

    path, _, query = target.partition("?")
    found = routes_of(service_model("s3")).find(
        method, path, dict(parse_qsl(query, keep_blank_values=True)), headers
    )
    assert found is not None
    assert found[0].name == operation


def test_malformed_xml_is_refused_and_entities_never_expand(gateway_of: Any) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Tagging>&a;</Tagging>'
    for body in (b"<Tagging>", b"\x00", bomb):
        status, _, content = ask(
            gateway_of(s3=Recorder(put_bucket_tagging={})), "PUT", "/b?tagging", S3, body
        )
        assert status == 400
        assert b"<Code>MalformedXML</Code>" in content


def test_a_path_that_is_not_utf8_is_an_invalid_uri(gateway_of: Any) -> None:
    status, _, content = ask(gateway_of(s3=Recorder(get_object={})), "GET", "/b/%FF%FE", S3)
    assert status == 400
    assert b"<Code>InvalidURI</Code>" in content


def test_an_s3_listing_keeps_odd_characters_of_keys(gateway_of: Any, client_of: Any) -> None:
    contents = [{"Key": "a\r\n<&>'\"ñ", "Size": 1, "LastModified": MOMENT, "ETag": '"e"'}]
    s3 = Recorder(list_objects_v2={"Name": "b", "Contents": contents, "KeyCount": 1, "IsTruncated": False})
    answer = client_of(gateway_of(s3=s3), "s3").list_objects_v2(Bucket="b")
    assert answer["Contents"] == contents


def test_a_bucket_location_is_bare_text(gateway_of: Any, client_of: Any) -> None:
    s3 = Recorder(get_bucket_location={"LocationConstraint": "eu-west-1"})
    assert (
        client_of(gateway_of(s3=s3), "s3").get_bucket_location(Bucket="b")["LocationConstraint"]
        == "eu-west-1"
    )


def test_a_connection_whose_body_was_not_read_is_closed(gateway_of: Any) -> None:
    s3 = Recorder(put_object=AwsError("NoSuchBucket", "The specified bucket does not exist", 404))
    _, headers, _ = ask(gateway_of(s3=s3), "PUT", "/b/k", {**S3, "Content-Length": "3"}, b"abc")
    assert headers["connection"] == "close"
    _, headers, _ = ask(gateway_of(s3=s3), "PUT", "/b/k", {**S3, "Content-Length": "0"})
    assert "connection" not in headers


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"garbage"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"Action=ListUsers&Version=2010-05-08"),
        ({"X-Amz-Target": "Nope.Thing"}, b"{}"),
    ],
)
def test_a_request_that_nobody_signed_reaches_no_service(
    gateway_of: Any, moto: Moto, headers: dict[str, str], body: bytes
) -> None:
    status, _, content = ask(gateway_of(), "POST", "/", headers, body)
    assert (status, moto.seen) == (403, [])
    assert (b"<Code>MissingAuthenticationToken</Code>" in content) != ("X-Amz-Target" in headers)
    assert (b'"MissingAuthenticationTokenException"' in content) == ("X-Amz-Target" in headers)


def test_a_role_may_be_assumed_without_credentials(gateway_of: Any, moto: Moto) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    ask(gateway_of(), "POST", "/", form, b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15")
    assert len(moto.seen) == 1
