"""The definitions that a piece of SQL needs in front of it: those of the names it mentions, and so on."""

from __future__ import annotations

import re

_NAMES = re.compile(r"\b(?:w|scan)\d+\b")
"""Names of WITH queries and of scans, as the translation makes them."""


def definitions_for(sql: str, known: dict[str, str]) -> list[str]:
    """The `name AS (...)` of what `sql` mentions, directly or through others, in the order of `known`."""
    wanted: set[str] = set()
    texts = [sql]
    while texts:
        for name in _NAMES.findall(texts.pop()):
            if name in known and name not in wanted:
                wanted.add(name)
                texts.append(known[name])
    return [text for name, text in known.items() if name in wanted]
