"""A pattern and values to text."""

from __future__ import annotations

import struct
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from local_athena.errors import not_supported
from local_athena.types.trino import TrinoType
from local_athena.values.java_format.moments import KINDS, moment, written
from local_athena.values.java_format.numbers import floating, integral
from local_athena.values.java_format.shown import JAVA_TIMES
from local_athena.values.java_format.specs import FLOAT, INTEGRAL, Spec, Wrong, specs
from local_athena.values.shown import writer

NOT_FORMATTED = frozenset(("array", "map", "row", "varbinary"))
"""Types that no specifier takes."""
CLASSES = {"boolean": "Boolean", "double": "Double", "real": "Float", "bigint": "Long"}


@cache
def formatter(types: tuple[TrinoType, ...]) -> Callable[..., str | None]:
    """A function from the pattern and values of these types to text."""
    formats = [_Format(type_) for type_ in types]

    def write(pattern: str | None, *values: Any) -> str | None:
        if pattern is None:
            return None
        try:
            return _written(pattern, values, formats)
        except Wrong as wrong:
            raise wrong.in_pattern(pattern) from None

    return write


def _written(pattern: str, values: tuple[Any, ...], formats: list[_Format]) -> str:
    made, position, last = [], 0, -1
    for spec in specs(pattern):
        if isinstance(spec, str):
            made.append(spec)
            continue
        if spec.kind in "%n" and not spec.moment:
            made.append("\n" if spec.kind == "n" else spec.justified("%"))
            continue
        if spec.index == 0:
            position += 1
        last = last if spec.index < 0 else (spec.index or position) - 1
        if not 0 <= last < len(values):
            raise Wrong(f"MissingFormatArgument: Format specifier '{spec.text}'")
        made.append(spec.justified(formats[last].one(spec, values[last])))
    return "".join(made)


class _Format:
    """How values of a type are written."""

    def __init__(self, type_: TrinoType) -> None:
        self._base = "bigint" if type_.base in ("tinyint", "smallint", "integer") else type_.base
        self._text = JAVA_TIMES.get(type_.base) or writer(type_)

    @property
    def _class(self) -> str:
        """Java's class of the values."""
        if self._base in KINDS:
            return KINDS[self._base][0]
        if self._base == "decimal":
            return "java.math.BigDecimal"
        return f"java.lang.{CLASSES.get(self._base, 'String')}"

    def one(self, spec: Spec, value: Any) -> str:
        """A value as a specifier asks, not yet in its width.

        Raises:
            Wrong: the specifier is for other types.
        """
        if value is None:
            made = "false" if spec.kind in "bB" and not spec.moment else "null"
            return self._word(spec, made)
        if spec.moment:
            if spec.kind not in KINDS.get(self._base, ("", frozenset()))[1]:
                raise self._unfit(spec)
            made = written(spec.kind, moment(self._base, value))
            return made.upper() if spec.upper else made
        if spec.kind in INTEGRAL and self._base == "bigint":
            return integral(spec, value)
        is_float = self._base in ("double", "real") or (self._base == "decimal" and spec.kind not in "aA")
        if spec.kind in FLOAT and is_float:
            return floating(spec, value)
        return self._word(spec, self._general(spec, value))

    def _general(self, spec: Spec, value: Any) -> str:
        if spec.kind in "sS":
            if "#" in spec.flags:
                raise spec.mismatch("#")
            return self._text(value)
        if spec.kind in "bB":
            return str(value).lower() if isinstance(value, bool) else "true"
        if spec.kind in "hH":
            return format(self._hash(value) & (2**32 - 1), "x")
        raise self._unfit(spec)

    def _word(self, spec: Spec, made: str) -> str:
        made = made if spec.precision is None else made[: spec.precision]
        return made.upper() if spec.upper else made

    def _unfit(self, spec: Spec) -> Wrong:
        return Wrong(f"IllegalFormatConversion: {spec.kind} != {self._class}")

    def _hash(self, value: Any) -> int:
        """Java's hashCode."""
        if isinstance(value, bool):
            return 1231 if value else 1237
        if isinstance(value, int) and self._base == "bigint":
            bits = value & (2**64 - 1)
            return bits ^ bits >> 32
        if self._base == "real":
            return int(struct.unpack(">i", struct.pack(">f", value))[0])
        if isinstance(value, float):
            (bits,) = struct.unpack(">Q", struct.pack(">d", value))
            return int(bits ^ bits >> 32)
        if self._base in KINDS or isinstance(value, Decimal):
            raise not_supported(f"The hash code of {self._class} is not supported")
        found = 0
        units = self._text(value).encode("utf-16-be", "surrogatepass")
        for (unit,) in struct.iter_unpack(">H", units):
            found = (31 * found + unit) & (2**32 - 1)
        return found
