"""ListObjects, ListObjectsV2, ListObjectVersions, ListMultipartUploads.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from local_aws.caller import Caller
from local_aws.s3.acl import owner_of
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.errors import invalid_argument, unsupported
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.list_pages import Page, common_prefix, encoder, max_keys, object_page
from local_aws.s3.object_headers import quoted
from local_aws.s3.store import ObjectInfo
from local_aws.s3.uploads import Upload, Uploads


class Listings:
    """What is in a bucket."""

    def __init__(self, store: FolderStore, uploads: Uploads) -> None:
        self._store = store
        self._uploads = uploads

    def list_objects_v2(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Objects by key, with a token for the next page."""
        token = request.get("ContinuationToken")
        after = _key_of(token) if token is not None else request.get("StartAfter") or ""
        page, answer = self._list(request, caller, after, bool(request.get("FetchOwner")))
        encode = encoder(request)
        answer["KeyCount"] = len(page.files) + len(page.common_prefixes)
        if token is not None:
            answer["ContinuationToken"] = token
        if request.get("StartAfter"):
            answer["StartAfter"] = encode(request["StartAfter"])
        if page.is_truncated:
            answer["NextContinuationToken"] = _token_of(page.last)
        return answer

    def list_objects(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Objects by key, as before tokens; `NextMarker` comes with a delimiter only."""
        page, answer = self._list(request, caller, request.get("Marker") or "", with_owner=True)
        encode = encoder(request)
        answer["Marker"] = encode(request.get("Marker") or "")
        if page.is_truncated and request.get("Delimiter"):
            answer["NextMarker"] = encode(page.last)
        return answer

    def list_object_versions(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The current objects as versions `null`, which is right for a bucket that never was versioned."""
        bucket = request["Bucket"]
        self._store.bucket_folder(bucket)
        if BucketSettings(self._store.database, bucket).get("versioning") is not None:
            raise unsupported(
                "ListObjectVersions", "the bucket's versioning is configured, but versions are not kept"
            )
        marker = request.get("KeyMarker") or ""
        page, answer = self._list(request, caller, marker, with_owner=True)
        encode = encoder(request)
        versions = [{**entry, "VersionId": "null", "IsLatest": True} for entry in answer.pop("Contents")]
        answer |= {"Versions": versions, "KeyMarker": encode(marker)}
        answer["VersionIdMarker"] = request.get("VersionIdMarker") or ""
        if page.is_truncated:
            answer |= {"NextKeyMarker": encode(page.last), "NextVersionIdMarker": "null"}
        return answer

    def _list(
        self, request: dict[str, Any], caller: Caller, after: str, with_owner: bool
    ) -> tuple[Page, dict[str, Any]]:
        bucket, prefix, delimiter = request["Bucket"], request.get("Prefix") or "", request.get("Delimiter")
        limit, encode = max_keys(request.get("MaxKeys"), "max-keys"), encoder(request)
        page = object_page(self._store.walk(bucket, prefix, after), prefix, delimiter or "", after, limit)
        owner = {"Owner": owner_of(caller.account_id)} if with_owner else {}
        infos = self._store.describe(bucket, page.files)
        answer: dict[str, Any] = {
            "Name": bucket,
            "Prefix": encode(prefix),
            "MaxKeys": limit,
            "IsTruncated": page.is_truncated,
            "Contents": [{**_listed(info, encode(info.key)), **owner} for info in infos],
            "CommonPrefixes": [{"Prefix": encode(each)} for each in page.common_prefixes],
        }
        if delimiter:
            answer["Delimiter"] = encode(delimiter)
        if request.get("EncodingType"):
            answer["EncodingType"] = request["EncodingType"]
        return page, answer

    def list_multipart_uploads(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Uploads in progress, by key and then by age."""
        bucket, prefix = request["Bucket"], request.get("Prefix") or ""
        self._store.bucket_folder(bucket)
        key_marker, id_marker = request.get("KeyMarker") or "", request.get("UploadIdMarker") or ""
        delimiter, encode = request.get("Delimiter") or "", encoder(request)
        limit = max_keys(request.get("MaxUploads"), "max-uploads")
        entries: list[Upload | str] = []
        for upload in _after(self._uploads.of_bucket(bucket, prefix), key_marker, id_marker):
            group = common_prefix(upload.key, prefix, delimiter)
            if group is None:
                entries.append(upload)
            elif group not in entries and group != key_marker:
                entries.append(group)
        page, owner = entries[:limit], owner_of(caller.account_id)
        uploads = [entry for entry in page if isinstance(entry, Upload)]
        answer: dict[str, Any] = {
            "Bucket": bucket,
            "KeyMarker": encode(key_marker),
            "UploadIdMarker": id_marker,
            "Prefix": encode(prefix),
            "MaxUploads": limit,
            "IsTruncated": len(entries) > len(page),
            "Uploads": [_listed_upload(upload, encode(upload.key), owner) for upload in uploads],
            "CommonPrefixes": [{"Prefix": encode(entry)} for entry in page if isinstance(entry, str)],
        }
        if delimiter:
            answer["Delimiter"] = encode(delimiter)
        if page and answer["IsTruncated"]:
            last = page[-1]
            answer["NextKeyMarker"] = encode(last.key if isinstance(last, Upload) else last)
            answer["NextUploadIdMarker"] = last.id if isinstance(last, Upload) else ""
        if request.get("EncodingType"):
            answer["EncodingType"] = request["EncodingType"]
        return answer


def _listed(info: ObjectInfo, key: str) -> dict[str, Any]:
    return {
        "Key": key,
        "LastModified": info.last_modified,
        "ETag": quoted(info.etag),
        "Size": info.size,
        "StorageClass": info.storage_class,
    }


def _listed_upload(upload: Upload, key: str, owner: dict[str, str]) -> dict[str, Any]:
    listed: dict[str, Any] = {
        "UploadId": upload.id,
        "Key": key,
        "Initiated": upload.started,
        "StorageClass": upload.headers.get("StorageClass", "STANDARD"),
        "Owner": owner,
        "Initiator": owner,
    }
    if upload.checksum_algorithm:
        listed |= {"ChecksumAlgorithm": upload.checksum_algorithm, "ChecksumType": upload.checksum_type}
    return listed


def _after(uploads: list[Upload], key_marker: str, id_marker: str) -> list[Upload]:
    """Those behind the marker; an id counts among the uploads of the marker's key."""
    if not id_marker:
        return [upload for upload in uploads if upload.key > key_marker]
    same_key = [upload.id for upload in uploads if upload.key == key_marker]
    passed = set(same_key[: same_key.index(id_marker) + 1]) if id_marker in same_key else set(same_key)
    return [upload for upload in uploads if upload.key >= key_marker and upload.id not in passed]


def _token_of(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _key_of(token: str) -> str:
    try:
        return base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        message = "The continuation token provided is incorrect"
        raise invalid_argument(message, "continuation-token", token) from error
