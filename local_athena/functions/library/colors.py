"""Colours of a terminal. https://trino.io/docs/current/functions/color.html"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, function
from local_athena.translate.casts import cast
from local_athena.translate.typed import Typed
from local_athena.types.trino import VARCHAR
from local_athena.values import colors

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def _render(t: Translator, arguments: list[Typed]) -> Typed:
    text = cast(t.context, arguments[0], VARCHAR)
    return t.context.call("render", colors.render, [text, arguments[1]], VARCHAR)


ENTRIES: tuple[Entry, ...] = (
    function("color", "varchar -> color", python=colors.color),
    function("color", "double, color, color -> color", python=colors.between),
    function("color", "double, double, double, color, color -> color", python=colors.scaled),
    function("rgb", "bigint, bigint, bigint -> color", python=colors.rgb),
    function(
        "render",
        tuple(f"{kind}, color -> varchar" for kind in ("varchar", "bigint", "double")),
        rewrite=_render,
    ),
    function("render", "boolean -> varchar", python=colors.mark),
    function(
        "bar", ("double, bigint -> varchar", "double, bigint, color, color -> varchar"), python=colors.bar
    ),
)
