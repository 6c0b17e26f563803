"""The syntax that a statement is checked for before it starts, where its tree is not Trino's."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.ddl.grammar import check_form
from local_athena.parse.statements import Statement
from local_athena.run.unload import read_unload

READERS: dict[str, Callable[[str], object]] = {"UNLOAD": read_unload}
"""What reads a statement, by its substatement type."""


def check_syntax(statement: Statement) -> None:
    """Refuse a statement that cannot be read.

    Raises:
        AthenaApiError: MALFORMED_QUERY.
    """
    kind = statement.kind.substatement
    check_form(kind, statement.text)
    reader = READERS.get(kind)
    if reader is not None:
        reader(statement.text)
