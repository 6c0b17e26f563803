# ruff: noqa: N802, N803 - the names are AWS's
"""Glue's own types: Spark's, and the choice between several that one field has in different records.

`DynamicFrame.schema()` gives them and scripts build them, so names and members are those of AWS's module.
Each type knows its name in printed schemas, in mappings (`cast:long`) and in the columns of a choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Properties = Mapping[str, Any]
NONE: dict[str, Any] = {}


class DataType:
    """A type; `properties` are a script's own remarks on it."""

    def __init__(self, properties: Properties = NONE) -> None:
        self.properties = dict(properties)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash(self.typeName())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.properties})"

    @classmethod
    def typeName(cls) -> str:
        """The name, as in `cast:long`."""
        return cls.__name__[: -len("Type")].lower()

    def jsonValue(self) -> dict[str, Any]:
        """The type as a JSON document; `from_json` reads it."""
        return {"dataType": self.typeName(), "properties": self.properties}


class AtomicType(DataType):
    """A type without members."""


class BinaryType(AtomicType):
    """Bytes."""


class BooleanType(AtomicType):
    """True or false."""


class ByteType(AtomicType):
    """An integer of 8 bits."""


class DateType(AtomicType):
    """A date."""


class DecimalType(AtomicType):
    """An exact number."""

    def __init__(self, precision: int = 10, scale: int = 2, properties: Properties = NONE) -> None:
        super().__init__(properties)
        self.precision, self.scale = precision, scale

    def __repr__(self) -> str:
        return f"DecimalType({self.precision}, {self.scale}, {self.properties})"

    def jsonValue(self) -> dict[str, Any]:
        """The type as a JSON document."""
        return {**super().jsonValue(), "precision": self.precision, "scale": self.scale}


class DoubleType(AtomicType):
    """A floating-point number of 64 bits."""


class EnumType(AtomicType):
    """A text out of a list."""

    def __init__(self, options: Sequence[str], properties: Properties = NONE) -> None:
        super().__init__(properties)
        self.options = list(options)

    def jsonValue(self) -> dict[str, Any]:
        """The type as a JSON document."""
        return {**super().jsonValue(), "options": self.options}


class FloatType(AtomicType):
    """A floating-point number of 32 bits."""


class IntegerType(AtomicType):
    """An integer of 32 bits."""

    @classmethod
    def typeName(cls) -> str:
        """The name, which is shorter than the class's."""
        return "int"


class LongType(AtomicType):
    """An integer of 64 bits."""


class NullType(AtomicType):
    """A field that is null in every record that has it."""


class ShortType(AtomicType):
    """An integer of 16 bits."""


class StringType(AtomicType):
    """Text."""


class TimestampType(AtomicType):
    """A point in time."""


class UnknownType(AtomicType):
    """A field of which nothing is known, as the elements of an array that is always empty."""


class _Elements(DataType):
    def __init__(self, elementType: DataType | None = None, properties: Properties = NONE) -> None:
        super().__init__(properties)
        self.elementType = elementType if elementType is not None else UnknownType()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.elementType}, {self.properties})"

    def jsonValue(self) -> dict[str, Any]:
        """The type as a JSON document."""
        return {**super().jsonValue(), "elementType": self.elementType.jsonValue()}


class ArrayType(_Elements):
    """A list of values of one type."""


class SetType(_Elements):
    """A set of values of one type."""


class MapType(DataType):
    """Values of one type by key; keys are texts unless `keyType` says otherwise."""

    def __init__(
        self,
        valueType: DataType | None = None,
        properties: Properties = NONE,
        keyType: DataType | None = None,
    ) -> None:
        super().__init__(properties)
        self.valueType = valueType if valueType is not None else UnknownType()
        self.keyType = keyType if keyType is not None else StringType()

    def __repr__(self) -> str:
        return f"MapType({self.valueType}, {self.properties})"

    def jsonValue(self) -> dict[str, Any]:
        """The type as a JSON document."""
        key = {} if isinstance(self.keyType, StringType) else {"keyType": self.keyType.jsonValue()}
        return {**super().jsonValue(), "valueType": self.valueType.jsonValue(), **key}


class ChoiceType(DataType):
    """What a field is when records differ in its type: one of several, by their names."""

    def __init__(self, choices: Iterable[DataType] = (), properties: Properties = NONE) -> None:
        super().__init__(properties)
        self.choices: dict[str, DataType] = {}
        for choice in choices:
            self.add(choice)

    def __repr__(self) -> str:
        names = ",".join(str(self.choices[name]) for name in sorted(self.choices))
        return f"ChoiceType([{names}], {self.properties})"

    def add(self, new_choice: DataType) -> None:
        """Add a type; raises ValueError when one of its name is there."""
        if new_choice.typeName() in self.choices:
            raise ValueError("Attempting to insert duplicate choice", new_choice)
        self.choices[new_choice.typeName()] = new_choice

    def merge(self, new_choices: DataType | Sequence[DataType]) -> None:
        """Add types, merging those whose name is there."""
        for choice in new_choices if isinstance(new_choices, Sequence) else [new_choices]:
            before = self.choices.get(choice.typeName(), UnknownType())
            self.choices[choice.typeName()] = mergeDataTypes(before, choice)

    def jsonValue(self) -> dict[str, Any]:
        """The type as a JSON document."""
        return {**super().jsonValue(), "choices": [one.jsonValue() for one in self.choices.values()]}


