"""Numbers and bits. https://trino.io/docs/current/functions/math.html"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, function
from local_athena.translate.keys import is_zoned
from local_athena.translate.sql import fail, quoted
from local_athena.translate.typed import Typed
from local_athena.types.duckdb import carrier
from local_athena.types.trino import DOUBLE, REAL, array, decimal
from local_athena.values import collections, distributions, numbers

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator

INTS = ("tinyint -> tinyint", "smallint -> smallint", "integer -> integer", "bigint -> bigint")
FLOATS = ("double -> double", "real -> real")
PAIRS = (
    "tinyint, tinyint -> tinyint",
    "smallint, smallint -> smallint",
    "integer, integer -> integer",
    "bigint, bigint -> bigint",
)


def _to_integer_decimal(name: str) -> Entry:
    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        value = arguments[0]
        target = decimal(
            min(38, value.type.precision - value.type.scale + (1 if value.type.scale else 0)) or 1, 0
        )
        return Typed(f"CAST({name}({value.sql}) AS DECIMAL({target.precision},0))", target)

    return function(name, "decimal -> decimal", rewrite=rewrite)


def _round_decimal(t: Translator, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    if len(arguments) == 1:
        target = decimal(
            min(38, value.type.precision - value.type.scale + (1 if value.type.scale else 0)) or 1, 0
        )
        return Typed(f"CAST({value.sql} AS DECIMAL({target.precision},0))", target)
    target = decimal(min(38, value.type.precision + 1), value.type.scale)
    return t.context.call("round", numbers.round_decimal(target), [value, arguments[1]], target)


def _extreme(name: str) -> Entry:
    """greatest and least: NULL when one is; NaN is neither, unless there is nothing else."""
    find = {"greatest": collections.array_max, "least": collections.array_min}[name]

    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        values = t.unified(arguments, "line 1:8: ", "Arguments must have one type")
        type_, listed = values[0].type, ", ".join(v.sql for v in values)
        if type_.parts or is_zoned(type_):
            items = Typed(f"[{listed}]", array(type_))
            return t.context.call(name, find(items.type), [items], type_)
        missing = " OR ".join(f"{v.sql} IS NULL" for v in values)
        made = f"{name}({listed})"
        if name == "greatest" and type_ in (DOUBLE, REAL):
            numbers_ = ", ".join(f"CASE WHEN NOT isnan({v.sql}) THEN {v.sql} END" for v in values)
            made = f"coalesce(greatest({numbers_}), CAST('NaN' AS {carrier(type_)}))"
        return Typed(f"CASE WHEN {missing} THEN NULL ELSE {made} END", type_)

    return function(name, "T, T... -> T", rewrite=rewrite)


def _random(t: Translator, arguments: list[Typed]) -> Typed:
    """random(n) or random(m, n): a whole number below n, from 0 or m."""
    low, high = arguments if len(arguments) == 2 else (Typed("0", arguments[0].type), arguments[0])
    type_ = high.type
    problem = (
        "bound must be positive" if len(arguments) == 1 else "upper bound must be greater than lower bound"
    )
    bad = fail(quoted(f"INVALID_FUNCTION_ARGUMENT: {problem}"), type_)
    made = f"CAST({low.sql} + floor(random() * (CAST({high.sql} AS DOUBLE) - {low.sql})) AS {carrier(type_)})"
    return Typed(f"CASE WHEN {high.sql} <= {low.sql} THEN {bad} ELSE {made} END", type_)


def _mod(t: Translator, arguments: list[Typed]) -> Typed:
    from local_athena.translate.operators import arithmetic_of

    return arithmetic_of(t.context, "%", arguments[0], arguments[1], "")


WAVES = ("sin", "cos", "tan")
DOUBLES = ("atan", "sinh", "cosh", "tanh", "degrees", "radians")

ENTRIES: tuple[Entry, ...] = (
    function("abs", (*INTS, *FLOATS), "abs({0})"),
    function("abs", "decimal -> decimal", rewrite=lambda t, a: Typed(f"abs({a[0].sql})", a[0].type)),
    *(
        function(name, signatures, sql)
        for name in ("ceil", "ceiling")
        for signatures, sql in (
            (INTS, "{0}"),
            (("double -> double",), "ceil({0})"),
            (("real -> real",), "CAST(ceil({0}) AS FLOAT)"),
        )
    ),
    function("floor", INTS, "{0}"),
    function("floor", "double -> double", "floor({0})"),
    function("floor", "real -> real", "CAST(floor({0}) AS FLOAT)"),
    _to_integer_decimal("ceil"),
    function("ceiling", "decimal -> decimal", rewrite=_to_integer_decimal("ceil").rewrite),
    _to_integer_decimal("floor"),
    function("round", INTS, "{0}"),
    function(
        "round",
        FLOATS,
        "CAST(CASE WHEN {0} = 0 THEN 0 WHEN isfinite({0}) THEN round({0}) ELSE {0} END AS {carrier})",
    ),
    function("round", ("double, bigint -> double", "real, bigint -> real"), python=numbers.round_double),
    function(
        "round",
        (
            "integer, bigint -> integer",
            "bigint, bigint -> bigint",
            "smallint, bigint -> smallint",
            "tinyint, bigint -> tinyint",
        ),
        python=numbers.round_integer,
    ),
    function("round", ("decimal -> decimal", "decimal, bigint -> decimal"), rewrite=_round_decimal),
    function("truncate", FLOATS, "trunc({0})"),
    function(
        "truncate", ("double, bigint -> double", "real, bigint -> real"), python=numbers.truncate_double
    ),
    function(
        "truncate",
        "decimal -> decimal",
        rewrite=lambda t, a: Typed(
            f"CAST(trunc({a[0].sql}) AS DECIMAL({max(1, a[0].type.precision - a[0].type.scale)},0))",
            decimal(max(1, a[0].type.precision - a[0].type.scale), 0),
        ),
    ),
    function(
        "truncate",
        "decimal, bigint -> decimal",
        rewrite=lambda t, a: t.context.call("truncate", numbers.truncate_decimal, a, a[0].type),
    ),
    function("sign", INTS, "CAST(sign({0}) AS {carrier})"),
    function("sign", FLOATS, "CAST(CASE WHEN isnan({0}) THEN {0} ELSE sign({0}) END AS {carrier})"),
    function("sign", "decimal -> decimal(1,0)", "CAST(sign({0}) AS DECIMAL(1,0))"),
    function("mod", "T, U -> T", rewrite=_mod),
    _extreme("greatest"),
    _extreme("least"),
    *(function(name, "double -> double", f"{name}({{0}})") for name in DOUBLES),
    *(
        function(name, "double -> double", f"{name}(CASE WHEN isfinite({{0}}) THEN {{0}} ELSE 'NaN' END)")
        for name in WAVES
    ),
    *(
        function(name, "double -> double", python=numbers.nan_outside(name))
        for name in ("sqrt", "ln", "log2", "log10", "asin", "acos", "exp")
    ),
    function("cbrt", "double -> double", python=numbers.cbrt),
    function("log", "double, double -> double", python=numbers.log),
    function("atan2", "double, double -> double", "atan2({0}, {1})"),
    function("power", "double, double -> double", "pow({0}, {1})"),
    function("pow", "double, double -> double", "pow({0}, {1})"),
    function("pi", " -> double", "pi()"),
    function("e", " -> double", "exp(CAST(1 AS DOUBLE))"),
    function("infinity", " -> double", "CAST('Infinity' AS DOUBLE)"),
    function("nan", " -> double", "CAST('NaN' AS DOUBLE)"),
    function("is_nan", ("double -> boolean", "real -> boolean"), "isnan({0})"),
    function("is_finite", "double -> boolean", "isfinite({0})"),
    function("is_infinite", "double -> boolean", "isinf({0})"),
    function("random", " -> double", "random()"),
    function("rand", " -> double", "random()"),
    *(
        function(name, signatures, rewrite=_random)
        for name in ("random", "rand")
        for signatures in (INTS, PAIRS)
    ),
    function("to_base", "bigint, bigint -> varchar", python=numbers.to_base),
    function("from_base", "varchar, bigint -> bigint", python=numbers.from_base),
    function("width_bucket", "double, double, double, bigint -> bigint", python=numbers.width_bucket),
    function("width_bucket", "double, array(double) -> bigint", python=numbers.width_bucket_bins),
    function(
        "cosine_similarity",
        "map(varchar, double), map(varchar, double) -> double",
        python=numbers.cosine_similarity,
    ),
    function("bitwise_and", PAIRS[3], "({0} & {1})"),
    function("bitwise_or", PAIRS[3], "({0} | {1})"),
    function("bitwise_xor", PAIRS[3], "xor({0}, {1})"),
    function("bitwise_not", INTS[3], "(~{0})"),
    function("bit_count", "bigint, bigint -> bigint", python=numbers.bit_count),
    *(
        function(f"bitwise_{name}", f"{kind}, bigint -> {kind}", python=numbers.shift(name, bits))
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
