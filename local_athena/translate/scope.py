"""Where names mean something: the fields in reach, those of the outer query, and the names of WITH
queries.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.typed import Column, Field, Typed


@dataclass(frozen=True, slots=True)
class PatternFrame:
    """What a window with a row pattern found for each row, as fields: where the row stands in the order of
    the window, how far on the first and the last row of its match are, and its measures by their names.
    """

    place: Field
    first: Field
    last: Field
    measures: tuple[tuple[str, Field], ...]


@dataclass(slots=True)
class Scope:
    """The fields of one query level. `lambdas` are the parameters of the lambda being translated."""

    fields: list[Field] = field(default_factory=list)
    parent: Scope | None = None
    ctes: dict[str, tuple[str, tuple[Column, ...]]] = field(default_factory=dict)
    lambdas: dict[str, Typed] = field(default_factory=dict)
    windows: dict[str, tuple[exp.Expr, Scope]] = field(default_factory=dict)
    """The WINDOW clause: each definition, and where its names mean something."""
    patterns: dict[int, PatternFrame] = field(default_factory=dict)
    """What the windows with a row pattern found, by the identity of each window."""
    _indexed: tuple[list[Field], dict[str, list[Field]]] | None = None

    def child(self) -> Scope:
        """A scope for a query inside this one: it sees these fields and WITH names."""
        return Scope(parent=self, ctes=dict(self.ctes))

    def beside(self, fields: list[Field]) -> Scope:
        """The same place with other fields."""
        return Scope(fields, self.parent, self.ctes, self.lambdas, self.windows, self.patterns)

    @property
    def is_nested(self) -> bool:
        """Whether the query may read columns of one around it."""
        return self.parent is not None and (bool(self.parent.fields) or self.parent.is_nested)

    def with_lambda(self, parameters: dict[str, Typed]) -> Scope:
        """The same place inside a lambda."""
        lambdas = {**self.lambdas, **parameters}
        return Scope(self.fields, self.parent, self.ctes, lambdas, self.windows, self.patterns)

    def find(self, parts: tuple[str, ...], where: str) -> Field | None:
        """The field that `parts` (lower case) names here or further out, None for none.

        Raises:
            QueryFailed: two fields fit.
        """
        found = [f for f in self._named(parts[-1]) if _fits(f, parts)]
        if len(found) > 1:
            name = ".".join(parts)
            raise QueryFailed("AMBIGUOUS_NAME", f"{where}Column '{name}' is ambiguous", error_type=1006)
        if found:
            return found[0]
        return self.parent.find(parts, where) if self.parent is not None else None

    def _named(self, name: str) -> list[Field]:
        """The fields of a name; a wide join is asked for hundreds of them."""
        if self._indexed is None or self._indexed[0] is not self.fields:
            index: dict[str, list[Field]] = {}
            for known in self.fields:
                if known.name is not None:
                    index.setdefault(known.name.lower(), []).append(known)
            self._indexed = (self.fields, index)
        return self._indexed[1].get(name, [])


def _fits(candidate: Field, parts: tuple[str, ...]) -> bool:
    qualifier = parts[:-1]
    if not qualifier:
        return not candidate.qualified_only
    return candidate.qualifier[-len(qualifier) :] == qualifier
