"""The separators of a LazySimpleSerDe table, from its SerDe properties.

Depth 0 is between fields, 1 between items, 2 between a key and its value; deeper ones follow from \\004 on.
https://cwiki.apache.org/confluence/display/Hive/LanguageManual+DDL#LanguageManualDDL-RowFormats&SerDe
"""

from __future__ import annotations

DEEPER = tuple(map(chr, range(4, 9)))


def separators_of(parameters: dict[str, str]) -> tuple[str, ...]:
    """One for each depth."""
    first = character(parameters.get("field.delim") or parameters.get("serialization.format") or "\x01")
    items = parameters.get("collection.delim") or parameters.get("colelction.delim") or "\x02"
    return (first, character(items), character(parameters.get("mapkey.delim") or "\x03"), *DEEPER)


def character(text: str) -> str:
    """A separator as DDL and Glue write it: the character, its number, or its escape; of a longer text the first
    character, as Hive and Trino take it.
    """  # noqa: E501
    if text in ESCAPES:
        return ESCAPES[text]
    return chr(int(text)) if text.isdigit() and int(text) < 128 else text[:1]


ESCAPES = {"\\t": "\t", "\\n": "\n", "\\001": "\x01", "\\002": "\x02", "\\003": "\x03", "\\u0001": "\x01"}
