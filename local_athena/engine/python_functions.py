"""A Python function as DuckDB calls it: whole columns of Arrow in, one out.

DuckDB's plain Python functions cost a hundred times more for each row than a loop over an Arrow column here.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from local_athena.errors import QueryFailed, not_supported
from local_athena.sql.typed import PythonFunction
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
    "color": pa.int32(),
    "Geometry": pa.binary(),
    "SphericalGeography": pa.binary(),
    "BingTile": pa.int64(),
    "date": pa.date32(),
    "time": pa.time64("us"),
    "timestamp": pa.timestamp("us"),
    "timestamp with time zone": pa.struct([("t", pa.timestamp("us")), ("z", pa.string())]),
    "time with time zone": pa.struct([("t", pa.time64("us")), ("o", pa.int32())]),
    "interval day to second": pa.int64(),
    "interval year to month": pa.int32(),
    "unknown": pa.int32(),
}


FORGIVEN = frozenset(
    ("DIVISION_BY_ZERO", "INVALID_CAST_ARGUMENT", "INVALID_FUNCTION_ARGUMENT", "NUMERIC_VALUE_OUT_OF_RANGE")
)
"""What TRY makes NULL: https://trino.io/docs/current/functions/conditional.html#try"""


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
    if type_.is_fine:
        return _fine(ARROW[type_.base])
    return ARROW[type_.base]


def _fine(plain: pa.DataType) -> pa.DataType:
    """A time's carrier with picoseconds beside its microseconds, which come first."""
    fields = list(plain) if pa.types.is_struct(plain) else [pa.field("t", plain)]
    return pa.struct([fields[0], pa.field("p", pa.int32()), *fields[1:]])


def numbers(values: pa.Array) -> list[Any]:
    """Values with days and moments as numbers, where one lies in a year that Python does not have."""
    if pa.types.is_timestamp(values.type) or pa.types.is_time(values.type):
        return list(pc.cast(values, pa.int64()).to_pylist())
    if pa.types.is_date(values.type):
        return list(pc.cast(values, pa.int32()).to_pylist())
    if not pa.types.is_struct(values.type):
        return list(values.to_pylist())
    columns = {field.name: numbers(values.field(field.name)) for field in values.type}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [row if there else None for there, row in zip(values.is_valid().to_pylist(), rows, strict=True)]


OF_MOMENTS = ("date_formats", "iso_times", "stamps", "stamp_casts", "calendar_parts")
HASHABLE = frozenset(("varchar", "date", "time", "timestamp", "integer", "bigint"))
ENTRIES, LONG = 10_000, 100


def repeats(made: PythonFunction) -> bool:
    """Whether it reads or writes moments, of which a column has few different ones, and costly ones."""
    plain = all(type_.base in HASHABLE and not type_.is_fine for type_ in made.arguments)
    return plain and made.call.__module__.rpartition(".")[2] in OF_MOMENTS


def remembering(call: Callable[..., Any]) -> Callable[..., Any]:
    """A pure function that keeps its latest answers."""
    known: dict[tuple[Any, ...], Any] = {}

    def one(*values: Any) -> Any:
        try:
            return known[values]
        except KeyError:
            made = call(*values)
        if len(known) >= ENTRIES:
            known.clear()
        if not isinstance(values[0], str) or len(values[0]) < LONG:
            known[values] = made
        return made

    return one


def arrow_function(made: PythonFunction) -> Callable[..., pa.Array]:
    """The column function of a value function; NULL in gives NULL out unless it takes NULLs."""
    takes_null = made.takes_null
    call = remembering(made.call) if repeats(made) else made.call
    returns = arrow_type(made.returns)

    def one(*values: Any) -> Any:
        if not takes_null and None in values:
            return None
        try:
            return call(*values)
        except QueryFailed as error:
            if made.forgiving and error.name in FORGIVEN:
                return None
            raise

    def columns(*arguments: Any) -> pa.Array:
        if not arguments:
            raise TypeError("a Python function needs an argument")
        try:
            values = [argument.to_pylist() for argument in arguments]
        except OverflowError:
            return far(arguments)
        return pa.array(map(one, *values), type=returns, from_pandas=False)

    def far(arguments: tuple[Any, ...]) -> pa.Array:
        """The same for rows in years that Python does not have, which some functions can do."""
        try:
            values = [numbers(argument.combine_chunks()) for argument in arguments]
            return pa.array(map(one, *values), type=returns, from_pandas=False)
        except (AttributeError, TypeError, OverflowError) as error:
            raise not_supported("The year of a date or timestamp is out of the engine's range") from error

    # DuckDB counts the parameters of the function it is given.
    names = [Parameter(f"a{i}", Parameter.POSITIONAL_ONLY) for i in range(len(made.arguments))]
    columns.__signature__ = Signature(names)  # type: ignore[attr-defined]
    return columns
