"""TABLE(function(...)) in FROM: of Trino's table functions there is sequence.

https://trino.io/docs/current/functions/table.html#sequence-table-function
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import sql
from local_athena.sql.typed import Column, Relation, Typed
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.coercion import LADDER
from local_athena.types.trino import BIGINT

PARAMETERS = ("start", "stop", "step")
DEFAULTS = {"start": 0, "step": 1}


def table_function(t: Translator, node: exp.Expr) -> Relation:
    """The rows of a call in FROM.

    Raises:
        QueryFailed: FUNCTION_NOT_FOUND, or an argument that the function does not take.
    """
    outer = node.this
    call = outer.expressions[0] if outer.name.lower() == "table" and len(outer.expressions) == 1 else outer
    if call is outer or call.name.lower() != "sequence":
        raise QueryFailed(
            "FUNCTION_NOT_FOUND",
            f"{t.context.where(node)}Table function '{call.name.lower()}' not registered",
        )
    where = t.context.where(call)
    values = DEFAULTS | {name: _number(t, name, value) for name, value in _named(call, where).items()}
    if "stop" not in values:
        raise QueryFailed("MISSING_ARGUMENT", f"{where}Missing argument: STOP")
    start, stop, step = (values[name] for name in PARAMETERS)
    if start != stop and (step <= 0 if start < stop else step >= 0):
        sign = "positive" if start < stop else "negative"
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"Step must be {sign} for sequence [{start}, {stop}]")
    series = sql("generate_series({}, {}, {})", start, stop, step or 1)
    return Relation(sql("SELECT n AS c0 FROM {} AS s(n)", series), (Column("sequential_number", BIGINT),))


def _named(call: exp.Expr, where: str) -> dict[str, exp.Expr]:
    """The arguments by their names, which all have or none."""
    given: dict[str, exp.Expr] = {}
    for name, argument in zip(PARAMETERS, call.expressions, strict=False):
        by_name = isinstance(argument, exp.Kwarg | exp.PropertyEQ)
        key = argument.name.lower() if by_name else name
        if key not in PARAMETERS:
            raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"{where}Unexpected argument name: {key.upper()}")
        if key in given:
            raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"{where}Duplicate argument name: {key.upper()}")
        given[key] = argument.expression if by_name else argument
    if len(call.expressions) > len(PARAMETERS):
        raise QueryFailed(
            "INVALID_ARGUMENTS", f"{where}Too many arguments. Expected at most 3 arguments, got {len(call.expressions)} arguments"  # noqa: E501
        )  # fmt: skip
    return given


def _number(t: Translator, name: str, argument: exp.Expr) -> int:
    value: Typed = t.expression(argument, Scope())
    if value.type.base not in LADDER or not isinstance(value.constant, int):
        raise QueryFailed(
            "TYPE_MISMATCH", f"{t.context.where(argument)}Argument {name.upper()} should be a constant bigint"
        )
    return value.constant
