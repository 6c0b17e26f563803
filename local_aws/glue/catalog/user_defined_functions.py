"""User-defined functions: kept and shown; nothing here calls them."""

from __future__ import annotations

import sqlite3

from local_aws.caller import Caller
from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.errors import already_exists, invalid, not_found
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.catalog.store import Answer, CatalogStore, Request
from local_aws.glue.catalog.tables import name_pattern

MOST = 100


class UserDefinedFunctions:
    """Create, Get, Update and DeleteUserDefinedFunction, GetUserDefinedFunctions."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def create_user_defined_function(self, request: Request, caller: Caller) -> Answer:
        """Create a function in a database."""
        name = _name(request)
        with self._store.database.write() as connection:
            database = self._store.require_database(request, request["DatabaseName"])["name"]
            if self._find(database, name):
                raise already_exists("Function")
            connection.execute(
                "INSERT INTO catalog_function VALUES (?, ?, ?, ?)", (database, name, now(), _body(request))
            )
        return {}

    def get_user_defined_function(self, request: Request, caller: Caller) -> Answer:
        """Return one function."""
        return {"UserDefinedFunction": self._shown(self._require(request))}

    def get_user_defined_functions(self, request: Request, caller: Caller) -> Answer:
        """Return the functions of a database, or of all, whose names match `Pattern`."""
        self._store.check_catalog(request)
        database = request.get("DatabaseName")
        if database:
            self._store.require_database(request, database)
        matches = name_pattern(request["Pattern"])
        rows = self._store.read().execute(
            "SELECT * FROM catalog_function WHERE ? IS NULL OR database_name = ?",
            (database, (database or "").lower()),
        )
        found = {
            f"{row['database_name']}.{row['name']}": row for row in rows if matches.fullmatch(row["name"])
        }
        wanted = request.get("FunctionType")
        shown = {name: self._shown(row) for name, row in found.items()}
        names = [name for name, one in shown.items() if wanted in (None, one.get("FunctionType"))]
        given, token = named_page(names, request, MOST)
        return {"UserDefinedFunctions": [shown[name] for name in given], **token}

    def update_user_defined_function(self, request: Request, caller: Caller) -> Answer:
        """Replace a function's definition."""
        with self._store.database.write() as connection:
            row = self._require(request)
            if request["FunctionInput"].get("FunctionName", row["name"]).lower() != row["name"]:
                raise invalid("A function cannot be renamed.")
            connection.execute(
                "UPDATE catalog_function SET body = ? WHERE database_name = ? AND name = ?",
                (_body(request), row["database_name"], row["name"]),
            )
        return {}

    def delete_user_defined_function(self, request: Request, caller: Caller) -> Answer:
        """Delete a function."""
        with self._store.database.write() as connection:
            row = self._require(request)
            connection.execute(
                "DELETE FROM catalog_function WHERE database_name = ? AND name = ?",
                (row["database_name"], row["name"]),
            )
        return {}

    def _find(self, database: str, name: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = (
            self._store.read()
            .execute("SELECT * FROM catalog_function WHERE database_name = ? AND name = ?", (database, name))
            .fetchone()
        )
        return found

    def _require(self, request: Request) -> sqlite3.Row:
        database = self._store.require_database(request, request["DatabaseName"])["name"]
        row = self._find(database, request["FunctionName"].lower())
        if row is None:
            raise not_found(f"Function {request['FunctionName']} not found.")
        return row

    def _shown(self, row: sqlite3.Row) -> Answer:
        return {
            "FunctionName": row["name"],
            "DatabaseName": row["database_name"],
            **loads(row["body"]),
            "CreateTime": instant(row["created"]),
            "CatalogId": self._store.account_id,
        }


def _name(request: Request) -> str:
    name: str | None = request["FunctionInput"].get("FunctionName")
    if not name:
        raise invalid("FunctionName must be given.")
    return name.lower()


def _body(request: Request) -> str:
    return dumps({key: value for key, value in request["FunctionInput"].items() if key != "FunctionName"})
