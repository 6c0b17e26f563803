"""A repair keeps a copy, saves what reads, and says what it saved and lost."""

from __future__ import annotations

import fcntl
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from local_aws.moto_host.journal import entries_of
from local_aws.s3.folder_host import folder_store
from local_aws.settings import Settings
from local_aws.storage.findings import Verdict
from local_aws.storage.repair import Repaired, StateHeld, diagnose, held, repair
from local_aws.storage.start import open_state
from tests.unit.local_aws.storage.conftest import ROWS
from tests.unit.local_aws.storage.test_start import DATABASES, damage

GLUE = "glue/us-east-1.sqlite"
JOURNAL = "moto/journal.sqlite"
PAGE = 4096


def repaired(state: Path) -> dict[str, Repaired]:
    done = repair(state, diagnose(state))
    assert [finding for finding in diagnose(state) if finding.verdict is not Verdict.OK] == []
    assert open_state(state)
    return {one.path: one for one in done}


def overwrite(file: Path, at: int, data: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(data)


def query(file: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql).fetchall()


def leaf_of(file: Path, table: str) -> int:
    """The offset of a page with rows of `table`, in the middle."""
    root = query(file, f"SELECT rootpage FROM sqlite_master WHERE name = '{table}'")[0][0]
    data = file.read_bytes()
    start = (root - 1) * PAGE
    assert data[start] in (2, 5), "the table has one page only"
    cells = int.from_bytes(data[start + 3 : start + 5], "big")
    pointer = int.from_bytes(data[start + 12 + 2 * (cells // 2) :][:2], "big")
    return (int.from_bytes(data[start + pointer : start + pointer + 4], "big") - 1) * PAGE


def test_nothing_is_changed_where_nothing_is_wrong(state: Path) -> None:
    before = {path: path.read_bytes() for path in state.rglob("*") if path.is_file()}
    assert repair(state, diagnose(state)) == []
    assert {path: path.read_bytes() for path in state.rglob("*") if path.is_file()} == before


def test_rows_on_pages_that_read_are_saved_and_the_others_counted(state: Path) -> None:
    file = state / GLUE
    overwrite(file, leaf_of(file, "catalog_database"), random.Random(1).randbytes(PAGE))
    damaged = file.read_bytes()
    done = repaired(state)[GLUE]
    (saved,) = query(file, "SELECT count(*) FROM catalog_database")[0]
    assert ROWS * 0.6 < saved < ROWS
    table = next(table for table in done.tables if table.table == "catalog_database")
    assert table.saved == saved
    assert f"saved {saved} rows" in done.did
    assert done.copy is not None
    assert (file.parent / done.copy).read_bytes() == damaged


def test_rows_behind_damaged_pages_of_a_numbered_table_are_saved(state: Path) -> None:
    file = state / "athena/us-east-1.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        rows = [(f"id-{n}", "w", 1, f'{{"n": "{"x" * 300}"}}') for n in range(300)]
        sql = "INSERT INTO executions (id, workgroup, finished, document) VALUES (?, ?, ?, ?)"
        connection.executemany(sql, rows)
        connection.commit()
    overwrite(file, leaf_of(file, "executions"), bytes(PAGE))
    repaired(state)
    numbers = [number for (number,) in query(file, "SELECT sequence FROM executions ORDER BY sequence")]
    assert numbers[0] == 1
    assert numbers[-1] == 300
    assert 280 <= len(numbers) < 300


def test_a_journal_ends_before_its_first_gap(state: Path) -> None:
    file = state / JOURNAL
    overwrite(file, leaf_of(file, "entries"), random.Random(2).randbytes(PAGE))
    repaired(state)
    with closing(sqlite3.connect(file)) as connection:
        seeds = [entry.seed for entry in entries_of(connection)]
    assert seeds == list(range(len(seeds)))
    assert 0 < len(seeds) < ROWS


def test_a_damaged_header_costs_no_row(state: Path) -> None:
    overwrite(state / GLUE, 0, random.Random(3).randbytes(60))
    assert "lost none" in repaired(state)[GLUE].did
    assert query(state / GLUE, "SELECT count(*) FROM catalog_database") == [(ROWS,)]


def test_children_of_lost_parents_go_with_them(state: Path) -> None:
    with closing(sqlite3.connect(state / GLUE)) as connection:
        row = "(1, 'gone', 't', 0, 0, 0, '{}')"
        columns = connection.execute("SELECT name FROM pragma_table_info('catalog_table')").fetchall()
        assert len(columns) == 7
        connection.execute(f"INSERT INTO catalog_table VALUES {row}")
        connection.commit()
    repaired(state)
    assert query(state / GLUE, "SELECT * FROM catalog_table") == []


def test_s3_has_its_objects_without_an_index(state: Path) -> None:
    (state / "s3.sqlite").write_bytes(b"")
    repaired(state)
    store = folder_store(Settings(state=state))
    assert [bucket.name for bucket in store.buckets()] == ["lake"]
    assert store.head("lake", "key-1").attributes.etag == "4b3a6218bb3e3a7303e8a171a60fcf92"


@pytest.mark.parametrize("path", DATABASES)
def test_what_is_gone_is_told_and_begun_anew(state: Path, path: str) -> None:
    (state / path).unlink()
    assert "the next start makes a new one" in repaired(state)[path].did


@pytest.mark.parametrize("path", [*DATABASES, "state.json"])
@pytest.mark.parametrize("what", ["folder", "link that leads nowhere"])
def test_what_is_no_file_makes_room_for_one(state: Path, path: str, what: str) -> None:
    (state / path).unlink()
    if what == "folder":
        (state / path).mkdir()
        (state / path / "kept").touch()
    else:
        (state / path).symlink_to(state / "nowhere")
    kept = repaired(state)[path].copy
    assert kept is not None
    assert what != "folder" or (state / path).with_name(kept).joinpath("kept").exists()


@pytest.mark.parametrize("path", DATABASES)
def test_a_database_of_whose_tables_none_is_known_is_begun_anew(state: Path, path: str) -> None:
    data = bytearray((state / path).read_bytes())
    names = query(state / path, "SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
    for (sql,) in names:
        at = data.find(sql.encode()[:40])
        data[at : at + 6] = b"\xff" * 6
    (state / path).write_bytes(data)
    done = repaired(state)[path]
    assert done.did == "nothing of it could be read; the next start makes a new one"
    assert done.copy is not None
    assert not (state / f"{path}.new").exists()


def test_the_list_and_the_note_and_snapshots_are_put_right(state: Path) -> None:
    (state / "state.json").write_text("}")
    (state / "server.json").write_bytes(b"\xff\x00")
    for name in ("good", "bad"):
        (state / "snapshots" / name / "1").mkdir(parents=True)
        (state / "snapshots" / name / "snapshot.json").write_text("{}")
        (state / "snapshots" / name / "1" / "contents.json").write_text("{}")
    (state / "snapshots" / "bad" / "1" / "contents.json").write_text("")
    done = repair(state, diagnose(state))
    assert {"state.json", "server.json"} <= {one.path for one in done}
    done += repair(state, diagnose(state))
    assert open_state(state)
    assert [path.name for path in (state / "snapshots").iterdir()] == ["good"]
    assert not (state / "server.json").exists()
    aside = next(one.copy for one in done if one.path.startswith("snapshots"))
    assert aside is not None
    assert (state / aside / "snapshot.json").exists()


def test_a_later_laguna_is_left_alone(state: Path) -> None:
    with closing(sqlite3.connect(state / GLUE)) as connection:
        connection.execute("PRAGMA user_version = 7")
    assert repair(state, diagnose(state)) == []


def test_nobody_repairs_under_a_server(state: Path) -> None:
    with (state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StateHeld), held(state):
            pass


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("sealed", [True, False])
def test_after_any_damage_a_repair_ends_in_a_state_that_starts(
    state: Path, killed: Path, seed: int, sealed: bool
) -> None:
    folder = state if sealed else killed
    chosen = random.Random(seed)
    for path in chosen.sample(DATABASES, 2):
        damage(folder / path, chosen)
    repaired(folder)


def test_a_repair_that_is_killed_can_be_done_again(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overwrite(state / GLUE, 20_000, b"x" * 100)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copyfile", killed)
    with pytest.raises(KeyboardInterrupt):
        repair(state, diagnose(state))
    monkeypatch.undo()
    assert repaired(state)[GLUE].tables
