"""A piece of DuckDB SQL as a value: what it is made of, never a text that somebody cuts, searches or fills.

A fragment holds trusted text that stands in this project's code, other fragments, and values. Only
`sql.writer` makes text of it, and only there is anything quoted, so that no value can ever be read as SQL.
Two fragments are equal when they are built alike, which a digest made at construction tells at once, however
deep they are; `size` is about the length of the text, counted without writing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

Piece = "str | Sql"


@dataclass(frozen=True, slots=True, eq=False)
class Sql:
    """Trusted text and fragments, in order."""

    pieces: tuple[str | Sql, ...]
    digest: bytes = field(init=False, repr=False)
    size: int = field(init=False, repr=False)
    has_query: bool = field(init=False, repr=False)
    """Whether a SELECT is inside, which DuckDB takes in fewer places than other expressions."""

    def __post_init__(self) -> None:
        """Sum up what the fragment is made of."""
        made = blake2b(type(self).__name__.encode(), digest_size=16)
        size, has_query = 0, False
        for piece in self.pieces:
            if isinstance(piece, str):
                encoded = piece.encode("utf-8", "surrogatepass")
                made.update(b"t%d:" % len(encoded) + encoded)
                size += len(piece)
                has_query = has_query or ("SELECT " in piece and self._is_code)
            else:
                made.update(b"f" + piece.digest)
                size += piece.size
                has_query = has_query or piece.has_query
        object.__setattr__(self, "digest", made.digest())
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "has_query", has_query)

    @property
    def _is_code(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sql) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


class Text(Sql):
    """A text value: one piece, which the writer quotes."""

    __slots__ = ()

    @property
    def _is_code(self) -> bool:
        return False


class Name(Sql):
    """A name of a column, a relation, a field or a parameter, in its parts, which the writer quotes."""

    __slots__ = ()

    @property
    def _is_code(self) -> bool:
        return False


@dataclass(frozen=True, slots=True, eq=False)
class Lambda(Sql):
    """`lambda a, b: body`, with its parameters and body at hand for whoever applies it another way."""

    parameters: tuple[Name, ...] = field(repr=False)
    body: Sql = field(repr=False)


def function(parameters: tuple[Name, ...], body: Sql) -> Lambda:
    """A lambda of DuckDB's."""
    listed = tuple(piece for name in parameters for piece in (", ", name))[1:]
    return Lambda(("lambda ", *listed, ": ", body), parameters, body)


def walked(fragment: Sql) -> Iterator[Sql]:
    """A fragment and all that is inside, each once however often it stands there."""
    seen: set[bytes] = set()
    left = [fragment]
    while left:
        piece = left.pop()
        if piece.digest in seen:
            continue
        seen.add(piece.digest)
        yield piece
        left.extend(inner for inner in piece.pieces if isinstance(inner, Sql))


__all__ = ["Lambda", "Name", "Sql", "Text", "function", "walked"]
