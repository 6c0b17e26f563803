"""`laguna ingest`: CSV files to the raw zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from laguna.cli.lake import lake_outputs
from laguna.cli.output import Block, Table
from laguna.cli.session import Session, command

if TYPE_CHECKING:
    from laguna.operations.ingestion import Uploaded


@dataclass(frozen=True, slots=True)
class Ingested:
    """The files that are now in the raw zone."""

    bucket: str
    files: list[Uploaded]

    def document(self) -> dict[str, Any]:
        """The bucket, and each file with its key and whether it was sent."""
        return {
            "bucket": self.bucket,
            "files": [
                {
                    "path": str(file.upload.path),
                    "table": file.upload.table,
                    "load_date": file.upload.load_date.isoformat(),
                    "key": file.upload.key,
                    "bytes": file.size,
                    "sent": file.sent,
                }
                for file in self.files
            ],
        }

    def blocks(self) -> Iterator[Block]:
        """Files per load date and table."""
        sent = sum(file.sent for file in self.files)
        kept = len(self.files) - sent
        yield f"{sent} files sent to s3://{self.bucket}/raw/" + (
            f"; {kept} were there already" if kept else ""
        )
        groups = Counter((file.upload.load_date.isoformat(), file.upload.table) for file in self.files)
        yield Table("", ("load date", "table", "files"), [(*group, n) for group, n in sorted(groups.items())])


def ingest_files(session: Session, paths: tuple[Path, ...], load_date: date | None) -> Ingested:
    """Upload every CSV below `paths`."""
    from laguna.operations.ingestion import plan_uploads, upload_all

    uploads = plan_uploads(paths, session.project.lake.ingest, load_date, date.today())
    bucket = lake_outputs(session.profile)["LakeBucket"]
    with session.output.progress(f"Uploading {len(uploads)} files") as progress:
        return Ingested(bucket, upload_all(session.profile.client("s3"), bucket, uploads, progress))


@command("ingest", example="laguna ingest sample_csv/2025-07-25 --date 2025-07-25", dry_run=True)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--date",
    "load_date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The load date; by default one in the path, else today.",
)
def ingest(session: Session, *, paths: tuple[Path, ...], load_date: datetime | None) -> None:
    """Upload CSV files, or folders of them, to the raw zone."""
    session.output.answer(ingest_files(session, paths, load_date.date() if load_date else None))
