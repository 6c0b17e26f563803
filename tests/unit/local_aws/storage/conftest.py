"""A state folder with a file of each kind, as a server leaves it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local_athena.service.state import State
from local_aws.caller import root_of
from local_aws.cloudformation.engine.store import Store
from local_aws.glue.catalog.schema import SCHEMA
from local_aws.identity.sessions import Sessions
from local_aws.moto_host.journal import Entry, Journal
from local_aws.moto_host.messages import Request
from local_aws.s3.folder_host import folder_store
from local_aws.settings import Settings
from local_aws.stepfunctions.records import Record, Records
from local_aws.storage.sqlite import Database
from local_aws.storage.start import close_state, open_state

ROWS = 200


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder that was stopped, and one whose server was killed, so that nothing of it is sealed."""
    root = tmp_path_factory.mktemp("states")
    for name in ("stopped", "killed"):
        (root / name).mkdir()
        open_state(root / name)
        kept = fill(root / name)
        # Before the databases are let go, which empties their logs.
        shutil.copytree(root / name, root / f"{name}-copy")
        del kept
    close_state(root / "stopped")
    return root


@pytest.fixture
def state(folders: Path, tmp_path: Path) -> Path:
    """Stopped cleanly, so sealed."""
    shutil.copytree(folders / "stopped", tmp_path / "state")
    return tmp_path / "state"


@pytest.fixture
def killed(folders: Path, tmp_path: Path) -> Path:
    """As a kill leaves it, with changes in the logs."""
    shutil.copytree(folders / "killed-copy", tmp_path / "killed", ignore=shutil.ignore_patterns("*-shm"))
    return tmp_path / "killed"


def fill(folder: Path) -> list[object]:
    """Make the files; what is returned holds their databases open."""
    store = folder_store(Settings(state=folder))
    store.create_bucket("lake", "us-east-1")
    for number in range(20):
        store.put("lake", f"key-{number}", b"bytes", content_type="text/plain", metadata={"n": "x" * 200})
    glue = Database(folder / "glue" / "us-east-1.sqlite", SCHEMA)
    with glue.write() as connection:
        for number in range(ROWS):
            row = (f"database-{number}", 0.0, f'{{"Description": "{"d" * 100}"}}')
            connection.execute("INSERT INTO catalog_database VALUES (?, ?, ?)", row)
    athena = State(lambda schema: Database(folder / "athena" / "us-east-1.sqlite", schema))
    for number in range(ROWS):
        athena.put("workgroup", "", f"w{number}", {"Name": f"w{number}", "State": "ENABLED"})
    stacks = Store(folder / "cloudformation" / "us-east-1.sqlite")
    stacks.set_exports("stack", {"export": "value"}, set())
    executions = Records(folder / "stepfunctions" / "executions.sqlite")
    executions.save(execution())
    journal = Journal(folder / "moto" / "journal.sqlite")
    for number in range(ROWS):
        journal.append(Entry(float(number), number, Request("POST", "/", [("A", "b")], b"x" * 100)))
    sessions = Sessions(folder / "sts" / "sessions.sqlite")
    for _ in range(20):
        sessions.give(root_of("000000000000"), timedelta(hours=1))
    return [store, glue, athena, stacks, executions, journal, sessions]


def execution() -> Record:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    description = {
        "executionArn": "arn:aws:states:us-east-1:000000000000:execution:m:1",
        "stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:m",
        "startDate": now,
        "status": "SUCCEEDED",
    }
    return Record(description, {"definition": "{}"}, [])
