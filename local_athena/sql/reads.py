"""Which relations a piece of SQL reads, told by the names in it."""

from __future__ import annotations

from collections.abc import Mapping

from local_athena.sql.fragment import Lambda, Name, Sql, walked


def relations_read(fragment: Sql) -> set[str]:
    """The relations whose columns a fragment names; parameters of lambdas are none."""
    return names_in(fragment) - _parameters(fragment)


def names_in(fragment: Sql) -> set[str]:
    """The first part of every name in a fragment: the relations that it reads are among them."""
    return {str(piece.pieces[0]) for piece in walked(fragment) if isinstance(piece, Name)}


def _parameters(fragment: Sql) -> set[str]:
    lambdas = (piece for piece in walked(fragment) if isinstance(piece, Lambda))
    return {str(name.pieces[0]) for made in lambdas for name in made.parameters}


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
