"""LocalStack from its published Python package, in a virtual environment of its own.

Its dependencies would fight with ours, so it never shares an environment. The pins hold back packages that
have moved on since its last free release.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from local_aws.localstack.errors import LocalStackError
from local_aws.user_cache import NotInstalled, Say, installed

VERSIONS = {(3, 11): "4.13.1", (3, 12): "4.13.1", (3, 13): "4.14.0"}
"""By Python: 4.14.0, the last release without a token, needs 3.13."""
PINS = ("cbor2<5.8", "cryptography<45", "pyopenssl<25", "service_identity<24.3", "joserfc<1.5")


def python_of_localstack(say: Say) -> Path:
    """The Python that has LocalStack installed; installs it the first time.

    Raises:
        LocalStackError: there is no release for this Python, or it cannot be installed.
    """
    version = VERSIONS.get(sys.version_info[:2])
    if version is None:
        raise LocalStackError(
            f"LocalStack's package runs on Python 3.11, 3.12 and 3.13, and this is {sys.version.split()[0]}. "
            "Run Laguna on one of those, or start Docker."
        )
    name = f"localstack-{version}-python{sys.version_info[0]}.{sys.version_info[1]}"
    try:
        folder = installed(name, lambda folder: _install(folder, version, say))
    except NotInstalled as error:
        raise LocalStackError(str(error)) from error
    return folder / "bin" / "python"


def command(python: Path) -> list[str]:
    """What starts LocalStack in the foreground."""
    return [str(python), "-m", "localstack.runtime.main"]


def environment(port: int, folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """LocalStack's environment: it listens on loopback and keeps its files in `folder`."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LOCALSTACK_VOLUME_DIR": str(folder / "volume"),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        **settings,
    }


def _install(folder: Path, version: str, say: Say) -> None:
    say(f"Installing LocalStack {version} in {folder} (once; a minute or two)")
    requirements = (f"localstack-core[runtime]=={version}", *PINS)
    for step in _steps(folder, requirements):
        done = subprocess.run(step, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
            raise NotInstalled(
                f"LocalStack's package could not be installed ({lines[-1].strip()}). "
                "Check the network and try again: the installation goes on where it stopped."
            )
    say(f"LocalStack {version} is installed")


def _steps(folder: Path, requirements: tuple[str, ...]) -> list[list[str]]:
    """The commands that make the environment; uv, where there is one, takes a fifth of pip's time."""
    uv, python = shutil.which("uv"), str(folder / "bin" / "python")
    if uv:
        return [
            [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)],
            [uv, "pip", "install", "--quiet", "--python", python, *requirements],
        ]
    return [
        [sys.executable, "-m", "venv", str(folder)],
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements],
    ]
