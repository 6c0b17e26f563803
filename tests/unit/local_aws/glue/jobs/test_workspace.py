from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from local_aws.glue.jobs.workspace import LaunchFailed, make_workspace
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


def test_modules_are_named_listed_or_wheels_in_s3(store: FolderStore, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "w.zip", "w") as made:
        made.writestr("dist/b-1.0-py3-none-any.whl", b"b")
        made.writestr("dist/notes.txt", b"")
    store.put("lake", "requirements.txt", b"# ours\nduckdb>=1\n\nboto3 # any\n")
    store.put("lake", "a-1.0-py3-none-any.whl", b"a")
    store.put("lake", "all.gluewheels.zip", (tmp_path / "w.zip").read_bytes())
    wanted = (
        "numpy>=1.0, s3://lake/requirements.txt,s3://lake/a-1.0-py3-none-any.whl,s3://lake/all.gluewheels.zip"
    )
    arguments = {"--additional-python-modules": wanted, "--python-modules-installer-option": "--no-index"}
    modules = make_workspace(tmp_path / "run", "s3://lake/jobs/clientes.py", arguments, store).modules
    assert modules.requirements == ["numpy>=1.0", "duckdb>=1", "boto3"]
    assert [wheel.name for wheel in modules.wheels] == ["a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl"]
    assert modules.options == "--no-index"


def test_what_is_no_module_fails_the_launch(store: FolderStore, tmp_path: Path) -> None:
    with pytest.raises(LaunchFailed, match="is no wheel"):
        make_workspace(
            tmp_path / "run",
            "s3://lake/jobs/clientes.py",
            {"--additional-python-modules": "s3://lake/jobs/clientes.py"},
            store,
        )
