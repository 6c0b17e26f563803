"""Commands compute; this renders. Data goes to stdout, everything said on the way to stderr.

An answer has two forms: a document for `--output json`, printed as one JSON value, and blocks (lines and
tables) for people. Progress is live on a terminal and plain lines elsewhere, so a log stays readable.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

FORMATS = ("text", "json")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; None is shown as NULL, numbers are set right."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


Block = str | Table


class Answer(Protocol):
    """What a command found, in both forms."""

    def document(self) -> Any:
        """The value that `--output json` prints."""

    def blocks(self) -> Iterable[Block]:
        """What a person reads."""


class Progress:
    """Says what is going on while a step runs."""

    def __init__(self, console: Console, status: Status | None) -> None:
        self._console = console
        self._status = status

    def tell(self, line: str) -> None:
        """A fact that stays on the screen."""
        self._console.print(line)

    def now(self, text: str) -> None:
        """What is being waited for; only a terminal shows it."""
        if self._status is not None:
            self._status.update(text)


class Output:
    """Where one run of the command writes."""

    def __init__(self, style: str = "text") -> None:
        self.style = style

    def answer(self, answer: Answer) -> None:
        """Print what the command found."""
        if self.style == "json":
            sys.stdout.write(json.dumps(answer.document(), ensure_ascii=False, indent=2) + "\n")
            return
        self.show(answer.blocks())

    def show(self, blocks: Iterable[Block], *, stderr: bool = False) -> None:
        """Print blocks whatever the format; `answer` is what commands normally call."""
        console = _console(stderr=stderr)
        for block in blocks:
            if isinstance(block, Table) and block.title:
                # Not the table's own title, which is folded to the width of its columns.
                console.print(f"\n{block.title}", style="bold")
            console.print(block if isinstance(block, str) else _rich_table(block))

    def note(self, line: str) -> None:
        """Say something that is not data."""
        _console(stderr=True).print(line)

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """Show `title` while the block runs."""
        console = _console(stderr=True)
        if not console.is_terminal:
            console.print(title)
            yield Progress(console, None)
            return
        with console.status(title) as status:
            yield Progress(console, status)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    # Text that is not for a screen must not be folded at 80 columns.
    width = None if stream.isatty() else 10_000
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def _rich_table(table: Table) -> Any:
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for index, name in enumerate(table.columns):
        values = [row[index] for row in table.rows if row[index] is not None]
        numeric = bool(values) and all(isinstance(value, int | float) for value in values)
        drawn.add_column(Text(name), justify="right" if numeric else "left", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(_cell(value)) for value in row))
    return drawn


def _cell(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
