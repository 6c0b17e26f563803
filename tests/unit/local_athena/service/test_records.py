"""Executions as values, and the files of earlier versions that hold them otherwise."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from local_athena.errors import QueryFailed
from local_athena.service.records import QUEUED, Execution, Kept, Status, execution_of
from local_athena.service.state import State, TokenTaken
from local_athena.statements.outcome import ROWS_COLUMN, Outcome
from local_athena.statements.undo import Undo
from local_aws.storage.manifest import Manifest, state_of
from local_aws.storage.sqlite import Database

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
OLD_SCHEMA = """
CREATE TABLE executions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, token TEXT, workgroup TEXT NOT NULL,
    finished INTEGER NOT NULL, document TEXT NOT NULL);
CREATE INDEX executions_token ON executions (token);
"""


def execution(execution_id: str = "one") -> Execution:
    place = {"OutputLocation": f"s3://lake/r/{execution_id}.csv"}
    never = {"ResultReuseByAgeConfiguration": {"Enabled": False}}
    status = Status(QUEUED, NOW)
    return Execution(
        execution_id, "SELECT 1", "DML", "SELECT", place, never, {"Database": "db"}, status, "primary"
    )


def state(tmp_path: Path) -> State:
    if state_of(file_of(tmp_path)) is None:
        file_of(tmp_path).parent.mkdir(exist_ok=True)
        Manifest().write(tmp_path)
    return State(partial(Database, file_of(tmp_path)))


def file_of(tmp_path: Path) -> Path:
    """Where a state folder has the records of a region: its place says which layout it has."""
    return tmp_path / "athena" / "us-east-1.sqlite"


def test_an_execution_cannot_be_changed_and_what_is_shown_of_it_is_its_readers() -> None:
    one = execution()
    with pytest.raises(FrozenInstanceError):
        one.query = "SELECT 2"  # type: ignore[misc]
    shown = one.to_wire()
    shown["ResultConfiguration"]["OutputLocation"] = "elsewhere"
    shown["Status"].clear()
    assert one.to_wire()["ResultConfiguration"] == {"OutputLocation": "s3://lake/r/one.csv"}
    assert one.to_wire()["Status"] == {"State": "QUEUED", "SubmissionDateTime": NOW}


@pytest.mark.parametrize(
    "ended",
    [
        execution(),
        execution().running().undone_by(Undo("db", "t", uris=["s3://lake/t/x"], partitions=[["1"]])),
        execution().succeeded(Outcome(None, ROWS_COLUMN, 3, None, 7), "s3://lake/manifest", NOW).timed(2, 5),
        execution().failed(QueryFailed("DIVISION_BY_ZERO", "Division by zero"), NOW),
        execution().cancelled("Query cancelled by user", 11, NOW),
        replace(execution(), parameters=("1", "'x'"), kept=Kept("asked", "key")),
    ],
    ids=["queued", "running", "succeeded", "failed", "cancelled", "with parameters"],
)
def test_the_store_gives_back_what_it_was_given(tmp_path: Path, ended: Execution) -> None:
    kept = state(tmp_path)
    kept.add_execution(ended, "token")
    assert kept.execution("one") == ended
    assert kept.execution_of_token("token") == ended


def test_nothing_of_our_own_is_shown() -> None:
    one = execution().undone_by(Undo("db", "t"))
    names = [name for part in (one.to_wire(), one.to_wire()["Status"]) for name in part]
    assert all(name[0].isupper() for name in names)


def test_a_token_starts_one_execution(tmp_path: Path) -> None:
    kept = state(tmp_path)
    kept.add_execution(execution("one"), "token")
    with pytest.raises(TokenTaken):
        kept.add_execution(execution("two"), "token")
    assert kept.execution("two") is None
    with pytest.raises(TokenTaken):  # nor by another process on the same file
        state(tmp_path).add_execution(execution("three"), "token")


def old_document(execution_id: str, state_name: str, **own: Any) -> str:
    shown = execution(execution_id).to_wire()
    shown["Status"] = {"State": state_name, "SubmissionDateTime": {"$time": NOW.timestamp()}}
    return json.dumps({**shown, "_Output": "s3://lake/r/", "_Location": None, **own})


def test_the_file_of_an_earlier_version_is_read_and_its_tokens_are_made_unique(tmp_path: Path) -> None:
    undo = {"database": "db", "table": "t", "table_location": None, "uris": ["s3://lake/x"], "partitions": []}
    rows = [
        ("one", "token", 1, old_document("one", "SUCCEEDED", _Columns=ROWS_COLUMN, _UpdateCount=3)),
        ("two", "token", 1, old_document("two", "SUCCEEDED")),
        ("three", "other", 0, old_document("three", "RUNNING", _Undo=undo)),
    ]
    file_of(tmp_path).parent.mkdir()
    with closing(sqlite3.connect(file_of(tmp_path))) as database:
        database.executescript(OLD_SCHEMA)
        database.executemany(
            "INSERT INTO executions (id, token, workgroup, finished, document) "
            "VALUES (?, ?, 'primary', ?, ?)",
            rows,
        )
        database.commit()
    kept = state(tmp_path)
    first = kept.execution_of_token("token")
    assert first is not None
    assert (first.execution_id, first.kept.update_count, list(first.kept.columns)) == ("one", 3, ROWS_COLUMN)
    assert kept.execution("two") is not None
    (left,) = kept.unfinished()
    assert left.kept.undo == Undo("db", "t", uris=["s3://lake/x"])
    assert state(tmp_path).execution("one") == first  # and once only


def test_a_document_is_read_as_it_was_written() -> None:
    one = execution().succeeded(Outcome(None, ROWS_COLUMN), None, NOW)
    assert execution_of(one.to_document()) == one
