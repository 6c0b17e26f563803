"""Signature Version 4: what a request's signature must be, given the secret.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (checked 2026-11)
"""

from __future__ import annotations

import hashlib
import hmac
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from local_aws.identity.claim import VERSION_4, Claim

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_PATH_SAFE = "/-_.~"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers, as it was received."""

    method: str
    raw_path: str
    raw_query: str
    headers: Sequence[tuple[str, str]]
    """All of them, names in lower case."""
    payload_hash: str


def is_genuine(claim: Claim, signed: Signed, secret: str) -> bool:
    """Whether the holder of `secret` made the signature for this very request."""
    key = signing_key(secret, claim.date, claim.region, claim.service)
    if "host" not in claim.signed_headers or not claim.moment.startswith(claim.date):
        return False
    for canonical in _canonical_requests(claim, signed):
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = "\n".join((VERSION_4, claim.moment, claim.scope, digest))
        if hmac.compare_digest(_hmac(key, text).hex().encode(), claim.signature.lower().encode()):
            return True
    return False


def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key of a day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = _hmac(key, part)
    return key


def unsigned_headers(claim: Claim, signed: Signed) -> list[str]:
    """Headers of AWS's that a signature leaves open, and with it to anybody on the way."""
    covered = set(claim.signed_headers)
    return sorted({name for name, _ in signed.headers if name.startswith("x-amz-") and name not in covered})


def _canonical_requests(claim: Claim, signed: Signed) -> Iterator[str]:
    """The forms that clients sign: they differ in how they write odd characters of a path or a `+`."""
    headers = "".join(f"{name}:{_value(signed, name)}\n" for name in claim.signed_headers)
    names = ";".join(claim.signed_headers)
    for path in dict.fromkeys(_paths(signed.raw_path, claim.service)):
        for query in dict.fromkeys((_query(signed.raw_query, " "), _query(signed.raw_query, "+"))):
            yield "\n".join((signed.method, path, query, headers, names, signed.payload_hash))


def _paths(raw: str, service: str) -> Iterator[str]:
    yield raw
    once = quote(unquote_to_bytes(raw), safe=_PATH_SAFE)
    yield once
    if service not in ("s3", "s3-object-lambda", "s3express"):
        # Others sign the path that was sent as if it were a name itself, without empty or dotted steps.
        normal = posixpath.normpath("/" + raw.lstrip("/")) + ("/" if raw.endswith("/") and raw != "/" else "")
        yield quote(normal, safe=_PATH_SAFE)
        yield quote(raw, safe=_PATH_SAFE)


def _query(raw: str, plus: str) -> str:
    pairs = []
    for part in filter(None, raw.split("&")):
        name, _, value = part.partition("=")
        name, value = _again(name, plus), _again(value, plus)
        if name != "X-Amz-Signature":
            pairs.append((name, value))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _again(text: str, plus: str) -> str:
    return quote(unquote_to_bytes(text.replace("+", plus)), safe="-_.~")


def _value(signed: Signed, name: str) -> str:
    return ",".join(" ".join(value.split()) for key, value in signed.headers if key == name)


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
