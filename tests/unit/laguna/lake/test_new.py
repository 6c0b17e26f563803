from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from laguna.errors import SettingsInvalid
from laguna.lake.new import MARK, make_lake
from laguna.project import find_project


def test_a_new_lake_is_described_whole_and_named_as_asked(tmp_path: Path) -> None:
    files = make_lake("shop-2", tmp_path / "shop-2")
    for path in files:
        assert MARK not in (tmp_path / "shop-2" / path).read_text(encoding="utf-8"), path
    project = find_project(tmp_path / "shop-2" / "lake")
    lake = project.lake
    assert lake.name == "shop-2"
    assert [path.name for path in project.queries] == ["revenue_by_day.sql"]
    for path in (lake.template, lake.code, lake.samples):
        assert (project.folder / path).exists(), path


def test_the_template_of_a_new_lake_passes_cfn_lint(tmp_path: Path) -> None:
    make_lake("shop", tmp_path / "shop")
    command = [str(Path(sys.executable).with_name("cfn-lint")), str(tmp_path / "shop" / "template.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize(
    "name", ["", "A", "ab", "-shop", "shop-", "a--b", "x" * 33, "../up", "tienda_1", "año"]
)
def test_a_name_that_a_bucket_cannot_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsInvalid, match="cannot be a lake's name"):
        make_lake(name, tmp_path / "new")
    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SettingsInvalid, match="is not an empty folder"):
        make_lake("shop", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
