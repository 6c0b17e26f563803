from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from local_aws.glue.jobs.arguments import Unsupported
from local_aws.glue.jobs.workspace import LaunchFailed, check_modules, make_workspace
from local_aws.s3.folder_store import FolderStore


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    store = FolderStore(tmp_path / "s3", tmp_path / "s3.sqlite")
    store.create_bucket("lake", "us-east-1")
    store.put("lake", "jobs/clientes.py", b"print(1)")
    return store


def archive(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("pipeline/__init__.py", "")
    return path.read_bytes()


def test_a_run_gets_copies_of_its_script_and_files(store: FolderStore, tmp_path: Path) -> None:
    store.put("lake", "conf/rules.json", b"{}")
    made = make_workspace(
        tmp_path / "run", "s3://lake/jobs/clientes.py", {"--extra-files": "s3://lake/conf/rules.json"}, store
    )
    assert (made.script.name, made.script.read_text()) == ("clientes.py", "print(1)")
    assert (made.folder / "rules.json").read_text() == "{}"
    store.put("lake", "jobs/clientes.py", b"print(2)")
    assert made.script.read_text() == "print(1)"


def test_zips_are_imported_from_and_wheels_unpacked_and_modules_found(
    store: FolderStore, tmp_path: Path
) -> None:
    content = archive(tmp_path / "made.zip")
    for key, body in (("lib.zip", content), ("lib-1.0-py3-none-any.whl", content), ("tools.py", b"")):
        store.put("lake", key, body)
    files = "s3://lake/lib.zip, s3://lake/lib-1.0-py3-none-any.whl,s3://lake/tools.py"
    made = make_workspace(tmp_path / "run", "s3://lake/jobs/clientes.py", {"--extra-py-files": files}, store)
    assert [path.name for path in made.import_paths] == ["lib.zip", "lib-1.0-py3-none-any", "modules"]
    assert (made.import_paths[1] / "pipeline" / "__init__.py").exists()


@pytest.mark.parametrize(
    "location", ["s3://lake/nope.py", "s3://nope/a.py", "http://lake/a.py", "s3://lake", "lake/a.py"]
)
def test_a_script_that_is_not_there_fails_the_launch_by_its_name(
    store: FolderStore, tmp_path: Path, location: str
) -> None:
    with pytest.raises(LaunchFailed, match=location):
        make_workspace(tmp_path / "run", location, {}, store)


def test_modules_are_not_installed_but_may_be_there() -> None:
    check_modules("boto3, duckdb")
    with pytest.raises(Unsupported, match="no-such-module"):
        check_modules("boto3,no-such-module==1.0")
    with pytest.raises(Unsupported, match=r"boto3==0\.0\.1"):
        check_modules("boto3==0.0.1")
