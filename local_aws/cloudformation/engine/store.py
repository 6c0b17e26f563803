"""Stacks in SQLite: `cloudformation/<region>.sqlite`.

Every step of an operation is one transaction that changes a document and appends the event that tells of
it, so what a client reads is always a state that the stack really was in, and what is read after a crash is
the last of these.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local_aws.cloudformation.engine.records import ChangeSet, Resource, Stack
from local_aws.storage.sqlite import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS stacks (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, active INTEGER NOT NULL, number INTEGER NOT NULL,
    document TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS stacks_by_name ON stacks (name) WHERE active;
CREATE TABLE IF NOT EXISTS resources (
    stack_id TEXT NOT NULL, logical_id TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (stack_id, logical_id)
);
CREATE TABLE IF NOT EXISTS leftovers (
    number INTEGER PRIMARY KEY AUTOINCREMENT, stack_id TEXT NOT NULL, document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, stack_id TEXT NOT NULL, document TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_by_stack ON events (stack_id);
CREATE TABLE IF NOT EXISTS change_sets (
    id TEXT PRIMARY KEY, stack_id TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
    UNIQUE (stack_id, name)
);
CREATE TABLE IF NOT EXISTS exports (name TEXT PRIMARY KEY, stack_id TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS imports (name TEXT NOT NULL, stack_id TEXT NOT NULL, PRIMARY KEY (name, stack_id));
"""


