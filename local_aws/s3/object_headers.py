"""Between a request's headers and what an object keeps of them, both ways.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.errors import AwsError
from local_aws.s3.acl import check_object_acl
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.errors import invalid_request, unsupported
from local_aws.s3.keys import MAX_KEY_BYTES
from local_aws.s3.store import ObjectHead

DESCRIPTIVE = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType")
"""Members that tell a reader what the bytes are; a copy with REPLACE takes all of them anew."""

STORAGE_CLASSES = frozenset(
    {
        "STANDARD",
        "REDUCED_REDUNDANCY",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "GLACIER",
        "DEEP_ARCHIVE",
        "GLACIER_IR",
    }
)
ARCHIVED = frozenset({"GLACIER", "DEEP_ARCHIVE"})
_ENCRYPTIONS = frozenset({"AES256", "aws:kms", "aws:kms:dsse"})
_MAX_METADATA_BYTES = 2048
_ABSENT = ("SSECustomerAlgorithm", "SSECustomerKey", "WriteOffsetBytes", "CopySourceSSECustomerAlgorithm")
_OBJECT_LOCK = ("ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus")


def check_key(key: str) -> None:
    """Raise `KeyTooLongError` for a key that S3 would not take."""
    size = len(key.encode())
    if size > MAX_KEY_BYTES:
        message = "Your key is too long"
        raise AwsError("KeyTooLongError", message, Size=size, MaxSizeAllowed=MAX_KEY_BYTES)


def check_parameters(operation: str, request: Mapping[str, Any], settings: BucketSettings) -> None:
    """Refuse what a write asks for and cannot have; raises S3's error for it."""
    for name in _ABSENT:
        if request.get(name) is not None:
            raise unsupported(operation, name)
    if any(request.get(name) is not None for name in _OBJECT_LOCK):
        raise invalid_request("Bucket is missing Object Lock Configuration")
    check_object_acl(operation, request, settings)


def headers_of(request: Mapping[str, Any], settings: BucketSettings) -> dict[str, str]:
    """The system metadata of a new object: descriptive headers, storage class and encryption.

    Raises:
        AwsError: `InvalidStorageClass`, `InvalidArgument`.
    """
    headers = descriptive_headers(request)
    storage_class = request.get("StorageClass") or "STANDARD"
    if storage_class not in STORAGE_CLASSES:
        raise AwsError("InvalidStorageClass", "The storage class you specified is not valid")
    if storage_class != "STANDARD":
        headers["StorageClass"] = storage_class
    if request.get("WebsiteRedirectLocation"):
        headers["WebsiteRedirectLocation"] = request["WebsiteRedirectLocation"]
    return headers | _encryption(request, settings)


def descriptive_headers(request: Mapping[str, Any]) -> dict[str, str]:
    """What the request says of its bytes; `aws-chunked` is about the transfer and not kept."""
    headers = {name: request[name] for name in DESCRIPTIVE if request.get(name)}
    encodings = [part.strip() for part in headers.pop("ContentEncoding", "").split(",")]
    kept = ",".join(part for part in encodings if part and part != "aws-chunked")
    if kept:
        headers["ContentEncoding"] = kept
    expires = (request.get("_headers") or {}).get("expires")
    return headers | ({"Expires": expires} if expires else {})


def metadata_of(request: Mapping[str, Any]) -> dict[str, str]:
    """The user metadata, names in lower case; raises `MetadataTooLarge`."""
    metadata = {name.lower(): str(value) for name, value in (request.get("Metadata") or {}).items()}
    size = sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
    if size > _MAX_METADATA_BYTES:
        message = "Your metadata headers exceed the maximum allowed metadata size"
        raise AwsError("MetadataTooLarge", message, Size=size, MaxSizeAllowed=_MAX_METADATA_BYTES)
    return metadata


def _encryption(request: Mapping[str, Any], settings: BucketSettings) -> dict[str, str]:
    """Nothing is encrypted on disk; what S3 would say of the encryption is kept and told."""
    method, key = request.get("ServerSideEncryption"), request.get("SSEKMSKeyId")
    if method is None:
        method, key = settings.default_encryption()
    if method not in _ENCRYPTIONS:
        message = "The encryption method specified is not supported"
        raise AwsError(
            "InvalidArgument", message, ArgumentName="x-amz-server-side-encryption", ArgumentValue=method
        )
    if key and method == "AES256":
        raise AwsError(
            "InvalidArgument",
            "Server Side Encryption with KMS managed key requires HTTP header x-amz-server-side-encryption : "
            "aws:kms",
            ArgumentName="x-amz-server-side-encryption",
        )
    return {"ServerSideEncryption": method} | ({"SSEKMSKeyId": key} if key else {})


def written(head: ObjectHead) -> dict[str, Any]:
    """What the answer to a write tells of the new object."""
    headers = head.attributes.headers
    answer: dict[str, Any] = {"ETag": quoted(head.etag), **head.attributes.checksums}
    if head.attributes.checksum_type:
        answer["ChecksumType"] = head.attributes.checksum_type
    answer["ServerSideEncryption"] = headers.get("ServerSideEncryption", "AES256")
    if "SSEKMSKeyId" in headers:
        answer["SSEKMSKeyId"] = headers["SSEKMSKeyId"]
    return answer


def described(head: ObjectHead) -> dict[str, Any]:
    """What the answer to a read tells of the object, without its length and checksums."""
    headers = dict(head.attributes.headers)
    expires = headers.pop("Expires", None)
    answer: dict[str, Any] = {
        "AcceptRanges": "bytes",
        "ETag": quoted(head.etag),
        "LastModified": head.last_modified,
        "Metadata": dict(head.metadata),
        "ServerSideEncryption": "AES256",
        **headers,
        "ContentType": head.content_type,
    }
    if head.attributes.tags:
        answer["TagCount"] = len(head.attributes.tags)
    # The model has this one as a time, but S3 gives back whatever text it was given.
    return answer | ({"_headers": {"Expires": expires}} if expires else {})


def quoted(etag: str) -> str:
    """An ETag as HTTP and S3's documents spell it."""
    return f'"{etag}"'
