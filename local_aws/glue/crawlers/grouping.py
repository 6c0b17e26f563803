"""Decide which folders are tables, and which folders below them are partitions.

From https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html (November 2026): a
folder is one table when most of the schemas below it are alike, and its sub-folders are then partitions;
otherwise each sub-folder is looked at in its turn, and unlike files in one folder are a table each.

What the page leaves open is decided here. "Most" is more than half for files and for `key=value` folders,
which are hardly anything but partitions and may have grown columns, and seven tenths for folders with other
names. A folder with nothing in it but one sub-folder that is no `key=value` is not a table itself:
`raw/clientes/…` alone makes `clientes`, as it does beside `raw/proveedores/…`. A file that no classifier
knows counts for nothing beside others that one does; where nothing is known, there is a table of
classification UNKNOWN.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from local_aws.glue.crawlers.classified import UNKNOWN, Classified
from local_aws.glue.crawlers.schemas import (
    SIMILARITY,
    Like,
    alike,
    combined,
    largest_group,
    of_one_table,
    related,
    versions,
)

_HIVE = re.compile(r"([^=/]+)=(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class File:
    """One object; `schema` is None when no classifier knows it or it was left out of the sample."""

    key: str
    size: int
    schema: Classified | None
    unknown: bool = False
    """It was read, and no classifier knows it."""

    def as_unknown(self) -> File:
        """The file with the schema that says so, when no classifier knows it."""
        return replace(self, schema=UNKNOWN) if self.unknown else self


@dataclass(slots=True)
class Folder:
    """A folder of the tree that is crawled; `path` is its key without a slash at the end."""

    path: str
    folders: dict[str, Folder] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    representatives: dict[Grouping, Classified | None] = field(default_factory=dict)
    """What `representative` found out, which is asked for at every folder above."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    def all_files(self) -> Iterator[File]:
        """The files of the folder and of those below it."""
        yield from self.files
        for folder in self.folders.values():
            yield from folder.all_files()


@dataclass(frozen=True, slots=True)
class FoundPartition:
    """A folder that is a partition of a table."""

    values: tuple[str, ...]
    path: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A folder, or a single file, that is a table. Without `keys`, `files` are its own."""

    path: str
    files: tuple[File, ...]
    keys: tuple[str, ...] = ()
    partitions: tuple[FoundPartition, ...] = ()
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Grouping:
    """A crawler's grouping configuration; `level` counts folders from the bucket, which is 1."""

    combine_compatible: bool = False
    level: int | None = None


def tree_of(root: str, files: Iterable[File]) -> Folder:
    """The folders below `root` (a key without a slash at its end) that hold `files`."""
    top = Folder(root)
    for file in files:
        folder = top
        for name in _relative(root, file.key).split("/")[:-1]:
            path = f"{folder.path}/{name}" if folder.path else name
            folder = folder.folders.setdefault(name, Folder(path))
        folder.files.append(file)
    return top


def tables_of(folder: Folder, grouping: Grouping) -> list[FoundTable]:
    """The tables in a folder, itself perhaps."""
    if not any(file.schema for file in folder.all_files()):
        folder = tree_of(folder.path, [file.as_unknown() for file in folder.all_files()])
    depth = 1 + (folder.path.count("/") + 1 if folder.path else 0)
    if grouping.level is not None and depth <= grouping.level:
        is_table = depth == grouping.level and representative(folder, grouping) is not None
    else:
        is_table = _is_table(folder, grouping)
    if is_table:
        return [table_at(folder)]
    tables = [table for one in folder.folders.values() for table in tables_of(one, grouping)]
    alone = [file.as_unknown() for file in folder.files]
    return tables + [FoundTable(file.key, (file,), is_file=True) for file in alone if file.schema]


