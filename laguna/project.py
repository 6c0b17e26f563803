"""The project folder: where `laguna.toml`, the template, the samples and the state lie.

A command finds it as git finds a repository, by looking in the current folder and then upwards, and never
guesses from where the package is installed. A folder that has nothing is a project too: a local AWS needs
no more.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from laguna.errors import SettingsInvalid

if TYPE_CHECKING:
    from laguna.lake.description import Lake

SETTINGS_FILE = "laguna.toml"
PACKAGE = Path(__file__).parent
PACKAGED = PACKAGE / "_lake"
"""Where a wheel has the lake that comes with it; a clone has it above the package."""


@dataclass(frozen=True, slots=True)
class Project:
    """A lake's folder; all paths are absolute."""

    folder: Path

    @property
    def is_described(self) -> bool:
        """Whether there is a `laguna.toml`."""
        return (self.folder / SETTINGS_FILE).is_file()

    @property
    def lake(self) -> Lake:
        """The lake that `laguna.toml` describes.

        Raises:
            SettingsInvalid: it does so wrongly.
        """
        # Imported here because it takes a while, which `laguna --help` should not.
        from laguna.lake.description import read_lake

        return read_lake(self.settings())

    def template_text(self) -> str:
        """The lake's CloudFormation template.

        Raises:
            SettingsInvalid: it cannot be read.
        """
        path = self.folder / self.lake.template
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsInvalid(
                f"The template {path} cannot be read; name the lake's own as template in [lake] of "
                f"{SETTINGS_FILE}."
            ) from error

    @property
    def samples(self) -> Path:
        """The files that the demo loads."""
        return self.folder / self.lake.samples

    @property
    def queries(self) -> list[Path]:
        """What a report asks, in order of name."""
        return sorted((self.folder / self.lake.queries).glob("*.sql"))

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
        if not self.is_described:
            return {}
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsInvalid(f"{path} is not valid TOML ({error}); correct it and try again.") from error


def find_project(start: Path) -> Project:
    """The project that `start` lies in; a folder without `laguna.toml` is one by itself."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if Project(folder).is_described:
            return Project(folder)
    return Project(start)


def own_project() -> Project:
    """The lake that comes with this package, wherever it is installed."""
    return Project(PACKAGED if PACKAGED.is_dir() else PACKAGE.parent)
