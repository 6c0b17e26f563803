"""PutObject, DeleteObject, DeleteObjects.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.conditions import write_check
from local_aws.s3.errors import malformed_xml
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.integrity import Digests
from local_aws.s3.object_headers import check_key, check_parameters, headers_of, metadata_of, written
from local_aws.s3.receive import receive
from local_aws.s3.store import Attributes, ObjectHead
from local_aws.s3.tags import tags_of_header

_MAX_DELETES = 1000


class ObjectWrites:
    """Writes of objects from a client's bytes, and deletions."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store

    async def put_object(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Store the body; what is wrong with the request is told before the body is read."""
        bucket, key = request["Bucket"], request["Key"]
        self._store.bucket_folder(bucket)
        settings = BucketSettings(self._store.database, bucket)
        check_parameters("PutObject", request, settings)
        check = write_check(request, key)
        headers, metadata = headers_of(request, settings), metadata_of(request)
        tags = tags_of_header(request.get("Tagging"))
        staged = self._store.staging_file()

        def commit(digests: Digests) -> ObjectHead:
            checksums = digests.checksums
            checksum_type = "FULL_OBJECT" if checksums else ""
            attributes = Attributes(digests.etag, headers, metadata, tags, checksums, checksum_type)
            return self._store.write(bucket, key, staged, attributes, check)

        return written(await receive(request, staged, commit))

    def delete_object(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Remove an object; one that is not there is removed just the same."""
        key = request["Key"]
        check = write_check(request, key)
        self._store.delete(request["Bucket"], key, check)
        return {}

    def delete_objects(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Remove up to 1,000 objects; each has its own outcome."""
        bucket = request["Bucket"]
        self._store.bucket_folder(bucket)
        document = request.get("Delete") or {}
        entries = document.get("Objects") or []
        if not 0 < len(entries) <= _MAX_DELETES or any(not entry.get("Key") for entry in entries):
            raise malformed_xml()
        deleted, errors = [], []
        for entry in entries:
            try:
                self._delete_entry(bucket, entry)
                deleted.append({name: entry[name] for name in ("Key", "VersionId") if name in entry})
            except AwsError as error:
                errors.append({"Key": entry["Key"], "Code": error.code, "Message": error.message})
        return {"Errors": errors} | ({} if document.get("Quiet") else {"Deleted": deleted})

    def _delete_entry(self, bucket: str, entry: dict[str, Any]) -> None:
        key = entry["Key"]
        check_key(key)
        if entry.get("VersionId", "null") != "null":
            raise AwsError("NoSuchVersion", "The specified version does not exist.", 404)
        condition = {"IfMatch": entry["ETag"]} if entry.get("ETag") else {}
        self._store.delete(bucket, key, write_check(condition, key))