class Store:
    """All stacks of one region."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Several steps that become visible together."""
        with self._database.write():
            yield

    # Stacks

    def add(self, stack: Stack) -> None:
        """A new stack; its name must be free among the active ones."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO stacks SELECT ?, ?, 1, coalesce(max(number), 0) + 1, ? FROM stacks",
                (stack.id, stack.name, json.dumps(stack.to_json())),
            )

    def find(self, name_or_id: str) -> Stack | None:
        """The active stack of that name, or the stack (a deleted one too) of that id."""
        row = self._database.connection().execute(
            "SELECT document FROM stacks WHERE id = ? OR (active AND name = ?)", (name_or_id, name_or_id)
        )
        found = row.fetchone()
        return Stack.from_json(json.loads(found["document"])) if found else None

    def get(self, stack_id: str) -> Stack:
        """The stack of an id that is known to exist."""
        stack = self.find(stack_id)
        assert stack is not None
        return stack

    def stacks(self, *, active: bool = False) -> list[Stack]:
        """Every stack, or those that are not deleted, newest first."""
        rows = self._database.connection().execute(
            "SELECT document FROM stacks WHERE active >= ? ORDER BY number DESC", (active,)
        )
        return [Stack.from_json(json.loads(row["document"])) for row in rows]

    @contextmanager
    def change(self, stack_id: str) -> Iterator[Stack]:
        """Read a stack, let it be changed, write it: one transaction."""
        with self._database.write() as connection:
            stack = self.get(stack_id)
            yield stack
            active = stack.status != "DELETE_COMPLETE"
            connection.execute(
                "UPDATE stacks SET active = ?, document = ? WHERE id = ?",
                (active, json.dumps(stack.to_json()), stack_id),
            )

    # Resources

    def resources(self, stack_id: str) -> dict[str, Resource]:
        """The resources of a stack in the order in which they were begun."""
        rows = self._database.connection().execute(
            "SELECT document FROM resources WHERE stack_id = ? ORDER BY rowid", (stack_id,)
        )
        found = [Resource.from_json(json.loads(row["document"])) for row in rows]
        return {resource.logical_id: resource for resource in found}

    def put_resource(self, stack_id: str, resource: Resource) -> None:
        """Add it, or write it anew."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO resources VALUES (?, ?, ?)"
                " ON CONFLICT (stack_id, logical_id) DO UPDATE SET document = excluded.document",
                (stack_id, resource.logical_id, json.dumps(resource.to_json())),
            )

    def drop_resource(self, stack_id: str, logical_id: str) -> None:
        """Forget it."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM resources WHERE stack_id = ? AND logical_id = ?", (stack_id, logical_id)
            )

    # Leftovers: what a replacement (or its rollback) has put aside, to be deleted in the cleanup phase

    def add_leftover(self, stack_id: str, resource: Resource) -> None:
        """Put a physical resource aside."""
        with self._database.write() as connection:
            document = json.dumps(resource.to_json())
            connection.execute(
                "INSERT INTO leftovers (stack_id, document) VALUES (?, ?)", (stack_id, document)
            )

    def leftovers(self, stack_id: str) -> list[tuple[int, Resource]]:
        """With their numbers, newest first."""
        rows = self._database.connection().execute(
            "SELECT number, document FROM leftovers WHERE stack_id = ? ORDER BY number DESC", (stack_id,)
        )
        return [(row["number"], Resource.from_json(json.loads(row["document"]))) for row in rows]

    def drop_leftover(self, number: int) -> None:
        """Forget it."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM leftovers WHERE number = ?", (number,))

    # Events

    def add_event(self, stack: Stack, event: dict[str, Any]) -> None:
        """Append an event; its id, time and stack are filled in."""
        entry = {
            "StackId": stack.id,
            "StackName": stack.name,
            "EventId": str(uuid.uuid4()),
            "Timestamp": time.time(),
            **({"ClientRequestToken": stack.token} if stack.token else {}),
            **event,
        }
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO events (stack_id, document) VALUES (?, ?)", (stack.id, json.dumps(entry))
            )

    def events(self, stack_id: str, before: int | None, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """Newest first, those older than the event number `before`."""
        rows = self._database.connection().execute(
            "SELECT number, document FROM events WHERE stack_id = ? AND (? IS NULL OR number < ?) ORDER "
            "BY number DESC LIMIT ?",
            (stack_id, before, before, limit),
        )
        return [(row["number"], json.loads(row["document"])) for row in rows]

    # Change sets

    def put_change_set(self, change_set: ChangeSet) -> None:
        """Add it, or write it anew."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO change_sets VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET document = "
                "excluded.document",
                (change_set.id, change_set.stack_id, change_set.name, json.dumps(change_set.to_json())),
            )

    def change_sets(self, stack_id: str) -> list[ChangeSet]:
        """Those of a stack, oldest first."""
        rows = self._database.connection().execute(
            "SELECT document FROM change_sets WHERE stack_id = ? ORDER BY rowid", (stack_id,)
        )
        return [ChangeSet.from_json(json.loads(row["document"])) for row in rows]

    def change_set(self, change_set_id: str) -> ChangeSet | None:
        """The change set of an id."""
        row = (
            self._database.connection()
            .execute("SELECT document FROM change_sets WHERE id = ?", (change_set_id,))
            .fetchone()
        )
        return ChangeSet.from_json(json.loads(row["document"])) if row else None

    def drop_change_set(self, change_set_id: str) -> None:
        """Forget it."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM change_sets WHERE id = ?", (change_set_id,))

    # Exports

    def exports(self) -> list[dict[str, str]]:
        """`[{ExportingStackId, Name, Value}]` by name."""
        rows = self._database.connection().execute("SELECT stack_id, name, value FROM exports ORDER BY name")
        return [
            {"ExportingStackId": row["stack_id"], "Name": row["name"], "Value": row["value"]} for row in rows
        ]

    def set_exports(self, stack_id: str, exports: dict[str, str], imports: set[str]) -> None:
        """All that a stack exports and imports from now on."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM exports WHERE stack_id = ?", (stack_id,))
            connection.execute("DELETE FROM imports WHERE stack_id = ?", (stack_id,))
            connection.executemany(
                "INSERT INTO exports VALUES (?, ?, ?)", [(name, stack_id, exports[name]) for name in exports]
            )
            connection.executemany(
                "INSERT INTO imports VALUES (?, ?)", [(name, stack_id) for name in imports]
            )

    def importers(self, export: str) -> list[str]:
        """The names of the stacks that import it."""
        rows = self._database.connection().execute(
            "SELECT s.name FROM imports i JOIN stacks s ON s.id = i.stack_id WHERE i.name = ? AND "
            "s.active ORDER BY s.number",
            (export,),
        )
        return [row["name"] for row in rows]
