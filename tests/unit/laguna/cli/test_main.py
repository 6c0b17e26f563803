from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from laguna.cli.main import COMMANDS
from laguna.deployment.stack import StackState
from tests.unit.laguna.cli.conftest import Result

Run = Callable[..., Result]

NAMES = [command.name for command in COMMANDS]


def test_the_commands_are_those_of_a_days_work() -> None:
    day = "init up down status deploy ingest run query report logs bookmarks demo snapshot doctor destroy"
    assert day.split() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_command_has_one_line_of_help_an_example_and_the_common_options(laguna: Run, name: str) -> None:
    help_ = laguna(name, "--help")
    assert help_.code == 0
    assert f"laguna {name}" in help_.out.split("Example:")[1]
    assert "--output [text|json]" in help_.out
    if name != "init":  # there is no lake yet
        assert all(option in help_.out for option in ("--profile", "--port", "--state"))


def test_the_list_of_commands_shows_each_ones_help_whole(laguna: Run) -> None:
    assert "..." not in laguna("--help").out.split("Commands:")[1]


def test_without_a_command_the_help_is_shown_as_a_misuse(laguna: Run) -> None:
    result = laguna()
    assert (result.code, result.out) == (2, "")
    assert "Commands:" in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("sing",),
        ("query",),
        ("ingest",),
        ("up", "--port", "0"),
        ("up", "--port", "http"),
        ("status", "--output", "xml"),
        ("ingest", ".", "--date", "25/07/2025"),
        ("run", "--load-date", "yesterday"),
        ("logs", "clientes", "--follow", "--output", "json"),
        ("snapshot", "save"),
        ("snapshot", "list", "loaded"),
        ("snapshot", "keep", "loaded"),
    ],
)
def test_a_misused_command_exits_2_and_prints_no_data(laguna: Run, arguments: tuple[str, ...]) -> None:
    result = laguna(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err


def test_an_unknown_profile_is_answered_with_those_there_are(laguna: Run) -> None:
    result = laguna("status", "--profile", "moon")
    assert result.code == 1
    assert result.err == "laguna: There is no profile 'moon'; choose one of: local, localstack, aws.\n"


def test_the_profile_can_come_from_the_environment(laguna: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGUNA_PROFILE", "moon")
    assert "There is no profile 'moon'" in laguna("status").err


def test_a_deployment_without_a_template_says_where_to_name_it(laguna: Run, project: Path) -> None:
    (project / "template.yaml").unlink()
    result = laguna("deploy")
    assert result.code == 1
    assert f"The template {project}/template.yaml cannot be read; name the lake's own" in result.err


@pytest.mark.parametrize(
    "arguments",
    [("query", "SELECT 1"), ("deploy",), ("run",), ("report",), ("logs", "clientes"), ("destroy", "--yes")],
)
def test_a_server_that_is_not_up_is_one_sentence(
    laguna: Run, project: Path, closed_port: str, arguments: tuple[str, ...]
) -> None:
    (project / "infra").mkdir()
    (project / "infra" / "datalake.yaml").write_text("Resources: {}")
    result = laguna(*arguments, "--port", closed_port)
    assert (result.code, result.out) == (1, "")
    last = result.err.splitlines()[-1]
    assert last.startswith(f"laguna: No AWS answers at http://127.0.0.1:{closed_port}")
    assert "laguna up" in last
    assert "Traceback" not in result.err


def test_sql_that_begins_with_a_comment_is_sql(laguna: Run, closed_port: str) -> None:
    assert "No AWS answers" in laguna("query", "-- why?\nSELECT 1", "--port", closed_port).err


def test_status_of_a_server_that_is_not_up_says_how_to_start_it(laguna: Run, closed_port: str) -> None:
    result = laguna("status", "--port", closed_port)
    assert (result.code, result.out) == (0, "Local AWS is not up; start it with 'laguna up'.\n")


def test_down_without_a_server_changes_nothing(laguna: Run) -> None:
    result = laguna("down", "--output", "json")
    assert (result.code, result.out) == (0, '{\n  "stopped": false\n}\n')


def test_up_on_a_port_in_use_is_one_sentence(laguna: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = laguna("up", "--port", str(port))
    assert (result.code, result.out) == (1, "")
    assert f"Port {port} is in use" in result.err
    assert "--port" in result.err


@pytest.mark.parametrize(
    ("path", "said"),
    [("nowhere", "nowhere does not exist"), ("laguna.toml", "laguna.toml is not a .csv file")],
)
def test_ingest_refuses_a_path_before_it_asks_for_a_server(
    laguna: Run, closed_port: str, path: str, said: str
) -> None:
    result = laguna("ingest", path, "--port", closed_port)
    assert (result.code, result.out) == (1, "")
    assert said in result.err


def test_destroy_does_not_ask_where_nobody_can_answer(laguna: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    result = laguna("destroy")
    assert result.code == 1
    assert "--yes" in result.err


def test_a_protected_stack_is_refused_before_anything_is_deleted(
    laguna: Run, closed_port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    protected = StackState("id", "CREATE_COMPLETE", {"LakeBucket": "datalake-x"}, protected=True)
    monkeypatch.setattr("laguna.deployment.stack.Stack.state", lambda *_: protected)
    result = laguna("destroy", "--yes", "--port", closed_port)
    assert (result.code, result.out) == (1, "")
    assert "The stack 'lake-dev' is protected from deletion" in result.err
    assert "update-termination-protection --no-enable-termination-protection" in result.err


def test_a_settings_file_that_is_not_toml_is_named(laguna: Run, project: Path) -> None:
    (project / "laguna.toml").write_text("profiles = [")
    result = laguna("status")
    assert result.code == 1
    assert "laguna.toml is not valid TOML" in result.err


def test_help_does_not_load_the_sdk() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import laguna.cli.main; "
        "print([m for m in ('boto3', 'botocore', 'rich', 'local_aws') if m in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


class OtherServer(BaseHTTPRequestHandler):
    """The health page of a local AWS whose objects are in LocalStack."""

    def do_GET(self) -> None:
        body = b'{"status": "ok", "pid": 1, "state": "/elsewhere", "s3": {"kind": "localstack"}}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def other_port() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), OtherServer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield str(server.server_port)
        server.shutdown()
        thread.join()


def test_the_server_of_another_profile_is_not_taken_for_ones_own(laguna: Run, other_port: str) -> None:
    result = laguna("query", "SELECT 1", "--port", other_port)
    assert (result.code, result.out) == (1, "")
    assert "keeps its objects in LocalStack, so it is not that of the profile 'local'" in result.err


def test_a_port_that_another_profiles_server_holds_names_its_state(laguna: Run, other_port: str) -> None:
    result = laguna("up", "--port", other_port)
    assert (result.code, result.out) == (1, "")
    assert f"Port {other_port} is held by the local AWS of /elsewhere" in result.err
