"""Choosing, dropping, renaming and mapping fields, as selects of columns."""

from __future__ import annotations

from collections.abc import Sequence

from awsglue import gluetypes as glue
from awsglue import log
from awsglue.dynamic import casts, tree
from awsglue.dynamic.data import Columns
from awsglue.paths import Path, parse_path, path_text

Mapping = Sequence[str]


def select_fields(columns: Columns, paths: Sequence[str]) -> Columns:
    """Only the fields at `paths`."""
    fields = tree.fields_of(columns)
    found = []
    for text in paths:
        value = tree.find(fields, parse_path(text))
        if value is None:
            warn_of_absent("select_fields", text, columns.schema)
        else:
            found.append((parse_path(text), value))
    return tree.select(columns, tree.nested(found))


def drop_fields(columns: Columns, paths: Sequence[str], operation: str = "drop_fields") -> Columns:
    """All but the fields at `paths`, also those of the structs in an array."""
    wanted = {parse_path(text): text for text in paths}
    dropped: set[Path] = set()

    def visit(path: Path, value: tree.Value) -> list[tree.Named] | None:
        plain = without_elements(path)
        if plain not in wanted or path[-1] == tree.ELEMENT:
            return None
        dropped.add(plain)
        return []

    kept = tree.rewrite(columns, visit)
    for path, text in wanted.items():
        if path not in dropped:
            warn_of_absent(operation, text, columns.schema)
    return kept


def rename_field(columns: Columns, old: str, new: str) -> Columns:
    """The same records with one field under another name, or at another place when `new` is a path."""
    source, target = parse_path(old), parse_path(new)
    if source[:-1] == target[:-1]:
        return _renamed_in_place(columns, source, target[-1], old)
    value = tree.find(tree.fields_of(columns), source)
    if value is None:
        warn_of_absent("rename_field", old, columns.schema)
        return columns
    rest = drop_fields(columns, [path_text(source)])
    return tree.select(columns, with_value(_fields_from(columns, rest), target, value))


def _renamed_in_place(columns: Columns, source: Path, name: str, old: str) -> Columns:
    found = False

    def visit(path: Path, value: tree.Value) -> list[tree.Named] | None:
        nonlocal found
        if without_elements(path) != source or path[-1] == tree.ELEMENT:
            return None
        found = True
        return [(name, value)]

    renamed = tree.rewrite(columns, visit)
    if not found:
        warn_of_absent("rename_field", old, columns.schema)
    return renamed


def _fields_from(columns: Columns, rest: Columns) -> list[tree.Named]:
    """The fields of `rest`, which was made of `columns` by dropping, as columns of `columns`."""
    fields = []
    for field in rest.schema:
        value = tree.find(tree.fields_of(columns), (field.name,))
        assert value is not None
        fields.append((field.name, casts.cast(value, field.dataType)))
    return fields


def with_value(fields: Sequence[tree.Named], path: Path, value: tree.Value) -> list[tree.Named]:
    """`fields` with `value` at `path`, which makes structs on its way."""
    if len(path) == 1:
        return [*(one for one in fields if one[0] != path[0]), (path[0], value)]
    made = []
    found = False
    for name, one in fields:
        if name == path[0] and isinstance(one.kind, glue.StructType):
            found = True
            one = tree.as_struct(with_value(tree.members(one), path[1:], value))
        made.append((name, one))
    return made if found else [*made, *tree.nested([(path, value)])]


def apply_mapping(columns: Columns, mappings: Sequence[Mapping], case_sensitive: bool) -> Columns:
    """Rename, cast and keep fields; what has no mapping is dropped."""
    fields = tree.fields_of(columns)
    made = []
    for mapping in mappings:
        source, target, name = read_mapping(mapping)
        value = tree.find(fields, parse_path(source), case_sensitive=case_sensitive)
        if value is None:
            warn_of_absent("apply_mapping", source, columns.schema)
            continue
        kind = None if name is None else casts.parse_type(name)
        made.append((parse_path(target), value if kind is None else casts.cast(value, kind)))
    return tree.select(columns, tree.nested(made))


def read_mapping(mapping: Mapping) -> tuple[str, str, str | None]:
    """Source path, target path and target type of a mapping of any of the three lengths."""
    if isinstance(mapping, str):
        raise TypeError(f"Mapping must be specified as a tuple. Got {mapping}")
    if len(mapping) == 2:
        return mapping[0], mapping[1], None
    if len(mapping) == 3:
        return mapping[0], mapping[1], mapping[2]
    if len(mapping) == 4:
        return mapping[0], mapping[2], mapping[3]
    raise ValueError(f"Mapping tuple must be of length 2, 3, or 4. Got tuple of length {len(mapping)}")


def null_paths(schema: glue.StructType) -> list[str]:
    """The paths of the fields that are null in every record, in structs and in arrays of structs too."""
    return [path_text(path) for path in _null_paths(schema, ())]


def _null_paths(kind: glue.DataType, path: Path) -> list[Path]:
    if isinstance(kind, glue.StructType):
        return [found for one in kind for found in _null_paths(one.dataType, (*path, one.name))]
    if isinstance(kind, glue.ArrayType) and isinstance(kind.elementType, glue.StructType):
        return _null_paths(kind.elementType, path)
    return [path] if isinstance(kind, glue.NullType) else []


def without_elements(path: Path) -> Path:
    """A path without the steps into arrays, as scripts may write it."""
    return tuple(name for name in path if name != tree.ELEMENT)


def warn_of_absent(operation: str, path: str, schema: glue.StructType) -> None:
    """Say that a path names nothing: Glue passes over it, and nobody notices a misspelt field."""
    names = ", ".join(schema.field_map)
    log.warn(f"{operation}: the records have no field '{path}'; they have: {names}")