def table_at(folder: Folder) -> FoundTable:
    """A folder with at least one schema as one table, partitioned at the depth of most of its files.

    Files at other depths are left out of a partitioned table: its partitions would not reach them.
    """
    depths = Counter(_depth(folder, file) for file in folder.all_files() if file.schema)
    depth = max(sorted(depths), key=lambda one: depths[one])
    if depth == 0:
        files = tuple(folder.all_files())
        return FoundTable(folder.path, files, is_file=[file.key for file in files] == [folder.path])
    leaves = [leaf for leaf in _folders_at(folder, depth) if leaf.files]
    names = [_relative(folder.path, leaf.path).split("/") for leaf in leaves]
    partitions = tuple(
        FoundPartition(tuple(map(_value, parts)), leaf.path, tuple(leaf.files))
        for parts, leaf in zip(names, leaves, strict=True)
    )
    keys = tuple(_key(position, [parts[position] for parts in names]) for position in range(depth))
    below = tuple(file for leaf in leaves for file in leaf.files)
    return FoundTable(folder.path, below, keys, partitions)


def representative(folder: Folder, grouping: Grouping) -> Classified | None:
    """The schema that stands for a folder: one of the largest group of alike ones in it."""
    if grouping not in folder.representatives:
        schemas = [schema for schema in _units(folder, grouping) if schema]
        group = largest_group(schemas, any_columns=grouping.combine_compatible)
        folder.representatives[grouping] = group[0] if group else None
    return folder.representatives[grouping]


def _units(folder: Folder, grouping: Grouping) -> list[Classified | None]:
    below = [representative(one, grouping) for one in folder.folders.values()]
    return [file.schema for file in folder.files] + below


def _is_table(folder: Folder, grouping: Grouping) -> bool:
    schemas = [schema for schema in _units(folder, grouping) if schema]
    if not schemas:
        return False
    names = [name for name, one in folder.folders.items() if representative(one, grouping)]
    plain = [name for name in names if not _HIVE.fullmatch(name)]
    if len(schemas) == 1 and plain:
        return False
    like = alike if plain else versions
    share = len(largest_group(schemas, any_columns=grouping.combine_compatible, like=like)) / len(schemas)
    return share >= SIMILARITY if plain else share > 0.5


def _depth(folder: Folder, file: File) -> int:
    return _relative(folder.path, file.key).count("/")


def _relative(root: str, key: str) -> str:
    """The part of a key below a folder; empty when the target is that very object."""
    if key == root:
        return ""
    return key.removeprefix(f"{root}/") if root else key


def _folders_at(folder: Folder, depth: int) -> Iterator[Folder]:
    if depth == 0:
        yield folder
        return
    for one in folder.folders.values():
        yield from _folders_at(one, depth - 1)


def _key(position: int, names: Sequence[str]) -> str:
    """`year` when all folders are `year=…`, else `partition_<position>`."""
    matches = [_HIVE.fullmatch(name) for name in names]
    keys = {match[1].lower() if match else "" for match in matches}
    return keys.pop() if len(keys) == 1 and "" not in keys else f"partition_{position}"


def _value(name: str) -> str:
    match = _HIVE.fullmatch(name)
    return unquote(match[2]) if match else name


def schemas_of(table: FoundTable, grouping: Grouping) -> list[Classified]:
    """The schemas of a table's files that belong to it: what most are, and its other versions."""
    schemas = [file.schema for file in table.files if file.schema]
    any_columns = grouping.combine_compatible
    majority = combined(largest_group(schemas, any_columns=any_columns))
    return related(schemas, majority, _like(table), any_columns=any_columns)


def partition_schemas(partition: FoundPartition, table: Classified, grouping: Grouping) -> list[Classified]:
    """The schemas of a partition's files that belong to a table of that schema."""
    schemas = [file.schema for file in partition.files if file.schema]
    return related(schemas, table, of_one_table, any_columns=grouping.combine_compatible)


def _like(table: FoundTable) -> Like:
    return of_one_table if table.keys else versions
