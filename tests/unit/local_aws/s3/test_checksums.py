"""Checksums against their published check values, and joined from parts."""

from __future__ import annotations

import base64
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_aws.s3.checksums import ALGORITHMS, CRC_POLYNOMIALS, composite, decoded, encoded, full_object
from local_aws.s3.crc import crc

# The CRC catalogue's check values: of the text 123456789.
CHECKS = {"CRC32": "cbf43926", "CRC32C": "e3069283", "CRC64NVME": "ae8b14860a799888"}


def checksum(algorithm: str, data: bytes) -> str:
    digest = ALGORITHMS[algorithm]()
    digest.update(data)
    return encoded(digest.digest())


@pytest.mark.parametrize(("algorithm", "check"), CHECKS.items())
def test_a_crc_is_that_of_the_catalogue(algorithm: str, check: str) -> None:
    assert base64.b64decode(checksum(algorithm, b"123456789")).hex() == check


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 65536, 65536 + 4096 + 1, 200_000])
def test_a_folded_crc_is_the_one_that_zlib_computes(size: int) -> None:
    data = random.Random(size).randbytes(size)
    whole = crc(CRC_POLYNOMIALS["CRC32"], data)
    assert whole == zlib.crc32(data)
    assert whole == crc(CRC_POLYNOMIALS["CRC32"], data[size // 3 :], zlib.crc32(data[: size // 3]))


@pytest.mark.parametrize("algorithm", ["CRC32C", "CRC64NVME"])
def test_a_folded_crc_is_that_of_its_bytes_one_by_one(algorithm: str) -> None:
    data = random.Random(1).randbytes(70_000)
    digest = ALGORITHMS[algorithm]()
    for start in range(0, len(data), 1000):  # too short to be folded
        digest.update(data[start : start + 1000])
    assert checksum(algorithm, data) == encoded(digest.digest())


@pytest.mark.parametrize("algorithm", CRC_POLYNOMIALS)
@given(parts=st.lists(st.binary(max_size=40), min_size=1, max_size=5))
def test_the_crc_of_the_whole_follows_from_the_parts(algorithm: str, parts: list[bytes]) -> None:
    sizes = [(checksum(algorithm, part), len(part)) for part in parts]
    assert full_object(algorithm, sizes) == checksum(algorithm, b"".join(parts))


def test_a_composite_checksum_tells_how_many_parts_it_is_of() -> None:
    first, second = checksum("SHA256", b"1"), checksum("SHA256", b"2")
    joined = base64.b64decode(first) + base64.b64decode(second)
    assert composite("SHA256", [first, second]) == f"{checksum('SHA256', joined)}-2"


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "AAAAAA=", "ñ"])
def test_a_checksum_of_the_wrong_form_is_none(text: str) -> None:
    assert decoded(text, 4) is None
