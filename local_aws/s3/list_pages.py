"""One page of a listing: at most so many keys and common prefixes, and where the next page starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from local_aws.s3.errors import invalid_argument
from local_aws.s3.walk import FoundFile, Walk

LIMIT = 1000
"""What S3 gives at most, however many are asked for."""
_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*")


@dataclass(frozen=True, slots=True)
class Page:
    """Files and common prefixes, each in order; `last` is the last of both."""

    files: list[FoundFile]
    common_prefixes: list[str]
    is_truncated: bool
    last: str


def object_page(walk: Walk, prefix: str, delimiter: str, after: str, limit: int) -> Page:
    """The next page of `walk`, which starts after the key or common prefix `after`."""
    if limit == 0:
        return Page([], [], False, "")
    if after and common_prefix(after, prefix, delimiter) == after:
        walk.skip = after  # the page before ended with this common prefix
    files: list[FoundFile] = []
    prefixes: list[str] = []
    last = ""
    for found in walk:
        if len(files) + len(prefixes) == limit:
            return Page(files, prefixes, True, last)
        group = common_prefix(found.key, prefix, delimiter)
        if group is None:
            files.append(found)
            last = found.key
        else:
            prefixes.append(group)
            last = walk.skip = group
    return Page(files, prefixes, False, last)


def common_prefix(key: str, prefix: str, delimiter: str) -> str | None:
    """The part of `key` up to the first delimiter after `prefix`; None when there is none."""
    if not delimiter or not key.startswith(prefix):
        return None
    position = key.find(delimiter, len(prefix))
    return None if position < 0 else key[: position + len(delimiter)]


def max_keys(value: int | None, name: str) -> int:
    """How many entries a page may have; raises `InvalidArgument`."""
    if value is None:
        return LIMIT
    if not 0 <= value <= 2147483647:
        raise invalid_argument(f"Argument {name} must be an integer between 0 and 2147483647", name, value)
    return min(value, LIMIT)


def encoder(request: Mapping[str, Any]) -> Callable[[str], str]:
    """How the answer spells keys: percent-encoded on demand, as XML cannot carry all of them."""
    kind = request.get("EncodingType")
    if kind is None:
        return str
    if kind != "url":
        raise invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", kind)
    return _url_encoded


def _url_encoded(key: str) -> str:
    return key if _PLAIN.fullmatch(key) else quote(key)
