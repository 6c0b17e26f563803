"""When two schemas are alike, and what several alike ones have in common.

Two schemas are alike when their format is the same and seven tenths of the columns of the larger one are in
both; they are versions of one another when that is so of the smaller one, since tables grow columns. A CSV
file without a header is like any other with as many columns: it has no names to compare. Files that no
classifier knows are alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Protocol

from local_aws.glue.crawlers.classified import MOST_COLUMNS, Classified
from local_aws.glue.crawlers.hive_types import NULL, Column, merge

SIMILARITY = 0.7
_MOST_GROUPS = 500
"""Where so many schemas are unlike, a further one is not compared with them all."""
Columns = dict[str, Column]


class Like(Protocol):
    """`alike`, `versions` or `of_one_table`."""

    def __call__(self, left: Classified, right: Classified, *, any_columns: bool = False) -> bool:
        """Whether two schemas belong together."""


def alike(left: Classified, right: Classified, *, any_columns: bool = False) -> bool:
    """Whether two schemas could be one table; `any_columns` asks for the same format only."""
    if left.format.classification != right.format.classification:
        return False
    if any_columns:
        return True
    if _is_nameless(left) or _is_nameless(right):
        return len(left.columns) == len(right.columns)
    ours, theirs = _names(left), _names(right)
    return len(ours & theirs) >= SIMILARITY * max(len(ours), len(theirs))


def versions(left: Classified, right: Classified, *, any_columns: bool = False) -> bool:
    """Whether two schemas could be one table that has grown columns."""
    if alike(left, right, any_columns=any_columns):
        return True
    if left.format.classification != right.format.classification or _is_nameless(left) or _is_nameless(right):
        return False
    ours, theirs = _names(left), _names(right)
    return len(ours & theirs) >= SIMILARITY * max(min(len(ours), len(theirs)), 1)


def of_one_table(left: Classified, right: Classified, *, any_columns: bool = False) -> bool:
    """Whether two schemas could be partitions of one table: versions, or as little as one common column."""
    same_format = left.format.classification == right.format.classification
    named = same_format and not _is_nameless(left) and not _is_nameless(right)
    return versions(left, right, any_columns=any_columns) or (named and bool(_names(left) & _names(right)))


def related(
    schemas: Sequence[Classified], majority: Classified, like: Like, *, any_columns: bool
) -> list[Classified]:
    """The schemas that belong to what most are."""
    belongs = {_kind(one): like(majority, one, any_columns=any_columns) for one in schemas}
    return [one for one in schemas if belongs[_kind(one)]]


def largest_group(
    schemas: Sequence[Classified], *, any_columns: bool = False, like: Like = alike
) -> list[Classified]:
    """The most schemas that are alike; the earlier ones among equals."""
    # Most files of a table have the very same columns: they are compared once.
    kinds: dict[Hashable, list[Classified]] = {}
    for schema in schemas:
        kinds.setdefault(_kind(schema), []).append(schema)
    groups: list[list[Classified]] = []
    for same in kinds.values():
        group = next((one for one in groups if like(one[0], same[0], any_columns=any_columns)), None)
        if group is not None:
            group.extend(same)
        elif len(groups) < _MOST_GROUPS:
            groups.append(list(same))
    return max(groups, key=len, default=[])


def _kind(schema: Classified) -> Hashable:
    """What `alike` and `versions` look at."""
    form = schema.format
    return form.classification, form.has_header, tuple(column.name for column in schema.columns)


def combined(schemas: Sequence[Classified]) -> Classified:
    """One schema for several that are alike.

    The format and the order of the columns are the most frequent ones; columns that only some have follow,
    and types are merged.
    """
    nameless = [schema for schema in schemas if _is_nameless(schema)]
    named = [schema for schema in schemas if not _is_nameless(schema)] or nameless
    form = Counter(schema.format for schema in named).most_common(1)[0][0]
    orders = Counter(tuple(column.name for column in schema.columns) for schema in named)
    columns: Columns = {name: Column(name, NULL) for name in orders.most_common(1)[0][0]}
    for found in {schema.columns: None for schema in named}:
        _add(columns, found)
    for found in {schema.columns: None for schema in nameless}:
        if len(found) == len(columns):
            _add(columns, _renamed(found, list(columns)))
    size = sum(schema.bytes_per_record for schema in schemas) / len(schemas)
    return Classified(form, tuple(columns.values())[:MOST_COLUMNS], size)


def _names(schema: Classified) -> set[str]:
    return {column.name for column in schema.columns}


def _is_nameless(schema: Classified) -> bool:
    return schema.format.classification == "csv" and not schema.format.has_header


def _renamed(columns: Sequence[Column], names: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(name, column.type) for name, column in zip(names, columns, strict=True))


def _add(known: Columns, columns: Sequence[Column]) -> None:
    for column in columns:
        old = known.get(column.name, column)
        known[column.name] = Column(column.name, merge(old.type, column.type), old.spelled or column.spelled)
