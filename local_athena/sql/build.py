"""How code makes fragments: a template that stands in the code, with holes for fragments and whole numbers.

`sql("CASE WHEN {} = 0 THEN {} END", value, other)` reads as the SQL it becomes. A template is a constant of
the code (a test walks every call), and a hole takes no text, so what a user wrote comes in as `string(...)`
or `ident(...)` alone. Holes are `{}` in order, `{0}` by place or `{word}` by name; `{{` is a brace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from local_athena.sql.fragment import Name, Sql, Text, function
from local_athena.types.duckdb import carrier
from local_athena.types.trino import TrinoType


class HasSql(Protocol):
    """What stands for a fragment in a hole, as a typed expression does."""

    @property
    def sql(self) -> Sql:
        """The fragment."""
        ...


Hole = Sql | HasSql | int
_HOLE = re.compile(r"\{\{|\}\}|\{(\w*)\}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*(?: [A-Za-z_][A-Za-z_0-9]*)*|[=<>!+*/%|&~^-]{1,2}(?<!--)(?<!/\*)")
SHORT = 60


def sql(template: str, *holes: Hole, **named: Hole) -> Sql:
    """The template, a constant of the code, with its holes filled."""
    return Template(template).filled(*holes, **named)


@dataclass(frozen=True, slots=True)
class Template:
    """SQL with holes to be filled later: an entry of a table of the code."""

    text: str

    def filled(self, *holes: Hole, **named: Hole) -> Sql:
        """The SQL, with its holes filled."""
        pieces: list[str | Sql] = []
        for written, place in _parsed(self.text):
            if written:
                pieces.append(written)
            if place is not None:
                pieces.append(fragment(named[place] if isinstance(place, str) else holes[place]))
        return Sql(tuple(pieces))


def template(text: str) -> Template:
    """A template, a constant of the code."""
    return Template(text)


@cache
def _parsed(template: str) -> tuple[tuple[str, int | str | None], ...]:
    """Each stretch of text with the hole after it: its place, its name, or None at the end."""
    parts: list[tuple[str, int | str | None]] = []
    start, written, at = 0, "", 0
    for found in _HOLE.finditer(template):
        written += template[start : found.start()]
        start = found.end()
        if found[1] is None:
            written += found[0][0]
            continue
        place: int | str = at if not found[1] else int(found[1]) if found[1].isdigit() else found[1]
        at += not found[1]
        parts.append((written, place))
        written = ""
    return (*parts, (written + template[start:], None))


def fragment(hole: Hole) -> Sql:
    """What a hole holds, as a fragment."""
    if isinstance(hole, Sql):
        return hole
    return Sql((str(hole),)) if isinstance(hole, int) else hole.sql


def joined(separator: str, items: Iterable[Hole]) -> Sql:
    """Fragments with a constant of the code between them."""
    pieces = tuple(piece for item in items for piece in (separator, fragment(item)))
    return Sql(pieces[1:])


def commas(items: Iterable[Hole]) -> Sql:
    """Fragments with commas between them."""
    return joined(", ", items)


def call(name: str, *arguments: Hole) -> Sql:
    """A call of a function of DuckDB's, or of one of ours by its registered name."""
    return Sql((word(name).pieces[0], "(", commas(arguments), ")"))


def string(value: str) -> Sql:
    """A text literal, whatever is in it."""
    return Text((value,))


def ident(*parts: str) -> Name:
    """A name in its parts, outermost first, whatever is in them."""
    return Name(parts)


def word(value: str) -> Sql:
    """A keyword, operator or function name out of a table of the code.

    Raises:
        ValueError: it is more than that.
    """
    if not _WORD.fullmatch(value):
        raise ValueError(f"no word of SQL: {value!r}")
    return Sql((value,))


def carrier_sql(of: TrinoType) -> Sql:
    """The DuckDB type that carries a Trino type."""
    return Sql((carrier(of),))


def cast_as(value: Hole, of: TrinoType) -> Sql:
    """`CAST(value AS carrier)`."""
    return sql("CAST({} AS {})", value, carrier_sql(of))


def null_of(of: TrinoType) -> Sql:
    """A NULL of a type."""
    return cast_as(NULL, of)


def fail(message: Hole, of: TrinoType) -> Sql:
    """SQL that raises the message, `NAME: words`, where a value of a type is wanted.

    A cast that cannot succeed carries it: DuckDB's own error() counts as volatile, which TRY refuses.
    """
    return sql("CAST(CAST(CAST({} AS INTEGER) AS VARCHAR) AS {})", message, carrier_sql(of))


def failing(message: str, of: TrinoType) -> Sql:
    """`fail` with a message that is known."""
    return fail(string(message), of)


def struct(**fields: Hole) -> Sql:
    """A struct of DuckDB's, its fields by name."""
    return sql("struct_pack({})", commas(sql("{} := {}", ident(n), value) for n, value in fields.items()))


def once(value: Hole, make: Callable[[Sql], Sql]) -> Sql:
    """SQL that uses a value several times and computes a long one, or a query, once: as a lambda's parameter.

    Written out each time, a chain of operators would double in length with every link. DuckDB takes no
    subquery and no aggregate in a lambda's body, so `make` brings none of its own.
    """
    whole = fragment(value)
    if whole.size <= SHORT and not whole.has_query:
        return make(whole)
    parameter = ident(f"o{whole.digest.hex()[:12]}")
    return sql("list_transform([{}], {})[1]", whole, function((parameter,), make(parameter)))


def once_each(values: Sequence[Hole], make: Callable[[list[Sql]], Sql]) -> Sql:
    """`once` for several values: where one is long, or a query, all become parts of one parameter."""
    whole = [fragment(value) for value in values]
    if all(value.size <= SHORT and not value.has_query for value in whole):
        return make(whole)
    packed = sql("struct_pack({})", commas(sql("v{} := {}", i, value) for i, value in enumerate(whole)))
    parameter = ident(f"o{packed.digest.hex()[:12]}")
    parts = [sql("({}).v{}", parameter, i) for i in range(len(whole))]
    return sql("list_transform([{}], {})[1]", packed, function((parameter,), make(parts)))


NULL = Sql(("NULL",))
TRUE = Sql(("true",))
FALSE = Sql(("false",))
NOTHING = Sql(())
"""No SQL at all, where a clause may be left out."""
