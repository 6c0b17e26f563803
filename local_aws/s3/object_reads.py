"""GetObject, HeadObject, GetObjectAttributes.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.s3.conditions import is_unmodified
from local_aws.s3.errors import invalid_argument, invalid_request
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.object_headers import ARCHIVED, described, quoted
from local_aws.s3.ranges import ByteRange, parse_range
from local_aws.s3.send import body_of
from local_aws.s3.store import ObjectHead, Part

_OVERRIDES = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType")
_MAX_PARTS = 1000


class ObjectReads:
    """Reads of single objects."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store

    def get_object(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The object, or the part of it that `Range` or `PartNumber` names."""
        head, file = self._store.open(request["Bucket"], request["Key"])
        try:
            if is_unmodified(request, head):
                file.close()
                return _not_modified(head)
            storage_class = head.attributes.headers.get("StorageClass")
            if storage_class in ARCHIVED:
                message = "The operation is not valid for the object's storage class"
                raise AwsError("InvalidObjectState", message, 403, StorageClass=storage_class)
            answer, wanted = _answer(request, head, caller)
            return answer | {"Body": body_of(file, wanted)}
        except BaseException:
            file.close()
            raise

    def head_object(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """What GetObject would say, without the bytes."""
        head = self._store.head(request["Bucket"], request["Key"])
        if is_unmodified(request, head):
            return _not_modified(head)
        return _answer(request, head, caller)[0]

    def get_object_attributes(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The attributes that the request names."""
        head = self._store.head(request["Bucket"], request["Key"])
        wanted = request.get("ObjectAttributes") or []
        unknown = set(wanted) - {"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"}
        if unknown or not wanted:
            raise invalid_argument("Invalid attribute name specified.", "x-amz-object-attributes", wanted)
        every = {
            "ETag": head.etag,
            "Checksum": _checksum(head),
            "ObjectParts": _object_parts(request, head.attributes.parts),
            "StorageClass": head.info.storage_class,
            "ObjectSize": head.size,
        }
        asked = {name: every[name] for name in wanted if every[name] is not None}
        return {"LastModified": head.last_modified, **asked}


def _not_modified(head: ObjectHead) -> dict[str, Any]:
    return {"_status": 304, "ETag": quoted(head.etag), "LastModified": head.last_modified}


def _answer(request: dict[str, Any], head: ObjectHead, caller: Caller) -> tuple[dict[str, Any], ByteRange]:
    answer = described(head) | _overrides(request, caller)
    wanted = _wanted(request, head)
    whole = ByteRange(0, head.size)
    if wanted is not None:
        answer["_status"] = 206
        answer["ContentRange"] = f"bytes {wanted.start}-{wanted.end - 1}/{head.size}"
    elif request.get("ChecksumMode") == "ENABLED":
        answer |= _checksum(head) or {}
    if request.get("PartNumber") is not None and head.attributes.parts:
        answer["PartsCount"] = len(head.attributes.parts)
    return answer | {"ContentLength": (wanted or whole).length}, wanted or whole


def _wanted(request: dict[str, Any], head: ObjectHead) -> ByteRange | None:
    text, number = request.get("Range"), request.get("PartNumber")
    if text is not None and number is not None:
        raise invalid_request("Cannot specify both Range header and partNumber query parameter")
    if number is not None:
        return _part_range(number, head)
    return parse_range(text, head.size) if text is not None else None


def _part_range(number: int, head: ObjectHead) -> ByteRange | None:
    sizes = [part.size for part in head.attributes.parts] or [head.size]
    if number < 1:
        message = "Part number must be an integer between 1 and 10000, inclusive"
        raise invalid_argument(message, "partNumber", number)
    if number > len(sizes):
        message = "The requested partnumber is not satisfiable"
        raise AwsError(
            "InvalidPartNumber", message, 416, PartNumberRequested=number, ActualPartCount=len(sizes)
        )
    start = sum(sizes[: number - 1])
    return ByteRange(start, start + sizes[number - 1]) if head.size else None


def _overrides(request: dict[str, Any], caller: Caller) -> dict[str, Any]:
    """The `response-…` parameters of signed requests."""
    given = {name: request[f"Response{name}"] for name in _OVERRIDES if request.get(f"Response{name}")}
    expires = (request.get("_query") or {}).get("response-expires")
    if (given or expires) and caller.access_key_id is None:
        raise invalid_request("Request specific response headers cannot be used for anonymous GET requests.")
    return given | ({"_headers": {"Expires": expires}} if expires else {})


def _checksum(head: ObjectHead) -> dict[str, str] | None:
    attributes = head.attributes
    if not attributes.checksums:
        return None
    return {**attributes.checksums, "ChecksumType": attributes.checksum_type or "FULL_OBJECT"}


def _object_parts(request: dict[str, Any], parts: tuple[Part, ...]) -> dict[str, Any] | None:
    if not parts:
        return None
    marker = int(request.get("PartNumberMarker") or 0)
    limit = min(request.get("MaxParts") or _MAX_PARTS, _MAX_PARTS)
    after = [part for part in parts if part.number > marker]
    page = after[:limit]
    listed = [{"PartNumber": part.number, "Size": part.size, **part.checksums} for part in page]
    return {
        "TotalPartsCount": len(parts),
        "PartNumberMarker": str(marker),
        "NextPartNumberMarker": str(page[-1].number if page else marker),
        "MaxParts": limit,
        "IsTruncated": len(after) > len(page),
        # S3 lists parts only when they have checksums of their own.
        **({"Parts": listed} if any(part.checksums for part in parts) else {}),
    }
