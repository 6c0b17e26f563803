"""Frames of any size, cut anywhere, hold the bytes that were framed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_aws.errors import AwsError
from local_aws.s3.aws_chunked import AwsChunked, is_aws_chunked


def decode(framed: bytes, step: int, length: int | None = None) -> tuple[bytes, dict[str, str]]:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(framed), step):
            yield framed[start : start + step]

    async def collect() -> tuple[bytes, dict[str, str]]:
        chunked = AwsChunked(pieces(), length)
        return b"".join([piece async for piece in chunked]), chunked.trailers

    return asyncio.run(collect())


@given(chunks=st.lists(st.binary(min_size=1, max_size=50), max_size=4), step=st.integers(1, 60))
def test_what_was_framed_comes_back(chunks: list[bytes], step: int) -> None:
    framed = b"".join(b"%x;chunk-signature=00\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    framed += b"0;chunk-signature=00\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
    body = b"".join(chunks)
    assert decode(framed, step, len(body)) == (body, {"x-amz-checksum-crc32": "AAAAAA=="})


@pytest.mark.parametrize(
    ("framed", "length"),
    [
        (b"", None),
        (b"5\r\n123", None),
        (b"5\r\n12345", None),
        (b"5\r\n12345XX0\r\n\r\n", None),
        (b"-5\r\n12345\r\n0\r\n\r\n", None),
        (b"0x5\r\n12345\r\n0\r\n\r\n", None),
        (b"f" * 13 + b"\r\n", None),
        (b"5\r\n12345\r\n0\r\n\r\n", 6),
        (b"1" * 20_000, None),
    ],
)
def test_broken_frames_are_an_incomplete_body(framed: bytes, length: int | None) -> None:
    with pytest.raises(AwsError, match="IncompleteBody"):
        decode(framed, 7, length)


def test_framing_is_told_by_either_header() -> None:
    assert is_aws_chunked({"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"})
    assert is_aws_chunked({"content-encoding": "gzip, aws-chunked"})
    assert not is_aws_chunked({"content-encoding": "gzip", "x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
