"""What a client says its bytes are, and whether they are.

A body may come with `Content-MD5`, with one `x-amz-checksum-…` (as a header or in the trailer of a chunked
body), and with the SHA-256 that its signature covers. They are computed while the body streams and compared
at its end, before anything becomes visible. The SHA-256 is left out beside another: it would guard the same
bytes again, for a third of the time of an upload.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_aws.errors import AwsError
from local_aws.s3.checksums import ALGORITHMS, SIZES, Digest, decoded, encoded, member_of
from local_aws.s3.errors import invalid_request, unsupported

_SHA256_HEX = re.compile(r"[0-9a-f]{64}")
_PREFIX = "x-amz-checksum-"
_NOT_VALUES = ("x-amz-checksum-mode", "x-amz-checksum-type", "x-amz-checksum-algorithm")


@dataclass(frozen=True, slots=True)
class Expected:
    """The digests that a body must have; each is empty when the client says nothing of it."""

    md5: bytes = b""
    sha256: str = ""
    algorithm: str = ""
    """Of the checksum: `CRC32`, …"""
    checksum: str = ""
    """Base64; empty when the client does not say, or says it in the trailer."""
    in_trailer: bool = False


def expected_of(request: Mapping[str, Any], default_algorithm: str = "") -> Expected:
    """Read what the headers promise; `default_algorithm` is computed when they name none.

    Raises:
        AwsError: `InvalidDigest`, `InvalidRequest`, or `NotImplemented` for an unknown algorithm.
    """
    headers: Mapping[str, str] = request.get("_headers") or {}
    algorithm, checksum, in_trailer = _checksum_of(headers)
    announced = headers.get("x-amz-sdk-checksum-algorithm", "").upper()
    if announced and not algorithm:
        raise invalid_request(
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer "
            "headers were found."
        )
    md5 = _md5_of(request.get("ContentMD5"))
    sha256 = headers.get("x-amz-content-sha256", "")
    is_only_guard = not md5 and not algorithm and _SHA256_HEX.fullmatch(sha256)
    return Expected(
        md5=md5,
        sha256=sha256 if is_only_guard else "",
        algorithm=algorithm or default_algorithm,
        checksum=checksum,
        in_trailer=in_trailer,
    )


def _md5_of(text: str | None) -> bytes:
    if text is None:
        return b""
    value = decoded(text, 16)
    if value is None:
        raise AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.")
    return value


def _checksum_of(headers: Mapping[str, str]) -> tuple[str, str, bool]:
    given = {name: headers[name] for name in headers if name.startswith(_PREFIX) and name not in _NOT_VALUES}
    trailer = headers.get("x-amz-trailer", "").strip().lower()
    trailed = [trailer] if trailer.startswith(_PREFIX) else []
    if len(given) + len(trailed) > 1:
        raise invalid_request(
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        )
    for name in (*given, *trailed):
        algorithm = name.removeprefix(_PREFIX).upper()
        if algorithm not in ALGORITHMS:
            raise unsupported("PutObject", f"the checksum {algorithm}")
        if name in given:
            check_form(algorithm, given[name])
        return algorithm, given.get(name, ""), name in trailed
    return "", "", False


def check_form(algorithm: str, text: str) -> None:
    """Raise unless `text` could be a checksum of that algorithm."""
    if decoded(text, SIZES[algorithm]) is None:
        raise invalid_request(f"Value for {_PREFIX}{algorithm.lower()} header is invalid.")


@dataclass
class Digests:
    """All digests of one body, growing as it streams."""

    expected: Expected
    size: int = 0
    _md5: Digest = field(default_factory=lambda: hashlib.md5(usedforsecurity=False))
    _sha256: Digest | None = None
    _checksum: Digest | None = None

    def __post_init__(self) -> None:
        if self.expected.algorithm:
            self._checksum = ALGORITHMS[self.expected.algorithm]()
        if self.expected.sha256:
            self._sha256 = hashlib.sha256()

    def update(self, data: bytes) -> None:
        """Take in more of the body."""
        self.size += len(data)
        for digest in (self._md5, self._sha256, self._checksum):
            if digest is not None:
                digest.update(data)

    @property
    def etag(self) -> str:
        """The MD5 in hex."""
        return self._md5.digest().hex()

    @property
    def checksums(self) -> dict[str, str]:
        """The checksum that the client chose, by its member."""
        if self._checksum is None:
            return {}
        return {member_of(self.expected.algorithm): encoded(self._checksum.digest())}

    def verify(self, trailers: Mapping[str, str]) -> None:
        """Compare with what the client said.

        Raises:
            AwsError: `BadDigest`, `XAmzContentSHA256Mismatch`, `InvalidRequest`, `MalformedTrailerError`.
        """
        expected = self.expected
        if expected.md5 and expected.md5 != self._md5.digest():
            message = "The Content-MD5 you specified did not match what we received."
            raise AwsError("BadDigest", message, CalculatedDigest=encoded(self._md5.digest()))
        if self._sha256 is not None and expected.sha256 != self._sha256.digest().hex():
            message = "The provided 'x-amz-content-sha256' header does not match what was computed."
            raise AwsError("XAmzContentSHA256Mismatch", message)
        self._verify_checksum(trailers)

    def _verify_checksum(self, trailers: Mapping[str, str]) -> None:
        algorithm = self.expected.algorithm
        announced = _PREFIX + algorithm.lower() if self.expected.in_trailer else ""
        if any(name.startswith(_PREFIX) and name != announced for name in trailers):
            raise _malformed_trailer()
        if not algorithm:
            return
        text = self.expected.checksum
        if self.expected.in_trailer:
            trailed = trailers.get(_PREFIX + algorithm.lower())
            if trailed is None:
                raise _malformed_trailer()
            check_form(algorithm, trailed)
            text = trailed
        if text and text not in self.checksums.values():
            raise AwsError(
                "BadDigest", f"The {algorithm} you specified did not match the calculated checksum."
            )


def _malformed_trailer() -> AwsError:
    message = "The request contained trailing data that was not well-formed or did not conform"
    return AwsError("MalformedTrailerError", f"{message} to our published schema.")
