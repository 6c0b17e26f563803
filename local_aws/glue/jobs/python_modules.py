"""`--additional-python-modules`: pip's requirements and wheels in S3, installed once for each set of them.

A set is a folder of the person's cache that stands before Laguna's own packages on the job's path, so a job
may have another version than Laguna has. What is installed already as the job wants it needs no folder.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-libraries.html
"""

from __future__ import annotations

import ensurepip
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from local_aws.user_cache import NotInstalled, Say, cache_folder, installed

INSTALL_SECONDS = 900.0
SETS = 20
"""How many sets are kept: those that were used last."""


@dataclass(frozen=True, slots=True)
class Modules:
    """What a job wants: pip's requirements, wheels in its folder, and more options of pip."""

    requirements: Sequence[str] = ()
    wheels: Sequence[Path] = ()
    options: str = ""

    @property
    def name(self) -> str:
        """The set's folder in the cache: another one for anything that could make it another."""
        digest = sha256(f"{sys.version_info[:2]} {self.options}".encode())
        for one in sorted(self.requirements):
            digest.update(f"\n{one}".encode())
        for wheel in sorted(self.wheels):
            digest.update(sha256(wheel.read_bytes()).digest())
        return f"glue-modules-{digest.hexdigest()[:24]}"


def is_installed(requirement: str) -> bool:
    """Whether Laguna's own environment has it, in a version that the requirement allows.

    Raises:
        NotInstalled: it is no requirement of pip's.
    """
    try:
        wanted = Requirement(requirement)
    except InvalidRequirement as error:
        raise NotInstalled(
            f"--additional-python-modules has '{requirement}', which is no requirement: {error}."
        ) from error
    if wanted.marker is not None and not wanted.marker.evaluate():
        return True
    if wanted.url or wanted.extras:
        return False
    try:
        return wanted.specifier.contains(metadata.version(wanted.name), prereleases=True)
    except metadata.PackageNotFoundError:
        return False


def folder_of(modules: Modules, say: Say, cancelled: Callable[[], bool]) -> Path | None:
    """The folder to put on the job's path; None when nothing is to be installed, or the run was stopped.

    Raises:
        NotInstalled: pip cannot install them; the text has pip's reason.
    """
    modules = replace(modules, requirements=[one for one in modules.requirements if not is_installed(one)])
    if not modules.wheels and not modules.requirements:
        return None
    folder = installed(modules.name, lambda folder: _install(modules, folder, say, cancelled))
    folder.touch()
    _keep_the_last(SETS)
    return folder


def _install(modules: Modules, folder: Path, say: Say, cancelled: Callable[[], bool]) -> None:
    named = [*modules.requirements, *(wheel.name for wheel in modules.wheels)]
    say(f"Installing Python modules (once): {', '.join(named)}")
    command = [
        *_pip(), "install", "--disable-pip-version-check", "--no-input", "--quiet", "--upgrade",
        "--only-binary", ":all:", "--target", str(folder), *shlex.split(modules.options), "--",
        *modules.requirements, *(str(wheel) for wheel in modules.wheels),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    output: list[str] = []
    reader = threading.Thread(target=lambda: output.append(process.communicate()[0]), daemon=True)
    reader.start()
    deadline = time.monotonic() + INSTALL_SECONDS
    while reader.is_alive() and not cancelled() and time.monotonic() < deadline:
        reader.join(0.2)
    if process.poll() is None:
        process.kill()
    reader.join()
    if process.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        raise NotInstalled(f"LAUNCH ERROR | The Python modules could not be installed: {_reason(output)}")


def _pip() -> list[str]:
    """pip of this environment, or the one inside Python where an environment has none."""
    with suppress(metadata.PackageNotFoundError):
        metadata.version("pip")
        return [sys.executable, "-m", "pip"]
    bundled = sorted((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    if not bundled:
        raise NotInstalled("LAUNCH ERROR | There is no pip to install Python modules with.")
    return [sys.executable, f"{bundled[-1]}/pip"]


def _reason(output: list[str]) -> str:
    lines = [line for line in "".join(output).splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["pip was stopped"])[-1]


def _keep_the_last(number: int) -> None:
    sets = sorted(
        (path for path in cache_folder().glob("glue-modules-*") if path.is_dir()),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in sets[number:]:
        shutil.rmtree(path, ignore_errors=True)
