"""Which entry and signature of a function a call means: the one that its arguments are nearest to."""

from __future__ import annotations

from dataclasses import dataclass

from local_athena.errors import QueryFailed
from local_athena.functions.comparing import can_compare
from local_athena.functions.entry import Entry
from local_athena.functions.signatures import Bindings, Pattern, Signature, expand, match, result_of
from local_athena.sql.unknown_sides import AMBIGUOUS
from local_athena.types.trino import TrinoType

Given = TrinoType | int
"""The type of an argument, or how many parameters the lambda has that it is."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a call means, and the types of the signature's letters, which lambdas may still widen."""

    entry: Entry
    signature: Signature
    patterns: tuple[Pattern, ...]
    bound: Bindings

    def result(self, arguments: list[TrinoType]) -> TrinoType:
        """The type of the answer."""
        return result_of(self.signature.result, arguments[0] if arguments else None, self.bound)


OPEN: dict[str, tuple[int, ...]] = {
    "avg": (0,), "date_add": (2,), "date_trunc": (1,), "json_extract_scalar": (0,), "lpad": (0, 2),
    "reverse": (0,), "rpad": (0, 2), "sequence": (0, 1), "substr": (0,), "substring": (0,), "sum": (0,),
}  # fmt: skip
"""Functions that Trino cannot choose the signature of when the arguments at these places are bare NULLs."""


def _check_open(name: str, given: list[Given], where: str) -> None:
    places = OPEN.get(name, ())
    if not places or len(given) <= places[-1] or (name == "sequence" and len(given) > len(places)):
        return
    if all(isinstance(value := given[at], TrinoType) and value.base == "unknown" for at in places):
        raise QueryFailed("AMBIGUOUS_FUNCTION_CALL", where + AMBIGUOUS)


def choose(name: str, entries: list[Entry], given: list[Given], where: str) -> Chosen:
    """The entry and signature of a call.

    Raises:
        QueryFailed: FUNCTION_NOT_FOUND, AMBIGUOUS_FUNCTION_CALL.
    """
    _check_open(name, given, where)
    best: tuple[int, Chosen] | None = None
    for entry in entries:
        for signature in entry.signatures:
            bound: Bindings = {}
            patterns = expand(signature, len(given))
            cost = None if patterns is None else _cost(patterns, given, bound)
            if patterns is None or cost is None or not can_compare(name, bound):
                continue
            if best is None or cost < best[0]:
                best = (cost, Chosen(entry, signature, patterns, bound))
    if best is None:
        types = ", ".join("function" if isinstance(g, int) else str(g) for g in given)
        signatures = (s.text.rpartition("->")[0].strip() for e in entries for s in e.signatures)
        expected = ", ".join(f"{name}({parameters})" for parameters in signatures)
        problem = f"Unexpected parameters ({types}) for function {name}. Expected: {expected}"
        raise QueryFailed("FUNCTION_NOT_FOUND", where + problem)
    return best[1]


def _cost(patterns: tuple[Pattern, ...], given: list[Given], bound: Bindings) -> int | None:
    total = 0
    for pattern, value in zip(patterns, given, strict=True):
        if isinstance(value, int):
            if pattern.name != "function" or len(pattern.parts) - 1 != value:
                return None
            continue
        cost = match(pattern, value, bound) if pattern.name != "function" else None
        if cost is None:
            return None
        total += cost
    return total
