"""Names of tables and partition keys as a crawler gives them.

A table is named after its folder or file: lower case, other characters than letters, digits and `_` become
`_`, at most 128 characters; a name that is taken gets a suffix made from the location. See
https://docs.aws.amazon.com/glue/latest/dg/crawler-running.html (November 2026).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence

LONGEST = 128


def table_name(prefix: str, name: str) -> str:
    """The name of the table of a folder, a file or a bucket."""
    return re.sub(r"\W", "_", f"{prefix}{name}".lower())[:LONGEST]


def distinct_table_name(name: str, location: str) -> str:
    """The name when another table has it already."""
    digest = hashlib.md5(location.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: LONGEST - 33]}_{digest}"


def distinct_keys(keys: Sequence[str], columns: Collection[str]) -> tuple[str, ...]:
    """Partition keys without those that a column or an earlier key has: these become `partition_<position>`.

    A table with two columns of one name cannot be queried.
    """
    taken = set(columns)
    names = []
    for position, key in enumerate(keys):
        name = key if key not in taken else f"partition_{position}"
        taken.add(name)
        names.append(name)
    return tuple(names)
