"""Transactions are whole or not at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from local_aws.storage.sqlite import Database

SCHEMA = "CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY)"


def count(database: Database) -> int:
    return int(database.connection().execute("SELECT count(*) FROM t").fetchone()[0])


def test_a_failed_block_changes_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.sqlite", SCHEMA)

    def fail() -> None:
        with database.write() as connection:
            connection.execute("INSERT INTO t VALUES (1)")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail()
    assert count(database) == 0


def test_a_nested_block_belongs_to_the_outer_transaction(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.sqlite", SCHEMA)
    with database.write() as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        with database.write() as inner:
            inner.execute("INSERT INTO t VALUES (2)")
    assert count(Database(tmp_path / "a.sqlite", SCHEMA)) == 2


def test_threads_write_one_at_a_time(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.sqlite", SCHEMA)

    def add() -> None:
        for _ in range(20):
            with database.write() as connection:
                (most,) = connection.execute("SELECT coalesce(max(n), 0) FROM t").fetchone()
                connection.execute("INSERT INTO t VALUES (?)", (most + 1,))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 80
