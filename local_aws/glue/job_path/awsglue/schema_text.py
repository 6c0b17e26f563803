"""A schema as Glue prints it, with Glue's names of types."""

from __future__ import annotations

from awsglue import gluetypes as glue
from awsglue.dynamic.spark_types import alternatives


def tree_text(schema: glue.StructType) -> str:
    """The tree that `printSchema` prints."""
    return "\n".join(["root", *_lines(schema, "")])


def _lines(kind: glue.DataType, indent: str) -> list[str]:
    lines: list[str] = []
    for label, inner in _members(kind):
        lines.append(f"{indent}|-- {label}")
        lines += _lines(inner, f"{indent}|    ")
    return lines


def _members(kind: glue.DataType) -> list[tuple[str, glue.DataType]]:
    if isinstance(kind, glue.StructType):
        return [(f"{field.name}: {_name(field.dataType)}", field.dataType) for field in kind]
    if isinstance(kind, glue.ChoiceType):
        return alternatives(kind)
    if isinstance(kind, glue.ArrayType | glue.SetType):
        return [(f"element: {_name(kind.elementType)}", kind.elementType)]
    if isinstance(kind, glue.MapType):
        named = {"keyType": kind.keyType, "valueType": kind.valueType}
        return [(f"{label}: {_name(one)}", one) for label, one in named.items()]
    return []


def _name(kind: glue.DataType) -> str:
    spark = kind.properties.get("spark")
    return str(spark.typeName()) if isinstance(kind, glue.UnknownType) and spark else kind.typeName()
