r"""`\p{...}` and `[:...:]`: the sets that have names, as Joni has them.

A name is looked up without regard to case; its blanks and underscores are left out there and not allowed
in a pattern (`\p{LowercaseLetter}`), and `Is` before a name is no name.
Which characters belong to a category, script or block is Unicode's, which the `regex` module knows.
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from local_athena.values.binary import bad_argument
from local_athena.values.regex.sets import LAST, Ranges, union

POSIX = {
    "alnum": r"[\p{Alphabetic}\p{Nd}]", "alpha": r"\p{Alphabetic}", "ascii": r"[\x00-\x7f]",
    "blank": r"[\p{Zs}\t]", "cntrl": r"\p{Cc}", "digit": r"\p{Nd}",
    "graph": r"[^\s\p{Cc}\p{Cn}\p{Cs}]", "lower": r"\p{Lowercase}", "print": r"[^\p{Cc}\p{Cn}\p{Cs}]",
    "punct": r"\p{P}", "space": r"\p{White_Space}", "upper": r"\p{Uppercase}", "xdigit": r"[0-9A-Fa-f]",
    "word": r"[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]",
}  # fmt: skip
OTHERS = {
    "any": r"[\s\S]", "assigned": r"\P{Cn}", "lc": r"[\p{Lu}\p{Ll}\p{Lt}]",
    "casedletter": r"[\p{Lu}\p{Ll}\p{Lt}]", "javalowercase": r"\p{Lowercase}",
    "javauppercase": r"\p{Uppercase}",
}  # fmt: skip


@lru_cache(maxsize=256)
def _members(pattern: str) -> Ranges:
    made = regex.compile(pattern + "+", regex.V1)
    planes = ((0, 0xD7FF), (0xE000, LAST))
    found = []
    for low, high in planes:
        text = "".join(map(chr, range(low, high + 1)))
        found += [(low + m.start(), low + m.end() - 1) for m in made.finditer(text)]
    return union(found)


def named(name: str) -> Ranges:
    r"""The set of `\p{name}`.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, there is none.
    """
    key = name.lower()
    known = POSIX.get(key) or OTHERS.get(key)
    if known:
        return _members(known)
    if re.fullmatch(r"(?!is)[a-z][a-z0-9]*", key):
        try:
            return _members(rf"\p{{{key}}}")
        except regex.error:
            pass
    raise bad_argument(f"invalid character property name <{name}>")


def posix(name: str) -> Ranges:
    """The set of `[:name:]`.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, there is none.
    """
    if name not in POSIX:
        raise bad_argument("invalid POSIX bracket type")
    return _members(POSIX[name])
