"""Signature Version 2 of presigned S3 URLs, which boto3 still makes in us-east-1.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html (checked 2026-11)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from local_aws.identity.claim import Claim
from local_aws.identity.sigv4 import Signed

_SUBRESOURCES = frozenset(
    {
        "accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "encryption", "inventory",
        "lifecycle", "location", "logging", "metrics", "notification", "object-lock", "ownershipControls",
        "partNumber", "policy", "policyStatus", "publicAccessBlock", "replication", "requestPayment",
        "response-cache-control", "response-content-disposition", "response-content-encoding",
        "response-content-language", "response-content-type", "response-expires", "restore", "retention",
        "select", "select-type", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning",
        "versions", "website",
    }
)  # fmt: skip


def is_genuine_query(claim: Claim, signed: Signed, bucket_in_host: str, secret: str) -> bool:
    """Whether the holder of `secret` made the signature of a presigned URL."""
    headers = _headers(signed)
    # Libraries give a body a type by themselves, of which the signer could not know.
    kinds = dict.fromkeys((headers["content-type"], ""))
    for resource in dict.fromkeys(_resources(signed, bucket_in_host)):
        for kind in kinds:
            lines = (signed.method, headers["content-md5"], kind, claim.moment, headers["amz"] + resource)
            digest = hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha1).digest()
            if hmac.compare_digest(base64.b64encode(digest), claim.signature.encode()):
                return True
    return False


def _headers(signed: Signed) -> Mapping[str, str]:
    given: dict[str, list[str]] = {}
    for name, value in signed.headers:
        given.setdefault(name, []).append(value.strip())
    query = dict(part.partition("=")[::2] for part in signed.raw_query.split("&"))
    amz = {name: ",".join(values) for name, values in given.items() if name.startswith("x-amz-")}
    # A signer moves headers of AWS's into the query.
    amz |= {
        name.lower(): unquote(value) for name, value in query.items() if name.lower().startswith("x-amz-")
    }
    amz.pop("x-amz-date", None)
    return {
        "content-md5": _one(given, query, "content-md5"),
        "content-type": _one(given, query, "content-type"),
        "amz": "".join(f"{name}:{value}\n" for name, value in sorted(amz.items())),
    }


def _one(given: Mapping[str, list[str]], query: Mapping[str, str], name: str) -> str:
    return given[name][0] if name in given else unquote(query.get(name, ""))


def _resources(signed: Signed, bucket_in_host: str) -> Iterator[str]:
    words = []
    for part in filter(None, signed.raw_query.split("&")):
        name, equals, value = part.partition("=")
        if name in _SUBRESOURCES:
            words.append(f"{name}{equals}{unquote(value)}")
    query = f"?{'&'.join(sorted(words))}" if words else ""
    yield f"{signed.raw_path}{query}"
    if bucket_in_host:
        yield f"/{bucket_in_host}{signed.raw_path}{query}"
