"""`laguna bookmarks`: what the runs of a Glue job have read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from laguna.cli.output import Block, Table
from laguna.cli.session import Session, command

if TYPE_CHECKING:
    from laguna.operations.bookmarks import JobBookmark


@dataclass(frozen=True, slots=True)
class Shown:
    """A bookmark in both forms."""

    bookmark: JobBookmark

    def document(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self.bookmark)

    def blocks(self) -> Iterator[Block]:
        """Whose it is, and a row a source."""
        found = self.bookmark
        after = f"after run {found.run_id}" if found.run_id else "empty: the next run reads everything"
        yield f"Bookmark of {found.job}, version {found.version}, {after}"
        if found.sources:
            yield Table(
                "",
                ("transformation_ctx", "runs", "last run began", "recent objects"),
                [(one.name, one.runs, one.last_run, one.recent) for one in found.sources],
            )


@command("bookmarks", example="laguna bookmarks clientes --reset")
@click.argument("job")
@click.option("--run", "run_id", metavar="ID", help="The bookmark as it was after this job run.")
@click.option("--reset", is_flag=True, help="Read everything again, or with --run what came after that run.")
def bookmarks(session: Session, *, job: str, run_id: str | None, reset: bool) -> None:
    """Show or reset a Glue job's bookmark."""
    from laguna.operations.bookmarks import find_bookmark, reset_bookmark

    glue = session.profile.client("glue")
    if not reset:
        session.output.answer(Shown(find_bookmark(glue, job, run_id)))
        return
    before = find_bookmark(glue, job)
    after = reset_bookmark(glue, job, run_id)
    if before.run_id:
        back = f"laguna bookmarks {job} --reset --run {before.run_id}"
        session.output.note(f"It was as after run {before.run_id}; back there with: {back}")
    session.output.answer(Shown(after))
