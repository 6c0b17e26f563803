"""`laguna snapshot`: the local AWS's whole state, saved under a name and put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from laguna.cli.output import Answer, Block, Table
from laguna.cli.server import running_server
from laguna.cli.session import Session, command
from laguna.errors import ServerTrouble

if TYPE_CHECKING:
    from local_aws.snapshots.client import SnapshotClient

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


def _list(snapshots: SnapshotClient, name: str, wait: float) -> Answer:
    return Listed(snapshots.all())


def _save(snapshots: SnapshotClient, name: str, wait: float) -> Answer:
    return Acted("Saved", snapshots.save(name, wait=wait))


def _load(snapshots: SnapshotClient, name: str, wait: float) -> Answer:
    return Acted("Loaded", snapshots.load(name, wait=wait))


def _delete(snapshots: SnapshotClient, name: str, wait: float) -> Answer:
    snapshots.delete(name)
    return Deleted(name)


ACTIONS: dict[str, Callable[[SnapshotClient, str, float], Answer]] = {
    "save": _save,
    "load": _load,
    "list": _list,
    "delete": _delete,
}


@command("snapshot", example="laguna snapshot save loaded")
@click.argument("action", type=click.Choice(tuple(ACTIONS)))
@click.argument("name", required=False)
@click.option(
    "--wait",
    type=click.FloatRange(0, 600),
    default=WAIT,
    show_default=True,
    help="Seconds to wait for what is still under way.",
)
def snapshot(session: Session, *, action: str, name: str | None, wait: float) -> None:
    """Save the local AWS's whole state under NAME, or put it back."""
    if (name is None) != (action == "list"):
        raise click.UsageError(f"'{action}' takes {'no' if action == 'list' else 'a'} NAME.")
    session.output.answer(_ask(session, lambda client: ACTIONS[action](client, name or "", wait)))


def _ask(session: Session, act: Callable[[SnapshotClient], Answer]) -> Answer:
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
