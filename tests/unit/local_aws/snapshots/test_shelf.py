"""Where snapshots lie, also when a save or load was killed."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from local_aws.errors import AwsError
from local_aws.snapshots.contents import read_contents
from local_aws.snapshots.files import link_files
from local_aws.snapshots.shelf import Shelf, Snapshot, check_saved, finish_load, read_saved, write_contents
from local_aws.storage.copies import copy_databases
from local_aws.storage.sqlite import Database


def save(state: Path, name: str) -> Snapshot:
    shelf = Shelf(state)
    folder = shelf.new_folder(name)
    contents = read_contents(state)
    link_files(contents, state, folder / "files")
    copy_databases(contents.databases, state, folder / "databases")
    write_contents(folder, contents)
    snapshot = Snapshot(name, "2026-11-21T10:00:00", folder.name, 0, 0, "empty", version("laguna"))
    shelf.put(snapshot)
    return snapshot


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "s3/lake").mkdir(parents=True)
    (tmp_path / "s3/lake/a").write_text("old")
    return tmp_path


def rows(state: Path) -> list[int]:
    database = Database(state / "glue/us-east-1.sqlite", "CREATE TABLE IF NOT EXISTS t (x INT)")
    return [row["x"] for row in database.connection().execute("SELECT x FROM t")]


def add(state: Path, value: int) -> Database:
    database = Database(state / "glue/us-east-1.sqlite", "CREATE TABLE IF NOT EXISTS t (x INT)")
    with database.write() as connection:
        connection.execute("INSERT INTO t VALUES (?)", (value,))
    return database


def test_a_load_that_was_killed_is_finished_at_the_next_start(state: Path) -> None:
    add(state, 1)
    snapshot = save(state, "one")
    add(state, 2)
    (state / "s3/lake/a").unlink()
    (state / "s3/lake/b").write_text("new")
    Shelf(state).begin_load(snapshot)
    finish_load(state)
    assert rows(state) == [1]
    assert [path.name for path in (state / "s3/lake").iterdir()] == ["a"]
    assert Shelf(state).unfinished_load() is None


def test_a_database_that_the_snapshot_does_not_have_is_gone_after_a_finished_load(state: Path) -> None:
    snapshot = save(state, "one")
    add(state, 2)
    Shelf(state).begin_load(snapshot)
    finish_load(state)
    assert not (state / "glue/us-east-1.sqlite").exists()


def test_a_database_is_put_back_under_connections_that_are_open(state: Path) -> None:
    database = add(state, 1)
    snapshot = save(state, "one")
    add(state, 2)
    Shelf(state).begin_load(snapshot)
    finish_load(state)
    assert [row["x"] for row in database.connection().execute("SELECT x FROM t")] == [1]
    add(state, 3)
    assert [row["x"] for row in database.connection().execute("SELECT x FROM t")] == [1, 3]


def test_a_save_that_was_killed_leaves_the_snapshot_of_that_name_and_is_swept(state: Path) -> None:
    shelf = Shelf(state)
    snapshot = save(state, "one")
    half = shelf.new_folder("one")
    half.mkdir()
    other = shelf.new_folder("two")
    other.mkdir(parents=True)
    finish_load(state)
    assert shelf.all() == [snapshot]
    assert not half.exists()
    assert not other.parent.exists()


def test_saving_again_replaces_a_snapshot(state: Path) -> None:
    first, second = save(state, "one"), save(state, "one")
    assert Shelf(state).all() == [second]
    assert not Shelf(state).path(first).exists()


def test_an_unknown_snapshot_is_refused_with_those_that_there_are(state: Path) -> None:
    save(state, "one")
    with pytest.raises(AwsError, match="There is no snapshot 'two'; there are: one"):
        Shelf(state).find("two")


def test_a_snapshot_of_another_version_is_refused(state: Path) -> None:
    Shelf(state).put(replace(save(state, "one"), laguna="0.0.1"))
    with pytest.raises(AwsError, match=r"was saved by Laguna 0\.0\.1"):
        Shelf(state).find("one")


def test_a_snapshot_without_one_of_its_databases_is_refused(state: Path) -> None:
    add(state, 1)
    folder = Shelf(state).path(save(state, "one"))
    (folder / "databases/glue/us-east-1.sqlite").unlink()
    with pytest.raises(AwsError, match=r"its file 'glue/us-east-1\.sqlite' is missing"):
        check_saved(read_saved(folder), folder)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", ".hidden", "x" * 65, "with space", "ñ"])
def test_a_name_that_could_be_no_folder_is_refused(state: Path, name: str) -> None:
    with pytest.raises(AwsError, match="is no name for a snapshot"):
        Shelf(state).new_folder(name)
