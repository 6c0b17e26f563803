"""Colours of a terminal. https://trino.io/docs/current/functions/color.html"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, function
from local_athena.sql.casts import cast
from local_athena.sql.typed import Typed
from local_athena.types.trino import VARCHAR, TrinoType, varchar
from local_athena.values import colors

if TYPE_CHECKING:
    from local_athena.sql.context import Context


def _render(type_: TrinoType, context: Context, arguments: list[Typed]) -> Typed:
    """A number in its colour."""
    text = cast(context, arguments[0], VARCHAR)
    return context.call("render", colors.render, [text, arguments[1]], type_)


ENTRIES: tuple[Entry, ...] = (
    function("color", "varchar -> color", python=colors.color),
    function("color", "double, color, color -> color", python=colors.between),
    function("color", "double, double, double, color, color -> color", python=colors.scaled),
    function("rgb", "bigint, bigint, bigint -> color", python=colors.rgb),
    function("render", "varchar(x), color -> varchar(coloured)", python=colors.render),
    function("render", "bigint, color -> varchar(35)", rewrite=partial(_render, varchar(35))),
    function("render", "double, color -> varchar(41)", rewrite=partial(_render, varchar(41))),
    function("render", "boolean -> varchar(16)", python=colors.mark),
    function(
        "bar", ("double, bigint -> varchar", "double, bigint, color, color -> varchar"), python=colors.bar
    ),
)
