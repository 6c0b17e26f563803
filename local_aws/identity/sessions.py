"""The sessions that STS gave out, on disk until they end: a restart of the server ends none."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from local_aws.caller import Principal
from local_aws.identity.key_ids import new_key_id
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    access_key_id TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    token TEXT NOT NULL,
    kind TEXT NOT NULL,
    account_id TEXT NOT NULL,
    arn TEXT NOT NULL,
    user_id TEXT NOT NULL,
    ends REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_by_end ON sessions (ends);
"""

_REMEMBERED = timedelta(days=2)
"""How long an ended session is told from one that never was."""


@dataclass(frozen=True, slots=True)
class Session:
    """Credentials of a principal until `ends`."""

    access_key_id: str
    secret: str
    token: str
    principal: Principal
    ends: datetime


class Sessions:
    """The sessions of one state folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = Database(path, SCHEMA)

    def reopen(self) -> None:
        """The file may be another one now, or gone."""
        self._database = Database(self._path, SCHEMA)

    def give(self, principal: Principal, lifetime: timedelta) -> Session:
        """Make credentials by which `principal` is known until they end."""
        now = datetime.now(UTC)
        ends = (now + lifetime).replace(microsecond=0)
        key, secret = new_key_id("ASIA", principal.account_id), secrets.token_urlsafe(30)
        session = Session(key, secret, secrets.token_urlsafe(180), principal, ends)
        row = (
            key,
            secret,
            session.token,
            principal.kind,
            principal.account_id,
            principal.arn,
            principal.user_id,
        )
        with self._database.write() as connection:
            connection.execute("DELETE FROM sessions WHERE ends < ?", ((now - _REMEMBERED).timestamp(),))
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, ends.timestamp())
            )
        return session

    def find(self, access_key_id: str) -> Session | None:
        """The session of a key, also one that has ended lately."""
        row = (
            self._database.connection()
            .execute("SELECT * FROM sessions WHERE access_key_id = ?", (access_key_id,))
            .fetchone()
        )
        if row is None:
            return None
        principal = Principal(row["kind"], row["account_id"], row["arn"], row["user_id"])
        ends = datetime.fromtimestamp(row["ends"], UTC)
        return Session(access_key_id, row["secret"], row["token"], principal, ends)
