"""Python modules of jobs: what is there, what is installed once, and what cannot be."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest

from local_aws.glue.jobs import python_modules
from local_aws.glue.jobs.provided_modules import provided
from local_aws.glue.jobs.python_modules import Modules, folder_of, is_installed
from local_aws.user_cache import NotInstalled


def never() -> bool:
    return False


def nothing(line: str) -> None:
    pass


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel of a package `medidas`, and a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "medidas-2.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("medidas.py", "UNIDAD = 'kWh'\n")
        made.writestr(
            "medidas-2.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: medidas\nVersion: 2.0\n"
        )
        made.writestr(
            "medidas-2.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        made.writestr("medidas-2.0.dist-info/RECORD", "medidas.py,,\n")
    return path


@pytest.mark.parametrize(
    ("requirement", "there"),
    [
        ("boto3", True),
        ("numpy>=1.0", True),
        ("pyarrow>=1,<2", False),
        ("boto3==0.0.1", False),
        ("no-such-module", False),
        ("no-such-module; python_version < '3'", True),
    ],
)
def test_a_requirement_is_met_by_what_is_installed_or_not(requirement: str, there: bool) -> None:
    assert is_installed(requirement) is there


@pytest.mark.parametrize("requirement", ["--find-links=http://a", "a b", "-r x"])
def test_an_option_is_no_requirement(requirement: str) -> None:
    with pytest.raises(NotInstalled, match="no requirement"):
        is_installed(requirement)


def test_what_is_there_already_needs_no_folder(wheel: Path) -> None:
    assert folder_of(Modules(["boto3", "numpy>=1.0"]), nothing, never) is None


def test_a_set_is_installed_once(wheel: Path) -> None:
    said: list[str] = []
    modules = Modules((), [wheel], "--no-index")
    folder = folder_of(modules, said.append, never)
    assert folder is not None
    assert (folder / "medidas.py").read_text() == "UNIDAD = 'kWh'\n"
    assert folder_of(modules, said.append, never) == folder
    assert len(said) == 1
    assert "medidas-2.0" in said[0]


def test_what_pip_cannot_install_is_told_and_tried_again(wheel: Path) -> None:
    modules = Modules(["no-such-module==1.0"], (), "--no-index")
    for _ in range(2):
        with pytest.raises(NotInstalled, match=r"LAUNCH ERROR .* could not be installed: .*no-such-module"):
            folder_of(modules, nothing, never)


def test_a_stop_ends_the_installation(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_modules, "_pip", lambda: ["sleep", "60"])
    monkeypatch.setattr(python_modules.subprocess, "Popen", _sleeping(python_modules.subprocess.Popen))
    begin = time.monotonic()
    with pytest.raises(NotInstalled, match="pip was stopped"):
        folder_of(Modules((), [wheel]), nothing, lambda: time.monotonic() > begin + 0.3)
    assert time.monotonic() - begin < 10


def _sleeping(popen):  # type: ignore[no-untyped-def]
    return lambda command, **options: popen(["sleep", "60"], **options)


def test_the_sets_that_were_used_last_are_kept(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_modules, "SETS", 1)
    first = folder_of(Modules((), [wheel], "--no-index"), nothing, never)
    assert first is not None
    os.utime(first, (1, 1))
    second = folder_of(Modules((), [wheel], "--no-index --no-deps"), nothing, never)
    assert second is not None
    assert (first.exists(), second.exists()) == (False, True)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("import pandas as pd", ["pandas>=2.2,<3"]),
        ("frame.toPandas()", ["pandas>=2.2,<3"]),
        ("from pyspark.sql.functions import pandas_udf", ["pandas>=2.2,<3"]),
        ("import pyspark.pandas as ps", ["pandas>=2.2,<3"]),
        ("from sklearn.linear_model import X\nimport scipy.stats", ["scikit-learn", "scipy"]),
        ("import boto3, numpy, mine", []),
        ("from . import pandas", []),
        ("import pandas (", []),
    ],
)
def test_what_a_script_uses_and_aws_has_is_wanted(
    tmp_path: Path, source: str, wanted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_aws.glue.jobs.provided_modules.find_spec", lambda name: None)
    script = tmp_path / "job.py"
    script.write_text(source)
    assert [one for one in provided("glueetl", "", [script]) if one != "numpy"] == wanted


def test_a_python_shell_job_has_its_library_set_unless_it_wants_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_aws.glue.jobs.provided_modules.find_spec", lambda name: None)
    with zipfile.ZipFile(tmp_path / "lib.zip", "w") as made:
        made.writestr("lib/a.py", "import awswrangler")
    assert provided("pythonshell", "analytics", [tmp_path / "lib.zip"]) == ["awswrangler"]
    assert provided("pythonshell", "none", [tmp_path / "lib.zip"]) == []
