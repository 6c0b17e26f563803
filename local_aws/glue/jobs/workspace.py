"""A run's private folder: its script and libraries, fetched from S3, as Glue puts them on a driver.

Zips and eggs stay whole (Python imports from them), a wheel is unpacked, and a `.py` file is found in the
folder that holds it. Everything is a copy: a script that is replaced while it runs does not change under
the run.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local_aws.errors import AwsError
from local_aws.glue.jobs.arguments import locations
from local_aws.glue.jobs.python_modules import Modules
from local_aws.s3.store import ObjectStore

ARCHIVES = (".zip", ".egg")
SCHEMES = ("s3://", "s3a://", "s3n://")
ZIP_OF_WHEELS = ".gluewheels.zip"
QUALITY_SCRIPT = "the script of an evaluation of data quality"
"""In place of a location, which no job can have: a script that Glue brings itself."""
OWN_SCRIPTS = {
    QUALITY_SCRIPT: Path(__file__).parent.parent / "job_path" / "awsgluedq" / "catalog_run.py",
}


class LaunchFailed(Exception):
    """The run cannot start; the text becomes its ErrorMessage."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A run's folder, made by `make_workspace`."""

    folder: Path
    """The working directory of the script; `--extra-files` lie in it."""
    script: Path
    import_paths: tuple[Path, ...]
    """What `--extra-py-files` adds to Python's path, first found first."""
    jars: tuple[Path, ...] = ()
    """What `--extra-jars` adds to Spark's."""
    modules: Modules = field(default_factory=Modules)
    """What `--additional-python-modules` asks for; not installed yet."""
    libraries: tuple[Path, ...] = ()
    """The files of `--extra-py-files`."""

    @property
    def sources(self) -> tuple[Path, ...]:
        """The files with the run's own code."""
        return (self.script, *self.libraries)


def make_workspace(
    folder: Path, script_location: str, arguments: Mapping[str, str], store: ObjectStore
) -> Workspace:
    """Fetch what a run needs into the new folder `folder`.

    Raises:
        LaunchFailed: an object is not there, or a location is none.
    """
    files, libraries_folder = folder / "files", folder / "modules"
    for made in (files, libraries_folder, folder / "jars", folder / "wheels"):
        made.mkdir(parents=True)
    own = OWN_SCRIPTS.get(script_location)
    script = _fetch(script_location, files, store) if own is None else Path(shutil.copy(own, files))
    for location in locations(arguments, "--extra-files"):
        _fetch(location, files, store)
    libraries = [
        _fetch(location, libraries_folder, store) for location in locations(arguments, "--extra-py-files")
    ]
    paths = tuple(dict.fromkeys(_importable(library) for library in libraries))
    jars = tuple(
        _fetch(location, folder / "jars", store) for location in locations(arguments, "--extra-jars")
    )
    modules = _modules(arguments, folder / "wheels", store)
    return Workspace(files, script, paths, jars, modules, tuple(libraries))


def _modules(arguments: Mapping[str, str], folder: Path, store: ObjectStore) -> Modules:
    """What `--additional-python-modules` names: requirements, lists of them, wheels and zips of wheels."""
    requirements: list[str] = []
    wheels: list[Path] = []
    for wanted in locations(arguments, "--additional-python-modules"):
        if not wanted.startswith(SCHEMES):
            requirements.append(wanted)
            continue
        file = _fetch(wanted, folder, store)
        if file.suffix == ".txt":
            lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
            requirements += [line for line in lines if line]
        elif file.suffix == ".whl":
            wheels.append(file)
        elif file.name.endswith(ZIP_OF_WHEELS):
            wheels += _unzipped(file)
        else:
            raise LaunchFailed(
                f"LAUNCH ERROR | {wanted} in --additional-python-modules is no wheel, requirements.txt or "
                f"{ZIP_OF_WHEELS}."
            )
    return Modules(requirements, wheels, arguments.get("--python-modules-installer-option", ""))


def _unzipped(file: Path) -> list[Path]:
    """The wheels in a zip, whatever folders they lie in there."""
    made = []
    try:
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name.endswith(".whl"):
                    target = file.parent / Path(name).name
                    target.write_bytes(archive.read(name))
                    made.append(target)
    except zipfile.BadZipFile as error:
        raise LaunchFailed(f"LAUNCH ERROR | {file.name} is not a zip: {error}") from error
    return made


def split_location(location: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`.

    Raises:
        LaunchFailed: it is not such a location.
    """
    scheme, separator, rest = location.partition("://")
    bucket, _, key = rest.partition("/")
    if not separator or scheme not in ("s3", "s3a", "s3n") or not bucket or not key:
        raise LaunchFailed(f"'{location}' is not the location of an S3 object.")
    return bucket, key


def _fetch(location: str, folder: Path, store: ObjectStore) -> Path:
    bucket, key = split_location(location)
    try:
        source = store.reader(bucket, key)
    except AwsError as error:
        raise LaunchFailed(f"LAUNCH ERROR | File does not exist: {location} ({error.message})") from error
    target = folder / key.rsplit("/", 1)[-1]
    with source, target.open("wb") as file:
        shutil.copyfileobj(source, file)
    return target


def _importable(library: Path) -> Path:
    if library.suffix == ".whl":
        unpacked = library.with_suffix("")
        try:
            with zipfile.ZipFile(library) as wheel:
                wheel.extractall(unpacked)
        except zipfile.BadZipFile as error:
            raise LaunchFailed(f"LAUNCH ERROR | {library.name} is not a wheel: {error}") from error
        return unpacked
    return library if library.suffix in ARCHIVES else library.parent
