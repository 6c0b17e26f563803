"""Which types a partition's column may have when its table declares another: Hive's coercions, as Trino has them.

A whole number does not become a floating one, nor the other way round
(https://docs.aws.amazon.com/athena/latest/ug/updates-and-partitions.html); fields of a row match in order, and either
side may have more of them.
"""  # noqa: E501

from __future__ import annotations

from local_athena.types.trino import INTEGERS, TrinoType

LADDER = tuple(INTEGERS)
WIDER: dict[str, frozenset[str]] = {
    "varchar": frozenset(("varchar", *LADDER)),
    "char": frozenset(("char",)),
    **{base: frozenset((*LADDER[i + 1 :], "varchar")) for i, base in enumerate(LADDER)},
    "real": frozenset(("double", "decimal")),
    "double": frozenset(("real", "decimal")),
    "decimal": frozenset(("decimal", "real", "double")),
}
"""The plain types that a partition's may become."""


def coercible(declared: TrinoType, wanted: TrinoType) -> bool:
    """Whether a partition's type becomes its table's."""
    if declared == wanted:
        return True
    if declared.base != wanted.base or not declared.parts:
        return wanted.base in WIDER.get(declared.base, ())
    pairs = list(zip(declared.parts, wanted.parts, strict=False))
    if declared.base == "row":
        names = zip(declared.names, wanted.names, strict=False)
        return all(a == b for a, b in names) and all(coercible(a, b) for a, b in pairs)
    return all(coercible(a, b) for a, b in pairs)
