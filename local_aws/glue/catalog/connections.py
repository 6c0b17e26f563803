"""Connections: where jobs find a database, with which user.

They are kept as they were given; a password is shown unless `HidePassword` asks otherwise, and is not
encrypted. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-connections.html
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.errors import already_exists, detail, invalid, not_found
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.catalog.store import Answer, CatalogStore, Request, creator
from local_aws.glue.catalog.tags import Tags

MOST = 100
PASSWORDS = {"PASSWORD", "ENCRYPTED_PASSWORD"}
URL = re.compile(r"jdbc:\w+:[^\s]+")
NOT_OURS = {"MARKETPLACE", "CUSTOM"}


class Connections:
    """Create, Get, Update, Delete and BatchDeleteConnection, GetConnections."""

    def __init__(self, store: CatalogStore, tags: Tags) -> None:
        self._store = store
        self._tags = tags
        tags.add_kind("connection", lambda name: self._find(name) is not None)

    def create_connection(self, request: Request, caller: Caller) -> Answer:
        """Create a connection; it is ready at once.

        Raises:
            AwsError: AlreadyExistsException, InvalidInputException.
        """
        self._store.check_catalog(request)
        given = request["ConnectionInput"]
        _check(given)
        body = {**given, "by": creator(self._store, caller)}
        with self._store.database.write() as connection:
            if self._find(given["Name"]):
                raise already_exists("Connection")
            moment = now()
            connection.execute(
                "INSERT INTO catalog_connection VALUES (?, ?, ?, ?)",
                (given["Name"], moment, moment, dumps(body)),
            )
            self._tags.put("connection", given["Name"], request.get("Tags"))
        return {"CreateConnectionStatus": "READY"}

    def get_connection(self, request: Request, caller: Caller) -> Answer:
        """Return a connection.

        Raises:
            AwsError: EntityNotFoundException.
        """
        row = self._require(request, request["Name"])
        return {"Connection": _shown(row, hide=bool(request.get("HidePassword")))}

    def get_connections(self, request: Request, caller: Caller) -> Answer:
        """Return the connections of a type, and with all of `MatchCriteria`."""
        self._store.check_catalog(request)
        wanted = request.get("Filter") or {}
        rows = self._store.read().execute("SELECT * FROM catalog_connection ORDER BY name")
        shown = {row["name"]: _shown(row, hide=bool(request.get("HidePassword"))) for row in rows}
        names = [name for name, one in shown.items() if _matches(one, wanted)]
        given, token = named_page(names, request, MOST)
        return {"ConnectionList": [shown[name] for name in given], **token}

    def update_connection(self, request: Request, caller: Caller) -> Answer:
        """Replace a connection's definition; its name stays.

        Raises:
            AwsError: EntityNotFoundException, InvalidInputException.
        """
        row = self._require(request, request["Name"])
        given = request["ConnectionInput"]
        if given["Name"] != row["name"]:
            raise invalid("A connection cannot be renamed.")
        _check(given)
        with self._store.database.write() as connection:
            connection.execute(
                "UPDATE catalog_connection SET updated = ?, body = ? WHERE name = ?",
                (now(), dumps({**given, "by": creator(self._store, caller)}), row["name"]),
            )
        return {}

    def delete_connection(self, request: Request, caller: Caller) -> Answer:
        """Delete a connection.

        Raises:
            AwsError: EntityNotFoundException.
        """
        row = self._require(request, request["ConnectionName"])
        with self._store.database.write() as connection:
            connection.execute("DELETE FROM catalog_connection WHERE name = ?", (row["name"],))
            self._tags.drop("connection", row["name"])
        return {}

    def batch_delete_connection(self, request: Request, caller: Caller) -> Answer:
        """Delete those that are there; the others are errors by name."""
        deleted: list[str] = []
        errors: dict[str, dict[str, str]] = {}
        for name in request["ConnectionNameList"]:
            try:
                self.delete_connection({**request, "ConnectionName": name}, caller)
                deleted.append(name)
            except AwsError as error:
                errors[name] = detail(error)
        return {"Succeeded": deleted, "Errors": errors}

    def properties(self, request: Request) -> dict[str, str]:
        """The properties of a connection that is to be tested, which a request names or describes.

        Raises:
            AwsError: EntityNotFoundException, InvalidInputException.
        """
        described = request.get("TestConnectionInput")
        if described is None:
            name = request.get("ConnectionName")
            if not name:
                raise invalid("ConnectionName or TestConnectionInput must be given.")
            described = loads(self._require(request, name)["body"])
        _check(described)
        found: dict[str, str] = described["ConnectionProperties"]
        if described["ConnectionType"] != "JDBC":
            raise invalid(f"Connections of type {described['ConnectionType']} cannot be tested here.")
        return found

    def _find(self, name: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = (
            self._store.read().execute("SELECT * FROM catalog_connection WHERE name = ?", (name,)).fetchone()
        )
        return found

    def _require(self, request: Request, name: str) -> sqlite3.Row:
        self._store.check_catalog(request)
        row = self._find(name)
        if row is None:
            raise not_found(f"Connection {name} not found.")
        return row


def _check(given: dict[str, Any]) -> None:
    """Refuse what no job could use."""
    properties = given["ConnectionProperties"]
    if given["ConnectionType"] in NOT_OURS:
        raise invalid(
            f"Laguna has no connections of type {given['ConnectionType']}: connectors do not run here."
        )
    if given["ConnectionType"] != "JDBC":
        return
    if not URL.fullmatch(properties.get("JDBC_CONNECTION_URL", "")):
        raise invalid("JDBC_CONNECTION_URL must be of the form jdbc:protocol://host:port/database.")
    if "SECRET_ID" not in properties and not {"USERNAME", "PASSWORD"} <= properties.keys():
        raise invalid("A JDBC connection needs USERNAME and PASSWORD, or SECRET_ID.")


def _shown(row: sqlite3.Row, *, hide: bool) -> Answer:
    body = loads(row["body"])
    by = body.pop("by", None)
    properties = body.get("ConnectionProperties") or {}
    if hide:
        body["ConnectionProperties"] = {
            name: value for name, value in properties.items() if name not in PASSWORDS
        }
    body.pop("ValidateCredentials", None)
    return {
        **body,
        "CreationTime": instant(row["created"]),
        "LastUpdatedTime": instant(row["updated"]),
        "LastUpdatedBy": by,
        "Status": "READY",
        "ConnectionSchemaVersion": 1,
    }


def _matches(connection: Answer, wanted: dict[str, Any]) -> bool:
    kind, criteria = wanted.get("ConnectionType"), set(wanted.get("MatchCriteria") or ())
    return kind in (None, connection["ConnectionType"]) and criteria <= set(
        connection.get("MatchCriteria") or ()
    )
