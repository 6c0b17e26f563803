"""A catalog's columns out of what files hold: found by name, in the catalog's types where the values fit.

Names keep the case that the data give them. A text that is not of its column's type stays a text, so that
the column is a choice; a value of another type that the catalog's cannot hold keeps its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

from awsglue import gluetypes as glue
from awsglue.dynamic import casts, tree
from awsglue.dynamic.data import Columns
from awsglue.dynamic.inference import BITS
from awsglue.dynamic.spark_types import alternatives, to_spark
from awsglue.paths import Path

FLOATS = (glue.FloatType, glue.DoubleType)


@dataclass(slots=True)
class Texts:
    """Texts under columns of other types: tests for those that do not fit, then what the tests found."""

    tests: dict[Path, Column] = field(default_factory=dict)
    misfits: set[Path] = field(default_factory=set)


def conform(
    columns: Columns, wanted: Mapping[str, glue.DataType], keys: Sequence[tree.Named] = ()
) -> Columns:
    """The columns `wanted` of the data, then `keys`; a column that the data lack is null in every record."""
    texts = Texts()
    fields = _fields(columns, wanted, texts)
    if not texts.tests:
        return tree.select(columns, [*fields, *keys])
    # One pass, because whether a column is a choice is a fact about all of its values.
    tests = [F.max(test).alias(str(at)) for at, test in enumerate(texts.tests.values())]
    found = columns.frame.agg(*tests).collect()[0]
    misfits = {path for path, misfit in zip(texts.tests, found, strict=True) if misfit}
    return tree.select(columns, [*_fields(columns, wanted, Texts(misfits=misfits)), *keys])


def _fields(columns: Columns, wanted: Mapping[str, glue.DataType], texts: Texts) -> list[tree.Named]:
    there = tree.fields_of(columns)
    return [_named(there, name, kind, (name,), texts) for name, kind in wanted.items()]


def _named(there: list[tree.Named], name: str, kind: glue.DataType, path: Path, texts: Texts) -> tree.Named:
    twins = [(one, value) for one, value in there if one.lower() == name.lower()]
    if not twins:
        return name, casts.nothing(kind)
    made = [(one, _fitted(value, kind, path, texts)) for one, value in twins]
    first, value = made[0]
    for _, other in made[1:]:
        if other.kind == value.kind:
            value = tree.Value(F.coalesce(value.column, other.column), value.kind, value.optional)
    return first, value


def _fitted(value: tree.Value, kind: glue.DataType, path: Path, texts: Texts) -> tree.Value:
    source = value.kind
    if isinstance(source, glue.NullType | glue.UnknownType):
        return tree.Value(casts.nothing(kind).column, kind, value.optional)
    if isinstance(source, glue.StringType) and not isinstance(kind, glue.StringType):
        return _fitted_text(value, kind, path, texts)
    if isinstance(source, glue.StructType) and isinstance(kind, glue.StructType):
        inside = tree.members(value)
        made = tree.as_struct(
            [_named(inside, one.name, one.dataType, (*path, one.name), texts) for one in kind], value.column
        )
        return tree.Value(made.column, made.kind, value.optional)
    if isinstance(source, glue.ArrayType) and isinstance(kind, glue.ArrayType):
        return _fitted_array(value, source, kind, path)
    if isinstance(source, glue.ChoiceType):
        return _fitted_choice(value, source, kind)
    return casts.cast(value, kind) if holds(kind, source) else value


def _fitted_text(value: tree.Value, kind: glue.DataType, path: Path, texts: Texts) -> tree.Value:
    if isinstance(kind, glue.StructType | glue.ArrayType | glue.MapType):
        return value
    text = F.trim(value.column)
    form = text.cast(to_spark(kind))
    misfit = form.isNull() & (text != "")
    texts.tests[path] = misfit
    if path not in texts.misfits:
        return tree.Value(form, kind, value.optional)
    choice = glue.ChoiceType([kind, glue.StringType()])
    text_held = tree.Value(F.when(misfit, value.column), glue.StringType())
    held = {kind.typeName(): tree.Value(form, kind), "string": text_held}
    fields = [(name, held[name]) for name, _ in alternatives(choice)]
    whole = F.when(form.isNotNull() | misfit, tree.as_struct(fields).column)
    return tree.Value(whole, choice, value.optional)


def _fitted_array(value: tree.Value, source: glue.ArrayType, kind: glue.ArrayType, path: Path) -> tree.Value:
    made: list[glue.DataType] = []

    def each(column: Column) -> Column:
        # No test looks into arrays: a text under another type is a choice there without one.
        one = _fitted(tree.Value(column, source.elementType), kind.elementType, path, Texts(misfits=_All()))
        made[:] = [one.kind]
        return one.column

    column = F.transform(value.column, each)
    return tree.Value(column, glue.ArrayType(made[0]), value.optional)


class _All(set[Path]):
    def __contains__(self, path: object) -> bool:
        return True


def _fitted_choice(value: tree.Value, source: glue.ChoiceType, kind: glue.DataType) -> tree.Value:
    """The catalog's type takes the alternatives that it can hold; the others stay."""
    held = [(name, tree.Value(value.column.getField(name), one)) for name, one in alternatives(source)]
    taken = [casts.cast(one, kind) for _, one in held if holds(kind, one.kind)]
    others = {name: one for name, one in held if not holds(kind, one.kind)}
    if not others:
        return tree.Value(F.coalesce(*[one.column for one in taken]), kind, value.optional)
    if taken:
        others[kind.typeName()] = tree.Value(F.coalesce(*[one.column for one in taken]), kind)
    if len(others) == 1:
        return next(iter(others.values()))
    choice = glue.ChoiceType(one.kind for one in others.values())
    fields = [(name, others[name]) for name, _ in alternatives(choice)]
    return tree.Value(tree.as_struct(fields, value.column).column, choice, value.optional)


def holds(kind: glue.DataType, source: glue.DataType) -> bool:
    """Whether every value of `source` is also one of `kind`."""
    if kind == source or isinstance(kind, glue.StringType):
        return True
    if type(source) in BITS:
        if type(kind) in BITS:
            return BITS[type(kind)] >= BITS[type(source)]
        if isinstance(kind, glue.DecimalType):
            return kind.precision - kind.scale >= (10 if BITS[type(source)] <= 32 else 19)
        return isinstance(kind, FLOATS)
    if isinstance(source, FLOATS):
        return isinstance(kind, glue.DoubleType)
    if isinstance(source, glue.DecimalType) and isinstance(kind, glue.DecimalType):
        return glue.wider_decimal(source, kind) == kind
    if isinstance(source, glue.StructType | glue.MapType) and isinstance(kind, glue.MapType):
        return True
    return isinstance(source, glue.DateType) and isinstance(kind, glue.TimestampType)
