"""Reads what StartQueryExecution is asked to run, and refuses what Athena refuses before it runs.

Parsing costs what a client's text makes it cost, so it is done where queries run and not in the server. The
tree stays here for the run, which mostly comes to the same process.
The order of the checks is Athena's: number of statements, form, syntax, parameters.
"""

from __future__ import annotations

from botocore.exceptions import ClientError
from sqlglot import exp

from local_athena.parse import refusals
from local_athena.parse.placeholders import filled
from local_athena.parse.shapes import check_shape
from local_athena.parse.statements import QUERIES, read_statement
from local_athena.protocols import GlueClient
from local_athena.statements.ddl.context import code_of
from local_athena.statements.jobs import Analysis, Job, Request
from local_athena.statements.parameters import prepared_statement, values_of
from local_athena.statements.runners import RUNNERS
from local_athena.statements.saved import Saved
from local_athena.statements.syntax import check_syntax, read_query

WITH_TREES = QUERIES - {"EXPLAIN", "CREATE_VIEW"}
CHANGING = (
    exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp, exp.Rand,
    exp.Uuid, exp.TableSample,
)  # fmt: skip
CHANGING_NAMES = frozenset(("rand", "random", "shuffle", "uuid", "now", "current_time", "localtime"))


class Analyst:
    """Reads requests, and remembers the tree of the last."""

    def __init__(self, glue: GlueClient, saved: Saved) -> None:
        self._glue, self._saved = glue, saved
        self._kept: tuple[str, tuple[str, ...], exp.Expr] | None = None

    def analyse(self, request: Request) -> Analysis:
        """Read a request.

        Raises:
            AthenaApiError: it is refused.
        """
        outer = read_statement(request.text)
        refusals.check(outer, self._tables(request.database), request.request_id)
        statement, texts = prepared_statement(self._saved, request.workgroup, outer, list(request.parameters))
        check_syntax(statement)
        tree = read_query(statement) if statement.kind.name in WITH_TREES else None
        if tree is not None:
            check_shape(statement.kind.name, tree, statement.text)
            tree = filled(tree, values_of(texts, tree))
        parameters = tuple(texts)
        self._kept = (statement.text, parameters, tree) if tree is not None else None
        return Analysis(
            outer,
            statement,
            parameters,
            statement.kind.name in RUNNERS,
            statement.kind.name == "SELECT" and tree is not None and is_deterministic(tree),
        )

    def tree(self, job: Job) -> exp.Expr | None:
        """The tree of a statement that has one; each is handed out once, since its run may change it.

        Raises:
            AthenaApiError: MALFORMED_QUERY.
        """
        if job.statement.kind.name not in WITH_TREES:
            return None
        kept, self._kept = self._kept, None
        if kept is not None and kept[:2] == (job.statement.text, job.parameters):
            return kept[2]
        tree = read_query(job.statement)
        return filled(tree, values_of(list(job.parameters), tree))

    def _tables(self, current: str) -> refusals.Exists:
        def exists(database: str | None, name: str) -> bool:
            try:
                self._glue.get_table(DatabaseName=database or current, Name=name)
            except ClientError as error:
                if code_of(error) != "EntityNotFoundException":
                    raise
                return False
            return True

        return exists


def is_deterministic(tree: exp.Expr) -> bool:
    """Whether the same data gives the same answer."""
    for node in tree.walk():
        if isinstance(node, CHANGING) or (
            isinstance(node, exp.Anonymous) and node.name.lower() in CHANGING_NAMES
        ):
            return False
        limited = node.args.get("limit") is not None or node.args.get("offset") is not None
        if isinstance(node, exp.Query) and limited and node.args.get("order") is None:
            return False
    return True
