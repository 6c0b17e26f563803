"""Hive DDL and metadata statements over the Glue catalog: which function runs which statement."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.errors import QueryFailed
from local_athena.statements.ddl import alter_table, databases, partitions, show, views
from local_athena.statements.ddl.context import DdlContext
from local_athena.statements.ddl.create_table import create_table
from local_athena.statements.ddl.reader import comment_at
from local_athena.statements.ddl.show_functions import show_functions
from local_athena.statements.outcome import Outcome

ALTERATIONS: dict[str, alter_table.Alteration] = {
    "ALTER_TABLE": alter_table.unsupported,
    "ALTER_TABLE_ADD_PARTITION": partitions.add_partitions,
    "ALTER_TABLE_DROP_PARTITION": partitions.drop_partitions,
    "ALTER_TABLE_ADD_COLUMN": alter_table.add_columns,
    "ALTER_TABLE_REPLACE_COLUMN": alter_table.replace_columns,
    "ALTER_TABLE_CHANGE_COLUMN": alter_table.unsupported,
    "ALTER_TABLE_DROP_COLUMN": alter_table.drop_column,
    "ALTER_TABLE_PROPERTIES": alter_table.set_properties,
    "ALTER_TABLE_SET_LOCATION": alter_table.set_location,
    "ALTER_TABLE_RENAME": alter_table.rename,
}
"""ALTER TABLE as Hive does it; Iceberg tables have their own."""
WITHOUT_COMMENTS = frozenset(("SHOW_CREATE_TABLE", "DESCRIBE_TABLE", "MSCK_REPAIR", *ALTERATIONS))
"""What Hive itself reads, which knows no block comments (measured)."""


def run_ddl(kind: str, context: DdlContext) -> Outcome | None:
    """Run a statement of this substatement type; None when it is none of these.

    Raises:
        QueryFailed: it did not succeed.
    """
    handler = HANDLERS.get(kind)
    if handler is None:
        return None
    at = comment_at(context.text) if kind in WITHOUT_COMMENTS else None
    if at is not None:
        near = context.text[at + 2 :].split(None, 1)
        raise QueryFailed(
            "",
            f"FAILED: ParseException line 1:{at} cannot recognize input near '/' '*' '{near[0] if near else '<EOF>'}'",  # noqa: E501
            category=1,
            error_type=1003,
        )
    return handler(context)


HANDLERS: dict[str, Callable[[DdlContext], Outcome]] = {
    "CREATE_TABLE": create_table,
    "CREATE_DATABASE": databases.create_database,
    "ALTER_DATABASE": databases.alter_database,
    "DROP_DATABASE": databases.drop_database,
    "DROP_TABLE": databases.drop_table,
    "CREATE_VIEW": views.create_view,
    "DROP_VIEW": views.drop_view,
    "MSCK_REPAIR": partitions.repair,
    **{kind: alter_table.alter_table(hive) for kind, hive in ALTERATIONS.items()},
    "SHOW_TABLES": show.show_tables,
    "SHOW_DATABASES": show.show_databases,
    "SHOW_COLUMNS": show.show_columns,
    "SHOW_PARTITIONS": show.show_partitions,
    "SHOW_TABLE_PROPERTIES": show.show_properties,
    "SHOW_CREATE_TABLE": show.show_create_table,
    "SHOW_CREATE_VIEW": show.show_create_view,
    "SHOW_VIEWS": show.show_views,
    "SHOW_FUNCTIONS": show_functions,
    "DESCRIBE_TABLE": show.describe,
}
