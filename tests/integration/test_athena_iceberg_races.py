"""Iceberg tables under several clients at once, and under a server that is killed while it commits."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import suppress

import pytest
from botocore.exceptions import BotoCoreError

from local_aws import control
from tests.conftest import LocalAws
from tests.integration.athena_client import AthenaClient, QueryError

BUCKET = "races"
TABLE = f"CREATE TABLE t (w int, n int) LOCATION 's3://{BUCKET}/t' TBLPROPERTIES ('table_type' = 'ICEBERG')"


def lake(aws: LocalAws) -> AthenaClient:
    aws.client("s3").create_bucket(Bucket=BUCKET)
    client = AthenaClient(aws, BUCKET, "carreras")
    client.run("CREATE DATABASE carreras")
    client.run(TABLE)
    return client


@pytest.mark.extended
def test_writers_lose_nothing_and_readers_see_whole_commits(own_aws: LocalAws) -> None:
    first, ended, wrong = lake(own_aws), threading.Event(), []

    def write(writer: int) -> None:
        client = AthenaClient(own_aws, BUCKET, "carreras")
        for n in range(5):
            client.run(f"INSERT INTO t VALUES ({writer}, {n}), ({writer}, {n})")

    def read() -> None:
        client = AthenaClient(own_aws, BUCKET, "carreras")
        while not ended.is_set():
            ((rows, odd, again),) = client.rows(
                "SELECT count(*), count(*) % 2, (SELECT count(*) FROM t) FROM t"
            )
            if odd != "0" or rows != again:
                wrong.append((rows, odd, again))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    reader = threading.Thread(target=read)
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join()
    ended.set()
    reader.join()
    assert wrong == []
    assert first.rows("SELECT w, count(*), count(DISTINCT n) FROM t GROUP BY w ORDER BY w") == [
        [str(number), "10", "5"] for number in range(3)
    ]


@pytest.mark.extended
def test_a_server_killed_while_it_commits_keeps_what_it_confirmed_and_no_half(own_aws: LocalAws) -> None:
    client = lake(own_aws)
    sent = confirmed = 0
    for _ in range(2):
        server = json.loads((own_aws.settings.state / "server.json").read_text())
        threading.Timer(2, os.kill, (server["pid"], signal.SIGKILL)).start()
        with suppress(BotoCoreError, QueryError):
            while True:
                sent += 1
                client.run("INSERT INTO t VALUES (1, 1), (1, 1)")
                confirmed += 1
        time.sleep(0.2)
        control.start(own_aws.settings)
        rows = int(client.rows("SELECT count(*) FROM t")[0][0] or 0)
        assert rows % 2 == 0
        assert confirmed <= rows // 2 <= sent
    client.run("INSERT INTO t VALUES (2, 2)")
    assert client.rows("SELECT n FROM t WHERE w = 2") == [["2"]]
