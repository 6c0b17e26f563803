"""A fold with a state of its own type: DuckDB's list_reduce keeps to the type of the elements.

Each element goes beside an empty state, so that state and element make one type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.translate.sql import null_of
from local_athena.translate.typed import Typed

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def fold(t: Translator, kept: Typed, initial: Typed, step: Typed) -> Typed:
    """The last state; `kept` has {v: element} or NULL, which is skipped, and the type of the element."""
    names, body = step.sql.removeprefix("lambda ").split(": ", 1)
    state, item = names.split(", ")
    a, b, e = (t.context.alias("f") for _ in range(3))
    pairs = (
        f"list_transform(list_filter({kept.sql}, lambda {e}: {e} IS NOT NULL), "
        f"lambda {e}: struct_pack(s := {null_of(initial.type)}, v := {e}.v))"
    )
    start = f"struct_pack(s := {initial.sql}, v := {null_of(kept.type)})"
    inner = f"list_transform([{a}.s], lambda {state}: list_transform([{b}.v], lambda {item}: {body})[1])[1]"
    folded = f"list_reduce({pairs}, lambda {a}, {b}: struct_pack(s := {inner}, v := {b}.v), {start})"
    return Typed(f"({folded}).s", initial.type)
