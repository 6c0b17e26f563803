"""Which functions compare the values they are given, and so take no type without equality, or order.

A function says "any type" with a letter (`signatures.py`); here are the letters whose type it compares.
"""

from __future__ import annotations

from local_athena.functions.signatures import Bindings

COMPARED: dict[str, str] = {
    **dict.fromkeys(("min", "max", "greatest", "least", "histogram", "checksum"), "T"),
    **dict.fromkeys(("approx_distinct", "approx_most_frequent", "approx_percentile"), "T"),
    **dict.fromkeys(("min_by", "max_by"), "U"),
    **dict.fromkeys(
        (
            "array_distinct", "array_except", "array_histogram", "array_intersect", "array_max", "array_min",
            "array_position", "array_remove", "array_sort", "array_union", "arrays_overlap", "contains",
            "contains_sequence",
        ),
        "T",
    ),
}  # fmt: skip
ORDERED: dict[str, str] = {
    **dict.fromkeys(("min", "max", "greatest", "least", "array_max", "array_min"), "T"),
    **dict.fromkeys(("min_by", "max_by"), "U"),
}
"""The letters whose type a function sorts by."""
KEY = "K"
"""The letter of a map's keys, which every function compares."""


def can_compare(name: str, bound: Bindings) -> bool:
    """Whether the types that a call gives a function are such that it can compare what it compares."""
    letters, ordered = COMPARED.get(name, "") + KEY, ORDERED.get(name, "")
    return all(type_.is_comparable for letter, type_ in bound.items() if letter in letters) and all(
        type_.is_orderable for letter, type_ in bound.items() if letter in ordered
    )
