"""`laguna query`: SQL on Athena."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from laguna.cli.lake import athena_of, lake_outputs, local_engine_of
from laguna.cli.output import Block, Table
from laguna.cli.session import Session, command
from laguna.cli.text import cost_line

if TYPE_CHECKING:
    from laguna.operations.athena import QueryResult


@dataclass(frozen=True, slots=True)
class Answered:
    """A query's result."""

    result: QueryResult

    def document(self) -> dict[str, Any]:
        """SQL, columns with their types, rows, bytes scanned and AWS's price."""
        return query_document(self.result)

    def blocks(self) -> Iterator[Block]:
        """The rows."""
        yield Table("", self.result.columns, self.result.rows)


def query_document(result: QueryResult) -> dict[str, Any]:
    """A query's result in JSON; `rows` are lists in the order of `columns`."""
    return {
        "sql": result.sql,
        "columns": list(result.columns),
        "types": list(result.types),
        "rows": [list(row) for row in result.rows],
        "scanned_bytes": result.scanned_bytes,
        "price_usd": result.price_usd,
    }


# SQL may begin with a comment, which would be an option elsewhere.
@command(
    "query",
    example='laguna query "SELECT ciudad, count(*) FROM clientes GROUP BY ciudad"',
    unknown_options=True,
)
@click.option(
    "--engine",
    type=click.Choice(("athena", "duckdb")),
    default="athena",
    show_default=True,
    help="duckdb reads the profile's Glue catalog and S3 from here, without Athena.",
)
@click.option("--estimate", is_flag=True, help="Only say what the query would read and cost.")
@click.argument("sql")
def query(session: Session, *, sql: str, engine: str, estimate: bool) -> None:
    """Run SQL on Athena and print the rows."""
    outputs = lake_outputs(session.profile)
    here = local_engine_of(session.profile, outputs)
    if estimate:
        with session.output.progress("Looking at the files"):
            result = here.estimate(sql)
    else:
        with session.output.progress("Running the query"):
            chosen = here if engine == "duckdb" else athena_of(session.profile, outputs)
            result = chosen.run(sql)
    session.output.answer(Answered(result))
    session.output.note(cost_line(result))
