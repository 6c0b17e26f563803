"""`laguna down`: stop the local AWS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from laguna.cli.output import Block
from laguna.cli.server import stop_server
from laguna.cli.session import Session, command


@dataclass(frozen=True, slots=True)
class Stopped:
    """Whether there was a server to stop."""

    stopped: bool

    def document(self) -> dict[str, Any]:
        """`stopped` alone."""
        return {"stopped": self.stopped}

    def blocks(self) -> Iterator[Block]:
        """One line."""
        yield "Local AWS stopped; its state is kept." if self.stopped else "Local AWS was not running."


@command("down", example="laguna down", asks_server=False)
def down(session: Session) -> None:
    """Stop the local AWS and keep what it holds."""
    with session.output.progress("Stopping the local AWS"):
        stopped = stop_server(session.profile)
    session.output.answer(Stopped(stopped))
