"""Servers on state that is damaged, before the start and while they run."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local_aws import control
from local_aws.settings import Settings
from local_aws.storage.repair import diagnose, repair
from tests.conftest import LocalAws, free_port

FILES = [
    "s3.sqlite",
    "glue/us-east-1.sqlite",
    "athena/us-east-1.sqlite",
    "moto/journal.sqlite",
    "stepfunctions/executions.sqlite",
    "sts/sessions.sqlite",
    "state.json",
]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("LAGUNA_WARM_SPARK", "0")
    settings = Settings(state=tmp_path / "state", port=free_port())
    yield settings
    # Whatever a test did to the notes, nothing may be left.
    (settings.state / "server.json").unlink(missing_ok=True)
    control.stop(settings)


def fill(settings: Settings) -> LocalAws:
    control.start(settings)
    aws = LocalAws(settings)
    aws.client("s3").create_bucket(Bucket="lake")
    aws.client("s3").put_object(Bucket="lake", Key="key", Body=b"text", Metadata={"k": "v"})
    aws.client("glue").create_database(DatabaseInput={"Name": "sales"})
    aws.client("iam").create_user(UserName="user")
    return aws


def refusal(settings: Settings) -> str:
    with pytest.raises(control.ServerError) as refused:
        control.start(settings)
    assert "Traceback" not in str(refused.value)
    assert control.status(settings) is None
    return str(refused.value)


def test_an_emptied_catalog_is_no_new_one(settings: Settings) -> None:
    aws = fill(settings)
    control.stop(settings)
    (settings.state / "glue/us-east-1.sqlite").write_bytes(b"")
    said = refusal(settings)
    assert said.startswith(
        "The Glue catalog of us-east-1 (glue/us-east-1.sqlite) is empty; without it databases"
    )
    assert f"'laguna doctor --repair --state {settings.state}'" in said
    repair(settings.state, diagnose(settings.state))
    control.start(settings)
    assert aws.client("glue").get_databases()["DatabaseList"] == []
    assert aws.client("s3").get_object(Bucket="lake", Key="key")["Metadata"] == {"k": "v"}
    assert aws.client("iam").get_user(UserName="user")


def test_random_bytes_in_any_file_are_named_at_the_start(settings: Settings) -> None:
    aws = fill(settings)
    control.stop(settings)
    kept = settings.state.with_name("kept")
    shutil.copytree(settings.state, kept, ignore=shutil.ignore_patterns("tmp"))
    chosen = random.Random(5)
    for path in FILES:
        shutil.rmtree(settings.state)
        shutil.copytree(kept, settings.state)
        file = settings.state / path
        with file.open("r+b") as opened:
            opened.seek(chosen.randrange(min(file.stat().st_size, 4000)))
            opened.write(chosen.randbytes(3000))
        assert f"({path}) is damaged" in refusal(settings)
        repair(settings.state, diagnose(settings.state))
        assert [finding.path for finding in diagnose(settings.state) if finding.verdict != "ok"] == []
    control.start(settings)
    assert aws.client("glue").get_database(Name="sales")


def test_a_kill_damages_nothing(settings: Settings) -> None:
    aws = fill(settings)
    for _ in range(2):
        running = control.status(settings)
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        control.start(settings)
    assert aws.client("glue").get_database(Name="sales")


GARBAGE = [b"", b"\x00\xff", b"[]", b'{"port": "http"}', b'{"port": 1, "host": "x"}']


def test_a_server_whose_note_is_garbage_is_one_to_every_command(settings: Settings) -> None:
    first = control.start(settings)
    elsewhere = Settings(state=settings.state, port=free_port())
    for garbage in GARBAGE:
        (settings.state / "server.json").write_bytes(garbage)
        found = control.status(settings)
        assert found is not None
        assert found.pid == first.pid
        assert control.start(settings).pid == first.pid
        assert control.status(elsewhere) is not None
        with pytest.raises(control.ServerError, match=f"already runs on port {settings.port}"):
            control.start(elsewhere)
    assert control.stop(elsewhere)
    assert control.status(settings) is None
    assert control.stop(settings) is False


def test_garbage_left_by_a_killed_server_is_no_server(settings: Settings) -> None:
    first = control.start(settings)
    os.kill(first.pid, signal.SIGKILL)
    (settings.state / "server.json").write_bytes(b"\xff")
    assert control.stop(settings) is False
    assert control.start(settings).pid != first.pid


def test_damage_while_it_runs_is_told_by_answers_and_health(settings: Settings) -> None:
    aws = fill(settings)
    aws.client("glue", "eu-west-1").create_database(DatabaseInput={"Name": "sales"})
    control.stop(settings)
    control.start(settings)
    file = settings.state / "glue/eu-west-1.sqlite"
    with file.open("r+b") as opened:
        opened.seek(100)
        opened.write(random.Random(2).randbytes(file.stat().st_size - 100))
    with pytest.raises(ClientError) as failed:
        aws.client("glue", "eu-west-1").get_databases()
    message = failed.value.response["Error"]["Message"]
    assert message.startswith("The Glue catalog of eu-west-1 is damaged or gone.")
    assert "laguna doctor" in message
    assert str(settings.state) not in message
    running = control.status(settings)
    assert running is not None
    assert running.health["status"] == "damaged"
    assert running.health["damaged"] == ["the Glue catalog of eu-west-1"]
    assert aws.client("glue").get_database(Name="sales")
    assert control.stop(settings)
    assert "The Glue catalog of eu-west-1" in refusal(settings)
    repair(settings.state, diagnose(settings.state))


def test_a_catalog_that_goes_while_it_runs_does_not_come_back_as_a_new_one(settings: Settings) -> None:
    aws = fill(settings)
    aws.client("glue", "eu-west-1").create_database(DatabaseInput={"Name": "sales"})
    control.stop(settings)
    control.start(settings)
    (settings.state / "glue/eu-west-1.sqlite").unlink()
    with pytest.raises(ClientError, match=r"The Glue catalog of eu-west-1 is damaged or gone\."):
        aws.client("glue", "eu-west-1").get_databases()
    assert not (settings.state / "glue/eu-west-1.sqlite").exists()


def test_a_state_folder_that_cannot_be_made_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    elsewhere = Settings(state=tmp_path / "file" / "state", port=settings.port)
    with pytest.raises(control.ServerError, match=r"the state folder .* cannot be used: Not a directory"):
        control.start(elsewhere)


def test_the_server_itself_says_what_is_wrong_in_a_line_each(settings: Settings) -> None:
    fill(settings)
    control.stop(settings)
    (settings.state / "s3.sqlite").unlink()
    (settings.state / "moto/journal.sqlite").write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "-m", "local_aws"],
        env={**os.environ, **settings.variables()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert [line.split(" (")[0] for line in done.stderr.splitlines()] == [
        "The journal of moto's services",
        "S3's index",
    ]
