"""The project folder: where `laguna.toml`, the template, the samples and the state lie.

A command finds it as git finds a repository, by looking in the current folder and then upwards, so the
command works anywhere inside a clone and never guesses from where the package is installed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ProjectNotFound, SettingsInvalid

SETTINGS_FILE = "laguna.toml"
PACKAGE = Path(__file__).parent
PACKAGED = PACKAGE / "_lake"
"""Where a wheel has the template, the samples and the settings; a clone has them above the package."""


@dataclass(frozen=True, slots=True)
class Project:
    """A clone of this repository; all paths are absolute."""

    folder: Path

    @property
    def template(self) -> Path:
        """The lake's CloudFormation template."""
        return self.folder / "infra" / "datalake.yaml"

    @property
    def samples(self) -> Path:
        """The dirty CSVs that the demo loads."""
        return self.folder / "sample_csv"

    @property
    def package(self) -> Path:
        """The lake's Python package, which is what a deployment uploads."""
        return PACKAGE if self.folder == PACKAGED else self.folder / "pipeline"

    @property
    def state(self) -> Path:
        """The local AWS's state, unless `--state` says otherwise."""
        return self.folder / ".laguna"

    def settings(self) -> dict[str, Any]:
        """The contents of `laguna.toml`.

        Raises:
            SettingsInvalid: the file is not TOML.
        """
        path = self.folder / SETTINGS_FILE
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsInvalid(f"{path} is not valid TOML ({error}); correct it and try again.") from error


def find_project(start: Path) -> Project:
    """The project that `start` lies in.

    Raises:
        ProjectNotFound: neither `start` nor a folder above it has a `laguna.toml`.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Project(folder)
    raise ProjectNotFound(
        f"There is no {SETTINGS_FILE} in {start} or above it; run laguna inside a clone of the project."
    )


def own_project() -> Project:
    """The lake that comes with this package, wherever it is installed."""
    return Project(PACKAGED if PACKAGED.is_dir() else PACKAGE.parent)
