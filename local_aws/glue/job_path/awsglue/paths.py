"""Paths into records: `a.b` is field `b` of struct `a`, and back-quotes keep a literal dot."""

from __future__ import annotations

import re

Path = tuple[str, ...]

STEP = re.compile(r"`((?:[^`]|``)+)`|([^.`]+)")
PLAIN = re.compile(r"[^.`\[\]]+")


def parse_path(text: str) -> Path:
    """The names in a path: `` a.`b.c` `` is `("a", "b.c")`, and `a[].b` goes through an array."""
    names = [
        quoted.replace("``", "`") if quoted else plain.removesuffix("[]")
        for quoted, plain in STEP.findall(text)
    ]
    found = tuple(name for name in names if name)
    if not found:
        raise ValueError(f"'{text}' is no path of a field")
    return found


def path_text(path: Path) -> str:
    """The text that `parse_path` reads as `path`."""
    return ".".join(name if PLAIN.fullmatch(name) else "`" + name.replace("`", "``") + "`" for name in path)
