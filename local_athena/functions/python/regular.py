"""Patterns: LIKE with an escape, and AT TIME ZONE and Unicode literals, which read text the same way."""

from __future__ import annotations

import re
from functools import lru_cache

from local_athena.errors import QueryFailed
from local_athena.functions.python import zones


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


def unescape(text: str) -> str:
    r"""The text of `U&'\00e1'`."""

    def character(found: re.Match[str]) -> str:
        return "\\" if found[0] == "\\\\" else chr(int(found[1] or found[2], 16))

    return re.sub(r"\\\\|\\\+([0-9a-fA-F]{6})|\\([0-9a-fA-F]{4})", character, text)
