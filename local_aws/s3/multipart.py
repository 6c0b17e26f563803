"""Multipart uploads: start, parts from bytes or from objects, complete, abort, and their lists.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from local_aws.caller import Caller
from local_aws.s3.acl import owner_of
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.completion import assemble, check_parts, checksums_of, etag_of
from local_aws.s3.conditions import write_check
from local_aws.s3.copies import MAX_COPY, copy_bytes, copy_source_of, open_source
from local_aws.s3.errors import invalid_argument, invalid_request
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.integrity import Digests, Expected, expected_of
from local_aws.s3.multipart_checksums import check_part_algorithm, checksum_choice
from local_aws.s3.object_headers import check_parameters, headers_of, metadata_of, quoted, written
from local_aws.s3.ranges import ByteRange, parse_range
from local_aws.s3.receive import receive
from local_aws.s3.store import Attributes, ObjectHead, Part
from local_aws.s3.tags import tags_of_header
from local_aws.s3.uploads import StoredPart, Upload, Uploads

MAX_PART_NUMBER = 10_000


class Multipart:
    """Uploads in parts; `endpoint` is the server's URL, which answers show as the object's."""

    def __init__(self, store: FolderStore, uploads: Uploads, endpoint: str) -> None:
        self._store = store
        self._uploads = uploads
        self._endpoint = endpoint

    def create_multipart_upload(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Start an upload; what the object will carry is said now."""
        bucket, key = request["Bucket"], request["Key"]
        self._store.bucket_folder(bucket)
        settings = BucketSettings(self._store.database, bucket)
        check_parameters("CreateMultipartUpload", request, settings)
        algorithm, checksum_type = checksum_choice(request)
        details = {
            "headers": headers_of(request, settings),
            "metadata": metadata_of(request),
            "tags": tags_of_header(request.get("Tagging")),
            "checksum_algorithm": algorithm,
            "checksum_type": checksum_type,
        }
        upload = self._uploads.start(bucket, key, details)
        answer = {"Bucket": bucket, "Key": key, "UploadId": upload.id}
        answer["ServerSideEncryption"] = upload.headers["ServerSideEncryption"]
        if algorithm:
            answer |= {"ChecksumAlgorithm": algorithm, "ChecksumType": checksum_type}
        return answer

    async def upload_part(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Store the body as a part."""
        upload, number = self._upload(request), _part_number(request)
        check_part_algorithm(upload, expected_of(request).algorithm)
        staged = self._store.staging_file()

        def commit(digests: Digests) -> StoredPart:
            part = Part(number, digests.size, digests.etag, digests.checksums)
            return self._uploads.add_part(upload, part, staged)

        stored = await receive(request, staged, commit, upload.checksum_algorithm)
        encryption = upload.headers["ServerSideEncryption"]
        return {"ETag": quoted(stored.part.etag), "ServerSideEncryption": encryption, **stored.part.checksums}

    def upload_part_copy(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Store an object's bytes, or a range of them, as a part."""
        upload, number = self._upload(request), _part_number(request)
        copy_source_of(request)
        head, file = open_source(self._store, request)
        staged = self._store.staging_file()
        try:
            with file:
                digests = Digests(Expected(algorithm=upload.checksum_algorithm))
                copy_bytes(file, _copied_range(request, head), staged, digests)
            part = Part(number, digests.size, digests.etag, digests.checksums)
            stored = self._uploads.add_part(upload, part, staged)
        finally:
            staged.unlink(missing_ok=True)
        result = {"ETag": quoted(part.etag), "LastModified": stored.modified, **part.checksums}
        encryption = upload.headers["ServerSideEncryption"]
        return {"CopyPartResult": result, "ServerSideEncryption": encryption}

    def complete_multipart_upload(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Make the parts one object."""
        upload = self._upload(request)
        chosen = check_parts(request, upload, self._uploads.parts(upload))
        parts = tuple(stored.part for stored in chosen)
        checksums = checksums_of(request, upload, parts)
        check = write_check(request, upload.key)

        def still_wanted(present: ObjectHead | None) -> None:
            self._upload(request)  # aborted, or completed by someone else, while the parts were joined
            if check is not None:
                check(present)

        staged = self._store.staging_file()
        assemble(upload, chosen, staged)
        attributes = Attributes(
            etag_of(parts),
            upload.headers,
            upload.metadata,
            upload.tags,
            checksums,
            upload.checksum_type,
            parts,
        )
        head = self._store.write(upload.bucket, upload.key, staged, attributes, still_wanted)
        self._uploads.end(upload.id)
        location = f"{self._endpoint}/{upload.bucket}/{quote(upload.key)}"
        return {"Location": location, "Bucket": upload.bucket, "Key": upload.key, **written(head)}

    def abort_multipart_upload(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Forget an upload and its parts."""
        self._uploads.end(self._upload(request).id)
        return {}

    def list_parts(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The parts that arrived."""
        upload = self._upload(request)
        marker = int(request.get("PartNumberMarker") or 0)
        limit = _limit(request.get("MaxParts"), "max-parts")
        after = [stored for stored in self._uploads.parts(upload) if stored.part.number > marker]
        page = after[:limit]
        owner = owner_of(caller.account_id)
        answer = {
            "Bucket": upload.bucket,
            "Key": upload.key,
            "UploadId": upload.id,
            "PartNumberMarker": marker,
            "NextPartNumberMarker": page[-1].part.number if page else 0,
            "MaxParts": limit,
            "IsTruncated": len(after) > len(page),
            "Parts": [_listed_part(stored) for stored in page],
            "Initiator": owner,
            "Owner": owner,
            "StorageClass": upload.headers.get("StorageClass", "STANDARD"),
        }
        return answer | _listed_checksum(upload)

    def _upload(self, request: dict[str, Any]) -> Upload:
        self._store.bucket_folder(request["Bucket"])
        return self._uploads.get(request["Bucket"], request["Key"], request["UploadId"])


def _part_number(request: dict[str, Any]) -> int:
    number = request.get("PartNumber")
    if not isinstance(number, int) or not 1 <= number <= MAX_PART_NUMBER:
        message = f"Part number must be an integer between 1 and {MAX_PART_NUMBER}, inclusive"
        raise invalid_argument(message, "partNumber", number)
    return number


def _copied_range(request: dict[str, Any], head: ObjectHead) -> ByteRange:
    text = request.get("CopySourceRange")
    if text is None:
        if head.size > MAX_COPY:
            raise invalid_request(
                f"The specified copy source is larger than the maximum allowable size: {MAX_COPY}"
            )
        return ByteRange(0, head.size)
    wanted = parse_range(text, head.size)
    _, _, last = text.partition("-")
    if wanted is None or not last.strip().isdecimal() or int(last) >= head.size:
        message = (
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are "
            "the zero-based offsets of the first and last bytes to copy"
        )
        raise invalid_argument(message, "x-amz-copy-source-range", text)
    return wanted


def _limit(value: int | None, name: str) -> int:
    if value is not None and value < 0:
        raise invalid_argument(f"Argument {name} must be an integer between 0 and 2147483647", name, value)
    return min(1000, 1000 if value is None else value)


def _listed_part(stored: StoredPart) -> dict[str, Any]:
    part = stored.part
    return {
        "PartNumber": part.number,
        "LastModified": stored.modified,
        "ETag": quoted(part.etag),
        "Size": part.size,
        **part.checksums,
    }


def _listed_checksum(upload: Upload) -> dict[str, str]:
    if not upload.checksum_algorithm:
        return {}
    return {"ChecksumAlgorithm": upload.checksum_algorithm, "ChecksumType": upload.checksum_type}
