"""Colours of a terminal. https://trino.io/docs/current/functions/color.html"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, function
from local_athena.sql.casts import cast
from local_athena.sql.typed import Typed
from local_athena.types.trino import UNBOUNDED, VARCHAR, varchar
from local_athena.values import colors

if TYPE_CHECKING:
    from local_athena.sql.context import Context


def _render(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    text = cast(context, value, VARCHAR)
    length = LENGTHS[value.type.base] + (value.type.precision if value.type.numbers else 0)
    return context.call("render", colors.render, [text, arguments[1]], varchar(min(length, UNBOUNDED)))


LENGTHS = {"varchar": 15, "bigint": 35, "double": 41}
"""How long a value is with its colour, beside its own length if it is a text."""


ENTRIES: tuple[Entry, ...] = (
    function("color", "varchar -> color", python=colors.color),
    function("color", "double, color, color -> color", python=colors.between),
    function("color", "double, double, double, color, color -> color", python=colors.scaled),
    function("rgb", "bigint, bigint, bigint -> color", python=colors.rgb),
    function(
        "render",
        (
            "varchar(x), color -> varchar(coloured)",
            "bigint, color -> varchar(35)",
            "double, color -> varchar(41)",
        ),
        rewrite=_render,
    ),
    function("render", "boolean -> varchar(16)", python=colors.mark),
    function(
        "bar", ("double, bigint -> varchar", "double, bigint, color, color -> varchar"), python=colors.bar
    ),
)
