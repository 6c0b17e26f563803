"""A Python function as DuckDB calls it: whole columns of Arrow in, one out.

DuckDB's plain Python functions cost a hundred times more for each row than a loop over an Arrow column here.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

import pyarrow as pa

from local_athena.translate.typed import PythonFunction
from local_athena.types.trino import TrinoType

ARROW: dict[str, pa.DataType] = {
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "real": pa.float32(),
    "double": pa.float64(),
    "varchar": pa.string(),
    "char": pa.string(),
    "json": pa.string(),
    "uuid": pa.string(),
    "varbinary": pa.binary(),
    "ipaddress": pa.binary(),
    "date": pa.date32(),
    "time": pa.time64("us"),
    "timestamp": pa.timestamp("us"),
    "timestamp with time zone": pa.struct([("t", pa.timestamp("us")), ("z", pa.string())]),
    "time with time zone": pa.struct([("t", pa.time64("us")), ("o", pa.int32())]),
    "interval day to second": pa.int64(),
    "interval year to month": pa.int32(),
    "unknown": pa.int32(),
}


def arrow_type(type_: TrinoType) -> pa.DataType:
    """The Arrow type of a Trino type's carrier."""
    if type_.base == "decimal":
        return pa.decimal128(type_.precision, type_.scale)
    if type_.base == "array":
        return pa.list_(arrow_type(type_.element))
    if type_.base == "map":
        return pa.map_(arrow_type(type_.element), arrow_type(type_.value))
    if type_.base == "row":
        return pa.struct([(f"f{i}", arrow_type(part)) for i, part in enumerate(type_.parts)])
    return ARROW[type_.base]


def arrow_function(made: PythonFunction) -> Callable[..., pa.Array]:
    """The column function of a value function; NULL in gives NULL out unless it takes NULLs."""
    call, takes_null = made.call, made.takes_null
    returns = arrow_type(made.returns)

    def one(*values: Any) -> Any:
        if not takes_null and None in values:
            return None
        return call(*values)

    def columns(*arguments: Any) -> pa.Array:
        if not arguments:
            raise TypeError("a Python function needs an argument")
        return pa.array(
            map(one, *(argument.to_pylist() for argument in arguments)), type=returns, from_pandas=False
        )

    # DuckDB counts the parameters of the function it is given.
    names = [Parameter(f"a{i}", Parameter.POSITIONAL_ONLY) for i in range(len(made.arguments))]
    columns.__signature__ = Signature(names)  # type: ignore[attr-defined]
    return columns
