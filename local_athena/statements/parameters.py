"""The values of `?`: ExecutionParameters, and PREPARE / EXECUTE ... USING.

https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
"""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import SqlglotError

from local_athena.errors import AthenaApiError, invalid_request, malformed_query
from local_athena.parse.dialect import Athena
from local_athena.parse.statements import Statement, parse_query, read_statement
from local_athena.statements.saved import Saved

EXECUTE = re.compile(
    r"EXECUTE\s+\"?(?P<name>[A-Za-z_][\w@:]*)\"?(?:\s+USING\s+(?P<values>.*))?$", re.IGNORECASE | re.DOTALL
)


def values_of(texts: list[str], tree: exp.Expr) -> list[exp.Expr] | None:
    """Execution parameters as expressions; one with a column reference, or that is none, is a text.

    Raises:
        AthenaApiError: there are more or fewer than `?`.
    """
    wanted = sum(1 for _ in tree.find_all(exp.Placeholder))
    if not wanted:
        return None
    if len(texts) != wanted:
        raise invalid_request(
            "INVALID_PARAMETER_USAGE",
            f"Incorrect number of parameters: expected {wanted} but found {len(texts)}",
        )
    return [_value(text) for text in texts]


def _value(text: str) -> exp.Expr:
    try:
        tree = Athena().parse(f"SELECT {text}")[0]
    except (SqlglotError, ValueError, RecursionError):
        return exp.Literal.string(text)
    selected = tree.expressions if isinstance(tree, exp.Select) else []
    if len(selected) != 1 or tree.find(exp.Column, exp.Alias, exp.Star) is not None:
        return exp.Literal.string(text)
    return selected[0]


def prepared_statement(
    saved: Saved, workgroup: str, outer: Statement, given: list[str]
) -> tuple[Statement, list[str]]:
    """The statement that runs, and its values: of EXECUTE, the prepared one, with USING's or the given ones.

    Raises:
        AthenaApiError: there is no such prepared statement, or its values cannot be read.
    """
    if outer.kind.substatement != "EXECUTE":
        return outer, given
    found = EXECUTE.match(outer.body)
    if found is None:
        raise malformed_query("line 1:9: mismatched input. Expecting: <identifier>")
    kept = saved.query_of(workgroup, found["name"])
    if kept is None:
        raise AthenaApiError(
            "InvalidRequestException",
            f"PreparedStatement {found['name']} was not found in workGroup {workgroup}",
            AthenaErrorCode="INVALID_INPUT",
        )
    statement = read_statement(kept)
    texts = (
        [e.sql(dialect=Athena) for e in parse_query(f"SELECT {found['values']}").expressions]
        if found["values"]
        else given
    )
    return statement, texts
