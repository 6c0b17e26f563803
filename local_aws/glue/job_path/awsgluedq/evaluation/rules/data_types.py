"""Whether values can be read as a type, for ColumnDataType: whether Spark's cast of them gives a value.

https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types-ColumnDataType.html
"""

from __future__ import annotations

import re

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.dqdl.model import Rule
from awsgluedq.dqdl.operands import Text
from awsgluedq.evaluation.plan import Unsupported
from awsgluedq.evaluation.rules.setting import required

TYPES = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "INTEGER": "int",
    "DOUBLE": "double",
    "FLOAT": "float",
    "LONG": "bigint",
}
_DECIMAL = re.compile(r"DECIMAL\(\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)")
_ORDERS = ("dd MM yyyy", "MM dd yyyy", "yyyy MM dd", "MM yyyy", "yyyy MM", "dd MM", "MM dd")
FORMATS = tuple(order.replace(" ", mark) for order in _ORDERS for mark in "-/")


def is_of_type(rule: Rule, column: Column) -> Column:
    """Whether a column's values are, or are not, of the type that the rule names."""
    condition = required(rule)
    if condition.operator != "=" or not isinstance(condition.operands[0], Text):
        raise Unsupported("Unsupported operator")
    readable = _as_type(condition.operands[0].value, column, rule.tag("format")).isNotNull()
    return ~readable if condition.negated else readable


def _as_type(name: str, column: Column, form: str | None) -> Column:
    kind = name.upper()
    if form is not None:
        if kind != "DATE" or form not in FORMATS:
            raise Unsupported("Unsupported rule format")
        return _date(column.cast("string"), form)
    if kind in TYPES:
        return column.cast(TYPES[kind])
    decimal = _DECIMAL.fullmatch(kind)
    if decimal is None or not int(decimal[2]) <= int(decimal[1]) <= 38:
        raise Unsupported(f"Unrecognized data type: {name}")
    return column.cast(f"decimal({int(decimal[1])},{int(decimal[2])})")


def _date(text: Column, form: str) -> Column:
    """A date in a format; what a partial one lacks is a day of a leap year, so that 29-02 is one."""
    mark = "/" if "/" in form else "-"
    if "yyyy" not in form:
        text, form = F.concat(text, F.lit(f"{mark}2000")), f"{form}{mark}yyyy"
    elif "dd" not in form:
        text, form = F.concat(F.lit(f"01{mark}"), text), f"dd{mark}{form}"
    return F.to_date(text, form)
