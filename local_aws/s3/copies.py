"""CopyObject, and reading the source that a copy names.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.checksums import ALGORITHMS
from local_aws.s3.conditions import check_copy_source, write_check
from local_aws.s3.errors import invalid_argument, invalid_request, unsupported
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.integrity import Digests, Expected
from local_aws.s3.object_headers import (
    ARCHIVED,
    check_parameters,
    descriptive_headers,
    headers_of,
    metadata_of,
    quoted,
    written,
)
from local_aws.s3.ranges import ByteRange
from local_aws.s3.receive import write_all
from local_aws.s3.store import Attributes, ObjectHead
from local_aws.s3.tags import tags_of_header

MAX_COPY = 5 * 1024**3
_BLOCK = 1024 * 1024
_CHANGES = ("StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption", "SSEKMSKeyId")
_NOT_COPIED = ("StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption", "SSEKMSKeyId")


@dataclass(frozen=True, slots=True)
class CopySource:
    """The object that a copy reads."""

    bucket: str
    key: str


def copy_source_of(request: dict[str, Any]) -> CopySource:
    """Read `x-amz-copy-source`; raises `InvalidArgument`."""
    text = str(request.get("CopySource") or "")
    path, has_version, version = text.partition("?versionId=")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    if not bucket or not key:
        message = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
        raise invalid_argument(message, "x-amz-copy-source", text)
    if has_version and version != "null":
        raise unsupported("CopyObject", "object versions are not kept; only versionId=null can be read")
    return CopySource(bucket, key)


def open_source(store: FolderStore, request: dict[str, Any]) -> tuple[ObjectHead, BinaryIO]:
    """The source as its conditions want it; the caller closes the file."""
    source = copy_source_of(request)
    head, file = store.open(source.bucket, source.key)
    try:
        check_copy_source(request, head)
        if head.attributes.headers.get("StorageClass") in ARCHIVED:
            message = "The operation is not valid for the source object's storage class"
            raise AwsError("InvalidObjectState", message, 403)
    except BaseException:
        file.close()
        raise
    return head, file


def copy_bytes(source: BinaryIO, wanted: ByteRange, target: Path, digests: Digests) -> None:
    """Write the bytes of `wanted` to the new file `target`, taking them into `digests`."""
    with open(target, "xb", buffering=0) as file:
        position = wanted.start
        while position < wanted.end:
            block = os.pread(source.fileno(), min(_BLOCK, wanted.end - position), position)
            if not block:
                raise OSError(f"the file of an object became shorter while it was copied: {source.name}")
            digests.update(block)
            write_all(file, block)
            position += len(block)


class Copies:
    """Copies of whole objects."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store

    def copy_object(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Copy an object within the store, with its metadata and tags or new ones."""
        bucket, key = request["Bucket"], request["Key"]
        self._store.bucket_folder(bucket)
        settings = BucketSettings(self._store.database, bucket)
        check_parameters("CopyObject", request, settings)
        check = write_check(request, key)
        _check_directives(request)
        head, file = open_source(self._store, request)
        staged = self._store.staging_file()
        try:
            with file:
                _check_size(head)
                described = _attributes(request, head, settings)
                digests = Digests(Expected(algorithm=_algorithm(request, head)))
                copy_bytes(file, ByteRange(0, head.size), staged, digests)
            checksums = digests.checksums
            attributes = Attributes(
                digests.etag,
                described.headers,
                described.metadata,
                described.tags,
                checksums,
                "FULL_OBJECT" if checksums else "",
            )
            copied = self._store.write(bucket, key, staged, attributes, check)
        finally:
            staged.unlink(missing_ok=True)
        answer = written(copied)
        result = {"ETag": quoted(copied.etag), "LastModified": copied.last_modified, **checksums}
        return {
            "CopyObjectResult": result | ({"ChecksumType": "FULL_OBJECT"} if checksums else {}),
            **{name: answer[name] for name in ("ServerSideEncryption", "SSEKMSKeyId") if name in answer},
        }


def _check_directives(request: dict[str, Any]) -> None:
    for name, header in (("MetadataDirective", "metadata"), ("TaggingDirective", "tagging")):
        if request.get(name, "COPY") not in ("COPY", "REPLACE"):
            raise invalid_argument(f"Unknown {header} directive.", f"x-amz-{header}-directive", request[name])
    source = copy_source_of(request)
    is_itself = (source.bucket, source.key) == (request["Bucket"], request["Key"])
    changes = request.get("MetadataDirective") == "REPLACE" or any(request.get(name) for name in _CHANGES)
    if is_itself and not changes:
        raise invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing "
            "the object's metadata, storage class, website redirect location or encryption attributes."
        )


def _check_size(head: ObjectHead) -> None:
    if head.size > MAX_COPY:
        message = "The specified copy source is larger than the maximum allowable size for a copy source"
        raise invalid_request(f"{message}: {MAX_COPY}")


def _attributes(request: dict[str, Any], head: ObjectHead, settings: BucketSettings) -> Attributes:
    source = head.attributes
    new_headers, is_replaced = headers_of(request, settings), request.get("MetadataDirective") == "REPLACE"
    described = {name: value for name, value in source.headers.items() if name not in _NOT_COPIED}
    if is_replaced:
        described = descriptive_headers(request)
    stored = {name: new_headers[name] for name in _NOT_COPIED if name in new_headers}
    metadata = metadata_of(request) if is_replaced else source.metadata
    replaces_tags = request.get("TaggingDirective") == "REPLACE"
    tags = tags_of_header(request.get("Tagging")) if replaces_tags else source.tags
    return Attributes("", described | stored, metadata, tags)


def _algorithm(request: dict[str, Any], head: ObjectHead) -> str:
    """The checksum of the copy: the one that is asked for, else the kind that the source has."""
    asked = request.get("ChecksumAlgorithm")
    if asked is None:
        return next((name.removeprefix("Checksum") for name in head.attributes.checksums), "")
    if asked not in ALGORITHMS:
        raise unsupported("CopyObject", f"the checksum {asked}")
    return str(asked)
