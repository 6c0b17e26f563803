"""What the guard of a LocalStack does when its starter ends; a shell stands for LocalStack."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local_aws.localstack.errors import LocalStackError
from local_aws.localstack.instance import LocalStack, Way

STARTER = """
import sys, time
from pathlib import Path
from local_aws.localstack.instance import LocalStack, Way
folder = Path(sys.argv[1])
way = Way("test", ["sh", "-c", f"echo $$ > {folder.parent}/pid; exec sleep 60"], {"PATH": "/usr/bin:/bin"})
stack = LocalStack(way, 1, folder)
print(stack.guard_pid, flush=True)
time.sleep(60)
"""


def test_nothing_is_left_when_the_starter_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", STARTER, str(folder)], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        guard = int(starter.stdout.readline())
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            pass
        starter.kill()
    while _alive(guard):
        pass
    assert not folder.exists()
    assert not _alive(int((tmp_path / "pid").read_text()))


def test_a_command_that_ends_is_an_error_with_its_last_words_and_leaves_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    way = Way("test", ["sh", "-c", "echo it is broken; exit 3"], {"PATH": "/usr/bin:/bin"})
    with pytest.raises(LocalStackError, match=r"LocalStack \(by test\) did not start: .*it is broken"):
        LocalStack(way, 1, folder).await_ready()
    assert not folder.exists()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
