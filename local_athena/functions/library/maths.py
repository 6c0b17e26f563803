"""Numbers and bits. https://trino.io/docs/current/functions/math.html"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, Rewrite, function
from local_athena.sql.build import (
    call,
    carrier_sql,
    cast_as,
    commas,
    failing,
    joined,
    once,
    once_each,
    sql,
    string,
    template,
)
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.keys import is_zoned
from local_athena.sql.operators import arithmetic_of
from local_athena.sql.typed import Typed
from local_athena.types.coercion import common_type
from local_athena.types.trino import DOUBLE, REAL, TrinoType, array, decimal
from local_athena.values import collections, distributions, numbers

if TYPE_CHECKING:
    from local_athena.sql.context import Context

INTS = ("tinyint -> tinyint", "smallint -> smallint", "integer -> integer", "bigint -> bigint")
FLOATS = ("double -> double", "real -> real")
PAIRS = (
    "tinyint, tinyint -> tinyint",
    "smallint, smallint -> smallint",
    "integer, integer -> integer",
    "bigint, bigint -> bigint",
)


def _to_integer_decimal(name: str) -> Entry:
    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        value = arguments[0]
        target = decimal(
            min(38, value.type.precision - value.type.scale + (1 if value.type.scale else 0)) or 1, 0
        )
        return Typed(cast_as(call(name, value), target), target)

    return function(name, "decimal -> decimal", rewrite=rewrite)


def _round_decimal(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    if len(arguments) == 1:
        target = decimal(
            min(38, value.type.precision - value.type.scale + (1 if value.type.scale else 0)) or 1, 0
        )
        return Typed(cast_as(value, target), target)
    target = decimal(min(38, value.type.precision + 1), value.type.scale)
    return context.call("round", numbers.round_decimal(target), [value, arguments[1]], target)


def _extreme(name: str) -> Entry:
    """greatest and least: NULL when one is; NaN is neither, unless there is nothing else."""
    find = {"greatest": collections.array_max, "least": collections.array_min}[name]

    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        common = arguments[0].type
        for argument in arguments[1:]:
            common = common_type(common, argument.type) or common
        values = [cast(context, argument, common) for argument in arguments]
        type_, listed = values[0].type, commas(values)
        if type_.parts or is_zoned(type_):
            items = Typed(sql("[{}]", listed), array(type_))
            return context.call(name, find(items.type), [items], type_)
        return Typed(once_each(values, partial(_compared, name, type_)), type_)

    return function(name, "T, T... -> T", rewrite=rewrite)


def _compared(name: str, type_: TrinoType, values: list[Sql]) -> Sql:
    missing = joined(" OR ", (sql("{} IS NULL", v) for v in values))
    made = call(name, *values)
    if name == "greatest" and type_ in (DOUBLE, REAL):
        numbers_ = (sql("CASE WHEN NOT isnan({0}) THEN {0} END", v) for v in values)
        made = sql("coalesce(greatest({}), {})", commas(numbers_), cast_as(string("NaN"), type_))
    return sql("CASE WHEN {} THEN NULL ELSE {} END", missing, made)


ROUNDED = "CASE WHEN {0} = 0 THEN 0.0 WHEN isfinite({0}) THEN round({0}) ELSE {0} END"
SIGN = "CASE WHEN isnan({0}) OR {0} = 0 THEN {0} ELSE sign({0}) END"


def _round_float(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    return Typed(cast_as(once(value, lambda v: sql(ROUNDED, v)), value.type), value.type)


def _wave(name: str) -> Rewrite:
    """A function that is NaN of what is not finite, which DuckDB refuses."""

    def made(v: Sql) -> Sql:
        return call(name, sql("CASE WHEN NOT isfinite({0}) THEN CAST('NaN' AS DOUBLE) ELSE {0} END", v))

    return lambda context, arguments: Typed(once(arguments[0], made), DOUBLE)


def _sign_float(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    return Typed(cast_as(once(value, lambda v: sql(SIGN, v)), value.type), value.type)


BETWEEN = """CASE WHEN {1} <= {0} THEN {2}
    ELSE CAST({0} + floor(random() * (CAST({1} AS DOUBLE) - {0})) AS {3}) END"""


def _random(context: Context, arguments: list[Typed]) -> Typed:
    """random(n) or random(m, n): a whole number below n, from 0 or m."""
    low, high = arguments if len(arguments) == 2 else (Typed(sql("0"), arguments[0].type), arguments[0])
    type_ = high.type
    problem = (
        "bound must be positive" if len(arguments) == 1 else "upper bound must be greater than lower bound"
    )
    bad = failing(f"INVALID_FUNCTION_ARGUMENT: {problem}", type_)

    def made(bounds: list[Sql]) -> Sql:
        return sql(BETWEEN, *bounds, bad, carrier_sql(type_))

    return Typed(once_each([low, high], made), type_)


def _truncate_decimal(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    target = decimal(max(1, value.type.precision - value.type.scale), 0)
    return Typed(cast_as(sql("trunc({})", value), target), target)


def _mod(context: Context, arguments: list[Typed]) -> Typed:
    return arithmetic_of(context, "%", arguments[0], arguments[1], "")


WAVES = ("sin", "cos", "tan")
DOUBLES = ("atan", "sinh", "cosh", "tanh", "degrees", "radians")

ENTRIES: tuple[Entry, ...] = (
    function("abs", (*INTS, *FLOATS), native="abs"),
    function("abs", "decimal -> decimal", rewrite=lambda context, a: Typed(sql("abs({})", a[0]), a[0].type)),
    *(
        function(name, signatures, made)
        for name in ("ceil", "ceiling")
        for signatures, made in (
            (INTS, template("{0}")),
            (("double -> double", "real -> real"), template("CAST(ceil({0}) AS {carrier})")),
        )
    ),
    function("floor", INTS, template("{0}")),
    function("floor", FLOATS, template("CAST(floor({0}) AS {carrier})")),
    _to_integer_decimal("ceil"),
    function("ceiling", "decimal -> decimal", rewrite=_to_integer_decimal("ceil").rewrite),
    _to_integer_decimal("floor"),
    function("round", INTS, template("{0}")),
    function("round", FLOATS, rewrite=_round_float),
    function(
        "round",
        (
            "tinyint, integer -> tinyint",  # first, for it is what a bare NULL is
            "smallint, integer -> smallint",
            "integer, integer -> integer",
            "bigint, integer -> bigint",
        ),
        python=numbers.round_integer,
    ),
    function("round", ("double, integer -> double", "real, integer -> real"), python=numbers.round_double),
    function("round", ("decimal -> decimal", "decimal, integer -> decimal"), rewrite=_round_decimal),
    function("truncate", FLOATS, native="trunc"),
    function(
        "truncate", ("double, integer -> double", "real, integer -> real"), python=numbers.truncate_double
    ),
    function("truncate", "decimal -> decimal", rewrite=_truncate_decimal),
    function(
        "truncate",
        "decimal, integer -> decimal",
        rewrite=lambda context, a: context.call("truncate", numbers.truncate_decimal, a, a[0].type),
    ),
    function("sign", INTS, template("CAST(sign({0}) AS {carrier})")),
    function("sign", FLOATS, rewrite=_sign_float),
    function("sign", "decimal -> decimal(1,0)", template("CAST(sign({0}) AS DECIMAL(1,0))")),
    function("mod", "T, U -> T", rewrite=_mod),
    _extreme("greatest"),
    _extreme("least"),
    *(function(name, "double -> double", native=name) for name in DOUBLES),
    *(function(name, "double -> double", rewrite=_wave(name)) for name in WAVES),
    *(
        function(name, "double -> double", python=numbers.nan_outside(name))
        for name in ("sqrt", "ln", "log2", "log10", "asin", "acos", "exp")
    ),
    function("cbrt", "double -> double", python=numbers.cbrt),
    function("log", "double, double -> double", python=numbers.log),
    function("atan2", "double, double -> double", native="atan2"),
    function("power", "double, double -> double", native="pow"),
    function("pow", "double, double -> double", native="pow"),
    function("pi", " -> double", native="pi"),
    function("e", " -> double", template("exp(CAST(1 AS DOUBLE))")),
    function("infinity", " -> double", template("CAST('Infinity' AS DOUBLE)")),
    function("nan", " -> double", template("CAST('NaN' AS DOUBLE)")),
    function("is_nan", ("double -> boolean", "real -> boolean"), native="isnan"),
    function("is_finite", "double -> boolean", native="isfinite"),
    function("is_infinite", "double -> boolean", native="isinf"),
    function("random", " -> double", native="random"),
    function("rand", " -> double", native="random"),
    *(
        function(name, signatures, rewrite=_random)
        for name in ("random", "rand")
        for signatures in (INTS, PAIRS)
    ),
    function("to_base", "bigint, bigint -> varchar(64)", python=numbers.to_base),
    function("from_base", "varchar, bigint -> bigint", python=numbers.from_base),
    function("width_bucket", "double, double, double, bigint -> bigint", python=numbers.width_bucket),
    function("width_bucket", "double, array(double) -> bigint", python=numbers.width_bucket_bins),
    function(
        "cosine_similarity",
        "map(varchar, double), map(varchar, double) -> double",
        python=numbers.cosine_similarity,
    ),
    function("bitwise_and", PAIRS[3], template("({0} & {1})")),
    function("bitwise_or", PAIRS[3], template("({0} | {1})")),
    function("bitwise_xor", PAIRS[3], native="xor"),
    function("bitwise_not", INTS[3], template("(~{0})")),
    function("bit_count", "bigint, integer -> bigint", python=numbers.bit_count),
    *(
        function(f"bitwise_{name}", f"{kind}, integer -> {kind}", python=numbers.shift(name, bits))
        for name in ("left_shift", "right_shift", "right_shift_arithmetic")
        for kind, bits in (("tinyint", 8), ("smallint", 16), ("integer", 32), ("bigint", 64))
    ),
    function("beta_cdf", "double, double, double -> double", python=distributions.beta_cdf),
    function("inverse_beta_cdf", "double, double, double -> double", python=distributions.inverse_beta_cdf),
    function("t_cdf", "double, double -> double", python=distributions.t_cdf),
    function("t_pdf", "double, double -> double", python=distributions.t_pdf),
    function("normal_cdf", "double, double, double -> double", python=numbers.normal_cdf),
    function("inverse_normal_cdf", "double, double, double -> double", python=numbers.inverse_normal_cdf),
    function("wilson_interval_lower", "bigint, bigint, double -> double", python=numbers.wilson(-1)),
    function("wilson_interval_upper", "bigint, bigint, double -> double", python=numbers.wilson(1)),
)
