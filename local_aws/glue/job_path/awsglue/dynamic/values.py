"""Records as Spark rows and back: by name at every depth, and a choice in the member of its type.

Functions that convert are made once for a schema and then called for each record.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Mapping
from typing import Any

from awsglue import gluetypes as glue
from awsglue.dynamic.inference import BITS, tag_of
from awsglue.dynamic.spark_types import alternatives

Convert = Callable[[Any], Any]
DECIMALS = decimal.Context(prec=38)


def encoder(kind: glue.DataType) -> Convert:
    """The function that makes a value of `kind` what Spark takes it as; records become tuples."""
    if isinstance(kind, glue.StructType):
        return _record_encoder(kind)
    if isinstance(kind, glue.ChoiceType):
        return _choice_encoder(kind)
    if isinstance(kind, glue.ArrayType | glue.SetType):
        element = encoder(kind.elementType)
        return lambda values: None if values is None else [element(value) for value in values]
    if isinstance(kind, glue.MapType):
        inner = encoder(kind.valueType)
        return lambda value: None if value is None else {key: inner(one) for key, one in value.items()}
    if isinstance(kind, glue.DecimalType):
        step = decimal.Decimal(1).scaleb(-kind.scale)
        return lambda value: (
            None if value is None else decimal.Decimal(value).quantize(step, context=DECIMALS)
        )
    return lambda value: value


def _record_encoder(kind: glue.StructType) -> Convert:
    members = [(field.name, encoder(field.dataType)) for field in kind]

    def encode(record: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
        if record is None:
            return None
        get = record.get
        return tuple([convert(get(name)) for name, convert in members])

    return encode


def _choice_encoder(kind: glue.ChoiceType) -> Convert:
    members = [(one, encoder(one)) for _, one in alternatives(kind)]
    empty: list[Any] = [None] * len(members)

    def encode(value: Any) -> tuple[Any, ...] | None:
        if value is None:
            return None
        held = list(empty)
        place = min(range(len(members)), key=lambda place: rank(value, members[place][0]))
        held[place] = members[place][1](value)
        return tuple(held)

    return encode


def rank(value: Any, kind: glue.DataType) -> int:
    """How far `value` is from being a `kind`: the alternative of a choice with the least rank takes it."""
    bits = BITS.get(type(kind))
    if type(value) is int and bits is not None:
        return bits if -(2 ** (bits - 1)) <= value < 2 ** (bits - 1) else 1000
    tag = tag_of(value)
    if kind.typeName() == tag:
        return 0
    related = {"double": glue.FloatType, "struct": glue.MapType, "long": glue.DecimalType}.get(tag)
    return 500 if related is not None and isinstance(kind, related) else 2000


def decoder(kind: glue.DataType) -> Convert:
    """The function that makes what Spark gives for a value of `kind` a record, list or plain value."""
    if isinstance(kind, glue.StructType):
        return _record_decoder(kind)
    if isinstance(kind, glue.ChoiceType):
        members = [decoder(one) for _, one in alternatives(kind)]
        return lambda held: _chosen(held, members)
    if isinstance(kind, glue.ArrayType | glue.SetType):
        element = decoder(kind.elementType)
        return lambda values: None if values is None else [element(value) for value in values]
    if isinstance(kind, glue.MapType):
        inner = decoder(kind.valueType)
        return lambda value: None if value is None else {key: inner(one) for key, one in value.items()}
    return lambda value: value


def _record_decoder(kind: glue.StructType) -> Convert:
    members = [(field.name, decoder(field.dataType), field.optional) for field in kind]

    def decode(row: Any) -> glue.DynamicRecord | None:
        if row is None:
            return None
        return glue.DynamicRecord(
            (name, convert(value))
            for (name, convert, optional), value in zip(members, row, strict=True)
            if value is not None or not optional
        )

    return decode


def _chosen(held: Any, members: list[Convert]) -> Any:
    if held is None:
        return None
    return next(
        (convert(value) for value, convert in zip(held, members, strict=True) if value is not None), None
    )


def as_json(value: Any) -> Any:
    """`json.dumps`'s `default`: the texts that Spark writes for values without a JSON type."""
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("latin-1")
    return str(value)
