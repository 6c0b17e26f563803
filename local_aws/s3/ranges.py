"""The `Range` of a read.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: one range; several are ignored.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from local_aws.errors import AwsError

_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII | re.IGNORECASE)
_MAX_DIGITS = 20


class ByteRange(NamedTuple):
    """Bytes `start` up to but not with `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Number of bytes."""
        return self.end - self.start


def parse_range(text: str, size: int) -> ByteRange | None:
    """The bytes that a `Range` asks of an object of `size` bytes; None when it is to be ignored.

    Raises:
        AwsError: `InvalidRange` (416), none of those bytes exist.
    """
    match = _RANGE.fullmatch(text.strip())
    if match is None or match.groups() == ("", "") or len(text) > 2 * _MAX_DIGITS + len("bytes=-"):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None  # RFC 9110: such a header is invalid, not unsatisfiable
    if start >= size or (not first and int(last) == 0):
        message = "The requested range is not satisfiable"
        raise AwsError("InvalidRange", message, 416, RangeRequested=text, ActualObjectSize=size)
    return ByteRange(start, end)
