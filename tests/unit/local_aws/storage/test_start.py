"""A start notices state that is not what it was, and says what is lost and the way out."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from local_aws.storage import kinds, manifest
from local_aws.storage.copies import remove_database
from local_aws.storage.findings import Verdict
from local_aws.storage.kinds import KINDS, Kind, kind_of, present
from local_aws.storage.sqlite import Database, StateClosed
from local_aws.storage.start import close_state, look_at, open_state
from local_aws.storage.trouble import StateUnusable

DATABASES = [
    "s3.sqlite",
    "glue/us-east-1.sqlite",
    "athena/us-east-1.sqlite",
    "cloudformation/us-east-1.sqlite",
    "stepfunctions/executions.sqlite",
    "moto/journal.sqlite",
    "sts/sessions.sqlite",
]


def verdicts(state: Path) -> dict[str, Verdict]:
    return {finding.path: finding.verdict for finding in look_at(state)}


def refusal(state: Path) -> str:
    with pytest.raises(StateUnusable) as refused:
        open_state(state)
    return str(refused.value)


def test_a_state_that_was_left_alone_is_opened(state: Path, killed: Path) -> None:
    for folder in (state, killed):
        assert set(verdicts(folder).values()) == {Verdict.OK}
        assert open_state(folder)


def test_a_new_folder_is_opened(tmp_path: Path) -> None:
    assert open_state(tmp_path)
    assert json.loads((tmp_path / "state.json").read_text())["files"] == {}


@pytest.mark.parametrize("path", DATABASES)
@pytest.mark.parametrize("sealed", [True, False])
def test_an_emptied_file_is_refused_and_stays_as_it_is(
    state: Path, killed: Path, path: str, sealed: bool
) -> None:
    folder = state if sealed else killed
    (folder / path).write_bytes(b"")
    said = refusal(folder)
    kind = kind_of(path)
    assert kind is not None
    assert "is empty" in said
    assert kind.lost in said
    assert "laguna doctor --repair" in said
    assert (folder / path).stat().st_size == 0


@pytest.mark.parametrize("path", [*DATABASES, "s3"])
def test_a_file_that_is_gone_is_refused_and_not_made_anew(state: Path, path: str) -> None:
    shutil.rmtree(state / path) if path == "s3" else (state / path).unlink()
    assert f"({path}) is missing" in refusal(state)
    assert not (state / path).exists()


def test_each_file_has_a_sentence_of_its_own(state: Path) -> None:
    (state / "glue/us-east-1.sqlite").write_bytes(b"")
    (state / "moto/journal.sqlite").unlink()
    said = refusal(state).splitlines()
    assert [line.split(" (")[0] for line in said] == [
        "The Glue catalog of us-east-1",
        "The journal of moto's services",
    ]


@pytest.mark.parametrize("path", DATABASES)
def test_a_later_layout_is_left_alone(state: Path, path: str) -> None:
    with closing(sqlite3.connect(state / path)) as connection:
        connection.execute("PRAGMA user_version = 7")
    before = (state / path).read_bytes()
    assert "was written by a later Laguna: its layout is number 7" in refusal(state)
    assert (state / path).read_bytes() == before


def test_the_list_of_files_is_of_the_state_too(state: Path) -> None:
    list_of_files = state / "state.json"
    kept = list_of_files.read_text()
    for text, said in [
        ("", "is empty"),
        ("{", "is damaged"),
        ('{"format": 1, "files": 7}', "is damaged"),
        ("[" * 100_000, "is damaged"),
        ('{"format": 9, "laguna": "4.0"}', "later Laguna: its version is 4.0"),
    ]:
        list_of_files.write_text(text)
        assert said in refusal(state)
    list_of_files.unlink()
    assert "(state.json) is missing" in refusal(state)
    list_of_files.write_text(kept)
    assert open_state(state)


def test_a_state_from_before_there_were_lists_is_taken_over(killed: Path) -> None:
    (killed / "state.json").unlink()
    for path in DATABASES:
        with closing(sqlite3.connect(killed / path)) as connection:
            connection.execute("PRAGMA application_id = 0")
            connection.execute("PRAGMA user_version = 0")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert open_state(killed)
    Database(killed / "glue/us-east-1.sqlite", "")
    assert {Verdict.OK} == set(verdicts(killed).values())


def test_objects_without_their_index_are_no_new_state(state: Path) -> None:
    for path in [*DATABASES, "state.json"]:
        (state / path).unlink()
    assert "S3's index (s3.sqlite) is missing" in refusal(state)


@pytest.mark.parametrize("seed", range(30))
def test_random_bytes_anywhere_in_a_sealed_file_are_noticed(state: Path, seed: int) -> None:
    chosen = random.Random(seed)
    path = chosen.choice(DATABASES)
    damage(state / path, chosen)
    assert "is damaged" in refusal(state)


@pytest.mark.parametrize("seed", range(30))
def test_random_bytes_after_a_kill_never_stop_a_start_otherwise_than_by_a_sentence(
    killed: Path, seed: int
) -> None:
    chosen = random.Random(seed)
    path = chosen.choice([p for file in DATABASES for p in (file, f"{file}-wal") if (killed / p).exists()])
    damage(killed / path, chosen)
    started = time.perf_counter()
    assert set(verdicts(killed).values()) <= {Verdict.OK, Verdict.DAMAGED, Verdict.EMPTY}
    assert time.perf_counter() - started < 5


def damage(file: Path, chosen: random.Random) -> None:
    size = file.stat().st_size
    at = chosen.choice([0, chosen.randrange(size), chosen.randrange(size)])
    before = file.read_bytes()
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(chosen.randbytes(min(chosen.choice([2, 60, 5000]), size - at)))
    assert file.read_bytes() != before


def test_a_row_that_nobody_wrote_is_noticed_after_a_kill(killed: Path) -> None:
    with closing(sqlite3.connect(killed / "glue/us-east-1.sqlite")) as connection:
        no_utf8 = "CAST(x'7b22ff227d' AS TEXT)"
        connection.execute(f"UPDATE catalog_database SET body = {no_utf8} WHERE name = 'database-9'")
        connection.commit()
    assert "a row of catalog_database cannot be read" in refusal(killed)


def test_large_files_are_read_after_the_start(killed: Path) -> None:
    findings = look_at(killed, whole_up_to=0)
    assert {finding.verdict for finding in findings} == {Verdict.OK}
    assert not any(finding.whole for finding in findings if finding.path.endswith(".sqlite"))


def test_a_damaged_snapshot_is_named(state: Path) -> None:
    (state / "snapshots" / "mine").mkdir(parents=True)
    (state / "snapshots" / "mine" / "snapshot.json").write_text("{")
    assert "The description of a snapshot 'mine'" in refusal(state)


def test_a_database_that_was_removed_on_purpose_is_not_missed(state: Path) -> None:
    remove_database(state / "athena/us-east-1.sqlite")
    assert open_state(state)


def test_what_was_made_is_missed_while_the_server_runs(state: Path) -> None:
    open_state(state)
    (state / "athena/us-east-1.sqlite").unlink()
    with pytest.raises(StateUnusable, match="is missing"):
        Database(state / "athena/us-east-1.sqlite", "CREATE TABLE IF NOT EXISTS t (n)")
    assert not (state / "athena/us-east-1.sqlite").exists()


def test_a_database_that_is_being_made_is_not_there_before_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        Database(tmp_path / "s3.sqlite", "CREATE TABLE t (n)")
    monkeypatch.undo()
    assert not (tmp_path / "s3.sqlite").exists()
    Database(tmp_path / "s3.sqlite", "CREATE TABLE IF NOT EXISTS t (n)")


def test_nothing_is_written_after_the_seal(state: Path) -> None:
    open_state(state)
    database = Database(state / "athena/us-east-1.sqlite", "CREATE TABLE IF NOT EXISTS t (n)")
    close_state(state)
    with pytest.raises(StateClosed), database.write():
        pass


def test_an_earlier_layout_is_migrated_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database(tmp_path / "s3.sqlite", "CREATE TABLE IF NOT EXISTS t (n); INSERT INTO t VALUES (1);")

    def double(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE t SET n = n * 2")

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE t SET n = 0")
        raise RuntimeError("power cut")

    def with_migrations(*migrations: kinds.Migrate) -> None:
        newer = Kind("S3's index", "s3.sqlite", "database", "", migrations=migrations)
        monkeypatch.setattr(kinds, "KINDS", (newer,))

    def value() -> tuple[int, int]:
        with closing(sqlite3.connect(tmp_path / "s3.sqlite")) as connection:
            (n,) = connection.execute("SELECT n FROM t").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            return n, version

    with_migrations(double, fail)
    with pytest.raises(RuntimeError):
        Database(tmp_path / "s3.sqlite", "")
    assert value() == (1, 1)
    with_migrations(double, double)
    Database(tmp_path / "s3.sqlite", "")
    assert value() == (4, 3)


def test_every_database_of_a_state_has_a_kind(state: Path) -> None:
    made = {path.relative_to(state).as_posix() for path in state.rglob("*.sqlite")}
    assert made == {path for path in present(state) if path.endswith(".sqlite")}
    assert made <= set(manifest.Manifest.read(state).files)  # type: ignore[union-attr]
    assert len({kind.pattern for kind in KINDS}) == len(KINDS)
