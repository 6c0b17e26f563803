"""The signatures of the chunks of a body: each is made over its chunk and the signature before it.

The first goes back to the request's own. So nothing can be changed, left out or put in anywhere in a body,
though it is sent before all of it is known.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html (checked 2026-11)
"""

from __future__ import annotations

import hashlib
import hmac

from local_aws.identity.claim import VERSION_4, Claim
from local_aws.identity.refusals import refusal
from local_aws.identity.sigv4 import signing_key

SIGNED_CHUNKS = f"STREAMING-{VERSION_4}-PAYLOAD"
SIGNED_TRAILER = f"{SIGNED_CHUNKS}-TRAILER"
_NOTHING = hashlib.sha256().hexdigest()


class ChunkSignatures:
    """Checks the signatures of one body, in their order."""

    def __init__(self, claim: Claim, secret: str, *, with_trailer: bool) -> None:
        self._key = signing_key(secret, claim.date, claim.region, claim.service)
        self._place = (claim.moment, claim.scope)
        self._before = claim.signature.lower()
        self.with_trailer = with_trailer
        """Whether the trailer is signed, too."""

    def check_chunk(self, digest: str, signature: str) -> None:
        """Hold a chunk's SHA-256 against its signature.

        Raises:
            AwsError: SignatureDoesNotMatch.
        """
        self._check(f"{VERSION_4}-PAYLOAD", (_NOTHING, digest), signature)

    def check_trailer(self, trailers: dict[str, str], signature: str) -> None:
        """Hold the trailer against its signature.

        Raises:
            AwsError: SignatureDoesNotMatch.
        """
        text = "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))
        self._check(f"{VERSION_4}-TRAILER", (hashlib.sha256(text.encode()).hexdigest(),), signature)

    def _check(self, kind: str, hashes: tuple[str, ...], signature: str) -> None:
        text = "\n".join((kind, *self._place, self._before, *hashes))
        made = hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made.encode(), signature.lower().encode()):
            raise refusal("mismatch", "s3")
        self._before = made
