"""Brings a region's records from their first layout to the second; whoever opens the file asks for it.

The first kept an execution as AWS shows it, with what is ours under names with an underscore, and let a token
start several. The second keeps the two apart, and a token is UNIQUE; of several executions that it started,
the first has it.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

SECOND = """
UPDATE executions SET token = NULL WHERE token IS NOT NULL AND EXISTS (
    SELECT 1 FROM executions AS earlier
    WHERE earlier.token = executions.token AND earlier.sequence < executions.sequence)
"""


def apart_with_unique_tokens(connection: sqlite3.Connection) -> None:
    """Bring the database of a connection, within its transaction, to the second layout."""
    for sequence, text in connection.execute("SELECT sequence, document FROM executions").fetchall():
        row = (json.dumps(_apart(json.loads(text))), sequence)
        connection.execute("UPDATE executions SET document = ? WHERE sequence = ?", row)
    connection.execute(SECOND)
    connection.execute("DROP INDEX IF EXISTS executions_token")


def _apart(document: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in document.items() if not name.startswith("_")}
    kept = {
        "asked": "",
        "reuse_key": document.get("_ReuseKey"),
        "columns": document.get("_Columns") or [],
        "update_count": document.get("_UpdateCount"),
        "undo": document.get("_Undo"),
    }
    return {"execution": shown, "kept": kept}
