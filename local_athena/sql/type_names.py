"""Types as a query writes them: `row(a bigint, "B" array(varchar(3)))`, `double precision`, `map<int, int>`.

A field's name is in lower case unless it is quoted, like every name.
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.parse.dialect import Athena
from local_athena.types.trino import INTERVAL_DAY, INTERVAL_YEAR, TrinoType, parse_type, row


def type_of(node: exp.Expr) -> TrinoType:
    """The type that a parsed type names.

    Raises:
        QueryFailed: Trino has no such type.
    """
    kind = node.this
    word = str(node.meta.get("written", ""))
    if word.upper() in FOREIGN:
        raise QueryFailed("TYPE_MISMATCH", f"line 1:8: Unknown type: {word}")
    if kind is exp.DType.STRUCT:
        return _row(node)
    if kind in CONTAINERS and len(node.expressions) == CONTAINERS[kind]:
        return TrinoType(kind.value.lower(), (), tuple(map(type_of, node.expressions)))
    if isinstance(kind, exp.Interval) and isinstance(kind.args.get("unit"), exp.IntervalSpan):
        unit = kind.args["unit"].this.name.upper()
        return INTERVAL_YEAR if unit == "YEAR" else INTERVAL_DAY
    written = node.sql(dialect=Athena)
    try:
        made = parse_type(written)
    except (ValueError, IndexError) as error:
        raise QueryFailed("TYPE_MISMATCH", f"line 1:8: Unknown type: {written}") from error
    if made.base == "decimal":
        _check_decimal(made)
    elif made.numbers and made.numbers[0] > LARGEST.get(made.base, FINEST):
        raise QueryFailed("TYPE_MISMATCH", f"line 1:8: Unknown type: {made}")
    return made


FINEST = 12
LARGEST = {"char": 65536, "varchar": 2**31 - 1}
"""What the number of a type may be at most; of a time's, the digits of its fraction."""


def _check_decimal(type_: TrinoType) -> None:
    problem = None
    if not 1 <= type_.precision <= 38:
        problem = f"precision must be in range [1, 38]: {type_.precision}"
    elif type_.scale > type_.precision:
        problem = f"scale must be in range [0, precision ({type_.precision})]: {type_.scale}"
    if problem:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"DECIMAL {problem}")


FOREIGN = frozenset(
    ("STRING", "TEXT", "INT1", "INT2", "INT4", "INT8", "INT16", "INT32", "INT64", "LONG", "BYTE", "SHORT",
     "NUMBER", "VARCHAR2", "NVARCHAR", "NVARCHAR2", "NCHAR", "BPCHAR", "CHARACTER VARYING", "DATETIME",
     "FLOAT4", "FLOAT8", "FLOAT64", "BOOL", "BYTES", "BLOB", "BINARY", "STRUCT", "OBJECT", "VARIANT",
     "BIT", "BYTEA", "CHARACTER",
     "CLOB", "DEC", "FIXED", "LONGVARCHAR", "STR", "TIMESTAMP_NTZ", "TIMESTAMPNTZ", "TIMESTAMPTZ", "TIMETZ",
     "TIMESTAMP_LTZ", "TIMESTAMPLTZ")
)  # fmt: skip
"""Words for types that other databases have, of which sqlglot makes Trino's."""

CONTAINERS = {exp.DType.ARRAY: 1, exp.DType.MAP: 2}
"""Each container and how many types it holds."""


def _row(node: exp.Expr) -> TrinoType:
    parts, names = [], []
    for field in node.expressions:
        named = isinstance(field, exp.ColumnDef)
        parts.append(type_of(field.args["kind"] if named else field))
        name = field.this if named else None
        names.append(None if name is None else name.name if name.args.get("quoted") else name.name.lower())
    return row(*parts, names=tuple(names))
