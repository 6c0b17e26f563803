"""Partition filters: what Spark's Hive client sends, as GetPartitions' Expression.

Spark writes `(year = "2019" and month >= 8)`: names, numbers, texts in either quotes without escapes,
comparisons, `like`, `and`, `or` and parentheses. The Expression has texts in single
quotes, a quote inside doubled.
"""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"""\s*(?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<name>[\w$-]+)
    | (?P<sign><=|>=|<>|!=|[=<>(),]) )""",
    re.VERBOSE,
)
"""One word of a filter."""


def expression(text: str) -> str:
    """The Expression that means the filter `text`.

    Raises:
        ValueError: it has a character that filters do not have.
    """
    text, parts, at = text.strip(), [], 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"Error parsing partition filter at '{text[at : at + 20]}'")
        parts.append(_word(found))
        at = found.end()
    return " ".join(parts)


def _word(found: re.Match[str]) -> str:
    quoted = found["double"] if found["double"] is not None else found["single"]
    if quoted is not None:
        return "'" + quoted.replace("'", "''") + "'"
    return found["name"] or found["sign"]
