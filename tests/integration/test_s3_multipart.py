"""Multipart uploads through boto3."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from tests.conftest import LocalAws

BUCKET = "multipart-test"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def s3(aws: LocalAws) -> Iterator[Any]:
    client = aws.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for entry in page.get("Contents", []):
            client.delete_object(Bucket=BUCKET, Key=entry["Key"])
    client.delete_bucket(Bucket=BUCKET)


def upload(s3: Any, key: str, bodies: list[bytes], **start: Any) -> tuple[str, list[dict[str, Any]]]:
    """Start an upload and send its parts; what CompleteMultipartUpload needs."""
    upload_id = s3.create_multipart_upload(Bucket=BUCKET, Key=key, **start)["UploadId"]
    algorithm = start.get("ChecksumAlgorithm")
    parts = []
    for number, body in enumerate(bodies, 1):
        extra = {"ChecksumAlgorithm": algorithm} if algorithm else {}
        sent = s3.upload_part(
            Bucket=BUCKET, Key=key, UploadId=upload_id, PartNumber=number, Body=body, **extra
        )
        checksums = {name: sent[name] for name in sent if name.startswith("Checksum")} if algorithm else {}
        parts.append({"PartNumber": number, "ETag": sent["ETag"], **checksums})
    return upload_id, parts


def complete(s3: Any, key: str, upload_id: str, parts: list[dict[str, Any]], **extra: Any) -> Any:
    return s3.complete_multipart_upload(
        Bucket=BUCKET, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts}, **extra
    )


def test_parts_become_one_object_with_the_headers_of_the_start(s3: Any) -> None:
    bodies = [b"a" * 5 * MIB, b"b" * 5 * MIB, b"end"]
    start = {"ContentType": "text/csv", "Metadata": {"m": "1"}, "Tagging": "t=1"}
    upload_id, parts = upload(s3, "whole", bodies, **start)
    answer = complete(s3, "whole", upload_id, parts)
    joined = b"".join(hashlib.md5(body).digest() for body in bodies)
    assert answer["ETag"] == f'"{hashlib.md5(joined).hexdigest()}-3"'
    read = s3.get_object(Bucket=BUCKET, Key="whole")
    assert read["Body"].read() == b"".join(bodies)
    assert (read["ContentType"], read["Metadata"], read["TagCount"]) == ("text/csv", {"m": "1"}, 1)
    assert read["ETag"] == answer["ETag"]
    second = s3.get_object(Bucket=BUCKET, Key="whole", PartNumber=3)
    assert (second["Body"].read(), second["PartsCount"]) == (b"end", 3)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


def test_boto3s_own_transfers_work(s3: Any, tmp_path: Any) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(bytes(range(256)) * (12 * 4096))
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    s3.upload_file(str(source), BUCKET, "transferred", Config=config)
    s3.download_file(BUCKET, "transferred", str(target), Config=config)
    assert target.read_bytes() == source.read_bytes()
    s3.copy({"Bucket": BUCKET, "Key": "transferred"}, BUCKET, "transferred-again", Config=config)
    assert s3.head_object(Bucket=BUCKET, Key="transferred-again")["ContentLength"] == 12 * MIB


@pytest.mark.parametrize("checksum_type", ["COMPOSITE", "FULL_OBJECT"])
def test_the_checksum_is_of_the_parts_or_of_the_whole(s3: Any, checksum_type: str) -> None:
    bodies = [b"a" * 5 * MIB, b"tail"]
    key = f"checksum-{checksum_type}"
    upload_id, parts = upload(s3, key, bodies, ChecksumAlgorithm="CRC32", ChecksumType=checksum_type)
    answer = complete(s3, key, upload_id, parts)
    assert answer["ChecksumType"] == checksum_type
    if checksum_type == "COMPOSITE":
        assert answer["ChecksumCRC32"].endswith("-2")
    else:
        whole = s3.put_object(Bucket=BUCKET, Key="whole", Body=b"".join(bodies), ChecksumAlgorithm="CRC32")
        assert answer["ChecksumCRC32"] == whole["ChecksumCRC32"]
    attributes = s3.get_object_attributes(
        Bucket=BUCKET, Key=key, ObjectAttributes=["Checksum", "ObjectParts", "ObjectSize"]
    )
    assert attributes["ObjectSize"] == 5 * MIB + 4
    assert attributes["ObjectParts"]["TotalPartsCount"] == 2
    assert attributes["Checksum"]["ChecksumCRC32"] == answer["ChecksumCRC32"]


def test_a_part_may_be_copied_from_an_object(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="digits", Body=b"0123456789")
    upload_id = s3.create_multipart_upload(Bucket=BUCKET, Key="copied")["UploadId"]
    arguments = {"Bucket": BUCKET, "Key": "copied", "UploadId": upload_id, "PartNumber": 1}
    source = {"Bucket": BUCKET, "Key": "digits"}
    copied = s3.upload_part_copy(CopySource=source, CopySourceRange="bytes=2-4", **arguments)
    etag = copied["CopyPartResult"]["ETag"]
    complete(s3, "copied", upload_id, [{"PartNumber": 1, "ETag": etag}])
    assert s3.get_object(Bucket=BUCKET, Key="copied")["Body"].read() == b"234"


@pytest.mark.parametrize("wanted", ["bytes=2-", "bytes=2-10", "2-4"])
def test_a_part_copy_needs_a_range_within_the_source(s3: Any, wanted: str) -> None:
    s3.put_object(Bucket=BUCKET, Key="digits", Body=b"0123456789")
    upload_id = s3.create_multipart_upload(Bucket=BUCKET, Key="copied")["UploadId"]
    arguments = {"Bucket": BUCKET, "Key": "copied", "UploadId": upload_id}
    with pytest.raises(ClientError, match="InvalidArgument"):
        s3.upload_part_copy(CopySource=f"{BUCKET}/digits", CopySourceRange=wanted, PartNumber=1, **arguments)
    s3.abort_multipart_upload(**arguments)


def test_what_complete_refuses_leaves_the_upload_as_it_was(s3: Any) -> None:
    upload_id, parts = upload(s3, "refused", [b"small", b"last"])
    with pytest.raises(ClientError, match="EntityTooSmall"):
        complete(s3, "refused", upload_id, parts)
    with pytest.raises(ClientError, match="InvalidPartOrder"):
        complete(s3, "refused", upload_id, parts[::-1])
    with pytest.raises(ClientError, match="InvalidPart"):
        complete(s3, "refused", upload_id, [{"PartNumber": 3, "ETag": '"0"'}])
    with pytest.raises(ClientError, match="InvalidPart"):
        complete(s3, "refused", upload_id, [{"PartNumber": 1, "ETag": '"0"'}])
    with pytest.raises(ClientError, match="MalformedXML"):
        complete(s3, "refused", upload_id, [])
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=BUCKET, Key="refused")
    complete(s3, "refused", upload_id, parts[1:])
    assert s3.get_object(Bucket=BUCKET, Key="refused")["Body"].read() == b"last"


def test_an_upload_that_ended_is_no_such_upload(s3: Any) -> None:
    upload_id, parts = upload(s3, "aborted", [b"1"])
    arguments = {"Bucket": BUCKET, "Key": "aborted", "UploadId": upload_id}
    s3.abort_multipart_upload(**arguments)
    with pytest.raises(s3.exceptions.NoSuchUpload):
        s3.abort_multipart_upload(**arguments)
    with pytest.raises(s3.exceptions.NoSuchUpload):
        s3.upload_part(PartNumber=1, Body=b"1", **arguments)
    with pytest.raises(s3.exceptions.NoSuchUpload):
        complete(s3, "aborted", upload_id, parts)


def test_an_upload_belongs_to_its_key(s3: Any) -> None:
    upload_id, _ = upload(s3, "mine", [b"1"])
    with pytest.raises(s3.exceptions.NoSuchUpload):
        s3.list_parts(Bucket=BUCKET, Key="other", UploadId=upload_id)
    s3.abort_multipart_upload(Bucket=BUCKET, Key="mine", UploadId=upload_id)


@pytest.mark.parametrize("number", [0, 10_001])
def test_a_part_number_is_from_1_to_10000(s3: Any, number: int) -> None:
    upload_id, _ = upload(s3, "numbers", [])
    with pytest.raises(ClientError, match="InvalidArgument"):
        s3.upload_part(Bucket=BUCKET, Key="numbers", UploadId=upload_id, PartNumber=number, Body=b"")
    s3.abort_multipart_upload(Bucket=BUCKET, Key="numbers", UploadId=upload_id)


def test_a_part_sent_again_replaces_the_first(s3: Any) -> None:
    upload_id, _ = upload(s3, "again", [b"first"])
    arguments = {"Bucket": BUCKET, "Key": "again", "UploadId": upload_id}
    etag = s3.upload_part(PartNumber=1, Body=b"second", **arguments)["ETag"]
    assert [part["Size"] for part in s3.list_parts(**arguments)["Parts"]] == [6]
    complete(s3, "again", upload_id, [{"PartNumber": 1, "ETag": etag}])
    assert s3.get_object(Bucket=BUCKET, Key="again")["Body"].read() == b"second"


def test_parts_and_uploads_are_listed_in_pages(s3: Any) -> None:
    first, _ = upload(s3, "list/a", [b"1", b"2", b"3"])
    second, _ = upload(s3, "list/a", [])
    third, _ = upload(s3, "list/b/c", [])
    pages = s3.get_paginator("list_parts").paginate(
        Bucket=BUCKET, Key="list/a", UploadId=first, PaginationConfig={"PageSize": 2}
    )
    assert [part["PartNumber"] for page in pages for part in page["Parts"]] == [1, 2, 3]
    found = s3.get_paginator("list_multipart_uploads").paginate(
        Bucket=BUCKET, Prefix="list/", PaginationConfig={"PageSize": 1}
    )
    ids = [each["UploadId"] for page in found for each in page["Uploads"]]
    assert sorted(ids) == sorted([first, second, third])
    assert ids[2] == third
    grouped = s3.list_multipart_uploads(Bucket=BUCKET, Prefix="list/", Delimiter="/")
    assert [each["Prefix"] for each in grouped["CommonPrefixes"]] == ["list/b/"]
    for key, upload_id in (("list/a", first), ("list/a", second), ("list/b/c", third)):
        s3.abort_multipart_upload(Bucket=BUCKET, Key=key, UploadId=upload_id)


def test_complete_if_none_match_does_not_replace(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="kept", Body=b"1")
    upload_id, parts = upload(s3, "kept", [b"2"])
    with pytest.raises(ClientError, match="PreconditionFailed"):
        complete(s3, "kept", upload_id, parts, IfNoneMatch="*")
    assert s3.get_object(Bucket=BUCKET, Key="kept")["Body"].read() == b"1"
    s3.abort_multipart_upload(Bucket=BUCKET, Key="kept", UploadId=upload_id)
