"""What a DDL statement works on, and the errors that Hive gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from local_athena.errors import QueryFailed
from local_athena.protocols import GlueClient, Storage

Name = tuple[str, str]
"""Database and table, lower case."""
TASK = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "


@dataclass(frozen=True, slots=True)
class DdlContext:
    """Catalog, storage, the current database and the statement's text."""

    glue: GlueClient
    storage: Storage
    database: str
    text: str
    session: Any = None
    queries: Any = None

    def table(self, name: Name) -> dict[str, Any] | None:
        """A Glue table, None when there is none."""
        try:
            return dict(self.glue.get_table(DatabaseName=name[0], Name=name[1])["Table"])
        except ClientError as error:
            if code_of(error) != "EntityNotFoundException":
                raise
            return None

    def existing(self, name: Name) -> dict[str, Any]:
        """A Glue table.

        Raises:
            QueryFailed: there is none.
        """
        found = self.table(name)
        if found is None:
            raise table_missing(name)
        return found

    def iceberg(self, name: Name) -> Any:
        """pyiceberg's table of a Glue table that is Iceberg's."""
        from local_athena.iceberg.catalog import load

        return load(self.glue, self.storage, *name)

    def has_database(self, name: str) -> bool:
        """Whether the catalog has the database."""
        try:
            self.glue.get_database(Name=name)
        except ClientError as error:
            if code_of(error) != "EntityNotFoundException":
                raise
            return False
        return True


def code_of(error: ClientError) -> str:
    """The error code of a Glue call."""
    return str(error.response["Error"]["Code"])


def table_missing(name: Name) -> QueryFailed:
    """Hive's words for a table that is not there."""
    return QueryFailed(
        "", f"FAILED: SemanticException [Error 10001]: Table not found {name[0]}.{name[1]}", error_type=1301
    )


def database_missing(name: str) -> QueryFailed:
    """Hive's words for a database that is not there."""
    return QueryFailed(
        "",
        f"FAILED: SemanticException [Error 10072]: Database does not exist: {name}",
        category=1,
        error_type=1502,
    )


INPUT_MEMBERS = (
    "Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "ViewOriginalText",
    "ViewExpandedText", "TableType", "Parameters",
)  # fmt: skip


def table_input(table: dict[str, Any]) -> dict[str, Any]:
    """What UpdateTable takes of what GetTable gives."""
    return {k: table[k] for k in INPUT_MEMBERS if table.get(k) is not None}
