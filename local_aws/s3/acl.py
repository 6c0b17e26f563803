"""Access control lists: buckets are private to their owner, and that is the only list there is.

Since April 2023 S3 makes buckets with ACLs disabled (`BucketOwnerEnforced`); they refuse any list but the
owner's. Laguna enforces no ACL, so it refuses the others also where S3 would store them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from local_aws.errors import AwsError
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.errors import unsupported

_OWNER_ONLY = frozenset({"private", "bucket-owner-full-control", "bucket-owner-read"})
_GRANTS = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")


def owner_of(account_id: str) -> dict[str, str]:
    """The account's canonical user, made of its id so that it stays the same."""
    return {"ID": hashlib.sha256(f"laguna:{account_id}".encode()).hexdigest()}


def owner_only_acl(account_id: str) -> dict[str, Any]:
    """The list of every bucket and object."""
    owner = owner_of(account_id)
    grantee = {**owner, "Type": "CanonicalUser"}
    return {"Owner": owner, "Grants": [{"Grantee": grantee, "Permission": "FULL_CONTROL"}]}


def check_object_acl(operation: str, request: Mapping[str, Any], settings: BucketSettings) -> None:
    """Raise unless the request asks for no list, or for the owner's."""
    acl = request.get("ACL")
    has_grants = any(request.get(name) for name in _GRANTS) or bool(request.get("AccessControlPolicy"))
    if (acl is None or acl in _OWNER_ONLY) and not has_grants:
        return
    if settings.object_ownership() == "BucketOwnerEnforced":
        raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    raise unsupported(operation, f"the access control list {acl or 'of grants'}; only 'private' is")
