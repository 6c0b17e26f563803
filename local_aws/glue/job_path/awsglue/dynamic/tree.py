"""Values inside records as Spark columns: found by path, and rewritten where an operation has an opinion.

A rewrite rebuilds only the structs, arrays and maps on the way to what changes; everything else stays the
column it was, so that Spark still sees a plain select.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

from awsglue import gluetypes as glue
from awsglue.dynamic.data import Columns
from awsglue.dynamic.spark_types import alternatives
from awsglue.paths import Path

ELEMENT = "[]"
"""The step of a path from an array or map to what it holds."""


@dataclass(frozen=True, slots=True)
class Value:
    """A column and the Glue type of what it holds."""

    column: Column
    kind: glue.DataType
    optional: bool = False


Named = tuple[str, Value]
Visit = Callable[[Path, Value], "Sequence[Named] | None"]
"""What becomes of a value: None (look inside it), or what takes its place; nothing drops it."""


def fields_of(columns: Columns) -> list[Named]:
    """The fields of the records."""
    return [(one.name, Value(quoted(one.name), one.dataType, one.optional)) for one in columns.schema]


def quoted(name: str) -> Column:
    """The top-level column `name`, whatever characters are in its name."""
    return F.col("`" + name.replace("`", "``") + "`")


def select(columns: Columns, fields: Sequence[Named]) -> Columns:
    """Columns that are `fields`."""
    frame = columns.frame.select([value.column.alias(name) for name, value in fields])
    return Columns(frame, struct_of(fields))


def struct_of(fields: Iterable[Named]) -> glue.StructType:
    """The type of a record with these fields."""
    return glue.StructType([glue.Field(name, value.kind, optional=value.optional) for name, value in fields])


def members(value: Value) -> list[Named]:
    """The fields of a struct."""
    assert isinstance(value.kind, glue.StructType)
    return [
        (one.name, Value(value.column.getField(one.name), one.dataType, one.optional)) for one in value.kind
    ]


def find(fields: Sequence[Named], path: Path, *, case_sensitive: bool = True) -> Value | None:
    """The value at `path`, through structs, choices with a struct, and the elements of arrays."""
    wanted = path[0] if case_sensitive else path[0].lower()
    found = next((value for name, value in fields if name == path[0]), None)
    if found is None and not case_sensitive:
        found = next((value for name, value in fields if name.lower() == wanted), None)
    if found is None or len(path) == 1:
        return found
    return _inside(found, path[1:], case_sensitive)


def _inside(value: Value, path: Path, case_sensitive: bool) -> Value | None:
    kind = value.kind
    if isinstance(kind, glue.StructType):
        return find(members(value), path, case_sensitive=case_sensitive)
    if isinstance(kind, glue.ChoiceType) and "struct" in kind.choices:
        return _inside(Value(value.column.getField("struct"), kind.choices["struct"]), path, case_sensitive)
    if isinstance(kind, glue.ArrayType):
        if path[0] == ELEMENT:
            path = path[1:]
        found: list[Value] = []

        def of_element(element: Column) -> Column:
            one = _inside(Value(element, kind.elementType), path, case_sensitive)
            found[:] = [one] if one is not None else []
            return element if one is None else one.column

        column = F.transform(value.column, of_element)
        return replace(found[0], column=column, kind=glue.ArrayType(found[0].kind)) if found else None
    return None


def nested(fields: Iterable[tuple[Path, Value]]) -> list[Named]:
    """Fields that put each value at its path, making structs of paths that begin alike."""
    groups: dict[str, list[tuple[Path, Value]]] = {}
    for path, value in fields:
        groups.setdefault(path[0], []).append((path[1:], value))
    return [(name, _grouped(inner)) for name, inner in groups.items()]


def _grouped(inner: Sequence[tuple[Path, Value]]) -> Value:
    leaves = [value for rest, value in inner if not rest]
    if leaves:
        return leaves[-1]
    return as_struct(nested(inner))


def as_struct(fields: Sequence[Named], there: Column | None = None) -> Value:
    """A struct of `fields`, null where the column `there` is."""
    column = F.struct(*[value.column.alias(name) for name, value in fields])
    if there is not None:
        column = F.when(there.isNotNull(), column)
    return Value(column, struct_of(fields))


def rewrite(columns: Columns, visit: Visit) -> Columns:
    """The records with what `visit` says in the place of each value."""
    changed = _rewritten((), fields_of(columns), visit)
    return columns if changed is None else select(columns, changed)


def _rewritten(path: Path, fields: Sequence[Named], visit: Visit) -> list[Named] | None:
    """The fields after the visit; None when nothing changed."""
    first: list[Named] = []
    # Glue puts the second and further columns of a choice after all others.
    later: list[Named] = []
    changed = False
    for name, value in fields:
        answer = visit((*path, name), value)
        if answer is None:
            inner = _rewritten_inside((*path, name), value, visit)
            answer = [(name, value if inner is None else inner)]
            changed = changed or inner is not None
        else:
            changed = True
        kept = [(one, new) for one, new in answer if not _is_empty(value, new)]
        first += kept[:1]
        later += kept[1:]
    return [*first, *later] if changed else None


def _is_empty(before: Value, after: Value) -> bool:
    """Whether a struct has lost all its fields, and so goes itself."""
    return after is not before and isinstance(after.kind, glue.StructType) and not after.kind.fields


def _rewritten_inside(path: Path, value: Value, visit: Visit) -> Value | None:
    kind = value.kind
    if isinstance(kind, glue.StructType):
        changed = _rewritten(path, members(value), visit)
        if changed is None:
            return None
        return replace(as_struct(changed, value.column), optional=value.optional)
    if isinstance(kind, glue.ChoiceType):
        return _rewritten_choice(path, value, kind, visit)
    if isinstance(kind, glue.ArrayType):
        element = _element(path, kind.elementType, visit)
        made = F.transform(value.column, element)
        return next((Value(made, glue.ArrayType(one), value.optional) for one in element.kinds()), None)
    if isinstance(kind, glue.MapType):
        element = _element(path, kind.valueType, visit)
        made = F.transform_values(value.column, lambda _, inner: element(inner))
        return next(
            (Value(made, glue.MapType(one, keyType=kind.keyType), value.optional) for one in element.kinds()),
            None,
        )
    return None


def _rewritten_choice(path: Path, value: Value, kind: glue.ChoiceType, visit: Visit) -> Value | None:
    inside = []
    changed = False
    for name, one in alternatives(kind):
        before = Value(value.column.getField(name), one)
        after = _rewritten_inside(path, before, visit)
        changed = changed or after is not None
        inside.append((name, after if after is not None else before))
    if not changed:
        return None
    held = as_struct(inside, value.column)
    return Value(held.column, glue.ChoiceType(one.kind for _, one in inside), value.optional)


class _element:  # noqa: N801 - a function that remembers the type of what it made
    """Rewrites the elements of an array or map; Spark calls it once, while the column is made."""

    def __init__(self, path: Path, kind: glue.DataType, visit: Visit) -> None:
        self.path, self.kind, self.visit = (*path, ELEMENT), kind, visit
        self.made: Value | None = None

    def __call__(self, column: Column) -> Column:
        before = Value(column, self.kind)
        answer = self.visit(self.path, before)
        if answer is not None and len(answer) != 1:
            raise ValueError(f"the elements of {'.'.join(self.path)} cannot become {len(answer)} columns")
        self.made = answer[0][1] if answer else _rewritten_inside(self.path, before, self.visit)
        return column if self.made is None else self.made.column

    def kinds(self) -> Iterator[glue.DataType]:
        """The new type of the elements, if they have one."""
        if self.made is not None:
            yield self.made.kind
