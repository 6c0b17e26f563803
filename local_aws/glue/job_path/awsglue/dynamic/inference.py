"""What types the values of records have, seen one record after another.

Glue gives an integer the type `int` when it fits and `long` otherwise, and does not widen: a field that is
an integer here and a text there is a choice. A type that the field had before (a hint) is kept when the
values still fit it, so that a function which leaves a decimal, a date or a map alone leaves its type alone.
"""

from __future__ import annotations

import datetime
import decimal
import math
import struct
from collections.abc import Sequence
from typing import Any

from awsglue import gluetypes as glue

INTEGERS: tuple[tuple[type[glue.AtomicType], int], ...] = (
    (glue.ByteType, 8), (glue.ShortType, 16), (glue.IntegerType, 32), (glue.LongType, 64),
)  # fmt: skip
BITS: dict[type[glue.DataType], int] = dict(INTEGERS)
TAGS: dict[type, str] = {
    bool: "boolean", float: "double", str: "string", bytes: "binary", bytearray: "binary",
    datetime.datetime: "timestamp", datetime.date: "date", decimal.Decimal: "decimal", dict: "struct",
    glue.DynamicRecord: "struct", list: "array", tuple: "array",
}  # fmt: skip
INT, LONG = (-(2**31), 2**31 - 1), (-(2**63), 2**63 - 1)
MOST_DIGITS = 38


