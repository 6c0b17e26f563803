"""`laguna snapshot`: the local AWS's whole state, saved under a name and put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.output import Block, Table
from pipeline.cli.server import running_server
from pipeline.cli.session import Session, command
from pipeline.errors import ServerTrouble

if TYPE_CHECKING:
    from local_aws.snapshots.client import SnapshotClient

    Act = Callable[[SnapshotClient], Any]

WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Acted:
    """A snapshot that was saved or loaded, as the server tells of it."""

    verb: str
    snapshot: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """`name`, `created`, `objects`, `bytes` and the `seconds` it took."""
        return self.snapshot

    def blocks(self) -> Iterator[Block]:
        """One line."""
        milliseconds = self.snapshot["seconds"] * 1000
        yield (
            f"{self.verb} '{self.snapshot['name']}': {self.snapshot['objects']:,} objects, "
            f"{self.snapshot['bytes']:,} bytes, in {milliseconds:.0f} ms."
        )


@dataclass(frozen=True, slots=True)
class Deleted:
    """A snapshot that is gone."""

    name: str

    def document(self) -> dict[str, Any]:
        """`name` alone."""
        return {"name": self.name}

    def blocks(self) -> Iterator[Block]:
        """One line."""
        yield f"Deleted '{self.name}'."


@dataclass(frozen=True, slots=True)
class Listed:
    """Every snapshot."""

    snapshots: list[dict[str, Any]]

    def document(self) -> list[dict[str, Any]]:
        """A list of `name`, `created`, `objects`, `bytes`."""
        return self.snapshots

    def blocks(self) -> Iterator[Block]:
        """A table."""
        if not self.snapshots:
            yield "There are no snapshots; make one with 'laguna snapshot save NAME'."
            return
        columns = ("name", "created", "objects", "bytes")
        yield Table("", columns, [tuple(item[name] for name in columns) for item in self.snapshots])


_wait = click.option(
    "--wait",
    type=click.FloatRange(0, 600),
    default=WAIT,
    show_default=True,
    help="Seconds to wait for what is still under way.",
)
_name = click.argument("name")


@command("save", example="laguna snapshot save loaded")
@_name
@_wait
def save(session: Session, *, name: str, wait: float) -> None:
    """Save the whole state under NAME, in place of what had that name."""
    session.output.answer(Acted("Saved", _ask(session, lambda snapshots: snapshots.save(name, wait=wait))))


@command("load", example="laguna snapshot load loaded")
@_name
@_wait
def load(session: Session, *, name: str, wait: float) -> None:
    """Put the whole state back to what it was when NAME was saved."""
    session.output.answer(Acted("Loaded", _ask(session, lambda snapshots: snapshots.load(name, wait=wait))))


@command("list", example="laguna snapshot list")
def list_(session: Session) -> None:
    """Show the snapshots."""
    session.output.answer(Listed(_ask(session, lambda snapshots: snapshots.all())))


@command("delete", example="laguna snapshot delete loaded")
@_name
def delete(session: Session, *, name: str) -> None:
    """Remove a snapshot."""
    _ask(session, lambda snapshots: snapshots.delete(name))
    session.output.answer(Deleted(name))


@click.group("snapshot", epilog="Example: laguna snapshot save loaded")
def snapshot() -> None:
    """Save the local AWS's whole state, and put it back in milliseconds."""


for _command in (save, load, list_, delete):
    snapshot.add_command(_command)


def _ask(session: Session, act: Act) -> Any:
    """What the running server answers.

    Raises:
        ServerTrouble: none runs, or it refused.
    """
    from local_aws.snapshots.client import SnapshotClient, SnapshotError

    running = running_server(session.profile) if session.profile.server else None
    if running is None:
        raise ServerTrouble(
            "Snapshots are of a running local AWS, and none is up; start it with 'laguna up'."
        )
    try:
        return act(SnapshotClient(running.endpoint))
    except SnapshotError as error:
        raise ServerTrouble(str(error)) from error
