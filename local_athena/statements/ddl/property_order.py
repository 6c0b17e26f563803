"""The order in which Hive shows a table's properties: that of a Java HashMap, whatever order they came in.

What clients compare with SHOW CREATE TABLE is Athena's text, and Athena's order is neither the catalog's nor the
alphabet's. https://docs.oracle.com/javase/8/docs/api/java/util/HashMap.html
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterable

SMALLEST = 16


def java_order(keys: Iterable[str]) -> list[str]:
    """Keys in the order in which a HashMap iterates; those of one place by the alphabet."""
    ordered, places = sorted(keys), SMALLEST
    while len(ordered) > places * 3 // 4:
        places *= 2
    return sorted(ordered, key=lambda key: _spread(key) & (places - 1))


def _spread(key: str) -> int:
    made = 0
    units = key.encode("utf-16-be")
    for at in range(0, len(units), 2):
        made = made * 31 + int.from_bytes(units[at : at + 2], "big") & 0xFFFFFFFF
    return made ^ made >> 16
