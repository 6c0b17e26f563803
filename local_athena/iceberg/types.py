"""Iceberg's types and Trino's, each as the other, and how Athena's DDL writes them.

https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-supported-data-types.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FixedType,
    FloatType,
    IcebergType,
    IntegerType,
    ListType,
    LongType,
    MapType,
    NestedField,
    PrimitiveType,
    StringType,
    StructType,
    TimestampType,
    TimestamptzType,
    TimeType,
    UUIDType,
)

from local_athena.errors import not_supported
from local_athena.types import trino
from local_athena.types.trino import TrinoType

TO_TRINO: dict[type[IcebergType], TrinoType] = {
    BooleanType: trino.BOOLEAN,
    IntegerType: trino.INTEGER,
    LongType: trino.BIGINT,
    FloatType: trino.REAL,
    DoubleType: trino.DOUBLE,
    DateType: trino.DATE,
    TimeType: trino.time(6),
    TimestampType: trino.timestamp(6),
    TimestamptzType: trino.timestamp_tz(6),
    StringType: trino.VARCHAR,
    UUIDType: trino.UUID,
    FixedType: trino.VARBINARY,
    BinaryType: trino.VARBINARY,
}
FROM_TRINO: dict[str, Callable[[], PrimitiveType]] = {
    "boolean": BooleanType,
    "integer": IntegerType,
    "bigint": LongType,
    "real": FloatType,
    "double": DoubleType,
    "date": DateType,
    "time": TimeType,
    "timestamp": TimestampType,
    "timestamp with time zone": TimestamptzType,
    "varchar": StringType,
    "uuid": UUIDType,
    "varbinary": BinaryType,
}
TO_ATHENA: dict[type[IcebergType], str] = {
    BooleanType: "boolean",
    IntegerType: "int",
    LongType: "bigint",
    FloatType: "float",
    DoubleType: "double",
    DateType: "date",
    TimeType: "time",
    TimestampType: "timestamp",
    TimestamptzType: "timestamptz",
    StringType: "string",
    UUIDType: "uuid",
    FixedType: "binary",
    BinaryType: "binary",
}


def to_trino(type_: IcebergType) -> TrinoType:
    """The Trino type of a column.

    Raises:
        QueryFailed: the type has come with a later format version.
    """
    if isinstance(type_, DecimalType):
        return trino.decimal(type_.precision, type_.scale)
    if isinstance(type_, ListType):
        return trino.array(to_trino(type_.element_type))
    if isinstance(type_, MapType):
        return trino.map_of(to_trino(type_.key_type), to_trino(type_.value_type))
    if isinstance(type_, StructType):
        names = tuple(field.name for field in type_.fields)
        return trino.row(*(to_trino(field.field_type) for field in type_.fields), names=names)
    if type(type_) not in TO_TRINO:
        raise not_supported(f"Iceberg type {type_} is not supported")
    return TO_TRINO[type(type_)]


def from_trino(type_: TrinoType, ids: Iterator[int] | None = None) -> IcebergType:
    """The Iceberg type that holds a Trino type; nested fields get ids from `ids`.

    Raises:
        QueryFailed: Iceberg has none.
    """
    ids = count(1) if ids is None else ids
    if type_.base == "decimal":
        return DecimalType(type_.precision, type_.scale)
    if type_.base == "array":
        return ListType(next(ids), from_trino(type_.element, ids), element_required=False)
    if type_.base == "map":
        return MapType(
            next(ids),
            from_trino(type_.element, ids),
            next(ids),
            from_trino(type_.value, ids),
            value_required=False,
        )
    if type_.base == "row":
        fields = [
            NestedField(next(ids), name or f"field{i}", from_trino(part, ids), required=False)
            for i, (name, part) in enumerate(zip(type_.names, type_.parts, strict=True))
        ]
        return StructType(*fields)
    if type_.base not in FROM_TRINO:
        raise not_supported(f"Type not supported for Iceberg: {type_}")
    return FROM_TRINO[type_.base]()


def created_from(type_: TrinoType, ids: Iterator[int]) -> IcebergType:
    """The type of a column that CTAS makes, where Athena wants timestamps of six digits.

    Raises:
        QueryFailed: Iceberg has no such type.
    """
    for inner in _inside(type_):
        if inner.base in ("timestamp", "timestamp with time zone", "time") and inner.precision != 6:
            kind = "Time" if inner.base == "time" else "Timestamp"
            raise not_supported(
                f"{kind} precision ({inner.precision}) not supported for Iceberg. "
                f'Use "{type(inner)(inner.base, (6,))}" instead.'
            )
    return from_trino(type_, ids)


def _inside(type_: TrinoType) -> Iterator[TrinoType]:
    yield type_
    for part in type_.parts:
        yield from _inside(part)


def to_athena(type_: IcebergType) -> str:
    """The type as DESCRIBE and SHOW CREATE TABLE of an Iceberg table write it."""
    if isinstance(type_, DecimalType):
        return f"decimal({type_.precision}, {type_.scale})"
    if isinstance(type_, ListType):
        return f"array<{to_athena(type_.element_type)}>"
    if isinstance(type_, MapType):
        return f"map<{to_athena(type_.key_type)}, {to_athena(type_.value_type)}>"
    if isinstance(type_, StructType):
        return f"struct<{', '.join(f'{f.name}: {to_athena(f.field_type)}' for f in type_.fields)}>"
    return TO_ATHENA[type(type_)]
