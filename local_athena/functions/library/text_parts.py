"""Parts of texts and binaries: substr, the trims, the pads and reverse.

https://trino.io/docs/current/functions/string.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, Rewrite, function
from local_athena.sql.build import call, once, once_each, sql
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Typed
from local_athena.types.trino import VARCHAR, varchar
from local_athena.values import binary, texts_library

if TYPE_CHECKING:
    from local_athena.sql.context import Context


def _substring(context: Context, arguments: list[Typed]) -> Typed:
    text, *places = arguments
    type_ = varchar(text.type.precision)
    value = cast(context, text, type_)
    if all(isinstance(place.constant, int) and place.constant > 0 for place in places):
        return Typed(call("substr", value, *places), type_)
    return Typed(once_each([value, *places], _part), type_)


PART = """CASE WHEN {0} IS NULL OR {1} IS NULL OR {2} IS NULL THEN NULL
    WHEN {1} = 0 OR abs({1}) > length({0}) OR {2} <= 0 THEN '' ELSE substr({0}, {1}, {2}) END"""


def _part(parts: list[Sql]) -> Sql:
    """The part of a text from a place, which may count from its end, of a length, or to its end."""
    text, start, *length = parts
    return sql(PART, text, start, length[0] if length else sql("length({})", text))


def _pad_char(name: str) -> Rewrite:
    """lpad or rpad of a char with its blanks."""
    pad = {"lpad": texts_library.lpad, "rpad": texts_library.rpad}[name]

    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        return context.call(name, pad, [cast(context, arguments[0], VARCHAR), *arguments[1:]], VARCHAR)

    return rewrite


def _cut(name: str) -> Rewrite:
    """A trim of given characters, whose blanks count where they are a char."""

    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        text, characters = arguments
        length = text.type.precision if text.type.numbers else 0
        return Typed(call(name, text, cast(context, characters, VARCHAR)), varchar(length))

    return rewrite


REVERSED = "CASE WHEN strlen({0}) = length({0}) THEN reverse({0}) ELSE {1} END"


def _reverse(context: Context, arguments: list[Typed]) -> Typed:
    """reverse of a text, in which DuckDB would keep an accent with its letter."""
    value = arguments[0]
    type_ = varchar(value.type.precision) if value.type.numbers else varchar(0)

    def made(text: Sql) -> Sql:
        other = context.call("reverse", texts_library.reverse, [Typed(text, type_)], type_)
        return sql(REVERSED, text, other)

    return Typed(once(cast(context, value, type_), made), type_)


def _reverse_char(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    padded = Typed(sql("rpad({}, {}, ' ')", value, value.type.precision), varchar(value.type.precision))
    return Typed(sql("rtrim({}, ' ')", _reverse(context, [padded])), value.type)


SUBSTRING = (
    "varchar(x), bigint -> varchar(x)",
    "varchar(x), bigint, bigint -> varchar(x)",
    "char, bigint -> varchar",
    "char, bigint, bigint -> varchar",
)
BINARY_SUBSTRING = ("varbinary, bigint -> varbinary", "varbinary, bigint, bigint -> varbinary")
CUTS = {
    kind: (f"{kind}(x), varchar -> varchar(x)", f"{kind}(x), char -> varchar(x)")
    for kind in ("char", "varchar")
}

ENTRIES: tuple[Entry, ...] = (
    function("reverse", "varchar(x) -> varchar(x)", rewrite=_reverse),
    function(
        "reverse",
        "char -> char",
        rewrite=_reverse_char,
    ),
    function("reverse", "varbinary -> varbinary", python=binary.reverse),
    function("trim", ("varchar(x) -> varchar(x)", "char(x) -> varchar(x)"), python=texts_library.trim),
    function("ltrim", ("varchar(x) -> varchar(x)", "char(x) -> varchar(x)"), python=texts_library.ltrim),
    function("rtrim", ("varchar(x) -> varchar(x)", "char(x) -> varchar(x)"), python=texts_library.rtrim),
    # A char is carried without its blanks, which Trino strips from what is left of it too.
    *(
        function(name, CUTS[kind], rewrite=_cut(name))
        for name in ("trim", "ltrim", "rtrim")
        for kind in ("char", "varchar")
    ),
    function("substring", SUBSTRING, rewrite=_substring),
    function("substr", SUBSTRING, rewrite=_substring),
    function("substr", BINARY_SUBSTRING, python=binary.substr),
    function("substring", BINARY_SUBSTRING, python=binary.substr),
    function("lpad", "varchar, bigint, varchar -> varchar", python=texts_library.lpad),
    function("rpad", "varchar, bigint, varchar -> varchar", python=texts_library.rpad),
    *(
        function(name, "char, bigint, varchar -> varchar", rewrite=_pad_char(name))
        for name in ("lpad", "rpad")
    ),
    function("lpad", "varbinary, bigint, varbinary -> varbinary", python=texts_library.lpad),
    function("rpad", "varbinary, bigint, varbinary -> varbinary", python=texts_library.rpad),
)
