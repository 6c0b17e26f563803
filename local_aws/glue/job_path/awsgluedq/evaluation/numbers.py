"""Conditions on one number: their operands' values, whether a metric meets them, and how Glue shows it."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal

from awsgluedq.dqdl.model import Condition
from awsgluedq.dqdl.operands import Call, Group, Keyword, Number, Operand, Operation
from awsgluedq.evaluation.plan import Unsupported

_SIGNS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def value(operand: Operand) -> float:
    """The number that an operand stands for.

    Raises:
        Unsupported: it is a function of earlier runs, whose results are not kept.
    """
    if isinstance(operand, Number):
        return float(operand.text) if "." in operand.text else int(operand.text)
    if isinstance(operand, Group):
        return value(operand.inner)
    if isinstance(operand, Operation):
        left, right = value(operand.left), value(operand.right)
        if operand.sign != "/":
            return _SIGNS[operand.sign](left, right)
        if right == 0:
            raise Unsupported(f"{operand} divides by zero")
        return left / right
    assert isinstance(operand, Call)
    raise Unsupported(f"{operand} needs the results of earlier runs, which are not kept")


def values(condition: Condition) -> list[float]:
    """The operands' numbers; NULL has none."""
    return [value(one) for one in condition.operands if not isinstance(one, Keyword)]


def meets(metric: float, condition: Condition) -> bool:
    """Whether a metric meets a condition; `between` has neither of its bounds."""
    found = values(condition)
    if condition.operator == "between":
        return (found[0] < metric < found[1]) != condition.negated
    if condition.operator == "in":
        return (metric in found) != condition.negated
    return any(_COMPARISONS[condition.operator](metric, one) for one in found) != condition.negated


def shown(number: float) -> str:
    """A number as Java writes it: 4.0, 1.0E7, and whole ones without a point."""
    if isinstance(number, int):
        return str(number)
    if not math.isfinite(number):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(number)]
    exact = Decimal(repr(number))
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        written = f"{exact:f}"
        return written if "." in written else f"{written}.0"
    digits = "".join(map(str, exact.as_tuple().digits)).rstrip("0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exact.adjusted()}"
