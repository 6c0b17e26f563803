"""The command goes to the server of its state folder, or to none: another lake is never acted on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from laguna.cli.server import beside_others
from laguna.profiles.profile import load_profile
from laguna.project import Project
from tests.conftest import LocalAws


def laguna(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LAGUNA_", "AWS_"))}
    command = [str(Path(sys.executable).with_name("laguna")), *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_folder_with_nothing_in_it_finds_the_server_of_its_state_whatever_its_port(
    aws: LocalAws, tmp_path: Path
) -> None:
    state = str(aws.settings.state)
    shown = laguna(tmp_path, "status", "--output", "json", LAGUNA_STATE=state)
    assert shown.returncode == 0, shown.stderr
    assert str(aws.settings.port) in json.dumps(json.loads(shown.stdout))


def test_a_port_that_contradicts_the_state_is_an_error_that_names_both(aws: LocalAws, tmp_path: Path) -> None:
    state, port = str(aws.settings.state), aws.settings.port
    for asked in (("--port", "4999"), ()):
        variables = {} if asked else {"LAGUNA_PORT": "4999"}
        refused = laguna(tmp_path, "destroy", "--yes", *asked, LAGUNA_STATE=state, **variables)
        assert refused.returncode == 1
        assert (
            f"The local AWS of {state} is on port {port}, and --port or LAGUNA_PORT says 4999"
            in refused.stderr
        )


@pytest.mark.parametrize("command", [("destroy", "--yes"), ("deploy",), ("query", "SELECT 1"), ("run",)])
def test_the_server_of_another_state_is_left_alone(
    aws: LocalAws, tmp_path: Path, command: tuple[str, ...]
) -> None:
    refused = laguna(
        tmp_path, *command, LAGUNA_STATE=str(tmp_path / "other"), LAGUNA_PORT=str(aws.settings.port)
    )
    assert refused.returncode == 1
    assert f"is that of {aws.settings.state}, and not of {tmp_path}/other" in refused.stderr


def test_beside_another_lake_on_the_default_port_a_free_one_is_taken(aws: LocalAws, tmp_path: Path) -> None:
    profile = load_profile("local", Project(tmp_path))
    assert profile.server is not None
    taken = replace(profile, server=replace(profile.server, port=aws.settings.port))
    moved = beside_others(taken)
    assert moved.server is not None
    assert moved.server.port > aws.settings.port
    assert moved.endpoint == moved.server.endpoint
    asked = replace(taken, server=replace(profile.server, port=aws.settings.port, port_is_chosen=True))
    assert beside_others(asked) == asked
