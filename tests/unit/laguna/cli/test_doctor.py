"""`laguna doctor` looks, and repairs only when it is told to."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from local_aws.glue.catalog.schema import SCHEMA
from local_aws.storage.sqlite import Database
from local_aws.storage.start import close_state, open_state
from tests.unit.laguna.cli.conftest import Result

Run = Callable[..., Result]
GLUE = "glue/us-east-1.sqlite"


@pytest.fixture
def state(project: Path) -> Path:
    """The project's state, with a catalog of one database."""
    folder = project / ".laguna"
    folder.mkdir()
    open_state(folder)
    glue = Database(folder / GLUE, SCHEMA)
    with glue.write() as connection:
        connection.execute("INSERT INTO catalog_database VALUES ('sales', 0, '{}')")
    del glue
    close_state(folder)
    return folder


def damage(state: Path) -> None:
    with (state / GLUE).open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")


def test_a_project_without_state_is_well(laguna: Run) -> None:
    result = laguna("doctor")
    assert result.code == 0
    assert "There is no state in" in result.out


def test_whole_files_are_shown_and_exit_with_0(laguna: Run, state: Path) -> None:
    result = laguna("doctor")
    assert (result.code, result.err) == (0, "")
    assert "the Glue catalog of us-east-1" in result.out
    assert "All state files are whole." in result.out


def test_a_damaged_file_is_named_with_what_would_be_lost_and_not_touched(laguna: Run, state: Path) -> None:
    damage(state)
    before = {path: path.read_bytes() for path in state.rglob("*") if path.is_file()}
    result = laguna("doctor")
    assert result.code == 1
    assert "damaged" in result.out
    assert "databases, tables, partitions" in result.out
    assert "'laguna doctor --repair'" in result.out
    assert {path: path.read_bytes() for path in state.rglob("*") if path.is_file()} == before


def test_json_has_each_file_with_its_verdict(laguna: Run, state: Path) -> None:
    (state / GLUE).write_bytes(b"")
    result = laguna("doctor", "--output", "json")
    document = json.loads(result.out)
    assert (result.code, document["usable"]) == (1, False)
    (file,) = document["files"]
    assert (file["path"], file["verdict"], file["size"]) == (GLUE, "empty", 0)
    assert "tables" in file["would_be_lost"]


def test_a_repair_tells_what_it_saved_and_where_the_copy_is(laguna: Run, state: Path) -> None:
    damage(state)
    result = laguna("doctor", "--repair", "--output", "json")
    document = json.loads(result.out)
    assert (result.code, document["usable"]) == (0, True)
    (repaired,) = document["repaired"]
    assert repaired["tables"]["catalog_database"] == {"saved": 1, "lost": 0}
    assert (state / "glue" / repaired["copy"]).exists()
    assert laguna("doctor").code == 0


def test_a_later_laguna_is_the_way_out_of_a_later_state(laguna: Run, state: Path) -> None:
    (state / "state.json").write_text('{"format": 9, "laguna": "7.0"}')
    for result in (laguna("doctor"), laguna("doctor", "--repair")):
        assert result.code == 1
        assert "use that Laguna, or another --state" in result.out


def test_the_state_of_a_running_server_is_not_looked_into(laguna: Run, state: Path) -> None:
    with (state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = laguna("doctor")
    assert (result.code, result.out) == (1, "")
    assert "stop it with 'laguna down'" in result.err
