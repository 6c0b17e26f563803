"""When two schemas are alike, and what several alike ones have in common.

Two schemas are alike when their format is the same and seven tenths of the columns of the larger one are in
both. A CSV file without a header is like any other with as many columns: it has no names to compare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from local_aws.glue.crawlers.classified import Classified
from local_aws.glue.crawlers.hive_types import NULL, Column, Type, merge

SIMILARITY = 0.7


def alike(left: Classified, right: Classified, *, any_columns: bool = False) -> bool:
    """Whether two schemas could be one table; `any_columns` asks for the same format only."""
    if left.format.classification != right.format.classification:
        return False
    if any_columns:
        return True
    if _is_nameless(left) or _is_nameless(right):
        return len(left.columns) == len(right.columns)
    ours, theirs = ({column.name for column in one.columns} for one in (left, right))
    return len(ours & theirs) >= SIMILARITY * max(len(ours), len(theirs), 1)


def largest_group(schemas: Sequence[Classified], *, any_columns: bool = False) -> list[Classified]:
    """The most schemas that are alike; the earlier ones among equals."""
    groups: list[list[Classified]] = []
    for schema in schemas:
        group = next((one for one in groups if alike(one[0], schema, any_columns=any_columns)), None)
        if group is None:
            groups.append([schema])
        else:
            group.append(schema)
    return max(groups, key=len, default=[])


def combined(schemas: Sequence[Classified]) -> Classified:
    """One schema for several that are alike.

    The format and the order of the columns are the most frequent ones; columns that only some have follow,
    and types are merged.
    """
    nameless = [schema for schema in schemas if _is_nameless(schema)]
    named = [schema for schema in schemas if not _is_nameless(schema)] or nameless
    form = Counter(schema.format for schema in named).most_common(1)[0][0]
    orders = Counter(tuple(column.name for column in schema.columns) for schema in named)
    types = dict.fromkeys(orders.most_common(1)[0][0], NULL)
    for schema in named:
        _add(types, schema.columns)
    for schema in nameless:
        if len(schema.columns) == len(types):
            _add(types, _renamed(schema.columns, list(types)))
    columns = tuple(Column(name, kind) for name, kind in types.items())
    size = sum(schema.bytes_per_record for schema in schemas) / len(schemas)
    return Classified(form, columns, size)


def _is_nameless(schema: Classified) -> bool:
    return schema.format.classification == "csv" and not schema.format.has_header


def _renamed(columns: Sequence[Column], names: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(name, column.type) for name, column in zip(names, columns, strict=True))


def _add(types: dict[str, Type], columns: Sequence[Column]) -> None:
    for column in columns:
        types[column.name] = merge(types.get(column.name, NULL), column.type)
