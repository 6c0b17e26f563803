"""Which relations a piece of SQL reads, told by the names in it."""

from __future__ import annotations

from collections.abc import Mapping

from local_athena.sql.fragment import Lambda, Sql
from local_athena.sql.query import names_in


def relations_read(fragment: Sql) -> set[str]:
    """The relations whose columns a fragment names; parameters of lambdas are none."""
    return names_in(fragment) - _parameters(fragment)


def _parameters(fragment: Sql) -> set[str]:
    found: set[str] = set()
    seen: set[bytes] = set()
    left = [fragment]
    while left:
        piece = left.pop()
        if piece.digest in seen:
            continue
        seen.add(piece.digest)
        if isinstance(piece, Lambda):
            found.update(str(name.pieces[0]) for name in piece.parameters)
        left.extend(inner for inner in piece.pieces if isinstance(inner, Sql))
    return found


def definitions_for(fragment: Sql, known: Mapping[str, Sql]) -> list[Sql]:
    """The `name AS (...)` of what a fragment reads, directly or through others, in the order of `known`."""
    wanted: set[str] = set()
    left = [fragment]
    while left:
        for name in names_in(left.pop()):
            if name in known and name not in wanted:
                wanted.add(name)
                left.append(known[name])
    return [definition for name, definition in known.items() if name in wanted]
