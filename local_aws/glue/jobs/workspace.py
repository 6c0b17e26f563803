"""A run's private folder: its script and libraries, fetched from S3, as Glue puts them on a driver.

Zips and eggs stay whole (Python imports from them), a wheel is unpacked, and a `.py` file is found in the
folder that holds it. Everything is a copy: a script that is replaced while it runs does not change under
the run.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from local_aws.errors import AwsError
from local_aws.glue.jobs.arguments import Unsupported, locations
from local_aws.s3.store import ObjectStore

ARCHIVES = (".zip", ".egg")


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


def make_workspace(
    folder: Path, script_location: str, arguments: Mapping[str, str], store: ObjectStore
) -> Workspace:
    """Fetch what a run needs into the new folder `folder`.

    Raises:
        LaunchFailed: an object is not there, or a location is none.
        Unsupported: a Python module is asked for that is not installed.
    """
    check_modules(arguments.get("--additional-python-modules", ""))
    files, modules = folder / "files", folder / "modules"
    for made in (files, modules, folder / "jars"):
        made.mkdir(parents=True)
    script = _fetch(script_location, files, store)
    for location in locations(arguments, "--extra-files"):
        _fetch(location, files, store)
    libraries = [_fetch(location, modules, store) for location in locations(arguments, "--extra-py-files")]
    paths = tuple(dict.fromkeys(_importable(library) for library in libraries))
    jars = tuple(
        _fetch(location, folder / "jars", store) for location in locations(arguments, "--extra-jars")
    )
    return Workspace(files, script, paths, jars)


def check_modules(text: str) -> None:
    """Refuse `--additional-python-modules` that are not installed already in the version asked for.

    Raises:
        Unsupported: naming the module.
    """
    for wanted in (part.strip() for part in text.split(",") if part.strip()):
        name, _, version = wanted.partition("==")
        try:
            installed = metadata.version(name.strip())
        except (metadata.PackageNotFoundError, ValueError):
            installed = ""
        if not installed or (version and version.strip() != installed):
            raise Unsupported(
                f"--additional-python-modules asks for '{wanted}', and Laguna installs nothing for a job. "
                f'Install it beside Laguna with "pip install {wanted}".'
            )


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
