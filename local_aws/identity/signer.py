"""Find out who signed a request, and refuse it when the signature does not hold.

A key that this AWS gave out has a secret that is known here, so its signature is computed again. Of any other
key nothing is known: whoever signs with one is the account's own user, as emulators' users expect. One secret
is known by convention, `test` of the key `test`: it is held against presigned URLs, which a person may have
changed, and not against headers, where clients with other made-up secrets have always been served.
`docs/decisions/who-is-asking.md` has the reasons.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from local_aws.caller import Principal, nobody, root_of
from local_aws.gateway.http import HttpRequest
from local_aws.gateway.identify import BUCKET_HOST, Identity
from local_aws.identity.access_keys import AccessKey, AccessKeys
from local_aws.identity.chunks import SIGNED_CHUNKS, SIGNED_TRAILER, ChunkSignatures
from local_aws.identity.claim import VERSION_2, Claim
from local_aws.identity.refusals import Family, refusal
from local_aws.identity.sigv2 import is_genuine_query
from local_aws.identity.sigv4 import UNSIGNED_PAYLOAD, Signed, is_genuine, unsigned_headers

MOST_SKEW = timedelta(minutes=15)
CONVENTION = {"test": "test"}
"""The key and secret that emulators' documentation tells everybody to use."""

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed. `proven` is whether only the holder of a secret could have: everybody knows `test`."""

    principal: Principal
    proven: bool


class Signers:
    """Of one account."""

    def __init__(self, account_id: str, keys: AccessKeys) -> None:
        self._account_id = account_id
        self._keys = keys

    async def signer_of(self, request: HttpRequest, identity: Identity, family: Family) -> Signer:
        """Who signed a request.

        Raises:
            AwsError: the key, the signature or the session does not hold.
        """
        claim = identity.claim
        if claim is None:
            return Signer(nobody(self._account_id), proven=False)
        if not self._keys.is_ours(claim.access_key_id):
            await self._check_convention(request, claim, family)
            return Signer(root_of(self._account_id), proven=False)
        key = await self._keys.find(claim.access_key_id)
        if key is None or not key.active:
            raise refusal("unknown key", family, AWSAccessKeyId=claim.access_key_id)
        await _check(request, claim, key, family)
        return Signer(key.principal, proven=True)

    def forget(self) -> None:
        """IAM has changed, or was put back to what it was."""
        self._keys.forget()

    async def _check_convention(self, request: HttpRequest, claim: Claim, family: Family) -> None:
        secret = CONVENTION.get(claim.access_key_id)
        if claim.where == "query" and secret is not None:
            await _check_signature(request, claim, secret, family)


async def _check(request: HttpRequest, claim: Claim, key: AccessKey, family: Family) -> None:
    now = datetime.now(UTC)
    if key.token and not claim.token:
        raise refusal("unknown key", family, AWSAccessKeyId=claim.access_key_id)
    if not hmac.compare_digest(claim.token.encode(), key.token.encode()):
        raise refusal("wrong token", family)
    await _check_signature(request, claim, key.secret, family)
    announced = request.headers.get("x-amz-content-sha256", "")
    if family == "s3" and _HASH.fullmatch(announced):
        request.body_hash = announced
    if family == "s3" and announced in (SIGNED_CHUNKS, SIGNED_TRAILER):
        request.chunks = ChunkSignatures(claim, key.secret, with_trailer=announced == SIGNED_TRAILER)
    if key.has_ended(now):
        raise refusal("ended", family)
    if claim.where == "header" and abs(now - _moment(claim, family)) > MOST_SKEW:
        raise refusal("skewed", family, RequestTime=claim.moment, ServerTime=f"{now:%Y-%m-%dT%H:%M:%SZ}")


async def _check_signature(request: HttpRequest, claim: Claim, secret: str, family: Family) -> None:
    if claim.algorithm == VERSION_2 and claim.where == "query" and family == "s3":
        signed = _signed(request, "")
        if not is_genuine_query(claim, signed, _bucket_in_host(request), secret):
            raise _mismatch(claim, family)
        return
    if not claim.is_version_4:
        raise refusal("old signature", family)
    signed = _signed(request, await _payload_hash(request, claim, family))
    if not is_genuine(claim, signed, secret):
        raise _mismatch(claim, family)
    loose = unsigned_headers(claim, signed)
    if loose:
        raise refusal("unsigned header", family, HeadersNotSigned=", ".join(loose))


def _mismatch(claim: Claim, family: Family) -> Exception:
    members = {"AWSAccessKeyId": claim.access_key_id, "SignatureProvided": claim.signature[:200]}
    return refusal("mismatch", family, **(members if family == "s3" else {}))


def _signed(request: HttpRequest, payload_hash: str) -> Signed:
    return Signed(request.method, request.raw_path, request.raw_query, request.decoded_headers, payload_hash)


async def _payload_hash(request: HttpRequest, claim: Claim, family: Family) -> str:
    """What the client says its body's hash is, or the body's own.

    S3's bodies stream, and are held against the header as they arrive (`HttpRequest.stream`).
    """
    announced = request.headers.get("x-amz-content-sha256", "")
    if family == "s3":
        return announced or UNSIGNED_PAYLOAD if claim.where == "query" else announced
    body_hash = hashlib.sha256(await request.body()).hexdigest()
    if _HASH.fullmatch(announced) and announced != body_hash:
        raise refusal("mismatch", family)
    return body_hash


def _moment(claim: Claim, family: Family) -> datetime:
    try:
        return datetime.strptime(claim.moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise refusal("mismatch", family) from error


def _bucket_in_host(request: HttpRequest) -> str:
    found = BUCKET_HOST.match(request.headers.get("host", ""))
    return found["bucket"] if found else ""
