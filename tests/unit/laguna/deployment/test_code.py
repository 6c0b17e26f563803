from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from laguna.deployment.code import package_code


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "pipeline"
    for name in (
        *("__init__.py", "jobs/__init__.py", "jobs/clientes.py", "transforms/cities.json"),
        *("sql/q.sql", "jobs/__pycache__/clientes.pyc"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {name}")
    return folder


def test_what_is_uploaded_is_the_zip_and_each_job_script(package: Path) -> None:
    code = package_code(package)
    prefix = f"scripts/{code.version}"
    assert set(code.objects) == {f"{prefix}/pipeline.zip", f"{prefix}/jobs/clientes.py"}
    assert code.objects[f"{prefix}/jobs/clientes.py"] == b"# jobs/clientes.py"
    with zipfile.ZipFile(io.BytesIO(code.objects[f"{prefix}/pipeline.zip"])) as archive:
        assert archive.namelist() == [
            "pipeline/__init__.py",
            "pipeline/jobs/__init__.py",
            "pipeline/jobs/clientes.py",
            "pipeline/sql/q.sql",
            "pipeline/transforms/cities.json",
        ]


def test_the_same_source_gives_the_same_bytes_whenever_it_was_written(package: Path) -> None:
    first = package_code(package)
    for path in package.rglob("*.py"):
        os.utime(path, (0, 0))
    assert package_code(package) == first


@pytest.mark.parametrize("changed", ["jobs/clientes.py", "transforms/cities.json", "transforms/new.py"])
def test_a_change_that_jobs_see_is_another_version(package: Path, changed: str) -> None:
    first = package_code(package)
    (package / changed).write_text("other")
    assert package_code(package).version != first.version


def test_a_change_that_no_job_sees_is_the_same_version(package: Path) -> None:
    first = package_code(package)
    (package / "jobs" / "__pycache__" / "clientes.pyc").write_text("other")
    assert package_code(package).version == first.version
