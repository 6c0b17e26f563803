"""`laguna init`: a lake of one's own, that runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from laguna.cli.output import Block, Output, Table
from laguna.cli.session import OUTPUT


@dataclass(frozen=True, slots=True)
class Made:
    """The files of a new lake."""

    folder: Path
    files: list[Path]

    def document(self) -> dict[str, Any]:
        """The folder and its files."""
        return {"folder": str(self.folder), "files": [path.as_posix() for path in self.files]}

    def blocks(self) -> Iterator[Block]:
        """The files, and what to do next."""
        yield f"A lake is in {self.folder}:"
        yield Table("", ("file",), [(path.as_posix(),) for path in self.files])
        yield f"\nNext: cd {self.folder} && laguna demo, and pytest."


@click.command("init", epilog="Example: laguna init my-lake")
@click.argument("name")
@OUTPUT
def init(name: str, output: str) -> None:
    """Make a small lake of your own, with its tests, in a folder."""
    from laguna.lake.new import make_lake

    folder = Path(name)
    Output(output).answer(Made(folder, make_lake(name, folder)))
