"""Chunks that are signed: the example of AWS's documentation, and what is not what was signed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator

import pytest

from local_aws.errors import AwsError
from local_aws.identity.chunks import ChunkSignatures
from local_aws.identity.claim import VERSION_4, Claim
from local_aws.identity.sigv4 import signing_key
from local_aws.s3.aws_chunked import AwsChunked

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
CLAIM = Claim(
    "header", VERSION_4, "AKIAIOSFODNN7EXAMPLE", "20130524", "us-east-1", "s3", ("host",), SEED,
    "20130524T000000Z", "",
)  # fmt: skip
FIRST = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"
SECOND = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"
LAST = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"


def framed(*chunks: tuple[bytes, str], trailer: bytes = b"") -> bytes:
    made = b"".join(
        b"%x;chunk-signature=%s\r\n%s" % (len(data), signature.encode(), data + b"\r\n" * bool(data))
        for data, signature in chunks
    )
    return made + trailer + b"\r\n"


def decode(body: bytes, *, with_trailer: bool = False) -> bytes:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    async def collect() -> bytes:
        signatures = ChunkSignatures(CLAIM, SECRET, with_trailer=with_trailer)
        return b"".join([piece async for piece in AwsChunked(pieces(), None, signatures)])

    return asyncio.run(collect())


LONG, SHORT = b"a" * 65536, b"a" * 1024
WHOLE = [(LONG, FIRST), (SHORT, SECOND), (b"", LAST)]


def test_the_example_of_the_documentation_is_taken() -> None:
    assert decode(framed(*WHOLE)) == LONG + SHORT


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"b" + LONG[1:], FIRST), (SHORT, SECOND), (b"", LAST)],
        [(SHORT, SECOND), (b"", LAST)],
        [(LONG, FIRST), (b"", LAST)],
        [(SHORT, SECOND), (LONG, FIRST), (b"", LAST)],
        [(LONG, FIRST), (SHORT, SECOND), (b"", SECOND)],
        [(LONG, FIRST), (SHORT, ""), (b"", LAST)],
    ],
)
def test_what_was_not_signed_is_refused(chunks: list[tuple[bytes, str]]) -> None:
    with pytest.raises(AwsError) as refused:
        decode(framed(*chunks))
    assert (refused.value.code, refused.value.status) == ("SignatureDoesNotMatch", 403)


def test_a_signed_trailer_is_held_against_its_signature() -> None:
    checksum = b"x-amz-checksum-crc32:AAAAAA=="
    hashed = hashlib.sha256(checksum + b"\n").hexdigest()
    text = "\n".join((f"{VERSION_4}-TRAILER", CLAIM.moment, CLAIM.scope, LAST, hashed))
    signature = hmac.new(signing_key(SECRET, "20130524", "us-east-1", "s3"), text.encode(), hashlib.sha256)
    signed = b"\r\nx-amz-trailer-signature:" + signature.hexdigest().encode() + b"\r\n"
    assert decode(framed(*WHOLE, trailer=checksum + signed), with_trailer=True) == LONG + SHORT
    for trailer in (b"", checksum + b"\r\n", checksum.replace(b"AAAAAA", b"AAAAAB") + signed):
        with pytest.raises(AwsError, match="SignatureDoesNotMatch"):
            decode(framed(*WHOLE, trailer=trailer), with_trailer=True)
