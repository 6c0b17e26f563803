"""Files of a state in snapshots, and back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local_aws.errors import AwsError
from local_aws.snapshots.contents import Contents, read_contents
from local_aws.snapshots.files import check_files, link_files, put_back_files


@pytest.fixture
def state(tmp_path: Path) -> Path:
    state = tmp_path / "state"
    for path in ("s3/lake/a/b.csv", "s3/lake/archive.sqlite", "s3/.uploads/1/part", "tmp/x", "server.log"):
        (state / path).parent.mkdir(parents=True, exist_ok=True)
        (state / path).write_text(path)
    (state / "s3/empty").mkdir()
    return state


def saved(state: Path, folder: Path) -> Contents:
    contents = read_contents(state)
    link_files(contents, state, folder)
    return contents


def files(state: Path) -> dict[str, str]:
    found = (path for path in (state / "s3").rglob("*") if path.is_file())
    return {path.relative_to(state).as_posix(): path.read_text() for path in found}


def test_what_is_of_one_run_of_the_server_is_left_out(state: Path) -> None:
    contents = read_contents(state)
    assert sorted(file.path for file in contents.files) == [
        "s3/.uploads/1/part",
        "s3/lake/a/b.csv",
        "s3/lake/archive.sqlite",
    ]


def test_a_database_is_one_outside_the_objects(state: Path) -> None:
    for name in ("glue/us-east-1.sqlite", "glue/us-east-1.sqlite-wal", "glue/us-east-1.sqlite-shm"):
        (state / name).parent.mkdir(exist_ok=True)
        (state / name).touch()
    contents = read_contents(state)
    assert contents.databases == ["glue/us-east-1.sqlite"]
    assert not any(file.path.startswith("glue/") for file in contents.files)


def test_changes_additions_and_removals_are_taken_back(state: Path, tmp_path: Path) -> None:
    before, inode = files(state), (state / "s3/lake/a/b.csv").stat().st_ino
    contents = saved(state, tmp_path / "saved")
    new = state / "s3/new"
    new.write_text("replaced")
    new.rename(state / "s3/lake/a/b.csv")
    (state / "s3/lake/archive.sqlite").unlink()
    (state / "s3/empty").rmdir()
    (state / "s3/second/deep").mkdir(parents=True)
    (state / "s3/second/deep/c.csv").write_text("c")
    put_back_files(contents, tmp_path / "saved", state)
    assert files(state) == before
    assert (state / "s3/empty").is_dir()
    assert not (state / "s3/second").exists()
    assert (state / "s3/lake/a/b.csv").stat().st_ino == inode


def test_a_file_that_became_a_folder_is_a_file_again(state: Path, tmp_path: Path) -> None:
    contents = saved(state, tmp_path / "saved")
    (state / "s3/lake/a/b.csv").unlink()
    (state / "s3/lake/a/b.csv").mkdir()
    (state / "s3/lake/a/b.csv/part").touch()
    put_back_files(contents, tmp_path / "saved", state)
    assert (state / "s3/lake/a/b.csv").read_text() == "s3/lake/a/b.csv"


def test_a_load_that_was_cut_off_can_be_repeated(state: Path, tmp_path: Path) -> None:
    before = files(state)
    contents = saved(state, tmp_path / "saved")
    (state / "s3/lake/a/b.csv").unlink()
    (state / "s3/lake/archive.sqlite").unlink()
    half = Contents(contents.folders, contents.files[:1], [])
    put_back_files(half, tmp_path / "saved", state)
    put_back_files(contents, tmp_path / "saved", state)
    assert files(state) == before


def test_a_snapshot_of_which_a_file_was_written_in_place_is_refused(state: Path, tmp_path: Path) -> None:
    contents = saved(state, tmp_path / "saved")
    with (state / "s3/lake/a/b.csv").open("a") as file:
        file.write("more")
    with pytest.raises(AwsError, match=r"'s3/lake/a/b.csv' was written in place .* save it again"):
        check_files(contents, tmp_path / "saved")


def test_an_empty_file_that_was_touched_gets_its_time_back(state: Path, tmp_path: Path) -> None:
    success = state / "s3/lake/_SUCCESS"
    success.touch()
    time = success.stat().st_mtime_ns
    contents = saved(state, tmp_path / "saved")
    os.utime(success, ns=(1, 1))
    check_files(contents, tmp_path / "saved")
    assert success.stat().st_mtime_ns == time


def test_checksums_of_hadoop_are_not_saved_and_do_not_keep_a_folder(state: Path, tmp_path: Path) -> None:
    contents = saved(state, tmp_path / "saved")
    (state / "s3/lake/new").mkdir()
    (state / "s3/lake/new/.part.crc").touch()
    put_back_files(contents, tmp_path / "saved", state)
    assert not (state / "s3/lake/new").exists()
