"""PREPARE and DEALLOCATE as statements: the same names as the prepared statement operations have.

https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from local_athena.engine.stopping import seal
from local_athena.errors import AthenaApiError, QueryFailed
from local_athena.parse.statements import parse_query, read_statement
from local_athena.statements.jobs import Job
from local_athena.statements.outcome import Outcome
from local_athena.statements.saved import Saved

NAME = r"\"?(?P<name>[A-Za-z_][\w@:]*)\"?"
PREPARE = re.compile(rf"PREPARE\s+{NAME}\s+FROM\s+(?P<query>.*)", re.IGNORECASE | re.DOTALL)
DEALLOCATE = re.compile(rf"DEALLOCATE\s+PREPARE\s+{NAME}", re.IGNORECASE)


def prepare(saved: Saved, job: Job) -> Outcome:
    """PREPARE name FROM statement.

    Raises:
        QueryFailed: it is none, its statement cannot be read, or the name is taken.
    """
    found = PREPARE.fullmatch(job.statement.body)
    if found is None:
        raise QueryFailed("SYNTAX_ERROR", "line 1:9: PREPARE takes a name, FROM and a statement")
    request = {"StatementName": found["name"], "QueryStatement": found["query"]}

    def save(request: dict[str, Any], caller: Any) -> None:
        statement = read_statement(found["query"])
        if statement.kind.name in ("SELECT", "INSERT", "CREATE_TABLE_AS_SELECT"):
            parse_query(statement.text)
        saved.create_prepared_statement(request, caller)

    return _done(save, job, request)


def deallocate(saved: Saved, job: Job) -> Outcome:
    """DEALLOCATE PREPARE name.

    Raises:
        QueryFailed: it is none, or there is no such name.
    """
    found = DEALLOCATE.fullmatch(job.statement.body)
    if found is None:
        raise QueryFailed("SYNTAX_ERROR", "line 1:12: DEALLOCATE takes PREPARE and a name")
    return _done(saved.delete_prepared_statement, job, {"StatementName": found["name"]})


def _done(operation: Callable[[dict[str, Any], Any], Any], job: Job, request: dict[str, Any]) -> Outcome:
    seal()
    try:
        operation({"WorkGroup": job.workgroup, **request}, None)
    except AthenaApiError as error:
        raise QueryFailed("", error.message) from error
    return Outcome(b"", [])
