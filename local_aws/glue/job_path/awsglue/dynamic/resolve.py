"""resolveChoice: what becomes of fields that hold one of several types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from awsglue import gluetypes as glue
from awsglue.dynamic import casts, tree
from awsglue.dynamic.data import Columns
from awsglue.dynamic.fields import warn_of_absent, without_elements
from awsglue.dynamic.spark_types import alternatives
from awsglue.paths import Path, parse_path

Action = Callable[[Path, tree.Value], "list[tree.Named] | None"]
Types = Mapping[str, glue.DataType]


def by_specs(columns: Columns, specs: Sequence[tuple[str, str]], catalog: Types) -> Columns:
    """Each path's own action; other choices stay."""
    actions = {parse_path(path): _action(name, catalog) for path, name in specs}
    met: set[Path] = set()

    def visit(path: Path, value: tree.Value) -> list[tree.Named] | None:
        plain = without_elements(path)
        action = actions.get(plain)
        # An array's path means its elements, unless the array itself is one of several types.
        if action is None or isinstance(value.kind, glue.ArrayType):
            return None
        met.add(plain)
        return action(path, value)

    resolved = tree.rewrite(columns, visit)
    for path, _ in specs:
        if parse_path(path) not in met:
            warn_of_absent("resolveChoice", path, columns.schema)
    return resolved


def everywhere(columns: Columns, name: str, catalog: Types) -> Columns:
    """One action for every choice at any depth."""
    action = _action(name, catalog)

    def visit(path: Path, value: tree.Value) -> list[tree.Named] | None:
        return action(path, value) if isinstance(value.kind, glue.ChoiceType) else None

    return tree.rewrite(columns, visit)


def _action(name: str, catalog: Types) -> Action:
    verb, _, argument = name.partition(":")
    verb = verb.strip().lower()
    if verb in ("cast", "project") and argument:
        kind = casts.parse_type(argument)
        if kind is None:
            raise ValueError(f"resolveChoice needs a type that is complete, not '{argument}'")
        return _cast_to(kind) if verb == "cast" else _project_to(kind)
    if verb == "match_catalog":
        return _match(catalog)
    if verb in ACTIONS and not argument:
        return ACTIONS[verb]
    raise ValueError(
        f"resolveChoice knows cast:type, project:type, make_cols, make_struct, match_catalog and "
        f"KEEP_AS_STRUCT, not '{name}'"
    )


def _cast_to(kind: glue.DataType) -> Action:
    return lambda path, value: [(path[-1], casts.cast(value, kind))]


def _project_to(kind: glue.DataType) -> Action:
    """Only the values that are of the type; others are null."""

    def project(path: Path, value: tree.Value) -> list[tree.Named] | None:
        if not isinstance(value.kind, glue.ChoiceType):
            return None if value.kind.typeName() == kind.typeName() else [(path[-1], casts.nothing(kind))]
        there = value.kind.choices.get(kind.typeName())
        if there is None:
            return [(path[-1], casts.nothing(kind))]
        held = tree.Value(value.column.getField(kind.typeName()), there, value.optional)
        return [(path[-1], held)]

    return project


def _match(catalog: Types) -> Action:
    def match(path: Path, value: tree.Value) -> list[tree.Named] | None:
        kind = _type_at(catalog, path)
        if kind is None or not isinstance(value.kind, glue.ChoiceType):
            return None
        return [(path[-1], casts.cast(value, kind))]

    return match


def _type_at(catalog: Types, path: Path) -> glue.DataType | None:
    """The catalog's type at a path of a record; the catalog's names are in lower case."""
    kind: glue.DataType | None = {name.lower(): one for name, one in catalog.items()}.get(path[0].lower())
    for name in path[1:]:
        if isinstance(kind, glue.ArrayType) and name == tree.ELEMENT:
            kind = kind.elementType
        elif isinstance(kind, glue.MapType):
            kind = kind.valueType
        elif isinstance(kind, glue.StructType):
            kind = next((one.dataType for one in kind if one.name.lower() == name.lower()), None)
        else:
            return None
    return kind


def _make_cols(path: Path, value: tree.Value) -> list[tree.Named] | None:
    if not isinstance(value.kind, glue.ChoiceType):
        return None
    return [
        (f"{path[-1]}_{name}", tree.Value(value.column.getField(name), kind, True))
        for name, kind in alternatives(value.kind)
    ]


def _make_struct(path: Path, value: tree.Value) -> list[tree.Named] | None:
    """The struct that a choice is in Spark already, with only a name to say so."""
    if not isinstance(value.kind, glue.ChoiceType):
        return None
    fields = [glue.Field(name, kind, optional=True) for name, kind in alternatives(value.kind)]
    return [(path[-1], tree.Value(value.column, glue.StructType(fields), value.optional))]


ACTIONS: dict[str, Action] = {
    "make_cols": _make_cols,
    "make_struct": _make_struct,
    "keep_as_struct": _make_struct,
}


def to_frame(columns: Columns, options: Sequence[tuple[str, str, glue.DataType | None]]) -> Columns:
    """Columns for `toDF`: the choices that `options` name projected or cast, all others as structs."""
    actions: dict[Path, Action] = {}
    for path, action, target in options:
        verb = action.lower()
        if verb == "keepasstruct":
            actions[parse_path(path)] = _make_struct
        elif verb not in ("project", "cast"):
            raise ValueError(f"A ResolveOption's action is Project, Cast or KeepAsStruct, not '{action}'")
        elif target is None:
            raise ValueError(f"Missing target type for resolve action {action}.")
        else:
            actions[parse_path(path)] = _project_to(target) if verb == "project" else _cast_to(target)
    if not actions:
        return columns
    return tree.rewrite(
        columns, lambda path, value: _answer(actions.get(without_elements(path)), path, value)
    )


def _answer(action: Action | None, path: Path, value: tree.Value) -> list[tree.Named] | None:
    return None if action is None or isinstance(value.kind, glue.ArrayType) else action(path, value)
