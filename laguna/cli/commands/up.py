"""`laguna up`: start the local AWS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import click

from laguna.cli.output import Block
from laguna.cli.server import beside_others, running_server, start_server
from laguna.cli.session import Session, command


@dataclass(frozen=True, slots=True)
class Started:
    """A server that answers; `already` when it did before."""

    endpoint: str
    pid: int
    state: str
    already: bool

    def document(self) -> dict[str, Any]:
        """Endpoint, process and state folder."""
        return {
            "endpoint": self.endpoint,
            "pid": self.pid,
            "state": self.state,
            "already_running": self.already,
        }

    def blocks(self) -> Iterator[Block]:
        """One line."""
        verb = "is already up" if self.already else "is up"
        yield f"Local AWS {verb} at {self.endpoint} (pid {self.pid}, state in {self.state})"


def bring_up(session: Session) -> Started:
    """Start the server unless it runs."""
    already = running_server(session.profile) is not None
    with session.output.progress("Starting the local AWS"):
        server = start_server(session.profile)
    return Started(server.endpoint, server.pid, str(server.state), already)


@command("up", example="laguna up --port 4600 --state /tmp/lake", asks_server=False)
@click.option("--foreground", is_flag=True, help="Stay, and stop the server with Ctrl-C.")
def up(session: Session, *, foreground: bool) -> None:
    """Start the local AWS and return when it answers."""
    session = replace(session, profile=beside_others(session.profile))
    if foreground:
        start_server(session.profile, foreground=True)
        return
    session.output.answer(bring_up(session))
