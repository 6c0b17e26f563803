"""Which checksum an upload in parts has, and of what: the whole object, or the parts' checksums.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.s3.checksums import ALGORITHMS
from local_aws.s3.errors import invalid_request, unsupported
from local_aws.s3.uploads import Upload

_TYPES = {
    "CRC32": ("COMPOSITE", "FULL_OBJECT"),
    "CRC32C": ("COMPOSITE", "FULL_OBJECT"),
    "CRC64NVME": ("FULL_OBJECT",),
    "SHA1": ("COMPOSITE",),
    "SHA256": ("COMPOSITE",),
}
"""The types an algorithm may have, its default first."""


def checksum_choice(request: Mapping[str, Any]) -> tuple[str, str]:
    """The algorithm and type that CreateMultipartUpload asks for; both empty when it asks for none."""
    algorithm, checksum_type = request.get("ChecksumAlgorithm"), request.get("ChecksumType")
    if algorithm is None:
        if checksum_type is not None:
            raise invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
            )
        return "", ""
    algorithm = str(algorithm).upper()
    if algorithm not in ALGORITHMS:
        raise unsupported("CreateMultipartUpload", f"the checksum {algorithm}")
    types = _TYPES[algorithm]
    if checksum_type is not None and checksum_type not in types:
        refused = f"The {checksum_type} checksum type cannot be used"
        raise invalid_request(f"{refused} with the {algorithm.lower()} checksum algorithm.")
    return algorithm, checksum_type or types[0]


def check_part_algorithm(upload: Upload, algorithm: str) -> None:
    """Raise unless a part's checksum is of the kind that its upload was started with."""
    if algorithm and upload.checksum_algorithm and algorithm != upload.checksum_algorithm:
        raise invalid_request(
            "Checksum Type mismatch occurred, expected checksum Type: "
            f"{upload.checksum_algorithm.lower()}, actual checksum Type: {algorithm.lower()}"
        )
