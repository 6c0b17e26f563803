"""A schema as Glue prints it, with Glue's names of types."""

from __future__ import annotations

from pyspark.sql.types import ArrayType, DataType, MapType, StructType

NAMES = {"integer": "int", "void": "null"}


def tree_text(schema: StructType) -> str:
    """The tree that `printSchema` prints."""
    return "\n".join(["root", *_lines(schema, "")])


def _lines(kind: DataType, indent: str) -> list[str]:
    lines: list[str] = []
    for name, inner in _members(kind):
        lines.append(f"{indent}|-- {name}: {_name(inner)}")
        lines += _lines(inner, f"{indent}|    ")
    return lines


def _members(kind: DataType) -> list[tuple[str, DataType]]:
    if isinstance(kind, StructType):
        return [(field.name, field.dataType) for field in kind.fields]
    if isinstance(kind, ArrayType):
        return [("element", kind.elementType)]
    if isinstance(kind, MapType):
        return [("keyType", kind.keyType), ("valueType", kind.valueType)]
    return []


def _name(kind: DataType) -> str:
    name = kind.typeName()
    return NAMES.get(name, str(name))