class Seen:
    """What was seen of one field, or of the elements of one array."""

    __slots__ = ("digits", "elements", "fields", "high", "low", "records", "scale", "single", "tags")

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self.low = self.high = 0
        self.digits = self.scale = 0
        self.single = True
        self.records = 0
        self.fields: dict[str, tuple[Seen, list[int]]] = {}
        self.elements: Seen | None = None

    def add(self, value: Any) -> None:
        """See one more value."""
        if value is None:
            return
        if type(value) is int:
            self._add_integer(value)
            return
        tag = tag_of(value)
        self.tags.add(tag)
        if tag == "struct":
            self._add_record(value)
        elif tag == "array":
            elements = self.elements = self.elements or Seen()
            for one in value:
                elements.add(one)
        elif tag == "decimal":
            self._add_decimal(value)
        elif tag == "double":
            self.single = self.single and _fits_in_32_bits(value)

    def merge(self, other: Seen) -> None:
        """See what `other` saw, after what this one saw."""
        self.tags |= other.tags
        self.low, self.high = min(self.low, other.low), max(self.high, other.high)
        self.digits, self.scale = max(self.digits, other.digits), max(self.scale, other.scale)
        self.single = self.single and other.single
        self.records += other.records
        for name, (seen, count) in other.fields.items():
            mine, present = self.fields.setdefault(name, (Seen(), [0]))
            mine.merge(seen)
            present[0] += count[0]
        if other.elements is not None:
            self.elements = self.elements or Seen()
            self.elements.merge(other.elements)

    def _add_integer(self, value: int) -> None:
        if LONG[0] <= value <= LONG[1]:
            self.low, self.high = min(self.low, value), max(self.high, value)
            self.tags.add("int" if INT[0] <= value <= INT[1] else "long")
        else:
            self.tags.add("decimal")
            self._add_decimal(decimal.Decimal(value))

    def _add_decimal(self, value: decimal.Decimal) -> None:
        _, digits, exponent = value.as_tuple()
        if isinstance(exponent, int):
            self.scale = max(self.scale, -exponent)
            self.digits = max(self.digits, len(digits) + exponent)

    def _add_record(self, record: dict[Any, Any]) -> None:
        self.records += 1
        for name, value in record.items():
            entry = self.fields.get(name)
            if entry is None:
                entry = self.fields[name] = (Seen(), [0])
            entry[0].add(value)
            entry[1][0] += 1

    def type(self, hint: glue.DataType | None = None) -> glue.DataType:
        """The type of what was seen; `hint` is what it was before."""
        hints = list(hint.choices.values()) if isinstance(hint, glue.ChoiceType) else [hint] if hint else []
        found: dict[str, glue.DataType] = {}
        for tag in sorted(self.tags):
            kind = self._type_of_tag(tag, hints)
            found[kind.typeName()] = kind
        if not found:
            # Nothing but nulls: what it was before is still true of every value there is.
            return hint if hint is not None else glue.NullType()
        return next(iter(found.values())) if len(found) == 1 else glue.ChoiceType(found.values())

    def _type_of_tag(self, tag: str, hints: Sequence[glue.DataType]) -> glue.DataType:
        if tag == "struct":
            return self._record_type(hints)
        if tag == "array":
            before = next((one.elementType for one in hints if isinstance(one, glue.ArrayType)), None)
            return glue.ArrayType(self.elements.type(before) if self.elements else before)
        for hint in hints:
            if self._fits(tag, hint):
                return hint
        if tag.startswith(":"):
            raise TypeError(f"a record cannot hold a value of type {tag[1:]}")
        if tag == "decimal":
            scale = min(self.scale, MOST_DIGITS)
            return glue.DecimalType(min(MOST_DIGITS, max(1, self.digits + scale)), scale)
        return glue.ATOMIC[tag]()

    def _record_type(self, hints: Sequence[glue.DataType]) -> glue.DataType:
        for hint in hints:
            if isinstance(hint, glue.MapType):
                values = Seen()
                for seen, _ in self.fields.values():
                    values.merge(seen)
                return glue.MapType(values.type(hint.valueType), hint.properties, hint.keyType)
        wrong = next((name for name in self.fields if not isinstance(name, str)), None)
        if wrong is not None:
            raise TypeError(f"a record's keys are texts, not {type(wrong).__name__} ({wrong!r})")
        before = next((one for one in hints if isinstance(one, glue.StructType)), glue.StructType())
        fields = []
        for name in _ordered(before, self.fields):
            seen, present = self.fields[name]
            earlier = before.field_map.get(name)
            kind = seen.type(earlier.dataType if earlier else None)
            fields.append(glue.Field(name, kind, optional=present[0] < self.records))
        return glue.StructType(fields)

    def _fits(self, tag: str, hint: glue.DataType) -> bool:
        if tag in ("int", "long"):
            bits = BITS.get(type(hint))
            return bits is not None and -(2 ** (bits - 1)) <= self.low and self.high < 2 ** (bits - 1)
        if tag == "double":
            return isinstance(hint, glue.DoubleType) or (isinstance(hint, glue.FloatType) and self.single)
        if tag == "decimal":
            return (
                isinstance(hint, glue.DecimalType)
                and hint.scale >= self.scale
                and hint.precision - hint.scale >= self.digits
            )
        if tag.startswith(":"):
            # What Spark gave and nobody changed, as an interval.
            return isinstance(hint, glue.UnknownType) and bool(hint.properties)
        return hint.typeName() == tag


def _ordered(before: glue.StructType, fields: dict[str, Any]) -> list[str]:
    """Fields that were there before in their old order, then new ones as they came."""
    kept = [field.name for field in before if field.name in fields]
    return kept + [name for name in fields if name not in before.field_map]


def _fits_in_32_bits(value: float) -> bool:
    try:
        return math.isnan(value) or bool(struct.unpack("f", struct.pack("f", value))[0] == value)
    except OverflowError:
        return False


def tag_of(value: Any) -> str:
    """The name of a value's type; for one that Glue has no name for, Python's after a colon."""
    tag = TAGS.get(type(value))
    if tag is None:
        if type(value) is int:
            return "int" if INT[0] <= value <= INT[1] else "long"
        tag = next((name for kind, name in TAGS.items() if isinstance(value, kind)), None)
    return tag if tag is not None else f":{type(value).__name__}"
