"""Triggers and workflows as rows of SQLite."""

from __future__ import annotations

from typing import Any

from local_aws.glue.catalog.documents import dumps, loads
from local_aws.glue.catalog.errors import not_found
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS trigger_definition (name TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS trigger_condition_fulfilled (
    trigger_name TEXT NOT NULL REFERENCES trigger_definition (name) ON DELETE CASCADE,
    condition INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (trigger_name, condition)
);
CREATE TABLE IF NOT EXISTS workflow (name TEXT PRIMARY KEY, body TEXT NOT NULL);
"""

Document = dict[str, Any]


class TriggerStore:
    """The triggers and workflows of one region, as the dicts that boto3 shows."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.connection().executescript(SCHEMA)

    def find(self, kind: str, name: str) -> Document | None:
        """The trigger or workflow `name`, or None. `kind` is the name of the table."""
        query = f"SELECT body FROM {kind} WHERE name = ?"  # noqa: S608
        row = self.database.connection().execute(query, (name,)).fetchone()
        return loads(row["body"]) if row else None

    def names(self, kind: str) -> list[str]:
        """All names in order."""
        query = f"SELECT name FROM {kind} ORDER BY name"  # noqa: S608
        return [row["name"] for row in self.database.connection().execute(query)]

    def put(self, kind: str, document: Document) -> None:
        """Insert or replace."""
        statement = f"INSERT INTO {kind} VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body"  # noqa: S608
        with self.database.write() as connection:
            connection.execute(statement, (document["Name"], dumps(document)))

    def delete(self, kind: str, name: str) -> None:
        """Delete, if it is there."""
        with self.database.write() as connection:
            connection.execute(f"DELETE FROM {kind} WHERE name = ?", (name,))  # noqa: S608

    def trigger(self, name: str) -> Document:
        """A trigger.

        Raises:
            AwsError: EntityNotFoundException.
        """
        found = self.find("trigger_definition", name)
        if found is None:
            raise not_found(f"Trigger {name} not found.")
        return found

    def triggers(self) -> list[Document]:
        """All triggers in the order of their names."""
        return [self.trigger(name) for name in self.names("trigger_definition")]

    def triggers_of(self, workflow: str) -> list[Document]:
        """The triggers of a workflow in the order of their names."""
        return [trigger for trigger in self.triggers() if trigger.get("WorkflowName") == workflow]

    def workflow(self, name: str) -> Document:
        """A workflow.

        Raises:
            AwsError: EntityNotFoundException.
        """
        found = self.find("workflow", name)
        if found is None:
            raise not_found(f"Workflow {name} not found.")
        return found

    def meet(self, trigger: str, condition: int, run: Document) -> dict[int, Document]:
        """Note that a condition (its number) was fulfilled by `run`; all that were since the last firing."""
        with self.database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO trigger_condition_fulfilled VALUES (?, ?, ?)",
                (trigger, condition, dumps(run)),
            )
            rows = connection.execute(
                "SELECT condition, body FROM trigger_condition_fulfilled WHERE trigger_name = ?"
                " ORDER BY condition",
                (trigger,),
            )
            return {row["condition"]: loads(row["body"]) for row in rows}

    def forget_met(self, trigger: str) -> None:
        """Begin anew with a trigger's conditions."""
        with self.database.write() as connection:
            connection.execute("DELETE FROM trigger_condition_fulfilled WHERE trigger_name = ?", (trigger,))
