"""Objects through boto3: what is put comes back, and what is wrong is told in S3's words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local_aws.identity.sigv4 import signing_key
from tests.conftest import LocalAws

BUCKET = "objects-test"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def s3(aws: LocalAws) -> Iterator[Any]:
    client = aws.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    empty(client, BUCKET)
    client.delete_bucket(Bucket=BUCKET)


def empty(client: Any, bucket: str) -> None:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for entry in page.get("Contents", []):
            client.delete_object(Bucket=bucket, Key=entry["Key"])


def error_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_an_object_comes_back_with_all_that_was_said_of_it(s3: Any) -> None:
    s3.put_object(
        Bucket=BUCKET,
        Key="raw/año=2025/clientes ñ+&=.csv",
        Body=b"id\n1\n",
        ContentType="text/csv",
        ContentEncoding="gzip",
        CacheControl="no-cache",
        ContentDisposition='attachment; filename="x.csv"',
        ContentLanguage="es",
        Expires=datetime(2030, 1, 1, tzinfo=UTC),
        Metadata={"origen": "sap", "fecha": "hoy"},
        Tagging="zona=raw&pais=Colombia",
        StorageClass="STANDARD_IA",
    )
    answer = s3.get_object(Bucket=BUCKET, Key="raw/año=2025/clientes ñ+&=.csv")
    assert answer["Body"].read() == b"id\n1\n"
    assert answer["ETag"] == f'"{hashlib.md5(b"id" + bytes([10]) + b"1" + bytes([10])).hexdigest()}"'
    assert answer["ContentType"] == "text/csv"
    assert answer["ContentEncoding"] == "gzip"
    assert answer["CacheControl"] == "no-cache"
    assert answer["ContentDisposition"] == 'attachment; filename="x.csv"'
    assert answer["ContentLanguage"] == "es"
    assert answer["ExpiresString"] == "Tue, 01 Jan 2030 00:00:00 GMT"
    assert answer["Metadata"] == {"origen": "sap", "fecha": "hoy"}
    assert answer["StorageClass"] == "STANDARD_IA"
    assert answer["TagCount"] == 2
    head = s3.head_object(Bucket=BUCKET, Key="raw/año=2025/clientes ñ+&=.csv")
    assert head["ContentLength"] == 5
    assert head["Metadata"] == answer["Metadata"]


def test_a_file_that_an_engine_wrote_is_an_object(s3: Any, aws: LocalAws) -> None:
    folder = aws.settings.state / "s3" / BUCKET / "spark"
    folder.mkdir()
    (folder / "part-0.csv").write_bytes(b"1,2\n")
    (folder / ".part-0.csv.crc").write_bytes(b"crc")
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix="spark/")["Contents"]
    assert [(entry["Key"], entry["ETag"], entry["Size"]) for entry in listed] == [
        ("spark/part-0.csv", f'"{hashlib.md5(b"1,2" + bytes([10])).hexdigest()}"', 4)
    ]
    assert s3.get_object(Bucket=BUCKET, Key="spark/part-0.csv")["Body"].read() == b"1,2\n"
    s3.delete_object(Bucket=BUCKET, Key="spark/part-0.csv")
    assert not folder.exists()


def test_a_large_object_streams_both_ways(s3: Any) -> None:
    body = bytes(range(256)) * (20 * 4096) + b"tail"
    s3.put_object(Bucket=BUCKET, Key="large", Body=body)
    assert s3.get_object(Bucket=BUCKET, Key="large")["Body"].read() == body
    middle = s3.get_object(Bucket=BUCKET, Key="large", Range=f"bytes=1000-{3 * MIB}")
    assert middle["Body"].read() == body[1000 : 3 * MIB + 1]


@pytest.mark.parametrize(
    ("wanted", "content", "content_range"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=-99", b"0123456789", "bytes 0-9/10"),
    ],
)
def test_a_range_gives_those_bytes_only(s3: Any, wanted: str, content: bytes, content_range: str) -> None:
    s3.put_object(Bucket=BUCKET, Key="digits", Body=b"0123456789")
    answer = s3.get_object(Bucket=BUCKET, Key="digits", Range=wanted)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert (answer["Body"].read(), answer["ContentRange"]) == (content, content_range)


def test_a_range_behind_the_end_is_not_satisfiable(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="digits", Body=b"0123456789")
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=BUCKET, Key="digits", Range="bytes=10-")
    assert error_of(error) == ("InvalidRange", 416)
    assert error.value.response["Error"]["ActualObjectSize"] == "10"


def test_a_missing_object_is_no_such_key(s3: Any) -> None:
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=BUCKET, Key="missing")
    with pytest.raises(ClientError) as error:
        s3.head_object(Bucket=BUCKET, Key="missing")
    assert error_of(error) == ("404", 404)


def test_a_missing_bucket_is_no_such_bucket(s3: Any) -> None:
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.put_object(Bucket="no-such-bucket-here", Key="a", Body=b"1")


def test_conditional_reads(s3: Any) -> None:
    etag = s3.put_object(Bucket=BUCKET, Key="conditional", Body=b"1")["ETag"]
    later = datetime.now(UTC) + timedelta(hours=1)
    earlier = datetime.now(UTC) - timedelta(hours=1)
    assert s3.get_object(Bucket=BUCKET, Key="conditional", IfMatch=etag)["Body"].read() == b"1"
    refusals = {
        ("304", 304): ({"IfNoneMatch": etag}, {"IfModifiedSince": later}),
        ("PreconditionFailed", 412): ({"IfMatch": '"0"'}, {"IfUnmodifiedSince": earlier}),
    }
    for expected, conditions in refusals.items():
        for condition in conditions:
            with pytest.raises(ClientError) as error:
                s3.get_object(Bucket=BUCKET, Key="conditional", **condition)
            assert error_of(error) == expected


def test_put_if_none_match_creates_only_once(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="once", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=BUCKET, Key="once", Body=b"second", IfNoneMatch="*")
    assert error_of(error) == ("PreconditionFailed", 412)
    assert s3.get_object(Bucket=BUCKET, Key="once")["Body"].read() == b"first"


def test_of_many_conditional_creations_one_succeeds(s3: Any, aws: LocalAws) -> None:
    outcomes: list[str] = []

    def create(number: int) -> None:
        try:
            aws.client("s3").put_object(Bucket=BUCKET, Key="race", Body=str(number).encode(), IfNoneMatch="*")
            outcomes.append("created")
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["PreconditionFailed"] * 7 + ["created"]


def test_put_if_match_replaces_only_what_the_client_saw(s3: Any) -> None:
    etag = s3.put_object(Bucket=BUCKET, Key="seen", Body=b"1")["ETag"]
    s3.put_object(Bucket=BUCKET, Key="seen", Body=b"2", IfMatch=etag)
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=BUCKET, Key="seen", Body=b"3", IfMatch=etag)
    assert error_of(error) == ("PreconditionFailed", 412)
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=BUCKET, Key="never-seen", Body=b"3", IfMatch=etag)
    assert error_of(error) == ("NoSuchKey", 404)


CHECK_VALUES = {
    "CRC32": "y/Q5Jg==",
    "CRC32C": "4waSgw==",
    "CRC64NVME": "rosUhgp5mIg=",
    "SHA1": base64.b64encode(hashlib.sha1(b"123456789").digest()).decode(),
    "SHA256": base64.b64encode(hashlib.sha256(b"123456789").digest()).decode(),
}


@pytest.mark.parametrize(("algorithm", "value"), CHECK_VALUES.items())
def test_a_checksum_is_verified_and_returned(s3: Any, algorithm: str, value: str) -> None:
    key, member = f"checksum/{algorithm}", f"Checksum{algorithm}"
    put = s3.put_object(Bucket=BUCKET, Key=key, Body=b"123456789", **{member: value})
    head = s3.head_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
    assert put[member] == head[member] == value
    assert head["ChecksumType"] == "FULL_OBJECT"
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"other", **{member: value})
    assert error_of(error) == ("BadDigest", 400)
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"123456789"


def test_a_wrong_content_md5_is_a_bad_digest(s3: Any) -> None:
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=BUCKET, Key="md5", Body=b"1", ContentMD5="AAAAAAAAAAAAAAAAAAAAAA==")
    assert error_of(error) == ("BadDigest", 400)
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=BUCKET, Key="md5", Body=b"1", ContentMD5="short")
    assert error_of(error) == ("InvalidDigest", 400)


def send(url: str, body: bytes | None, headers: dict[str, str], method: str = "PUT") -> int:
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


SIGNED = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
)
CHUNKED = b"5;chunk-signature=0\r\n12345\r\n4;chunk-signature=0\r\n6789\r\n0;chunk-signature=0\r\n"


def test_a_chunk_that_its_user_did_not_sign_stores_nothing(s3: Any, aws: LocalAws) -> None:
    iam = aws.client("iam")
    iam.create_user(UserName="chunks")
    made = iam.create_access_key(UserName="chunks")["AccessKey"]
    request = AWSRequest("PUT", f"{aws.endpoint}/{BUCKET}/forged")
    request.headers["x-amz-decoded-content-length"] = "9"

    class Streaming(S3SigV4Auth):  # type: ignore[misc]
        def payload(self, request: AWSRequest) -> str:
            return "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"

        def _modify_request_before_signing(self, request: AWSRequest) -> None:
            super()._modify_request_before_signing(request)
            request.headers.replace_header("X-Amz-Content-SHA256", self.payload(request))

    credentials = Credentials(made["AccessKeyId"], made["SecretAccessKey"])
    Streaming(credentials, "s3", "us-east-1").add_auth(request)
    headers = dict(request.headers.items())
    assert send(request.url, CHUNKED + b"\r\n", headers) == 403
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=BUCKET, Key="forged")
    assert send(request.url, signed_chunks(made["SecretAccessKey"], headers), headers) == 200
    assert s3.get_object(Bucket=BUCKET, Key="forged")["Body"].read() == b"123456789"


def signed_chunks(secret: str, headers: dict[str, str]) -> bytes:
    """Two chunks and the end of the body, each signed."""
    moment, before = headers["X-Amz-Date"], headers["Authorization"].rpartition("=")[2]
    scope = f"{moment[:8]}/us-east-1/s3/aws4_request"
    key, nothing = signing_key(secret, moment[:8], "us-east-1", "s3"), hashlib.sha256().hexdigest()
    body = b""
    for chunk in (b"12345", b"6789", b""):
        text = ["AWS4-HMAC-SHA256-PAYLOAD", moment, scope, before, nothing, hashlib.sha256(chunk).hexdigest()]
        before = hmac.new(key, "\n".join(text).encode(), hashlib.sha256).hexdigest()
        body += b"%x;chunk-signature=%s\r\n%s\r\n" % (len(chunk), before.encode(), chunk)
    return body


@pytest.mark.parametrize(
    ("payload", "trailer", "body", "status"),
    [
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "", CHUNKED + b"\r\n", 200),
        ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "y/Q5Jg==", CHUNKED, 200),
        ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "AAAAAA==", CHUNKED, 400),
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "", CHUNKED[:30], 400),
    ],
)
def test_bodies_in_aws_chunks_are_decoded(
    s3: Any, aws: LocalAws, payload: str, trailer: str, body: bytes, status: int
) -> None:
    headers = {
        "Authorization": SIGNED,
        "x-amz-content-sha256": payload,
        "x-amz-decoded-content-length": "9",
        "content-encoding": "aws-chunked",
    }
    if trailer:
        headers["x-amz-trailer"] = "x-amz-checksum-crc32"
        body += f"x-amz-checksum-crc32:{trailer}\r\n\r\n".encode()
    key = f"chunked-{payload}-{trailer[:2]}-{len(body)}"
    assert send(f"{aws.endpoint}/{BUCKET}/{key}", body, headers) == status
    if status == 200:
        answer = s3.get_object(Bucket=BUCKET, Key=key)
        assert answer["Body"].read() == b"123456789"
        assert "ContentEncoding" not in answer
    else:
        with pytest.raises(s3.exceptions.NoSuchKey):
            s3.get_object(Bucket=BUCKET, Key=key)


def test_a_presigned_url_reads_and_writes_until_it_expires(s3: Any, aws: LocalAws) -> None:
    arguments = {"Bucket": BUCKET, "Key": "signed", "Metadata": {"m": "1"}}
    put = s3.generate_presigned_url("put_object", arguments, ExpiresIn=60)
    assert send(put, b"by url", {}) == 200
    assert s3.head_object(Bucket=BUCKET, Key="signed")["Metadata"] == {"m": "1"}
    lost = s3.generate_presigned_url("put_object", arguments | {"Tagging": "a=1"}, ExpiresIn=60)
    assert send(lost, b"by url", {}) == 501
    read = s3.generate_presigned_url(
        "get_object",
        {"Bucket": BUCKET, "Key": "signed", "ResponseContentType": "text/x-test"},
        ExpiresIn=60,
    )
    with urllib.request.urlopen(read) as answer:
        assert (answer.read(), answer.headers["Content-Type"]) == (b"by url", "text/x-test")
    config = Config(signature_version="s3v4")
    expired = boto3.client(
        "s3",
        endpoint_url=aws.endpoint,
        region_name="us-east-1",
        aws_access_key_id="t",
        aws_secret_access_key="t",
        config=config,
    ).generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": "signed"}, ExpiresIn=0)
    assert send(expired, None, {}, "GET") == 403


def test_a_copy_keeps_or_replaces_metadata_and_tags(s3: Any) -> None:
    s3.put_object(
        Bucket=BUCKET, Key="from ñ", Body=b"1", Metadata={"a": "1"}, Tagging="t=1", ContentType="text/csv"
    )
    source = {"Bucket": BUCKET, "Key": "from ñ"}
    s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=source)
    copied = s3.get_object(Bucket=BUCKET, Key="copy")
    assert (copied["Body"].read(), copied["Metadata"], copied["ContentType"]) == (
        b"1",
        {"a": "1"},
        "text/csv",
    )
    assert copied["TagCount"] == 1
    s3.copy_object(
        Bucket=BUCKET,
        Key="copy",
        CopySource=source,
        MetadataDirective="REPLACE",
        Metadata={"b": "2"},
        TaggingDirective="REPLACE",
        Tagging="",
    )
    replaced = s3.head_object(Bucket=BUCKET, Key="copy")
    assert (replaced["Metadata"], replaced["ContentType"]) == ({"b": "2"}, "binary/octet-stream")
    assert "TagCount" not in replaced


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"CopySource": {"Bucket": BUCKET, "Key": "self"}}, "InvalidRequest"),
        ({"CopySource": {"Bucket": BUCKET, "Key": "missing"}}, "NoSuchKey"),
        ({"CopySource": {"Bucket": "missing-bucket", "Key": "a"}}, "NoSuchBucket"),
        ({"CopySource": "nonsense"}, "InvalidArgument"),
        ({"CopySource": {"Bucket": BUCKET, "Key": "self"}, "CopySourceIfMatch": '"0"'}, "InvalidRequest"),
    ],
)
def test_a_copy_that_cannot_be(s3: Any, arguments: dict[str, Any], code: str) -> None:
    s3.put_object(Bucket=BUCKET, Key="self", Body=b"1")
    with pytest.raises(ClientError) as error:
        s3.copy_object(Bucket=BUCKET, Key="self", **arguments)
    assert error_of(error)[0] == code


def test_tags_are_put_read_and_deleted(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="tagged", Body=b"1")
    tags = [{"Key": "zona", "Value": "raw"}, {"Key": "año", "Value": "2025"}]
    before = s3.head_object(Bucket=BUCKET, Key="tagged")
    s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging={"TagSet": tags})
    assert s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"] == tags
    assert s3.head_object(Bucket=BUCKET, Key="tagged")["LastModified"] == before["LastModified"]
    s3.delete_object_tagging(Bucket=BUCKET, Key="tagged")
    assert s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"] == []
    with pytest.raises(ClientError) as error:
        s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging={"TagSet": tags + tags[:1]})
    assert error_of(error)[0] == "InvalidTag"


def test_delete_objects_tells_of_each(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="d/1", Body=b"")
    entries = [{"Key": "d/1"}, {"Key": "d/none"}, {"Key": "d/2", "VersionId": "abc"}]
    answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": entries})
    assert [entry["Key"] for entry in answer["Deleted"]] == ["d/1", "d/none"]
    assert [(entry["Key"], entry["Code"]) for entry in answer["Errors"]] == [("d/2", "NoSuchVersion")]
    quiet = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": entries[:1], "Quiet": True})
    assert "Deleted" not in quiet


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"Key": "x" * 1025}, "KeyTooLongError"),
        ({"Key": "refused", "Metadata": {"m": "x" * 2049}}, "MetadataTooLarge"),
        ({"Key": "refused", "StorageClass": "COLD"}, "InvalidStorageClass"),
        ({"Key": "refused", "ACL": "public-read"}, "AccessControlListNotSupported"),
        ({"Key": "refused", "Tagging": "aws:x=1"}, "InvalidTag"),
        ({"Key": "refused", "ExpectedBucketOwner": "111111111111"}, "AccessDenied"),
        ({"Key": "refused", "ObjectLockLegalHoldStatus": "ON"}, "InvalidRequest"),
        ({"Key": "refused", "SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}, "NotImplemented"),
    ],
)
def test_a_put_that_s3_refuses_changes_nothing(s3: Any, arguments: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=BUCKET, Body=b"1", **arguments)
    assert error_of(error)[0] == code
    with pytest.raises(ClientError):
        s3.head_object(Bucket=BUCKET, Key=arguments["Key"])


def test_an_archived_object_cannot_be_read(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="cold", Body=b"1", StorageClass="GLACIER")
    with pytest.raises(s3.exceptions.InvalidObjectState):
        s3.get_object(Bucket=BUCKET, Key="cold")


def test_a_version_is_refused_by_name(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="versioned", Body=b"1")
    assert s3.get_object(Bucket=BUCKET, Key="versioned", VersionId="null")["Body"].read() == b"1"
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=BUCKET, Key="versioned", VersionId="abc")
    assert error_of(error) == ("NotImplemented", 501)


@pytest.mark.parametrize(
    "key", ["..", "../../etc/passwd", "a/../b", "//", "a//b", ".", "x/", "~s3~x", ".a.crc"]
)
def test_a_strange_key_is_a_key_like_any_other(s3: Any, aws: LocalAws, key: str) -> None:
    from local_aws.s3.keys import object_path

    s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == key.encode()
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix=key)["Contents"]
    assert key in [entry["Key"] for entry in listed]
    file = aws.settings.state / "s3" / BUCKET / object_path(key).natural
    assert file.read_bytes() == key.encode()