class Field:
    """A member of a struct. `optional` says that a null of it stands for a record that lacks it."""

    def __init__(
        self, name: str, dataType: DataType, properties: Properties = NONE, optional: bool = False
    ) -> None:
        self.name, self.dataType, self.properties = name, dataType, dict(properties)
        self.optional = optional

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Field) and (other.name, other.dataType) == (self.name, self.dataType)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Field({self.name}, {self.dataType}, {self.properties})"

    def jsonValue(self) -> dict[str, Any]:
        """The field as a JSON document."""
        return {"name": self.name, "container": self.dataType.jsonValue(), "properties": self.properties}


class StructType(DataType):
    """Fields by name, in their order."""

    def __init__(self, fields: Iterable[Field] = (), properties: Properties = NONE) -> None:
        super().__init__(properties)
        self.fields = list(fields)
        self.field_map = {field.name: field for field in self.fields}

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __repr__(self) -> str:
        return f"StructType([{','.join(map(str, self.fields))}], {self.properties})"

    def add(self, field: Field) -> None:
        """Add a field at the end."""
        self.fields.append(field)
        self.field_map[field.name] = field

    def hasField(self, field: Field | str) -> bool:
        """Whether there is a field of that name."""
        return _name_of(field) in self.field_map

    def getField(self, field: Field | str) -> Field:
        """The field of that name; raises KeyError."""
        return self.field_map[_name_of(field)]

    def jsonValue(self) -> dict[str, Any]:
        """The type as a JSON document."""
        return {**super().jsonValue(), "fields": [field.jsonValue() for field in self.fields]}


def _name_of(field: Field | str) -> str:
    return field.name if isinstance(field, Field) else field


class EntityType(DataType):
    """A name that AWS keeps and has no use for."""

    def __init__(self, entity: Any, base_type: Any, properties: Properties) -> None:
        raise NotImplementedError("AWS Glue has the name EntityType and no such type")


class MissingField(KeyError, AttributeError):
    """A record lacks the field; `record["a"]` and `record.a` say so alike."""


class DynamicRecord(dict[str, Any]):
    """A record as Python functions see it: a dict whose keys are also attributes."""

    def __getattr__(self, attr: str) -> Any:
        try:
            return self[attr]
        except KeyError:
            raise MissingField(attr) from None

    def __setattr__(self, attr: str, value: Any) -> None:
        self[attr] = value


ATOMIC: dict[str, type[AtomicType]] = {
    kind.typeName(): kind
    for kind in (
        BinaryType, BooleanType, ByteType, DateType, DecimalType, DoubleType, EnumType, FloatType,
        IntegerType, LongType, NullType, ShortType, StringType, TimestampType, UnknownType,
    )
}  # fmt: skip


def from_json(document: Mapping[str, Any]) -> DataType:
    """The type that `jsonValue` wrote."""
    name, properties = document["dataType"], document.get("properties") or {}
    if name == "struct":
        fields = (
            Field(one["name"], from_json(one["container"]), one.get("properties") or {})
            for one in document["fields"]
        )
        return StructType(fields, properties)
    if name == "choice":
        return ChoiceType(map(from_json, document["choices"]), properties)
    if name == "map":
        key = from_json(document["keyType"]) if "keyType" in document else None
        return MapType(from_json(document["valueType"]), properties, key)
    if name in ("array", "set"):
        return {"array": ArrayType, "set": SetType}[name](from_json(document["elementType"]), properties)
    members = {key: value for key, value in document.items() if key not in ("dataType", "properties")}
    return ATOMIC[name](**members, properties=properties)


def mergeDataTypes(s1: DataType, s2: DataType) -> DataType:
    """The type of a field that is `s1` in some records and `s2` in others."""
    if isinstance(s1, UnknownType | NullType):
        return s2
    if isinstance(s2, UnknownType | NullType):
        return s1
    if type(s1) is not type(s2) or isinstance(s1, ChoiceType):
        merged = ChoiceType(_alternatives(s1), s1.properties)
        merged.merge(_alternatives(s2))
        return merged
    if isinstance(s1, StructType) and isinstance(s2, StructType):
        return _merged_structs(s1, s2)
    if isinstance(s1, MapType) and isinstance(s2, MapType):
        return MapType(mergeDataTypes(s1.valueType, s2.valueType), s1.properties, s1.keyType)
    if isinstance(s1, _Elements) and isinstance(s2, _Elements):
        return type(s1)(mergeDataTypes(s1.elementType, s2.elementType), s1.properties)
    if isinstance(s1, DecimalType) and isinstance(s2, DecimalType):
        return wider_decimal(s1, s2)
    if isinstance(s1, EnumType) and isinstance(s2, EnumType):
        return EnumType(list(dict.fromkeys([*s1.options, *s2.options])), s1.properties)
    return s1


def wider_decimal(one: DecimalType, two: DecimalType) -> DecimalType:
    """The decimal that holds the values of both."""
    scale = max(one.scale, two.scale)
    digits = max(one.precision - one.scale, two.precision - two.scale)
    return DecimalType(min(38, digits + scale), min(scale, max(0, 38 - digits)), one.properties)


def _alternatives(kind: DataType) -> list[DataType]:
    return list(kind.choices.values()) if isinstance(kind, ChoiceType) else [kind]


def _merged_structs(s1: StructType, s2: StructType) -> StructType:
    fields = []
    for field in s1:
        other = s2.field_map.get(field.name)
        kind = field.dataType if other is None else mergeDataTypes(field.dataType, other.dataType)
        optional = field.optional or other is None or other.optional
        fields.append(Field(field.name, kind, field.properties, optional))
    fields += [Field(one.name, one.dataType, one.properties, True) for one in s2 if not s1.hasField(one)]
    return StructType(fields, s1.properties)
