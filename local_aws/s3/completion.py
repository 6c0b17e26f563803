"""What CompleteMultipartUpload checks, and how parts become one file, one ETag and one checksum.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from local_aws.errors import AwsError
from local_aws.s3.checksums import composite, full_object, member_of
from local_aws.s3.errors import invalid_request, malformed_xml, no_such_upload
from local_aws.s3.store import Part
from local_aws.s3.uploads import StoredPart, Upload

MIN_PART = 5 * 1024 * 1024
"""Bytes of every part but the last."""


def check_parts(request: dict[str, Any], upload: Upload, stored: list[StoredPart]) -> list[StoredPart]:
    """The stored parts that the request lists.

    Raises:
        AwsError: `MalformedXML`, `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`, `InvalidRequest`.
    """
    listed = (request.get("MultipartUpload") or {}).get("Parts") or []
    if not listed or any("PartNumber" not in part or "ETag" not in part for part in listed):
        raise malformed_xml()
    numbers = [part["PartNumber"] for part in listed]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        message = "The list of parts was not in ascending order. Parts must be ordered by part number."
        raise AwsError("InvalidPartOrder", message, UploadId=upload.id)
    by_number = {each.part.number: each for each in stored}
    chosen = [_chosen(part, by_number.get(part["PartNumber"]), upload) for part in listed]
    for each in chosen[:-1]:
        _check_size(each.part)
    size, announced = sum(each.part.size for each in chosen), request.get("MpuObjectSize")
    if announced is not None and int(announced) != size:
        raise invalid_request(
            f"The provided 'x-amz-mp-object-size' header value {announced} does not match what was "
            f"computed: {size}"
        )
    return chosen


def _chosen(listed: dict[str, Any], stored: StoredPart | None, upload: Upload) -> StoredPart:
    if stored is None or listed["ETag"].strip('"') != stored.part.etag:
        raise _invalid_part(listed, upload)
    member = member_of(upload.checksum_algorithm)
    if upload.checksum_algorithm and member in listed and listed[member] != stored.part.checksums[member]:
        raise _invalid_part(listed, upload)
    if upload.checksum_type == "COMPOSITE" and member not in listed:
        raise invalid_request(
            f"The upload was created using a {upload.checksum_algorithm.lower()} checksum. The complete "
            "request must include the checksum for each part. It was missing for part "
            f"{listed['PartNumber']} in the request."
        )
    return stored


def _invalid_part(listed: dict[str, Any], upload: Upload) -> AwsError:
    message = (
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
        "specified entity tag may not match the part's entity tag."
    )
    number, etag = listed["PartNumber"], listed["ETag"].strip('"')
    return AwsError("InvalidPart", message, UploadId=upload.id, PartNumber=number, ETag=etag)


def _check_size(part: Part) -> None:
    if part.size < MIN_PART:
        raise AwsError(
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
            ETag=part.etag,
            MinSizeAllowed=MIN_PART,
            ProposedSize=part.size,
            PartNumber=part.number,
        )


def etag_of(parts: Sequence[Part]) -> str:
    """The MD5 of the parts' MD5s, and how many there are."""
    joined = b"".join(bytes.fromhex(part.etag) for part in parts)
    return f"{hashlib.md5(joined, usedforsecurity=False).hexdigest()}-{len(parts)}"


def checksums_of(request: dict[str, Any], upload: Upload, parts: Sequence[Part]) -> dict[str, str]:
    """The object's checksum from its parts'; raises `BadDigest` when the client expects another."""
    algorithm = upload.checksum_algorithm
    if not algorithm:
        return {}
    member = member_of(algorithm)
    texts = [part.checksums[member] for part in parts]
    if upload.checksum_type == "COMPOSITE":
        value = composite(algorithm, texts)
    else:
        value = full_object(algorithm, [(part.checksums[member], part.size) for part in parts])
    if request.get(member) not in (None, value):
        raise AwsError("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")
    return {member: value}


def assemble(upload: Upload, parts: Sequence[StoredPart], target: Path) -> None:
    """Write the parts' bytes, one after the other, to the new file `target`.

    Raises:
        AwsError: `NoSuchUpload`, the upload ended meanwhile.
    """
    try:
        with target.open("xb") as whole:
            for stored in parts:
                with stored.path.open("rb") as part:
                    shutil.copyfileobj(part, whole, 1024 * 1024)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, FileNotFoundError):
            raise no_such_upload(upload.id) from error
        raise
