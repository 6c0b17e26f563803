"""Patterns: LIKE with an escape, and AT TIME ZONE and Unicode literals, which read text the same way."""

from __future__ import annotations

import re
from functools import lru_cache

from local_athena.errors import QueryFailed
from local_athena.values import zones


def at_zone(value: zones.Zoned, name: str) -> zones.Zoned:
    """The same instant in another zone."""
    return {**value, "z": zones.zone_name(name)}


@lru_cache(maxsize=256)
def _like_pattern(pattern: str, escape: str) -> re.Pattern[str]:
    if len(escape) > 1:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", "Escape string must be a single character")
    parts, characters = [], iter(pattern)
    for character in characters:
        if character == escape:
            following = next(characters, "")
            if following not in ("%", "_", escape) or not following:
                raise QueryFailed(
                    "INVALID_FUNCTION_ARGUMENT",
                    "Escape character must be followed by '%', '_' or the escape character itself",
                )
            parts.append(re.escape(following))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return re.compile("".join(parts), re.DOTALL)


def like(text: str, pattern: str, escape: str) -> bool:
    """`text LIKE pattern ESCAPE escape`."""
    return _like_pattern(pattern, escape).fullmatch(text) is not None


UNESCAPABLE = re.compile(r"[0-9a-fA-F+'\"\s]")
"""What no escape character may be."""


def unescape(text: str, escape: str = "\\") -> str:
    r"""The text of `U&'\00e1'`, or with another escape character that UESCAPE names.

    Raises:
        QueryFailed: an escape character that is none, or an incomplete escape.
    """
    if len(escape) != 1 or UNESCAPABLE.match(escape):
        raise QueryFailed("SYNTAX_ERROR", "Invalid Unicode escape character", error_type=1006)
    mark = re.escape(escape)

    def character(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if code is None and found[0] != escape * 2:
            raise QueryFailed("SYNTAX_ERROR", "Incomplete escape sequence", error_type=1006)
        if code is not None and (int(code, 16) > 0x10FFFF or 0xD800 <= int(code, 16) <= 0xDFFF):
            raise QueryFailed("SYNTAX_ERROR", f"Invalid escaped character: {code}", error_type=1006)
        return escape if code is None else chr(int(code, 16))

    pattern = rf"{mark}{mark}|{mark}\+([0-9a-fA-F]{{6}})|{mark}([0-9a-fA-F]{{4}})|{mark}"
    return re.sub(pattern, character, text)
