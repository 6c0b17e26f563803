"""The types of a catalog table, for `match_catalog`."""

from __future__ import annotations

from collections.abc import Sequence

from awsglue import gluetypes as glue
from awsglue.dynamic.casts import parse_type


def catalog_types(
    actions: Sequence[str], database: str | None, table: str | None, catalog_id: str | None
) -> dict[str, glue.DataType]:
    """Types by column when one of `actions` is match_catalog; nothing otherwise.

    Raises:
        ValueError: match_catalog without a database and a table.
    """
    if not any(action.strip().lower() == "match_catalog" for action in actions):
        return {}
    if not database or not table:
        raise ValueError("match_catalog needs database and table_name")
    from awsglue.catalog import check_catalog_id, find_table

    check_catalog_id(catalog_id)
    found = find_table(database, table)
    types = {name: parse_type(kind) for name, kind in {**found.columns, **found.partition_keys}.items()}
    return {name: kind for name, kind in types.items() if kind is not None}
