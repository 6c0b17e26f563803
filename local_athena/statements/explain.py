"""EXPLAIN shows DuckDB's plan; EXPLAIN ANALYZE runs the query and shows how long each step took.

The steps are DuckDB's, not those of Athena's engine
(https://docs.aws.amazon.com/athena/latest/ug/athena-explain-statement.html).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import duckdb
from sqlglot import exp

from local_athena.errors import malformed_query, not_supported
from local_athena.parse.statements import parse_query
from local_athena.sql.build import NOTHING, commas, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.writer import write
from local_athena.statements.engine_errors import query_failed
from local_athena.statements.jobs import Job
from local_athena.statements.outcome import Outcome
from local_athena.statements.output.column_info import info
from local_athena.statements.query import Queries

EXPLAIN = re.compile(
    r"EXPLAIN\s+(?P<analyze>ANALYZE\s+(?:VERBOSE\s+)?)?(?:\((?P<options>[A-Z,\s]*)\)\s*)?(?P<query>.*)",
    re.IGNORECASE | re.DOTALL,
)
OPTIONS = {
    "FORMAT TEXT": NOTHING,
    "FORMAT JSON": sql("FORMAT json"),
    "TYPE LOGICAL": NOTHING,
    "TYPE DISTRIBUTED": NOTHING,
}
"""What an option of EXPLAIN is to DuckDB."""


def explain(queries: Queries, job: Job, check_cutoff: Callable[[Job, int], None]) -> Outcome:
    """The plan of a query, as text.

    Raises:
        QueryFailed: the query cannot be planned, or, with ANALYZE, run; an option is not supported.
    """
    found = _parts(job.statement.body)
    analyze = bool(found["analyze"])
    options = _options(found["options"] or "", analyze)
    query = _in_place(found)
    prepared = queries.prepare(query, explained(job.statement.body), job.session)
    scanned = prepared.scanned if analyze else 0
    check_cutoff(job, scanned)
    queries.engine.register(prepared.plan.functions)
    asked = sql("EXPLAIN {} {}", options, prepared)
    with queries.engine.session() as connection:
        try:
            (prepared.patterns.run if analyze else prepared.patterns.pretend)(connection)
            plan = "\n".join(row[1] for row in connection.execute(write(asked)).fetchall())
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise query_failed(error) from error
    infos = [info("Query Plan", "varchar", len(plan), 0, True)]
    return Outcome(f"Query Plan\n{plan}".encode(), infos, scanned=scanned)


def explained(body: str) -> exp.Expr:
    """The tree of the statement that is explained.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    return parse_query(_in_place(_parts(body)))


def _parts(body: str) -> re.Match[str]:
    found = EXPLAIN.match(body)
    if found is None:
        raise malformed_query("line 1:8: mismatched input. Expecting: 'ANALYZE', '(', <query>")
    return found


def _in_place(found: re.Match[str]) -> str:
    """The explained statement at the place that it has in the whole, so that messages tell it."""
    return re.sub(r"[^\n]", " ", found.string[: found.start("query")]) + found["query"]


def _options(text: str, analyze: bool) -> Sql:
    asked = [" ".join(option.upper().split()) for option in text.split(",") if option.strip()]
    for option in asked:
        if option not in OPTIONS or analyze:
            raise not_supported(f"EXPLAIN option {option} is not supported")
    words = [OPTIONS[option] for option in asked if OPTIONS[option] != NOTHING]
    if analyze:
        return sql("ANALYZE")
    return sql("({})", commas(words)) if words else NOTHING
