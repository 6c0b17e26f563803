"""`laguna report`: what was loaded, and the answers to the reference questions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from laguna.cli.commands.query import query_document
from laguna.cli.lake import athena_of, lake_outputs
from laguna.cli.output import Block, Table
from laguna.cli.session import Session, command
from laguna.cli.text import cost_line, dollars, size_of
from laguna.errors import NotDeployed

if TYPE_CHECKING:
    from laguna.operations.athena import QueryResult
    from laguna.operations.load_report import TableTotals

SHOWN_ROWS, SHOWN_COLUMNS = 10, 8
"""What a person is shown of a query's result; JSON has all of it."""


@dataclass(frozen=True, slots=True)
class LakeReport:
    """Totals per table and the queries' results by name."""

    tables: dict[str, TableTotals]
    queries: dict[str, QueryResult]

    def document(self) -> dict[str, Any]:
        """Both, as `tables` and `queries`."""
        return {
            "tables": {name: totals.document() for name, totals in self.tables.items()},
            "queries": [{"name": name, **query_document(result)} for name, result in self.queries.items()],
        }

    def blocks(self) -> Iterator[Block]:
        """A table of totals, one of reasons, and one per query."""
        if self.tables:
            yield from _totals(self.tables)
        for name, result in self.queries.items():
            yield from _query(name, result)
        scanned = sum(result.scanned_bytes for result in self.queries.values())
        price = sum(result.price_usd for result in self.queries.values())
        yield f"\nScanned in all {size_of(scanned)}; AWS would have charged {dollars(price)}."


def make_report(session: Session) -> LakeReport:
    """Read the jobs' reports and run every query of the lake."""
    from laguna.operations.load_report import read_load_reports

    profile = session.profile
    outputs = lake_outputs(profile)
    athena = athena_of(profile, outputs)
    with session.output.progress("Reading the load reports and running the queries"):
        prefix = session.project.lake.reports
        tables = read_load_reports(profile.client("s3"), outputs["LakeBucket"], prefix) if prefix else {}
        if prefix and not tables:
            raise NotDeployed("Nothing was loaded yet; run 'laguna ingest PATH' and then 'laguna run'.")
        files = session.project.queries
        with ThreadPoolExecutor(4) as pool:
            results = pool.map(lambda file: athena.run(file.read_text(encoding="utf-8").strip()), files)
            return LakeReport(tables, dict(zip((file.stem for file in files), results, strict=True)))


@command("report", example="laguna report --output json")
def report(session: Session) -> None:
    """Show rows in and out per table, and the queries' answers."""
    session.output.answer(make_report(session))


def _query(name: str, result: QueryResult) -> Iterator[Block]:
    first_line = result.sql.splitlines()[0]
    question = first_line.removeprefix("--").strip() if first_line.startswith("--") else ""
    rows = [row[:SHOWN_COLUMNS] for row in result.rows[:SHOWN_ROWS]]
    yield Table(f"{name}: {question}" if question else name, result.columns[:SHOWN_COLUMNS], rows)
    left_out = [
        f"{count:,} {what}"
        for count, what in (
            (len(result.rows) - SHOWN_ROWS, "rows"),
            (len(result.columns) - SHOWN_COLUMNS, "columns"),
        )
        if count > 0
    ]
    yield (f"… and {' and '.join(left_out)} more; " if left_out else "") + cost_line(result)


def _totals(tables: dict[str, TableTotals]) -> Iterator[Block]:
    from laguna.operations.load_report import COUNTS

    yield Table(
        "Rows by table",
        ("table", "load dates", *COUNTS),
        [
            (name, len(totals.load_dates), *(totals.counts[count] for count in COUNTS))
            for name, totals in tables.items()
        ],
    )
    reasons = [(name, *item) for name, totals in tables.items() for item in totals.reasons.most_common()]
    if reasons:
        yield Table("Rejected rows by reason", ("table", "reason", "rows"), reasons)
    files = [(f["key"], f["reason"]) for totals in tables.values() for f in totals.rejected_files]
    if files:
        yield Table("Files rejected whole", ("file", "reason"), files)
