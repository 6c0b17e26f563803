"""The syntax that a statement is checked for before it starts, where its tree is not Trino's."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from local_athena.parse.iceberg_forms import optimize_form, vacuum_form
from local_athena.parse.statements import Statement, parse_query
from local_athena.statements.ddl.grammar import check_form
from local_athena.statements.explain import explained
from local_athena.statements.unload import read_unload

READERS: dict[str, Callable[[str], exp.Expr]] = {"UNLOAD": lambda text: read_unload(text).query}
"""What reads the query inside a statement that is not Trino's, by its substatement type."""


def _optimize(body: str) -> None:
    """OPTIMIZE, and its condition at its place."""
    found = optimize_form(body)
    if found["where"]:
        start = "SELECT 1 WHERE"
        before = re.sub(r"[^\n]", " ", body[len(start) : found.start("where")])
        parse_query(start + before + found["where"])


FORMS: dict[str, Callable[[str], object]] = {
    "OPTIMIZE": _optimize,
    "VACUUM_TABLE": vacuum_form,
    "EXPLAIN": explained,
    "CREATE_VIEW": parse_query,
}
"""What reads a statement whose tree its run makes, by its name."""


def read_query(statement: Statement) -> exp.Expr:
    """The tree of a statement, or of the query inside it.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    return READERS.get(statement.kind.substatement, parse_query)(statement.text)


def check_syntax(statement: Statement) -> None:
    """Refuse a statement that cannot be read.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    check_form(statement.kind.substatement, statement.text)
    form = FORMS.get(statement.kind.name)
    if form is not None:
        form(statement.body)
