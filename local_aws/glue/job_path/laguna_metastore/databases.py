"""The metastore's databases and functions, by Glue's operations."""

from __future__ import annotations

import re
from typing import Any

from laguna_metastore import documents
from laguna_metastore.clients import Clients
from laguna_metastore.failures import glue_failures
from laguna_metastore.wire import hive


class Databases:
    """Named as Hive's protocol names them; a method raises what the protocol declares for it."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def create_database(self, database: Any) -> None:
        """CreateDatabase."""
        with glue_failures():
            self._clients.glue.create_database(DatabaseInput=documents.database_input(database))

    def get_database(self, name: str) -> Any:
        """GetDatabase."""
        with glue_failures():
            return documents.database(self._clients.glue.get_database(Name=name)["Database"])

    def alter_database(self, dbname: str, db: Any) -> None:
        """UpdateDatabase."""
        with glue_failures():
            self._clients.glue.update_database(Name=dbname, DatabaseInput=documents.database_input(db))

    def drop_database(self, name: str, delete_data: bool, cascade: bool) -> None:
        """DeleteDatabase, which takes the tables along: refused when there are some, unless `cascade`."""
        with glue_failures():
            if not cascade and self._clients.glue.get_tables(DatabaseName=name, MaxResults=1)["TableList"]:
                raise hive.InvalidOperationException(
                    message=f"Database {name} is not empty. One or more tables exist."
                )
            self._clients.glue.delete_database(Name=name)

    def get_databases(self, pattern: str) -> list[str]:
        """The names that match Hive's pattern."""
        return matching(self.get_all_databases(), pattern)

    def get_all_databases(self) -> list[str]:
        """GetDatabases."""
        with glue_failures():
            return [one["Name"] for one in self._clients.all("get_databases", "DatabaseList")]


class Functions:
    """User-defined functions; Spark loads their jars itself."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def create_function(self, func: Any) -> None:
        """CreateUserDefinedFunction."""
        with glue_failures():
            self._clients.glue.create_user_defined_function(
                DatabaseName=func.dbName, FunctionInput=documents.function_input(func)
            )

    def drop_function(self, database: str, name: str) -> None:
        """DeleteUserDefinedFunction."""
        with glue_failures():
            self._clients.glue.delete_user_defined_function(DatabaseName=database, FunctionName=name)

    def alter_function(self, database: str, name: str, new: Any) -> None:
        """UpdateUserDefinedFunction."""
        with glue_failures(renamed={"EntityNotFoundException": hive.InvalidOperationException}):
            self._clients.glue.update_user_defined_function(
                DatabaseName=database, FunctionName=name, FunctionInput=documents.function_input(new)
            )

    def get_function(self, database: str, name: str) -> Any:
        """GetUserDefinedFunction."""
        with glue_failures():
            found = self._clients.glue.get_user_defined_function(DatabaseName=database, FunctionName=name)
            return documents.function(found["UserDefinedFunction"])

    def get_functions(self, database: str, pattern: str) -> list[str]:
        """The names in a database that match Hive's pattern."""
        with glue_failures():
            found = self._clients.all(
                "get_user_defined_functions", "UserDefinedFunctions", DatabaseName=database, Pattern=".*"
            )
            return matching([one["FunctionName"] for one in found], pattern)

    def get_all_functions(self) -> Any:
        """None: the client would register each at its start, which Spark does by name when it meets one."""
        return hive.GetAllFunctionsResponse(functions=[])


def matching(names: list[str], pattern: str) -> list[str]:
    """The names that match one of Hive's patterns, which `|` separates and in which `*` is any text."""
    wanted = [".*".join(map(re.escape, one.split("*"))) for one in (pattern or "*").lower().split("|")]
    return [name for name in names if any(re.fullmatch(one, name.lower()) for one in wanted)]
