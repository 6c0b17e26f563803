"""Operations on whole rows: joining, merging and splitting frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

from awsglue import gluetypes as glue
from awsglue.dynamic import casts, tree
from awsglue.dynamic.data import Columns
from awsglue.dynamic.union import union
from awsglue.paths import parse_path

COMPARISONS: dict[str, Callable[[Column, Any], Column]] = {
    "=": lambda one, two: one == two,
    "==": lambda one, two: one == two,
    "!=": lambda one, two: one != two,
    "<>": lambda one, two: one != two,
    "<": lambda one, two: one < two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    ">=": lambda one, two: one >= two,
}
KEYS = "awsglue.keys"


def join(one: Columns, two: Columns, keys1: Sequence[str], keys2: Sequence[str]) -> Columns:
    """The equality join; a field of `two` whose name is taken gets a dot before it."""
    if len(keys1) != len(keys2) or not keys1:
        raise ValueError(f"join needs as many keys on both sides: {list(keys1)} and {list(keys2)}")
    taken = {field.name.lower() for field in one.schema}
    # A frame may be joined with itself or with what was made of it: other names tell the sides apart.
    right = two.frame.toDF(*[f"{KEYS}.{at}" for at in range(len(two.schema.fields))])
    names = [f".{field.name}" if field.name.lower() in taken else field.name for field in two.schema]
    renamed = {field.name: f"{KEYS}.{at}" for at, field in enumerate(two.schema)}
    equal = F.lit(True)
    for key1, key2 in zip(keys1, keys2, strict=True):
        path = parse_path(key2)
        other = Columns(right, glue.StructType([_renamed(field, renamed) for field in two.schema]))
        equal = equal & (key(one, parse_path(key1)) == key(other, (renamed.get(path[0], path[0]), *path[1:])))
    frame = one.frame.join(right, equal)
    fields = tree.fields_of(one) + [
        (name, tree.Value(tree.quoted(renamed[field.name]), field.dataType, field.optional))
        for name, field in zip(names, two.schema, strict=True)
    ]
    return tree.select(Columns(frame, one.schema), fields)


def _renamed(field: glue.Field, names: Mapping[str, str]) -> glue.Field:
    return glue.Field(names[field.name], field.dataType, optional=field.optional)


def merge(source: Columns, stage: Columns, keys: Sequence[str]) -> Columns:
    """All of `stage`, and of `source` what has no record of the same keys there."""
    if not keys:
        raise ValueError("mergeDynamicFrame needs primary_keys")
    ours = source.frame.withColumn(KEYS, F.struct(*[key(source, parse_path(one)) for one in keys]))
    theirs = stage.frame.select(
        F.struct(*[key(stage, parse_path(one)) for one in keys]).alias(f"{KEYS}.stage")
    ).distinct()
    kept = ours.join(theirs, tree.quoted(KEYS) == tree.quoted(f"{KEYS}.stage"), "left_anti").drop(KEYS)
    return union(Columns(kept, source.schema), stage)


def key(columns: Columns, path: tuple[str, ...]) -> Column:
    """The column to compare at `path`; raises ValueError when it is none, or a choice."""
    value = tree.find(tree.fields_of(columns), path)
    if value is None:
        names = ", ".join(columns.schema.field_map)
        raise ValueError(f"there is no key '{'.'.join(path)}'; the fields are {names}")
    if isinstance(value.kind, glue.ChoiceType):
        raise ValueError(f"the key '{'.'.join(path)}' is a choice; resolve it first")
    return value.column


def split_rows(columns: Columns, comparisons: Mapping[str, Mapping[str, Any]]) -> tuple[Columns, Columns]:
    """The rows for which all comparisons are true, and the others."""
    wanted = F.lit(True)
    for text, tests in comparisons.items():
        value = tree.find(tree.fields_of(columns), parse_path(text))
        if value is None:
            raise ValueError(f"split_rows: the records have no field '{text}'")
        for sign, operand in tests.items():
            if sign not in COMPARISONS:
                raise ValueError(f"split_rows compares by {', '.join(COMPARISONS)}, not by '{sign}'")
            wanted = wanted & COMPARISONS[sign](_comparable(value, operand), F.lit(operand))
    wanted = F.coalesce(wanted, F.lit(False))
    return (
        Columns(columns.frame.where(wanted), columns.schema),
        Columns(columns.frame.where(~wanted), columns.schema),
    )


def _comparable(value: tree.Value, operand: Any) -> Column:
    """A choice's values as what they are compared to."""
    if not isinstance(value.kind, glue.ChoiceType):
        return value.column
    kind = glue.StringType() if isinstance(operand, str) else glue.DoubleType()
    return casts.cast(value, kind).column
