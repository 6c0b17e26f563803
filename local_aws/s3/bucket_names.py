"""Which names a bucket may have.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
"""

from __future__ import annotations

import re

from local_aws.errors import AwsError

_SHAPE = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_IP_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+", re.ASCII)
_RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def is_bucket_name(name: str) -> bool:
    """Whether a bucket could be called `name`; such a name is also safe as a folder's."""
    return bool(_SHAPE.fullmatch(name)) and ".." not in name


def check_new_bucket_name(name: str) -> None:
    """Raise `InvalidBucketName` unless S3 would make a bucket called `name`."""
    is_reserved = name.startswith(_RESERVED_PREFIXES) or name.endswith(_RESERVED_SUFFIXES)
    if not is_bucket_name(name) or is_reserved or _IP_ADDRESS.fullmatch(name):
        raise AwsError("InvalidBucketName", "The specified bucket is not valid.", 400, BucketName=name)
